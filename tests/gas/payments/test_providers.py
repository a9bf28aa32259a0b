"""What payments answers other parts: the collection rate as an indicator."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from mainstay.core.events.providers import answers
from mainstay.gas.billing.models import OpenItem
from tests.gas.make import make_account, make_unit
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db
QUARTER = {"from_on": dt.date(2026, 7, 1), "until_on": dt.date(2026, 9, 30)}


def rate(unit: object, name: str = "collection_rate") -> list[int]:
    return [one for one in answers("indicator_value", name=name, unit=unit, **QUARTER) if one is not None]


def test_the_collection_rate_of_a_unit_and_below() -> None:
    company = make_unit("公司")
    branch, other = make_unit("营业所", parent=company), make_unit("别处")
    assert rate(company) == [], "nothing is billed"
    for unit, period in ((branch, 202607), (branch, 202609), (branch, 202610), (other, 202607)):
        make_bill(make_account(unit=unit), period, 80_00)
    assert rate(company) == [0]
    OpenItem.objects.filter(period=202609).update(open_fen=F("open_fen") - 60_00)
    assert rate(company) == rate(branch) == [375_000]  # 60 of 160 yuan: 37.5 %
    assert rate(company, "gas_sold") == []
