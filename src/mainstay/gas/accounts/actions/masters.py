"""Master and sub meters: the difference of a month, billed to the master's account or reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.accounts.models import MeterDifference
from mainstay.gas.accounts.queries_masters import Measured, masters_of, measured
from mainstay.gas.accounts.rules import outcome_of
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.customers.models import Account
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit


@action("gas.accounts.settle_masters", title=_("Work out master meters"), unit=lambda unit, **_f: unit.pk)
def settle_masters(*, unit: Unit, period: int, by: User) -> list[MeterDifference]:
    """Work out the differences of every master meter of a branch for a period (yyyymm) and bill those to be billed.

    A difference whose readings are not all in, or that is negative, is kept as waiting or reported with the reason and
    never billed. Doing it again works out again what waits; what is billed stays. Returns the period's differences.
    """
    lock("accounts.masters", unit.pk)
    accounts = list(masters_of(unit))
    if not accounts:
        raise Problem(_("No account of this branch has a master meter with a rule for its difference."), code="none")
    found = [_settle(account, one, period, by) for account, one in measured(accounts, period)]
    note_change(after={"period": period, "masters": len(found),
                       "billed": sum(one.outcome == MeterDifference.Outcome.BILLED for one in found)})  # fmt: skip
    return found


def _settle(account: Account, one: Measured, period: int, by: User) -> MeterDifference:
    there = MeterDifference.objects.filter(account=account, period=period).first()
    if there is not None and there.outcome == MeterDifference.Outcome.BILLED:
        return there
    outcome = outcome_of(account.difference or "", one.master_l, one.subs_l, one.missing)
    seq = None
    if outcome == MeterDifference.Outcome.BILLED:
        reason = _less(one)
        seq = bill_account(account=account, period=period, reason=reason, by=by).seq
    facts: dict[str, Any] = {
        "master_l": one.master_l or 0, "subs_l": one.subs_l, "missing": ", ".join(one.missing)[:200],
        "outcome": outcome, "bill_seq": seq, "at": timezone.now(),
    }  # fmt: skip
    kept, _made = MeterDifference.objects.update_or_create(account=account, period=period, defaults=facts)
    return kept


def _less(one: Measured) -> str:
    """What the bill says of the sub meters, in both languages, because a bill is printed in either."""
    return f"总表 {m3(one.master_l or 0)} − 分表 {m3(one.subs_l)} m³ / master less sub meters"
