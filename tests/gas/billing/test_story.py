"""A bill says in words why it is what it is, on the screen and on paper, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from mainstay.gas.billing.actions import cancel_bill
from mainstay.gas.billing.paper import bill_data
from mainstay.gas.billing.queries import story_of
from mainstay.gas.billing.rules_words import why
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.rules.plan import Household, Ladder
from mainstay.gas.tariffs.rules.plan import Version as VersionRule
from mainstay.kit.pdf import render_pdf
from tests.gas.billing.make import bill_period, make_tariff
from tests.gas.make import make_account, make_reading, make_user

pytestmark = pytest.mark.django_db


def bill(persons: int = 3, volumes: tuple[int, ...] = (20_000, 20_000)):
    """The last bill of an account that used so much in so many months."""
    ladder = Ladder((30_000, 55_000), ((20_000, 30_000, 40_000),))
    household = Household(4, (10_000, 10_000), per_person=True)
    plan = make_tariff("told", VersionRule(date(2020, 1, 1), "价字〔2020〕1号", ladder=ladder, household=household))
    account = make_account(plan=plan)
    Terms.objects.filter(account=account).update(persons=persons)
    for period, volume in enumerate(volumes, 202607):
        make_reading(account, period, volume_l=volume)
        made = bill_period(account, period)
    return made


def test_the_counters_the_notice_and_the_way_to_the_next_price() -> None:
    with translation.override("en"):
        text = " ".join(why(story_of(bill())))
    for piece in ("价字〔2020〕1号", "20 m³ before this bill, 40 m³ with it", "tier 2, 15 m³ below", "3 persons"):
        assert piece in text, piece


def test_a_bill_is_compared_with_the_one_before_and_its_reversal_with_none() -> None:
    made = bill()
    reversal = cancel_bill(bill=made, reason="抄错", by=make_user("gas.billing.cancel_bill"))
    assert story_of(made).change_percent is not None
    assert story_of(reversal).change_percent is None


def test_a_large_household_is_named() -> None:
    with translation.override("en"):
        text = " ".join(why(story_of(bill(persons=6))))
    assert "6 persons" in text
    assert "more than 4 persons have wider tiers" in text


@pytest.mark.parametrize(("language", "title"), [("en", "Why this amount"), ("zh-hans", "金额说明")])
def test_the_page_and_the_paper_say_it(language: str, title: str) -> None:
    made = bill()
    client = Client()
    client.force_login(make_user("gas.billing.view_bill"))
    client.cookies["django_language"] = language
    page = client.get(made.get_absolute_url()).content.decode()
    assert title in page
    with translation.override(language):
        data = bill_data(story_of(made))
        assert all(sentence in page for sentence in data["why"])
        assert len(data["why"]) == 3
        assert render_pdf("bill", data).startswith(b"%PDF")
