"""Gas in advance despite a serious hazard: only with a consent that two people are named for."""

from __future__ import annotations

import pytest

from mainstay.core.door import ApprovalFiled
from mainstay.core.events import providers
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.gas.payments.actions import allow_sale
from mainstay.gas.payments.models import Payment, SaleOverride
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, pay

pytestmark = pytest.mark.django_db
ALLOW = "gas.payments.allow_sale"


@pytest.fixture
def hazardous(monkeypatch):
    """A customer with a debt, where the safety side reports a serious hazard."""
    account, clerk = make_account(), make_clerk(None, ALLOW)
    make_bill(account, 202610, 5_000)
    monkeypatch.setitem(providers._providers, "stops_of_sale", [lambda *, account: ["热水器烟道未伸出室外。"]])
    return account, clerk, make_shift(clerk, make_till(account.unit))


def test_debts_can_be_paid_advances_need_consent(hazardous) -> None:
    account, clerk, shift = hazardous
    with pytest.raises(Problem) as caught:
        pay(account, 5_001, clerk, shift)
    assert caught.value.code == "hazard"
    assert Payment.objects.count() == 0
    pay(account, 5_000, clerk, shift)
    with pytest.raises(ApprovalFiled):
        allow_sale(account=account, reason="已约当日整改", by=clerk)
    assert SaleOverride.objects.count() == 0
    boss = make_user(ALLOW)
    approve(approval=Approval.objects.get(), by=boss)
    consent = SaleOverride.objects.get()
    assert (consent.by, consent.reason) == (clerk, "已约当日整改")
    assert pay(account, 3_000, clerk, shift).advance_fen == 3_000
