"""Two at once: the same payment is posted once, payments of one account queue up, receipt numbers stay gapless.

The control turns the locks off and shows that the race is real. SQLite has one writer by nature: there the control
has nothing to show.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections

from mainstay.core.door import run
from mainstay.core.door.together import Gathering
from mainstay.gas.ledger.batch import differences
from mainstay.gas.payments import batch
from mainstay.gas.payments.actions import close_shift, money
from mainstay.gas.payments.models import Payment, Shift
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import locks
from tests.gas.make import make_account
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run functions in threads that start at the same moment; results or exceptions in order."""
    barrier = threading.Barrier(len(functions))
    results: list[Any] = [None] * len(functions)

    def run(index: int) -> None:
        close_old_connections()
        try:
            barrier.wait()
            results[index] = functions[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture(params=["gathered", "as in processes of their own", "each by itself"])
def ways(request, monkeypatch) -> str:
    """Payments at the same moment in one process, in several (where nothing gathers them), and without groups."""
    if request.param == "as in processes of their own":
        monkeypatch.setattr(run, "gathering", lambda _name, together: Gathering(together))
    if request.param == "each by itself":
        monkeypatch.setattr(run, "may_gather", lambda: False)
    return str(request.param)


def in_step() -> bool:
    kinds = ("bill", "payment", "receivable", "allocation", "advance", "orphan")
    return not any(differences(kind) for kind in kinds)


def test_two_clerks_send_the_same_payment_once(ways: str) -> None:
    account = make_account()
    make_bill(account, 202610, 5_000)
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    results = together(*[lambda: pay(account, 5_000, clerk, shift, serial="same") for _time in range(6)])
    assert {result.payment_no for result in results} == {1}
    assert Payment.objects.count() == 1
    assert open_fen(account) == {}
    assert Shift.objects.get().last_receipt == 1
    assert in_step()


def test_payments_of_one_account_queue_up(ways: str) -> None:
    account = make_account()
    for month in range(1, 7):
        make_bill(account, 202600 + month, 1_000)
    desks = [(clerk, make_shift(clerk, make_till(account.unit))) for clerk in (make_clerk() for _time in range(6))]
    results = together(*[lambda desk=desk: pay(account, 1_500, *desk) for desk in desks])
    assert sorted(result.payment_no for result in results) == [1, 2, 3, 4, 5, 6]
    assert open_fen(account) == {}
    assert sum(result.advance_fen for result in results) == 3_000
    assert in_step()


def test_receipt_numbers_of_a_shift_have_no_gap(ways: str) -> None:
    clerk = make_clerk()
    accounts = [make_account() for _time in range(6)]
    shift = make_shift(clerk, make_till(accounts[0].unit))
    results = together(*[lambda account=account: pay(account, 100, clerk, shift) for account in accounts])
    assert sorted(result.receipt_no[-4:] for result in results) == [f"{n:04d}" for n in range(1, 7)]


def test_a_shift_closes_with_every_payment_or_before_it(ways: str) -> None:
    """What the drawer should hold at the close is the float and all cash that has a receipt of the shift."""
    clerk = make_clerk()
    accounts = [make_account() for _time in range(6)]
    shift = make_shift(clerk, make_till(accounts[0].unit))
    payments = [lambda account=account: pay(account, 100, clerk, shift) for account in accounts]
    results = together(*payments[:3], lambda: close_shift(shift=shift, counted_fen=0, by=clerk), *payments[3:])
    closed = Shift.objects.get(pk=shift.pk)
    taken = Payment.objects.filter(shift=shift).count()
    assert closed.state == Shift.State.CLOSED
    assert closed.expected_fen == 50_000 + 100 * taken
    assert closed.last_receipt == taken
    assert sorted(result.code for result in results if isinstance(result, Problem)) == ["no_shift"] * (6 - taken)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, with or without our locks")
def test_control_without_locks_the_race_happens(monkeypatch) -> None:
    monkeypatch.setattr(locks, "LOCKS_ON", False)
    monkeypatch.setattr(run, "may_gather", lambda: False)
    account = make_account()
    for month in range(1, 7):
        make_bill(account, 202600 + month, 1_000)
    desks = [(clerk, make_shift(clerk, make_till(account.unit))) for clerk in (make_clerk() for _time in range(2))]
    barrier = threading.Barrier(2)
    load = batch.Book.load

    def read_together(self, *args, **kwargs):
        load(self, *args, **kwargs)
        barrier.wait(10)

    monkeypatch.setattr(batch.Book, "load", read_together)
    results = together(*[lambda desk=desk: pay(account, 1_500, *desk) for desk in desks])
    assert any(isinstance(result, Exception) for result in results)


@pytest.mark.parametrize("locks_on", [True, pytest.param(False, marks=pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time, with or without our locks"
))])  # fmt: skip
def test_groups_of_two_processes_never_book_on_the_same_reading(locks_on, monkeypatch) -> None:
    """With the locks one of them leaves the account to the other; the control shows what would come without."""
    monkeypatch.setattr(locks, "LOCKS_ON", locks_on)
    monkeypatch.setattr(run, "gathering", lambda _name, together: Gathering(together))
    account = make_account()
    for month in range(1, 7):
        make_bill(account, 202600 + month, 1_000)
    desks = [(clerk, make_shift(clerk, make_till(account.unit))) for clerk in (make_clerk() for _time in range(2))]
    barrier = threading.Barrier(2)
    load, undone = money.load_together, []

    def read_together(*args):
        free = load(*args)
        if connection.vendor == "postgresql":
            barrier.wait(10)
        return free

    do = Gathering._do

    def noting(self, group):
        try:
            return do(self, group)
        except Exception as error:
            undone.append(error)
            raise

    monkeypatch.setattr(money, "load_together", read_together)
    monkeypatch.setattr(Gathering, "_do", noting)
    results = together(*[lambda desk=desk: pay(account, 1_500, *desk) for desk in desks])
    assert bool(undone) is not locks_on
    assert sorted(result.payment_no for result in results) == [1, 2]
    assert in_step()
