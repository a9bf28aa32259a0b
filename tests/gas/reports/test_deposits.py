"""Deposits held: how much on a day, since when, for which contract; the oldest part is given back first."""

from __future__ import annotations

import datetime as dt
from datetime import date

import pytest

from mainstay.core.organisation.models import Unit
from mainstay.gas.accounts.models import Contract
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.chart import ADVANCE, DEPOSITS
from mainstay.gas.ledger.models import Posting
from mainstay.gas.reports.queries_deposits import deposits_held
from mainstay.gas.reports.rules import held_classes, layers
from tests.gas.make import make_account, make_unit, make_user

JAN, MAR, JUN = date(2024, 1, 31), date(2025, 3, 1), date(2026, 6, 1)


def test_what_is_paid_back_comes_off_the_oldest_part() -> None:
    assert layers([(JAN, 500), (MAR, 300)]) == [(JAN, 500), (MAR, 300)]
    assert layers([(JAN, 500), (MAR, -200), (JUN, 100)]) == [(JAN, 300), (JUN, 100)]
    assert layers([(JAN, 500), (MAR, 300), (JUN, -500)]) == [(MAR, 300)]
    assert layers([(JAN, 500), (MAR, 300), (JUN, -800)]) == []


def test_a_year_is_over_on_the_same_day_of_the_next() -> None:
    parts = [(date(2023, 6, 1), 1), (date(2024, 6, 1), 10), (date(2025, 6, 1), 100), (date(2025, 6, 2), 1_000)]
    assert held_classes(parts, JUN) == [1_000, 100, 10, 1]
    assert held_classes([(date(2024, 2, 29), 5)], date(2025, 2, 28)) == [5, 0, 0, 0]
    assert held_classes([(date(2024, 2, 29), 5)], date(2025, 3, 1)) == [0, 5, 0, 0]


def move(account: Account, number: int, day: date, fen: int) -> None:
    """Money put into the deposit of an account, or taken out of it."""
    debit, credit = (ADVANCE, DEPOSITS) if fen > 0 else (DEPOSITS, ADVANCE)
    Posting.objects.create(
        account_id=account.pk, document=31, document_no=number, line=1, business_on=day, unit_id=account.unit_id,
        debit_id=debit, credit_id=credit, amount_fen=abs(fen),
    )  # fmt: skip


def sign(account: Account, number: str, day: date) -> Contract:
    """A contract of an account with a deposit."""
    return Contract.objects.create(
        number=number, account=account, from_on=day, until_on=day + dt.timedelta(days=364), deposit_fen=90_000,
        signatory="张三", signed_on=day, by=make_user(), at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.mark.django_db
def test_deposits_of_a_day_with_their_contract() -> None:
    unit: Unit = make_unit()
    firm, gone, other = make_account(unit=unit), make_account(unit=unit), make_account(unit=make_unit("乙所"))
    for number, (account, day, fen) in enumerate(
        ((firm, JAN, 50_000), (firm, MAR, 40_000), (firm, JUN, -60_000), (gone, JAN, 700), (gone, MAR, -700),
         (other, MAR, 900)), 1,
    ):  # fmt: skip
        move(account, number, day, fen)
    sign(firm, "GY-1", JAN)
    newest = sign(firm, "GY-2", MAR)
    found = {one.account.pk: one for one in deposits_held(None, JUN)}
    assert set(found) == {firm.pk, other.pk}
    assert (found[firm.pk].fen, found[firm.pk].since, found[firm.pk].contract) == (30_000, MAR, newest)
    assert found[other.pk].contract is None
    before = deposits_held([unit.pk], MAR - dt.timedelta(days=1))
    assert [(one.account, one.fen, one.since, one.contract and one.contract.number) for one in before] == [
        (firm, 50_000, JAN, "GY-1"), (gone, 700, JAN, None),
    ]  # fmt: skip
