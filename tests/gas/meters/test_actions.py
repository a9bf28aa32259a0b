"""Meters through the door: what each act changes, and what it refuses with which words at which field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.events import providers
from mainstay.gas.meters import actions
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.meters.rules import tidy_number
from mainstay.gas.meters.states import METER
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_meter, make_unit, make_user

pytestmark = pytest.mark.django_db
ALL = tuple(f"gas.meters.{verb}" for verb in (
    "register_meter", "change_meter", "scrap_meter", "install_meter", "remove_meter", "exchange_meter", "set_master",
))  # fmt: skip
DAY = date(2025, 3, 1)
TODAY = local_today()


@pytest.fixture
def clerk() -> Any:
    return make_user(*ALL)


@pytest.fixture
def taken_down() -> Iterator[list[Installation]]:
    """What other parts are told when a meter is taken down."""
    told: list[Installation] = []

    def listen(*, installation: Installation, by: Any) -> None:
        told.append(installation)

    before = {key: list(value) for key, value in providers._providers.items()}
    providers._providers["meter_taken_down"] = [listen]
    yield told
    providers._providers.clear()
    providers._providers.update(before)


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


def facts_of(meter: Meter, **changed: Any) -> dict[str, Any]:
    names = ("meter_no", "unit", "kind", "maker", "digits", "factor_e4", "made_on", "verified_until")
    return {name: getattr(meter, name) for name in names} | changed


def test_the_graph_is_whole() -> None:
    assert not list(METER.faults())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" 2024 0001234 ", "20240001234"), ("ab-12 34", "AB-1234"), ("123", ""), ("表1234", ""), ("1" * 25, "")],
)
def test_numbers_are_tidied(typed: str, stored: str) -> None:
    assert tidy_number(typed) == stored


def test_register(clerk: Any) -> None:
    unit = make_unit()
    meter = actions.register_meter(meter_no="ic 2025 0001", unit=unit, kind="ic_card", maker=" 北川 ", by=clerk)
    assert (meter.meter_no, meter.state, meter.maker, meter.unit) == ("IC20250001", "stock", "北川", unit)
    entry = Entry.objects.get(action="gas.meters.register_meter")
    assert entry.unit_id == unit.pk and entry.after["meter_no"] == "IC20250001"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"meter_no": "12"}, "meter_no"),
        ({"digits": 2}, "digits"),
        ({"factor_e4": 0}, "factor"),
        ({"made_on": DAY, "verified_until": DAY}, "verified_until"),
    ],
)
def test_register_refuses_nonsense(clerk: Any, facts: dict[str, Any], field: str) -> None:
    assert (
        problem_of(actions.register_meter, **{"meter_no": "20250001", "unit": None, **facts}, by=clerk).field == field
    )
    assert not Meter.objects.exists()


def test_a_number_exists_once(clerk: Any) -> None:
    known = make_meter()
    assert problem_of(actions.register_meter, meter_no=known.meter_no, unit=None, by=clerk).code == "taken"


def test_another_branch_is_refused_and_recorded() -> None:
    mine, other = make_unit(), make_unit()
    clerk = make_user(*ALL, unit=mine, scope="unit")
    with pytest.raises(Refused):
        actions.register_meter(meter_no="20250001", unit=other, by=clerk)
    with pytest.raises(Refused):
        actions.register_meter(meter_no="20250001", unit=None, by=clerk)
    assert Entry.objects.filter(outcome="refused").count() == 2


def test_change(clerk: Any) -> None:
    meter = make_meter()
    new = facts_of(meter, maker="城南仪表", verified_until=date(2035, 1, 1), digits=6, meter_no="X-1000")
    actions.change_meter(meter=meter, **new, by=clerk)
    meter.refresh_from_db()
    assert (meter.maker, meter.digits, meter.meter_no, meter.verified_until) == (
        "城南仪表", 6, "X-1000", date(2035, 1, 1),
    )  # fmt: skip
    entry = Entry.objects.get(action="gas.meters.change_meter")
    assert entry.subject == f"meters.meter:{meter.pk}" and entry.before["digits"] == 5 and entry.after["digits"] == 6


def test_dial_and_branch_stay_while_readings_rest_on_them(clerk: Any) -> None:
    meter = make_account().installations.get().meter
    for changed, field in (({"digits": 6}, "digits"), ({"factor_e4": 9_990}, "factor"), ({"unit": None}, "unit")):
        assert problem_of(actions.change_meter, meter=meter, **facts_of(meter, **changed), by=clerk).field == field
    actions.change_meter(meter=meter, **facts_of(meter, maker="新厂"), by=clerk)
    assert Meter.objects.get(pk=meter.pk).maker == "新厂"


def test_install(clerk: Any) -> None:
    account, meter = make_account(), make_meter()
    hung = actions.install_meter(account=account, meter=meter, from_on=DAY, first_index_l=12_500, by=clerk)
    meter.refresh_from_db()
    assert (hung.from_on, hung.first_index_l, hung.until_on) == (DAY, 12_500, None)
    assert (meter.state, meter.unit_id) == ("installed", account.unit_id)
    entry = Entry.objects.get(action="gas.meters.install_meter")
    assert entry.subject == f"meters.meter:{meter.pk}" and entry.after["account"] == account.account_no


def test_install_refuses(clerk: Any) -> None:
    account, meter = make_account(), make_meter(verified_until=date(2025, 12, 31))
    other = make_unit("城西")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"from_on": TODAY + timedelta(days=1)}, "on"),
        ({"first_index_l": 100_000_000}, "first_index"),
        ({"first_index_l": -1}, "first_index"),
        ({"from_on": date(2026, 1, 1)}, "meter"),
        ({"meter": make_meter(unit=other)}, "meter"),
        ({"account": make_account(state="closed")}, "account"),
    ]
    for changed, field in cases:
        facts = {"account": account, "meter": meter, "from_on": DAY, **changed}
        assert problem_of(actions.install_meter, **facts, by=clerk).field == field, changed
    assert problem_of(
        actions.install_meter, account=account, meter=account.installations.get().meter, from_on=DAY, by=clerk
    ).code == "wrong_state"  # fmt: skip
    assert account.installations.count() == 1


def test_a_store_above_the_branch_serves_it(clerk: Any) -> None:
    company = make_unit("公司")
    branch = make_unit("营业所", parent=company)
    hung = actions.install_meter(
        account=make_account(unit=branch), meter=make_meter(unit=company), from_on=DAY, by=clerk
    )
    assert hung.meter.unit_id == branch.pk


def test_remove(clerk: Any, taken_down: list[Installation]) -> None:
    account = make_account()
    hung = account.installations.get()
    actions.remove_meter(installation=hung, until_on=DAY, last_index_l=345_000, reason="拆表", by=clerk)
    hung.refresh_from_db()
    assert (hung.until_on, hung.last_index_l, hung.meter.state) == (DAY, 345_000, "stock")
    assert taken_down == [hung]
    assert problem_of(
        actions.remove_meter, installation=hung, until_on=DAY, last_index_l=345_000, reason="再拆", by=clerk
    ).code == "taken_down"  # fmt: skip


def test_remove_refuses(clerk: Any) -> None:
    hung = make_account().installations.get()
    cases: list[tuple[dict[str, Any], str]] = [
        ({"until_on": hung.from_on - timedelta(days=1)}, "on"),
        ({"until_on": TODAY + timedelta(days=1)}, "on"),
        ({"last_index_l": 100_000_000}, "last_index"),
    ]
    for changed, field in cases:
        facts = {"installation": hung, "until_on": DAY, "last_index_l": 1, "reason": "x", **changed}
        assert problem_of(actions.remove_meter, **facts, by=clerk).field == field
    hung.refresh_from_db()
    assert hung.until_on is None and hung.meter.state == "installed"


def test_what_readings_refuse_is_not_done(clerk: Any, taken_down: list[Installation]) -> None:
    def refuse(*, installation: Installation, by: Any) -> None:
        raise Problem("no reading", field="last_index")

    providers._providers["meter_taken_down"] = [refuse]
    hung = make_account().installations.get()
    assert problem_of(
        actions.remove_meter, installation=hung, until_on=DAY, last_index_l=1, reason="x", by=clerk
    ).field == "last_index"  # fmt: skip
    assert Installation.objects.get(pk=hung.pk).until_on is None


def test_a_meter_hangs_again_after_it_was_taken_down(clerk: Any, taken_down: list[Installation]) -> None:
    first, second = make_account(), make_account()
    hung = first.installations.get()
    meter = hung.meter
    actions.remove_meter(installation=hung, until_on=DAY, last_index_l=5_000, reason="x", by=clerk)
    meter.refresh_from_db()
    meter.unit = None
    meter.save()
    early = {"account": second, "meter": meter, "from_on": DAY - timedelta(days=1)}
    assert problem_of(actions.install_meter, **early, by=clerk).code == "hung_elsewhere"
    actions.install_meter(account=second, meter=meter, from_on=DAY, first_index_l=5_000, by=clerk)
    assert meter.installations.count() == 2


def test_exchange(clerk: Any, taken_down: list[Installation]) -> None:
    account = make_account()
    hung = account.installations.get()
    sub = make_account(unit=account.unit).installations.get()
    sub.master = hung
    sub.save()
    new = make_meter()
    made = actions.exchange_meter(
        installation=hung, meter=new, on=DAY, last_index_l=812_000, first_index_l=500, reason="到期更换",
        scrap_old=True, by=clerk,
    )  # fmt: skip
    hung.refresh_from_db()
    sub.refresh_from_db()
    assert (hung.until_on, hung.last_index_l, hung.meter.state) == (DAY, 812_000, "scrapped")
    assert (made.meter, made.from_on, made.first_index_l, made.until_on) == (new, DAY, 500, None)
    assert sub.master_id == made.pk and taken_down == [hung]
    acts = list(Entry.objects.filter(by=clerk).order_by("id").values_list("action", "subject"))
    assert acts == [
        ("gas.meters.install_meter", f"meters.meter:{new.pk}"),
        ("gas.meters.remove_meter", f"meters.meter:{hung.meter_id}"),
        ("gas.meters.scrap_meter", f"meters.meter:{hung.meter_id}"),
        ("gas.meters.exchange_meter", f"customers.account:{account.pk}"),
    ]


def test_an_exchange_that_fails_half_way_changes_nothing(clerk: Any) -> None:
    hung, new = make_account().installations.get(), make_meter()
    facts = {"installation": hung, "on": DAY, "first_index_l": 0, "reason": "x"}
    assert problem_of(
        actions.exchange_meter, **facts, meter=new, last_index_l=100_000_000, by=clerk
    ).field == "last_index"  # fmt: skip
    assert problem_of(actions.exchange_meter, **facts, meter=hung.meter, last_index_l=1, by=clerk).code == "same_meter"
    new.refresh_from_db()
    assert new.state == "stock" and hung.account.installations.count() == 1


def test_sub_meters(clerk: Any) -> None:
    master, sub, third = (make_account().installations.get() for _ in range(3))
    actions.set_master(installation=sub, master=master, by=clerk)
    sub.refresh_from_db()
    assert sub.master == master
    for installation, wanted, code in ((third, sub, "is_sub"), (master, third, "has_subs"), (third, third, "circle")):
        facts = {"installation": installation, "master": wanted}
        assert problem_of(actions.set_master, **facts, by=clerk).code == code
    facts = {"installation": master, "until_on": DAY, "last_index_l": 0, "reason": "x"}
    found = problem_of(actions.remove_meter, **facts, by=clerk)
    assert found.code == "has_subs" and sub.meter.meter_no in str(found)
    actions.set_master(installation=sub, master=None, by=clerk)
    actions.remove_meter(**facts, by=clerk)


def test_scrap(clerk: Any) -> None:
    meter = make_meter()
    actions.scrap_meter(meter=meter, reason="损坏", by=clerk)
    assert Meter.objects.get(pk=meter.pk).state == "scrapped"
    assert problem_of(actions.scrap_meter, meter=meter, reason="x", by=clerk).code == "wrong_state"
    hanging = make_account().installations.get().meter
    assert problem_of(actions.scrap_meter, meter=hanging, reason="x", by=clerk).code == "wrong_state"


def test_the_database_keeps_its_own_rules() -> None:
    hung = make_account().installations.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(account=make_account(), meter=hung.meter, from_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meter.objects.filter(pk=hung.meter_id).update(unit=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        hung.delete()
