"""Reads about meters, and the check of meters against places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.core.home.counting import Count
from mainstay.gas.meters import checks, queries
from mainstay.gas.meters.models import Meter
from mainstay.kit.dates import local_today
from mainstay.kit.testing import count_queries
from tests.gas.make import make_account, make_meter, make_unit, make_user

pytestmark = pytest.mark.django_db
VIEW = queries.VIEW


def test_a_branch_sees_its_own_meters_and_the_company_store() -> None:
    mine, other = make_unit(), make_unit()
    hanging = make_account(unit=mine).installations.get()
    make_account(unit=other)
    stored = make_meter()
    found = {one.pk: one.account_no for one in queries.meters_visible_to(make_user(VIEW, unit=mine, scope="unit"))}
    assert found == {hanging.meter_id: hanging.account.account_no, stored.pk: None}
    assert queries.meters_visible_to(make_user(VIEW)).count() == 3
    assert not queries.meters_visible_to(make_user()).filter(unit=mine).exists()


def test_numbers_are_found_by_their_beginning() -> None:
    unit = make_unit()
    for number in ("AB-10", "AB-11", "AB-1", "AC-10", "XAB-10"):
        make_meter(unit=unit).__class__.objects.filter(pk=Meter.objects.latest("pk").pk).update(meter_no=number)
    assert set(Meter.objects.numbered("AB-1").values_list("meter_no", flat=True)) == {"AB-10", "AB-11", "AB-1"}
    user = make_user(VIEW, unit=unit)
    with count_queries(3):
        hits = queries.find_meters(user, " ab-1 ")
    assert [hit.title for hit in hits] == ["AB-1", "AB-10", "AB-11"]
    assert queries.find_meters(user, "AB") == [] == queries.find_meters(user, "阳光花园")


def test_the_due_list_begins_with_the_nearest_end() -> None:
    unit, today = make_unit(), local_today()
    ends = {}
    for days in (400, 30, -10, 60):
        meter = make_account(unit=unit).installations.get().meter
        meter.verified_until = ends[days] = today + timedelta(days=days)
        meter.save()
    make_account(unit=unit)  # nothing known of its verification
    make_meter(unit=unit, verified_until=today)  # in stock
    elsewhere = make_account().installations.get().meter
    elsewhere.verified_until = today
    elsewhere.save()
    user = make_user(VIEW, unit=unit, scope="unit")
    assert [one.meter.verified_until for one in queries.due_installations(user)] == [
        ends[days] for days in (-10, 30, 60, 400)
    ]
    assert Count(queries.due_rows, queries.due_told)(user) == 3
    assert Count(queries.due_rows, queries.due_told)(make_user(VIEW)) == 4


def test_meters_of_an_account_those_of_today_first() -> None:
    account = make_account()
    old = account.installations.get()
    old.until_on, old.last_index_l = date(2025, 1, 1), 5
    old.save()
    from tests.gas.make import make_installation

    new = make_installation(account, from_on=date(2025, 1, 1))
    assert queries.installations_of(account) == [new, old]


def test_the_check_finds_what_does_not_fit() -> None:
    hung = make_account().installations.get()
    assert list(checks.places()) == []
    Meter.objects.filter(pk=hung.meter_id).update(state="stock")
    lonely = make_meter(unit=make_unit(), state="installed")
    moved = make_account().installations.get()
    Meter.objects.filter(pk=moved.meter_id).update(unit=lonely.unit)
    found = [one.subject for one in checks.places()]
    assert found == [f"meters.meter:{pk}" for pk in (lonely.pk, hung.meter_id, moved.meter_id)]
