"""What billing answers to tariffs: until when an account is billed, and whether bills rest on a version."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mainstay.core.events.providers import answers
from mainstay.gas.billing.actions import bill_account, cancel_bill
from mainstay.gas.billing.models import Bill
from mainstay.gas.tariffs import actions, queries
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_plan, make_reading, make_user

pytestmark = pytest.mark.django_db
RIGHTS = ("gas.billing.bill_account", "gas.billing.cancel_bill", "gas.tariffs.set_terms", "gas.tariffs.change_version")


def billed(account: Any, period: int, by: Any) -> Bill:
    make_reading(account, period)
    return bill_account(account=account, period=period, by=by)


def test_terms_change_from_the_last_billed_day_on() -> None:
    clerk, account = make_user(*RIGHTS), make_account()
    assert answers("billed_until", account_id=account.pk) == [None]
    billed(account, 202602, clerk)
    second = billed(account, 202603, clerk)
    assert queries.billed_until(account.pk) == second.to_on == date(2026, 3, 28)
    facts = {"account": account, "plan": make_plan(), "persons": 5}
    with pytest.raises(Problem) as caught:
        actions.set_terms(**facts, from_on=date(2026, 3, 27), by=clerk)
    assert caught.value.code == "billed"
    cancel_bill(bill=second, reason="错抄", by=clerk)
    assert queries.billed_until(account.pk) == date(2026, 2, 28)
    actions.set_terms(**facts, from_on=date(2026, 2, 28), by=clerk)
    again = bill_account(account=account, period=202603, by=clerk)
    assert (again.persons, again.version.plan_id) == (5, facts["plan"].pk)


def test_a_version_stays_once_a_bill_names_it() -> None:
    clerk, account, other = make_user(*RIGHTS), make_account(), make_plan()
    bill = billed(account, 202602, clerk)
    assert queries.is_used(bill.version) and not queries.is_used(other.versions.get())
    assert queries.plainly_used(bill.version.plan) == {bill.version_id} and queries.plainly_used(other) == set()
    cancel_bill(bill=bill, reason="错抄", by=clerk)
    with pytest.raises(Problem) as caught:
        actions.change_version(version=bill.version, data=bill.version.data, by=clerk)
    assert caught.value.code == "used"
