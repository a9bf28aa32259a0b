"""An account's two years as charts: what holds, by tier, against the year before, with estimates marked."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.gas.billing import actions
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_history import history_of
from mainstay.gas.billing.views.history import picture_of
from mainstay.gas.readings.models import Reading
from tests.gas.billing.make import bill_period, make_tariff
from tests.gas.make import make_account, make_reading, make_user
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db


def year():
    """Bills of three months, the last one estimated, with one a year before."""
    account = make_account(plan=make_tariff(), opened_on=date(2024, 1, 1))
    for period, volume in ((202507, 12_000), (202607, 20_000), (202608, 20_000)):
        make_reading(account, period, volume_l=volume)
        bill_period(account, period)
    make_reading(account, 202609, volume_l=20_000, source=Reading.Source.ESTIMATE)
    bill_period(account, 202609)
    return account


def test_a_month_says_what_holds_by_tier_against_the_year_before() -> None:
    account = year()
    months = {one.period: one for one in history_of(account)}
    assert (len(months), min(months), max(months)) == (24, 202410, 202609)
    assert [(months[p].by_tier, months[p].amount_fen, months[p].before_l) for p in (202607, 202608, 202609)] == [
        ({1: 20_000}, 4_000, 12_000), ({1: 10_000, 2: 10_000}, 5_000, None), ({2: 15_000, 3: 5_000}, 6_500, None),
    ]  # fmt: skip
    assert [p for p, one in months.items() if one.estimated] == [202609]
    actions.cancel_bill(bill=Bill.objects.get(account=account, period=202607), reason="wrong", by=make_user(
        "gas.billing.cancel_bill"))  # fmt: skip
    months = {one.period: one for one in history_of(account)}
    assert (months[202607].volume_l, months[202607].amount_fen) == (0, 0)
    assert months[202608].by_tier == {1: 20_000}


def test_late_fees_and_bad_debt_are_no_gas() -> None:
    account = make_account()
    make_bill(account, 202607, 4_000)
    make_bill(account, 202607, 500, seq=1, kind=Bill.Kind.LATE_FEE)
    assert history_of(account)[-1].amount_fen == 4_000


def test_the_picture_tells_its_numbers_as_text_and_the_page_has_it() -> None:
    account = year()
    picture = picture_of(history_of(account))
    assert picture is not None
    for piece in ("<title>", "<desc>", 'class="chart-level"', 'class="chart-note"', 'class="chart-3"'):
        assert piece in picture.volume, piece
    client = Client()
    client.force_login(make_user("gas.billing.view_bill"))
    client.cookies["django_language"] = "en"
    page = client.get(reverse("billing:account_bills", args=[account.pk])).content.decode()
    for piece in ("Two years by month", "tier 3", "same month last year", "estimated reading", "60 m³, 155.00 yuan"):
        assert piece in page, piece


def test_without_a_bill_there_is_no_picture(django_assert_num_queries) -> None:
    account = make_account()
    with django_assert_num_queries(1):
        assert picture_of(history_of(account)) is None
    full = year()
    with django_assert_num_queries(4):
        history_of(full)
