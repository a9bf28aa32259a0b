"""Opening, changing, stopping accounts: rows, audit rows, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers import actions
from mainstay.gas.customers.models import Account, Area, Customer, Premise
from mainstay.gas.customers.opening import opening_steps
from mainstay.gas.customers.queries import search_accounts
from mainstay.gas.customers.states import ACCOUNT
from mainstay.gas.meters.models import Meter
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_area, make_book, make_meter, make_plan, make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHTS = (
    "open_account", "change_account", "change_customer", "change_premise", "suspend_account", "restore_account",
    "reveal_personal_data", "view_account", "create_area", "change_area", "create_customer", "create_premise",
)  # fmt: skip
WHO = {"name": "曾 小宁", "kind": "person", "phone": "0531-88001234", "id_no": ""}


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def clerk(unit: Unit) -> User:
    return make_user(*(f"gas.customers.{name}" for name in RIGHTS), unit=unit, scope="unit")


def parts(unit: Unit, **terms: Any) -> dict[str, dict[str, Any]]:
    """Data of every opening step, as the forms give it."""
    none = {"low_income": False, "low_income_until": None, "heating": False, "contract_price_e4": None}
    return {
        "terms": {"plan": make_plan(), "persons": 3, **none, **terms},
        "meter": {"meter": make_meter(unit=unit), "first_index_l": 12_000},
        "book": {"book": make_book(unit), "sequence": None},
    }


def opened(unit: Unit, by: User, **facts: Any) -> Account:
    where = {"area": make_area(), "building": "3", "entrance": "1", "room": "501"}
    usual = {"customer": WHO, "premise": where, "category": "residential", "opened_on": local_today()}
    return actions.open_account(unit=unit, **{**usual, "parts": parts(unit), **facts}, by=by)


def test_an_opened_account_can_be_read_and_billed(unit: Unit, clerk: User) -> None:
    account = opened(unit, clerk)
    assert (account.state, account.unit, account.opened_on) == ("active", unit, local_today())
    assert account.premise.address == "阳光花园3栋1单元501室"
    assert account.customer.name == "曾小宁"
    assert (account.customer.initials, account.customer.phone_reversed) == ("zxn", "43210088" + "1350")
    assert account.installations.get().first_index_l == 12_000
    assert account.installations.get().meter.state == Meter.State.INSTALLED
    assert account.terms.get().persons == 3
    assert account.book_entry.book.unit == unit
    assert search_accounts(clerk, "zxn") == [account]
    assert Entry.objects.filter(action="gas.customers.open_account", outcome="done").count() == 1
    assert {step.key for step in opening_steps()} == {"terms", "meter", "book"}


def test_account_numbers_go_up_and_are_never_given_twice(unit: Unit, clerk: User) -> None:
    first = opened(unit, clerk)
    Account.objects.filter(pk=first.pk).update(account_no="1000000099")
    make_account()  # a number of another form
    second = opened(unit, clerk, premise={"area": make_area(), "building": "4", "entrance": "1", "room": "101"})
    assert second.account_no == "1000000100"


def test_nothing_is_opened_by_halves(unit: Unit, clerk: User) -> None:
    bad = parts(unit)
    bad["meter"]["meter"] = make_account(unit=unit).installations.get().meter
    before = (Customer.objects.count(), Premise.objects.count(), Account.objects.count())
    with pytest.raises(Problem):
        opened(unit, clerk, parts=bad)
    assert (Customer.objects.count(), Premise.objects.count(), Account.objects.count()) == before


def test_a_part_that_is_missing_is_named(unit: Unit, clerk: User) -> None:
    some = parts(unit)
    del some["book"]
    with pytest.raises(Problem) as raised:
        opened(unit, clerk, parts=some)
    assert raised.value.code == "incomplete"
    assert next(str(step.title) for step in opening_steps() if step.key == "book") in str(raised.value)


def test_one_account_lives_at_an_address(unit: Unit, clerk: User) -> None:
    first = opened(unit, clerk)
    with pytest.raises(Problem) as raised:
        opened(unit, clerk, customer=first.customer)
    assert raised.value.code == "premise_taken"
    assert first.account_no in str(raised.value)
    Account.objects.filter(pk=first.pk).update(state="closed")
    assert opened(unit, clerk, customer=first.customer).premise == first.premise


@pytest.mark.parametrize(("days", "code"), [(1, "future"), (-4000, "too_early")])
def test_the_day_of_opening_makes_sense(unit: Unit, clerk: User, days: int, code: str) -> None:
    with pytest.raises(Problem) as raised:
        opened(unit, clerk, opened_on=local_today() + timedelta(days=days))
    assert raised.value.code == code


def test_opening_in_another_branch_is_refused_and_on_record(clerk: User) -> None:
    other = make_unit("城西营业所")
    with pytest.raises(Refused):
        opened(other, clerk)
    assert Entry.objects.get(action="gas.customers.open_account", outcome="refused").unit_id == other.pk
    assert not Account.objects.exists()


def test_changing_a_customer_changes_what_is_searched(unit: Unit, clerk: User) -> None:
    account = make_account(name="李明", phone="13900001111", unit=unit)
    actions.change_customer(account=account, name="单雄", kind="person", phone="139 0000 2222", id_no="", by=clerk)
    assert search_accounts(clerk, "sx") == search_accounts(clerk, "2222") == [account]
    assert search_accounts(clerk, "李明") == search_accounts(clerk, "1111") == []
    entry = Entry.objects.get(action="gas.customers.change_customer")
    assert entry.subject == f"customers.account:{account.pk}"
    assert entry.before == {"name": "李*", "phone": "139****1111"}
    assert "2222" in entry.after["phone"] and "139 0000" not in entry.after["phone"]


@pytest.mark.parametrize(("facts", "field"), [({"name": "  "}, "name"), ({"phone": "unknown"}, "phone")])
def test_a_customer_has_a_name_and_a_telephone_digits(
    unit: Unit, clerk: User, facts: dict[str, str], field: str
) -> None:
    account = make_account(unit=unit)
    with pytest.raises(Problem) as raised:
        actions.change_customer(account=account, **{**WHO, **facts}, by=clerk)
    assert raised.value.field == field


def test_addresses_are_corrected_but_never_doubled(unit: Unit, clerk: User) -> None:
    account, neighbour = make_account(unit=unit), make_account(unit=unit)
    area = make_area("翠湖小区")
    facts = {"area": area, "building": "a2", "entrance": "", "room": "301", "address": ""}
    assert actions.change_premise(account=account, **facts, by=clerk).address == "翠湖小区A2栋301室"
    assert search_accounts(clerk, "翠湖a2-301") == [account]
    with pytest.raises(Problem) as raised:
        actions.change_premise(account=neighbour, **facts, by=clerk)
    assert raised.value.code == "taken"


def test_suspending_and_restoring_follow_the_graph(unit: Unit, clerk: User) -> None:
    account = make_account(unit=unit)
    assert actions.suspend_account(account=account, reason="搬走", by=clerk).state == "suspended"
    with pytest.raises(Problem):
        actions.suspend_account(account=account, reason="搬走", by=clerk)
    assert actions.restore_account(account=account, reason="回来", by=clerk).state == "active"
    entry = Entry.objects.get(action="gas.customers.suspend_account", outcome="done")
    assert (entry.before, entry.after, entry.reason) == ({"state": "active"}, {"state": "suspended"}, "搬走")
    closed = make_account(unit=unit, state="closed")
    with pytest.raises(Problem):
        actions.restore_account(account=closed, reason="回来", by=clerk)
    assert list(ACCOUNT.faults()) == []


def test_looking_at_personal_data_is_on_record(unit: Unit, clerk: User) -> None:
    account = make_account(name="李明", phone="13900001111", unit=unit)
    shown = actions.reveal_personal_data(account=account, facts=("phone",), by=clerk)
    assert shown == {"phone": "13900001111"}
    entry = Entry.objects.get(action="gas.customers.reveal_personal_data")
    assert (entry.after, entry.subject) == ({"shown": ["phone"]}, f"customers.account:{account.pk}")
    with pytest.raises(Problem):
        actions.reveal_personal_data(account=account, facts=("password",), by=clerk)
    with pytest.raises(Refused):
        actions.reveal_personal_data(account=account, facts=("phone",), by=make_user())


def test_change_account(unit: Unit, clerk: User) -> None:
    account = make_account(unit=unit)
    actions.change_account(account=account, category="commercial", note=" 门口有狗 ", by=clerk)
    account.refresh_from_db()
    assert (account.category, account.note, account.version) == ("commercial", "门口有狗", 1)


def test_areas(unit: Unit, clerk: User) -> None:
    district = actions.create_area(kind="district", name="城东区", unit=unit, by=clerk)
    area = actions.create_area(kind="community", name=" 阳光 花园", parent=district, unit=unit, by=clerk)
    assert (area.name, area.initials) == ("阳光花园", "yghy")
    with pytest.raises(Problem) as raised:
        actions.create_area(kind="community", name="阳光花园", parent=district, unit=unit, by=clerk)
    assert raised.value.code == "taken"
    with pytest.raises(Problem):
        actions.create_area(kind="community", name="里", parent=area, unit=unit, by=clerk)
    with pytest.raises(Refused):
        actions.create_area(kind="community", name="别处", unit=make_unit("城西营业所"), by=clerk)
    changed = actions.change_area(area=area, name="阳光新城", parent=district, by=clerk)
    assert Area.objects.get(pk=changed.pk).initials == "ygxc"


def test_days_before_the_account_are_no_days_of_it(unit: Unit, clerk: User) -> None:
    account = opened(unit, clerk, opened_on=local_today() - timedelta(days=30))
    assert account.installations.get().from_on == account.terms.get().from_on == local_today() - timedelta(days=30)
    assert isinstance(account.opened_on, date)
