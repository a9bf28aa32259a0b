"""A closed business day takes no bill; while a run works on a day, the day stays open."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from mainstay.gas.billing import actions
from mainstay.gas.billing.models import Bill, BillingRun
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.batch import differences
from mainstay.gas.ledger.models import ClosedDay
from mainstay.gas.payments.hooks import settle_released
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.billing.make import bill_period, make_tariff
from tests.gas.make import make_account, make_book, make_reading, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_run, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def account():
    """An account with two readings, the first of them billed."""
    account = make_account(plan=make_tariff(), book=make_book(make_unit()))
    make_reading(account, 202609, volume_l=20_000)
    make_reading(account, 202610, volume_l=20_000)
    return account


def close(account, day: dt.date) -> None:
    ClosedDay.objects.create(unit=account.unit, business_on=day, closed_by=make_user(), closed_at=timezone.now())


def test_no_single_bill_on_a_closed_day(account) -> None:
    bill = bill_period(account, 202609)
    clerk = make_user("gas.billing.cancel_bill", "gas.billing.rebill", "gas.billing.bill_account")
    close(account, DAY)
    before = Bill.objects.count()
    for act in (
        lambda: actions.cancel_bill(bill=bill, reason="x", by=clerk, business_on=DAY),
        lambda: actions.rebill(bill=bill, reason="x", by=clerk, business_on=DAY),
        lambda: actions.bill_account(account=account, period=202610, by=clerk, business_on=DAY),
    ):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.code == "day_closed"
    for language, words in (("en", "is closed for"), ("zh-hans", "已日结")):
        with translation.override(language), pytest.raises(Problem, match=words):
            act()
    assert Bill.objects.count() == before
    next_day = DAY + dt.timedelta(days=1)
    assert actions.rebill(bill=bill, reason="x", by=clerk, business_on=next_day).business_on == next_day


def test_no_run_on_a_closed_day(account) -> None:
    clerk = make_user("gas.billing.plan_run", "gas.billing.start_run")
    run = actions.plan_run(period=202609, unit=account.unit, issued_on=DAY, by=clerk)
    close(account, DAY)
    with pytest.raises(Problem) as caught:
        actions.start_run(run=run, by=clerk)
    assert caught.value.code == "day_closed"
    run.refresh_from_db()
    assert run.state == BillingRun.State.PLANNED
    with pytest.raises(Problem) as caught:
        actions.plan_run(period=202610, unit=account.unit, issued_on=DAY, by=clerk)
    assert (caught.value.code, caught.value.field) == ("day_closed", "issued_on")
    other = make_unit("另一所")
    make_account(book=make_book(other))
    assert actions.plan_run(period=202610, unit=other, issued_on=DAY, by=clerk).business_on == DAY


def test_a_day_with_a_run_at_work_is_not_closed(account) -> None:
    clerk = make_clerk()
    make_bill(account, 202608, 1_000)
    run = make_run(account.unit, clerk, state="running")
    boss = make_user("gas.ledger.make_voucher")
    with pytest.raises(Problem) as caught:
        make_voucher(unit=account.unit, business_on=local_today(), by=boss)
    assert caught.value.code == "run_under_way"
    BillingRun.objects.filter(pk=run.pk).update(state="computed")
    assert make_voucher(unit=account.unit, business_on=local_today(), by=boss).amount_fen


def test_a_run_released_after_its_day_was_closed_settles_today(account) -> None:
    clerk = make_clerk()
    pay(account, 5_000, clerk, make_shift(clerk, make_till(account.unit)))
    run = make_run(account.unit, clerk, state="released")
    yesterday = local_today() - dt.timedelta(days=1)
    BillingRun.objects.filter(pk=run.pk).update(business_on=yesterday)
    run.refresh_from_db()
    make_bill(account, 202610, 3_000, run=run)
    close(account, yesterday)
    settle_released(run)
    assert open_fen(account) == {}
    assert not any(differences(kind) for kind in ("receivable", "advance", "allocation", "closed"))


def test_only_branches_with_days_of_their_own_are_offered(client) -> None:
    """The company itself, which has no account, no till and no bank, is not; one branch is chosen, of two none."""
    user = make_user("gas.ledger.make_voucher", "gas.ledger.close_month")
    client.force_login(user)
    branch, desk = make_unit("城东"), make_unit("城西")
    make_unit("工程科")
    make_account(unit=branch)
    for page in ("ledger:voucher_make", "ledger:month_close"):
        field = client.get(reverse(page)).context["form"]["unit"]
        assert [one.pk for one in field.field.queryset] == [branch.pk]
        assert field.value() == branch.pk
    make_till(desk)
    for page in ("ledger:voucher_make", "ledger:month_close"):
        field = client.get(reverse(page)).context["form"]["unit"]
        assert {one.pk for one in field.field.queryset} == {branch.pk, desk.pk}
        assert field.value() is None


def test_what_closing_a_day_means_is_told_before(client) -> None:
    client.force_login(make_user("gas.ledger.make_voucher"))
    page = client.get(reverse("ledger:voucher_make"), headers={"accept-language": "en"}).content.decode()
    assert "Closing the day cannot be undone" in page
