"""A customer leaves: last readings, final bills, then the account closes, or the next customer takes the meters over.

Two acts with the counter between them. `begin_leaving` reads the meters and makes the final bills, so that everybody
knows what is to be paid; `finish_closing` and `finish_transfer` end the account once the money is settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.accounts.actions.cases import about_case, begin, case_is_known, end, locked, of_case
from mainstay.gas.accounts.models import Case
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_billed import unbilled_periods
from mainstay.gas.customers.actions import close_account
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import Obstacle, obstacles_of
from mainstay.gas.meters.actions import remove_meter
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.actions import accept_reading
from mainstay.gas.readings.actions_list import leave_book
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Doubt
from mainstay.gas.readings.rules_words import doubt_words
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

LEAVING = (Case.Kind.CLOSING, Case.Kind.TRANSFER)
_LIVE = (Account.State.ACTIVE, Account.State.SUSPENDED)


@action(
    "gas.accounts.begin_leaving",
    title=_("Take last readings and make the final bill"),
    unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}",
)
def begin_leaving(
    *, account: Account, kind: str, on: date, indexes: Mapping[int, int], reason: str, doubts_known: bool = False,
    by: User,
) -> Case:  # fmt: skip
    """Take down every meter of an account with its last index and bill all that is read; returns the case.

    `kind`: "closing" or "transfer"; `indexes`: litres by key of the installation; `doubts_known`: an unlikely last
    index was checked and holds. Raises Problem, and then nothing is changed: a meter without an index, an index that is
    no reading or unlikely, no price, a case under way.
    """
    lock("account", account.pk)
    account.refresh_from_db()
    if account.state not in _LIVE or kind not in LEAVING:
        raise Problem(_("This account is neither active nor suspended."), code="wrong_state")
    under_way = Case.objects.filter(account=account, state=Case.State.BEGUN).first()
    if under_way is not None:
        raise Problem(_("Case %(case)s of this account is under way.") % {"case": under_way}, code="under_way")
    hung = _take_down(account, on, indexes, reason, by)
    _accept(account, reason, by, known=doubts_known)
    bills = _final_bills(account, reason, by)
    case = begin(kind, account.unit, on, by, account=account, reason=reason.strip()[:200], facts={
        "meters": [
            {"meter_no": one.meter.meter_no, "first_index_l": one.first_index_l, "last_index_l": one.last_index_l,
             "installation": one.pk}
            for one in hung
        ],
        "bills": [[bill.period, bill.seq, bill.amount_fen, bill.volume_l] for bill in bills],
    })  # fmt: skip
    note_change(after={"case": case.number, "bills": [bill.amount_fen for bill in bills]}, reason=reason)
    return case


def _take_down(account: Account, on: date, indexes: Mapping[int, int], reason: str, by: User) -> list[Installation]:
    """Remove the account's meters, sub meters before their master."""
    hung = list(account.installations.filter(until_on=None).select_related("meter", "account"))
    hung.sort(key=lambda one: (one.master_id is None, one.pk))
    given = {int(key): index_l for key, index_l in indexes.items()}
    for one in hung:
        if one.pk not in given:
            text = _("Meter %(number)s has no last index: read it.") % {"number": one.meter}
            raise Problem(text, field=f"index_{one.pk}", code="no_index")
    return [
        remove_meter(installation=one, until_on=on, last_index_l=given[one.pk], reason=reason, by=by) for one in hung
    ]


def _accept(account: Account, reason: str, by: User, *, known: bool) -> None:
    """A last index that looks unlikely is asked about once; then it counts.

    That no time passed and nothing was used, of a meter taken down on the day it was hung, is nothing to ask about.
    """
    for reading in Reading.objects.filter(account=account, state=Reading.State.QUESTIONED).order_by("period", "seq"):
        if not known and (reading.doubts, reading.volume_l) != (Doubt.SAME_DAY, 0):
            words = ", ".join(str(word) for word in doubt_words(reading.doubts))
            text = _("The index of meter %(number)s is unlikely: %(words)s. Look again; if it is right, say so below.")
            facts = {"number": reading.installation.meter, "words": words}
            raise Problem(text % facts, field="doubts_known", code="doubtful")
        accept_reading(reading=reading, reason=reason, by=by)


def _final_bills(account: Account, reason: str, by: User) -> list[Bill]:
    periods = unbilled_periods(account)
    return [
        bill_account(account=account, period=period, final=period == periods[-1], reason=reason, by=by)
        for period in periods
    ]


def needs_second(*, despite: Sequence[str] = (), **_facts: Any) -> Any:
    """Whoever lets somebody go who still owes needs a second person's agreement."""
    return "always" if "debt" in despite else "never"


@action(
    "gas.accounts.finish_closing", title=_("Close account"), unit=of_case, subject=about_case, four_eyes=needs_second
)
def finish_closing(*, case: Case, despite: Sequence[str] = (), by: User) -> Case:
    """Close the account of a case whose readings and bills are made. `despite` names what may stay (see obstacles).

    Raises Problem for what must be settled before: bills to pay, an advance or deposit to pay back, a hazard.
    """
    case = locked(case)
    if case.kind != Case.Kind.CLOSING or case.account is None:
        raise Problem(_("This case does not close an account."), code="wrong_case")
    left = leave(case, despite, by)
    end(case, by, facts={**case.facts, "left": left})
    note_change(before={"state": "begun"}, after={"state": "done", "despite": sorted(despite)})
    return case


def leave(case: Case, despite: Sequence[str], by: User) -> list[str]:
    """Close the case's account and take it out of its book; returns what stays, in words."""
    account = case.account
    assert account is not None  # noqa: S101  # a case of this kind names its account
    left = [one.key for one in obstacles_of(account) if one.key in despite]
    with case_is_known():
        close_account(account=account, closed_on=case.on, reason=case.reason, despite=despite, by=by)
    leave_book(account=account, by=by)
    return left


def hazards_in_the_way(account: Account) -> list[Obstacle]:
    """Open hazards at the account's home: they do not end with the account, so whoever closes it must know."""
    found = [one for one in answers("hazards_of_account", account_no=account.account_no) if one.get("open")]
    if not found:
        return []
    text = _("%(n)s gas hazards at home are open: tell the customer and the safety office.")
    return [Obstacle("hazard", text % {"n": sum(one["open"] for one in found)}, may_stay=True)]
