"""Reads of arrears: who owes, what was done, what was promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.gas.arrears import rules
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep, Message, Promise, PromisePart
from mainstay.gas.billing.models import Owed
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment
from mainstay.kit.money import yuan

LARGEST_HOLD_S = 300


def overdue_items(user: User, on: dt.date) -> QuerySet[Owed]:
    """What the customers of the user's branches owe beyond its due date on a day, late fees accrued included."""
    ids = rights.unit_ids(user, VIEW)
    items = Owed.objects.filter(due_on__lt=on)
    return items if ids is None else items.filter(account__unit__in=ids)


def by_debt(items: QuerySet[Owed]) -> QuerySet[Any]:
    """Sums of overdue items by account, largest debt first, with the last step and what is promised."""
    parts = PromisePart.objects.filter(promise__account=OuterRef("account"), promise__withdrawn_on=None)
    last = DunningAct.objects.filter(account=OuterRef("account"), state=DunningAct.State.DONE).order_by("-on", "-pk")
    return (
        items.values("account", "account__account_no", "account__customer__name", "account__customer__kind",
                     "account__customer__phone", "account__category")
        .annotate(owed=Sum("open_fen"), oldest=Min("due_on"), newest=Max("due_on"),
                  step=Subquery(last.values("kind")[:1]), step_on=Subquery(last.values("on")[:1]),
                  promised=Subquery(parts.order_by("-due_on").values("due_on")[:1]))
        .filter(owed__gt=0)
        .order_by("-owed", "account")
    )  # fmt: skip


def owing(items: QuerySet[Owed]) -> QuerySet[Any, int]:
    """Keys of the accounts of `by_debt`, in its order, from the items alone: joining what a list shows is slow."""
    owed = items.values("account").annotate(owed=Sum("open_fen")).filter(owed__gt=0).order_by("-owed", "account")
    return owed.values_list("account", flat=True)


def of_largest(items: QuerySet[Owed], limit: int) -> QuerySet[Owed]:
    """Items of the accounts with the largest debts.

    Where there are more debts than the limit, adding all of them up takes half a second for half a million. Who is
    among the largest then holds for some minutes; what each of them owes is read anew every time.
    """
    found = owing(items)[:limit]
    try:
        key = f"arrears.largest.{blake2b(str(found.query).encode(), digest_size=16).hexdigest()}"
    except EmptyResultSet:  # of no branch at all
        return items.none()
    keys: list[int] | None = cache.get(key)
    if keys is None:
        keys = list(found)
        if len(keys) == limit:
            cache.set(key, keys, LARGEST_HOLD_S)
    return items.filter(account__in=keys)


def with_promise(items: QuerySet[Owed], *, given: bool) -> QuerySet[Owed]:
    """Items of accounts with, or without, a promise that is not replaced."""
    found = Exists(Promise.objects.filter(account=OuterRef("account"), withdrawn_on=None))
    return items.filter(found) if given else items.filter(~found)


def runs_visible_to(user: User) -> QuerySet[DunningRun]:
    """Runs of the branches the user may see."""
    ids = rights.unit_ids(user, VIEW)
    rows = DunningRun.objects.select_related("unit", "by__person")
    return rows if ids is None else rows.filter(unit__in=ids)


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise and how it stands: `holds` while it is kept, `paid_fen` since it was given."""

    promise: Promise
    parts: list[tuple[dt.date, int]]
    paid_fen: int
    holds: bool


def promise_of(account: Account, on: dt.date) -> Kept | None:
    """The promise of an account that is not replaced. Three queries."""
    promise = Promise.objects.filter(account=account, withdrawn_on=None).first()
    if promise is None:
        return None
    parts = list(promise.parts.values_list("due_on", "fen"))
    rows = Payment.objects.filter(account=account, business_on__gte=promise.on, kind__in=[1, 2])
    paid = rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return Kept(promise, parts, paid, rules.promise_holds(parts, paid, on))


def trail_of(account: Account) -> list[DunningAct]:
    """Steps taken or proposed for an account, newest first."""
    return list(DunningAct.objects.filter(account=account).order_by("-on", "-pk")[:50])


def by_kind(run: DunningRun) -> list[tuple[str, int, int]]:
    """What a run holds, without what was left out: (kind, steps, fen owed) in order of the ladder."""
    rows = run.acts.exclude(state=DunningAct.State.LEFT_OUT).order_by().values_list("kind", "place")
    found = rows.annotate(count=Count("pk"), fen=Sum("owed_fen")).order_by("place")
    return [(kind, count, fen) for kind, _place, count, fen in found]


def overdue(account: Account, on: dt.date) -> tuple[int, dt.date | None]:
    """What an account owes beyond its due date on a day in fen, credits taken off, and since when. One query."""
    items = Owed.objects.filter(account=account, due_on__lt=on)
    sums = items.aggregate(fen=Sum("open_fen", default=0), oldest=Min("due_on", filter=Q(open_fen__gt=0)))
    return int(sums["fen"]), sums["oldest"]


@dataclass(frozen=True, slots=True)
class DueStep:
    """The step that is due for an account, or why none is: `words` for the clerk, `code` for programs."""

    step: rules.Step | None
    owed_fen: int
    oldest_due_on: dt.date
    words: Any = ""
    code: str = ""


def due_step(account: Account, on: dt.date) -> DueStep:
    """The step of dunning that may be taken for one account on a day, by the rules of its class."""
    owed_fen, oldest = overdue(account, on)
    if owed_fen <= 0 or oldest is None:
        return DueStep(None, owed_fen, on, _("Nothing of this account is overdue."), "not_overdue")
    kept = promise_of(account, on)
    if kept and kept.holds:
        return DueStep(None, owed_fen, oldest, _("The customer has promised to pay and keeps it."), "promised")
    if DunningAct.objects.filter(account=account, state="proposed", run__state="proposed").exists():
        return DueStep(None, owed_fen, oldest, _("A step waits in a proposal: confirm or drop that first."), "proposed")
    steps = [one.rule for one in DunningStep.objects.filter(category=account.category)]
    done = DunningAct.objects.filter(account=account, state=DunningAct.State.DONE).order_by("on")
    taken = dict(done.values_list("place", "on"))
    step = rules.next_step(steps, owed_fen, oldest, taken, on)
    if step is not None:
        return DueStep(step, owed_fen, oldest)
    code, day = rules.missing(steps, owed_fen, oldest, taken, on)
    words = {
        "none": _("All steps of this class are taken, or it has none."),
        "amount": _("The next step needs a larger debt than %(owed)s yuan.") % {"owed": yuan(owed_fen)},
        "day": _("The next step is due from %(day)s on.") % {"day": day},
    }
    return DueStep(None, owed_fen, oldest, words[code], code)


def stop_orders(user: User) -> QuerySet[DunningAct]:
    """Stop orders that were given, newest first."""
    rows = DunningAct.objects.filter(kind=rules.STOP).exclude(state=DunningAct.State.PROPOSED).order_by("-on", "-pk")
    ids = rights.unit_ids(user, VIEW)
    rows = rows if ids is None else rows.filter(account__unit__in=ids)
    return rows.select_related("account__customer", "account__premise")


def messages_visible_to(user: User) -> QuerySet[Message]:
    """Text messages, newest first."""
    ids = rights.unit_ids(user, VIEW)
    rows = Message.objects.select_related("act__account__customer", "of_file").order_by("-pk")
    return rows if ids is None else rows.filter(act__account__unit__in=ids)
