"""Payments booked together: row by row what each by itself would have been, and who is left out of a group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mainstay.core.audit.models import Entry
from mainstay.core.door.run import Act, _facts
from mainstay.core.door.together import Gathering, _Waiting
from mainstay.core.events import providers
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments.actions import take_payment
from mainstay.gas.payments.models import Advance, Allocation, Payment, Serial, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import locks
from tests.gas.latefees.make import make_rule
from tests.gas.make import make_account
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db
SPEC = take_payment.spec  # type: ignore[attr-defined]
_NOT_COMPARED = {
    "id", "at", "account", "account_id", "shift", "by", "serial", "receipt_no", "digest", "unit", "unit_id", "till",
    "till_id",
}  # fmt: skip  # they differ between any two payments
FUTURE = local_today() + dt.timedelta(days=30)


def make_desk(*bills: int) -> dict[str, Any]:
    """What a clerk with a shift asks for an account with bills (fen, one a month) that are not due yet."""
    account = make_account()
    for number, amount_fen in enumerate(bills, 1):
        make_bill(account, 202600 + number, amount_fen, due_on=FUTURE)
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    return {"account": account, "amount_fen": sum(bills), "tender": 1, "serial": f"s-{account.pk}", "shift": shift,
            "by": clerk}  # fmt: skip


def book(*calls: dict[str, Any]) -> list[Payment | None]:
    """Book payments as the leader of a group does; None for those that have to go by themselves."""
    group = [
        _Waiting(call, _facts(Act(SPEC, call["by"], call["account"].unit_id, call["amount_fen"], ""), "done"))
        for call in calls
    ]
    Gathering(SPEC.together)._settle(group)
    assert not any(one.error for one in group)
    return [one.made.result if one.made else None for one in group]


def rows_of(account: Account) -> dict[str, Any]:
    """All that is written of an account, without its number and instants."""
    found: dict[str, Any] = {"open": open_fen(account)}
    for model in (Payment, Serial, Allocation, Posting, Advance):
        leave = {
            "at",
            "account",
            "account_id",
            "id",
            "unit_id",
            "till_id",
            "shift",
            "by",
            "till",
            "serial",
            "receipt_no",
            "digest",
            "unit",
        }
        names = [field.name for field in model._meta.concrete_fields if field.name not in leave]
        found[model.__name__] = sorted(map(repr, model.objects.filter(account_id=account.pk).values_list(*names)))
    subject = f"payments.payment:({account.pk}, 1)"
    entries = Entry.objects.filter(subject=subject).values_list("action", "outcome", "amount_fen", "after__advance_fen")
    return {**found, "audit": list(entries)}


def paying(*bills: int, **more: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {**make_desk(*bills), **more}


@pytest.mark.parametrize(
    "kind",
    [
        paying(5_220),
        paying(1_000, 2_000, 3_000),
        paying(1_000, 2_000, amount_fen=1_500),
        paying(1_000, 2_000, amount_fen=1_200, chosen=[(202602, 0)]),
        paying(5_220, received_fen=10_000),
        paying(1_000, amount_fen=5_000),
        paying(amount_fen=5_000),
        paying(5_220, amount_fen=9_000, channel="api:1", shift=None, tender=4),
    ],
)
def test_together_is_row_by_row_what_each_would_be_alone(kind) -> None:
    alone, one, other = kind(), kind(), kind()
    take_payment(**alone)
    assert all(book(one, other))
    assert rows_of(one["account"]) == rows_of(other["account"]) == rows_of(alone["account"])
    assert len(rows_of(alone["account"])["audit"]) == 1


def test_receipts_run_on_in_every_shift() -> None:
    calls = [make_desk(1_000) for _time in range(3)]
    for _time in range(2):
        more = [{**call, "account": make_desk(500)["account"], "amount_fen": 500} for call in calls]
        made = book(*[{**call, "serial": f"s-{call['account'].pk}"} for call in more])
        assert all(made)
    assert {Shift.objects.get(pk=call["shift"].pk).last_receipt for call in calls} == {2}
    assert sorted(one.receipt_no[-4:] for one in Payment.objects.all()) == ["0001"] * 3 + ["0002"] * 3


def test_who_is_not_plain_goes_by_itself_and_leaves_nothing(monkeypatch) -> None:
    plain = make_desk(1_000)
    twice = {**make_desk(1_000), "account": plain["account"]}
    same_shift = {**make_desk(1_000), "shift": plain["shift"], "by": plain["by"]}
    known = make_desk(1_000, 2_000)
    pay(known["account"], 1_000, known["by"], known["shift"], serial=known["serial"])
    others_shift = {**make_desk(1_000), "by": make_clerk()}
    paid_before = {**make_desk(1_000), "chosen": [(202512, 0)]}
    too_little = {**make_desk(1_000), "received_fen": 1}
    hazard = {**make_desk(1_000), "amount_fen": 1_500}
    stops = [lambda *, account: ["hazard"] if account == hazard["account"] else []]
    monkeypatch.setitem(providers._providers, "stops_of_sale", stops)
    by_cheque = {**make_desk(1_000), "tender": int(Payment.Tender.CHEQUE)}
    before = Payment.objects.count()
    made = book(plain, twice, same_shift, known, others_shift, paid_before, too_little, hazard, by_cheque)
    assert [bool(one) for one in made] == [True] + [False] * 8
    assert Payment.objects.count() == before + 1
    for call in (twice, same_shift, others_shift, paid_before, too_little, hazard, by_cheque):
        assert call is twice or open_fen(call["account"]) == {(202601, 0): 1_000}
    assert Entry.objects.filter(action=SPEC.name).count() == 2  # of plain, and of known before


def test_who_owes_a_late_fee_goes_by_itself() -> None:
    make_rule()
    late, plain = make_desk(), make_desk(1_000)
    make_bill(late["account"], 202601, 1_000, due_on=local_today() - dt.timedelta(days=40))
    late["amount_fen"] = 1_000
    assert [bool(one) for one in book(late, plain)] == [False, True]
    assert open_fen(late["account"]) == {(202601, 0): 1_000}


def test_a_closed_day_takes_no_group() -> None:
    call, other = make_desk(1_000), make_desk(1_000)
    ClosedDay.objects.create(
        unit=call["shift"].till.unit, business_on=local_today(), closed_at=timezone.now(), closed_by=call["by"]
    )
    assert [bool(one) for one in book(call, other)] == [False, other["shift"].till.unit != call["shift"].till.unit]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("held", ["account", "serial", "shift", "day"])
def test_nobody_in_a_group_waits_for_a_lock_of_somebody_else(held) -> None:
    call, other = make_desk(1_000), make_desk(1_000)
    number = {
        "account": locks.lock_number("account", call["account"].pk),
        "serial": locks.lock_number(f"serial:counter:{call['serial']}", 0),
        "shift": locks.lock_number("payments.shift", call["shift"].pk),
        "day": locks.lock_number("ledger.day", local_today().toordinal()),
    }[held]
    away = connection.copy()
    try:
        with away.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
            assert [bool(one) for one in book(call, other)] == [False, held != "day"]
    finally:
        away.close()
