"""Tariffs and terms through the door: what each act changes, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.events import providers
from mainstay.gas.tariffs import actions, queries
from mainstay.gas.tariffs.models import Plan, Terms, Version
from mainstay.gas.tariffs.rules import TariffError
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.make import BEIJING_RESIDENTIAL, make_account, make_plan, make_unit, make_user

pytestmark = pytest.mark.django_db
ALL = tuple(f"gas.tariffs.{verb}" for verb in (
    "create_plan", "change_plan", "load_library", "add_versions", "change_version", "withdraw_version", "set_terms",
))  # fmt: skip
TODAY = local_today()
FLAT = {"effective": "2020-01-01", "notice": "〔2020〕1号", "tiers": [{"price": "3.65"}], "maximum": True}


@pytest.fixture
def clerk() -> Any:
    return make_user(*ALL)


@pytest.fixture
def world() -> Iterator[dict[str, Any]]:
    """What billing would say: versions that bills rest on, and until when an account is billed."""
    said: dict[str, Any] = {"used": set(), "billed_until": None}
    before = {key: list(value) for key, value in providers._providers.items()}
    providers._providers["version_used"] = [lambda *, version_id: version_id in said["used"]]
    providers._providers["billed_until"] = [lambda *, account_id: said["billed_until"]]
    yield said
    providers._providers.clear()
    providers._providers.update(before)


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


def tiers(effective: str, *prices: str) -> dict[str, Any]:
    return {"effective": effective, "notice": f"通知 {effective}", "bounds": [350, 500], "prices": list(prices)}


class TestPlans:
    def test_create_and_change(self, clerk: Any) -> None:
        plan = actions.create_plan(code=" Test/residential ", name_zh="测试", category="residential", by=clerk)
        assert plan.code == "Test/residential"
        assert problem_of(
            actions.create_plan, code="Test/residential", name_zh="x", category="residential", by=clerk
        ).code == "taken"  # fmt: skip
        actions.change_plan(plan=plan, name_zh="新名", name_en="New", category="commercial", by=clerk)
        plan.refresh_from_db()
        assert (plan.name_zh, plan.name_en, plan.category) == ("新名", "New", "commercial")
        entry = Entry.objects.get(action="gas.tariffs.change_plan")
        assert entry.subject == f"tariffs.plan:{plan.pk}" and entry.before["name_zh"] == "测试"

    def test_tariffs_belong_to_the_whole_company(self) -> None:
        unit = make_unit()
        with pytest.raises(Refused):
            actions.create_plan(
                code="x", name_zh="x", category="residential", by=make_user(*ALL, unit=unit, scope="subtree")
            )

    def test_the_library_is_loaded_once(self, clerk: Any) -> None:
        plans, versions = actions.load_library(by=clerk)
        assert plans == Plan.objects.count() > 10 and versions == Version.objects.count() >= plans
        assert actions.load_library(by=clerk) == (0, 0)
        assert Entry.objects.filter(action="gas.tariffs.load_library").count() == 2


class TestVersions:
    def test_versions_are_added_in_their_regular_form_once(self, clerk: Any) -> None:
        plan = make_plan()
        new = [tiers("2027-01-01", "2.70", "2.95", "4.40"), tiers("2028-01-01", "2.80", "3.05", "4.50")]
        assert actions.add_versions(plan=plan, versions=new, by=clerk) == 2
        stored = plan.versions.get(effective_on=date(2027, 1, 1))
        assert stored.notice == "通知 2027-01-01" and stored.data["prices"] == ["2.7", "2.95", "4.4"]
        assert actions.add_versions(plan=plan, versions=new, by=clerk) == 0
        other = problem_of(
            actions.add_versions, plan=plan, versions=[tiers("2027-01-01", "2.71", "2.95", "4.40")], by=clerk
        )
        assert other.code == "other_content" and plan.versions.count() == 3

    def test_bad_data_is_told_in_the_words_of_the_rules(self, clerk: Any) -> None:
        for language, word in (("zh-hans", "价格"), ("en", "price")):
            with translation.override(language):
                facts = {"plan": make_plan(), "versions": [tiers("2027-01-01", "2.7")]}
                found = problem_of(actions.add_versions, **facts, by=clerk)
            assert found.code == "tariff.format" and word in str(found)

    def test_nothing_is_put_before_a_version_that_bills_rest_on(self, clerk: Any, world: dict[str, Any]) -> None:
        plan = make_plan()
        first = plan.versions.get()
        early = [tiers("2017-01-01", "2.5", "2.7", "4.0")]
        world["used"] = {first.pk}
        assert problem_of(actions.add_versions, plan=plan, versions=early, by=clerk).code == "before_used"
        actions.add_versions(plan=plan, versions=[tiers("2018-07-11", "2.5", "2.7", "4.0")], by=clerk)
        world["used"] = set()
        assert actions.add_versions(plan=plan, versions=early, by=clerk) == 1

    def test_a_version_that_bills_rest_on_stays(self, clerk: Any, world: dict[str, Any]) -> None:
        version = make_plan().versions.get()
        new = tiers("2018-07-10", "2.62", "2.84", "4.24")
        world["used"] = {version.pk}
        assert problem_of(actions.change_version, version=version, data=new, by=clerk).code == "used"
        assert problem_of(actions.withdraw_version, version=version, reason="x", by=clerk).code == "used"
        world["used"] = set()
        actions.change_version(version=version, data=new, by=clerk)
        version.refresh_from_db()
        assert version.data["prices"] == ["2.62", "2.84", "4.24"]

    def test_a_version_of_the_future_needs_no_question(self, clerk: Any, world: dict[str, Any]) -> None:
        plan = make_plan(effective_on=TODAY + timedelta(days=1))
        version = plan.versions.get()
        world["used"] = {version.pk}  # impossible, hence not even asked
        day = TODAY + timedelta(days=40)
        actions.change_version(version=version, data=tiers(day.isoformat(), "1", "2", "3"), by=clerk)
        assert plan.versions.get().effective_on == day
        actions.add_versions(plan=plan, versions=[tiers("2020-01-01", "1", "2", "3")], by=clerk)
        taken = tiers("2020-01-01", "4", "5", "6")
        assert problem_of(actions.change_version, version=version, data=taken, by=clerk).code == "day_taken"
        actions.withdraw_version(version=version, reason="文件取消", by=clerk)
        assert plan.versions.get().effective_on == date(2020, 1, 1)
        entry = Entry.objects.get(action="gas.tariffs.withdraw_version")
        assert entry.subject == f"tariffs.plan:{plan.pk}" and entry.before["bounds"] == ["350", "500"]


class TestTerms:
    def test_the_old_row_ends_where_the_new_one_begins(self, clerk: Any) -> None:
        account = make_account()
        plan = make_plan()
        actions.set_terms(account=account, from_on=date(2026, 5, 1), plan=plan, persons=5, heating=True, by=clerk)
        rows = [(one.from_on, one.until_on, one.persons, one.heating) for one in queries.terms_of(account)]
        assert rows == [
            (date(2026, 5, 1), None, 5, True),
            (date(2024, 1, 1), date(2026, 5, 1), 3, False),
        ]
        entry = Entry.objects.get(action="gas.tariffs.set_terms")
        assert entry.subject == f"customers.account:{account.pk}" and entry.unit_id == account.unit_id
        assert [one["persons"] for one in entry.before] == [3] and [one["persons"] for one in entry.after] == [5]

    def test_an_approval_ends_by_itself(self, clerk: Any) -> None:
        account = make_account()
        facts = {"account": account, "from_on": date(2026, 1, 1), "plan": make_plan(), "low_income": True}
        actions.set_terms(**facts, low_income_until=date(2026, 12, 31), by=clerk)
        rows = [(one.from_on, one.until_on, one.low_income) for one in queries.terms_of(account)]
        assert rows == [
            (date(2027, 1, 1), None, False),
            (date(2026, 1, 1), date(2027, 1, 1), True),
            (date(2024, 1, 1), date(2026, 1, 1), False),
        ]
        now = queries.terms_now(account)
        assert now is not None and now.low_income_until == date(2026, 12, 31)
        # Renewed before it ends: what was set for later gives way.
        actions.set_terms(**{**facts, "from_on": date(2026, 11, 1)}, low_income_until=date(2027, 10, 31), by=clerk)
        assert [(one.from_on, one.until_on) for one in queries.terms_of(account)][:2] == [
            (date(2027, 11, 1), None), (date(2026, 11, 1), date(2027, 11, 1)),
        ]  # fmt: skip

    def test_set_again_for_the_same_day(self, clerk: Any) -> None:
        account = make_account()
        plan = make_plan()
        for persons in (4, 6):
            actions.set_terms(account=account, from_on=date(2026, 5, 1), plan=plan, persons=persons, by=clerk)
        assert [one.persons for one in queries.terms_of(account)] == [6, 3]
        actions.set_terms(account=account, from_on=date(2023, 1, 1), plan=plan, persons=2, by=clerk)
        assert [(one.from_on, one.persons) for one in queries.terms_of(account)] == [(date(2023, 1, 1), 2)]

    def test_what_is_billed_stays(self, clerk: Any, world: dict[str, Any]) -> None:
        account = make_account()
        world["billed_until"] = date(2026, 10, 25)
        facts = {"account": account, "plan": make_plan()}
        found = problem_of(actions.set_terms, **facts, from_on=date(2026, 10, 24), by=clerk)
        assert (found.code, found.field) == ("billed", "from_on") and "2026-10-25" in str(found)
        actions.set_terms(**facts, from_on=date(2026, 10, 25), by=clerk)

    def test_what_no_bill_could_use_is_refused(self, clerk: Any) -> None:
        account, plan = make_account(), make_plan()
        capped = make_plan(category="commercial", data=FLAT, effective_on=date(2020, 1, 1))
        empty = Plan.objects.create(code="empty", name_zh="空", category="residential")
        open_prices = make_plan(data={"effective": "2020-01-01", "bounds": [400, 1000]}, effective_on=date(2020, 1, 1))
        cases: list[tuple[dict[str, Any], str]] = [
            ({"plan": plan, "contract_price_e4": 20_000}, "contract_price"),
            ({"plan": capped, "contract_price_e4": 40_000}, "contract_price"),
            ({"plan": plan, "from_on": date(2018, 7, 9)}, "from_on"),
            ({"plan": empty}, "plan"),
            ({"plan": open_prices}, "plan"),
            ({"plan": plan, "persons": 100}, "persons"),
            ({"plan": plan, "low_income_until": date(2027, 1, 1)}, "low_income_until"),
            ({"plan": plan, "low_income": True, "low_income_until": date(2026, 4, 30)}, "low_income_until"),
        ]
        for changed, field in cases:
            facts = {"account": account, "from_on": date(2026, 5, 1), **changed}
            assert problem_of(actions.set_terms, **facts, by=clerk).field == field, changed
        closed = make_account(state="closed")
        assert problem_of(
            actions.set_terms, account=closed, from_on=date(2026, 5, 1), plan=plan, by=clerk
        ).code == "closed"  # fmt: skip
        assert Terms.objects.filter(account=account).count() == 1
        actions.set_terms(account=account, from_on=date(2026, 5, 1), plan=capped, contract_price_e4=35_000, by=clerk)
        assert Terms.objects.on(date(2026, 5, 1)).get(account=account).contract_price_e4 == 35_000

    def test_another_branch_is_refused(self) -> None:
        clerk = make_user(*ALL, unit=make_unit(), scope="unit")
        with pytest.raises(Refused):
            actions.set_terms(account=make_account(), from_on=TODAY, plan=make_plan(), by=clerk)


class TestQueries:
    def test_eras(self) -> None:
        plan = make_plan()
        for day in (date(2020, 1, 1), date(2027, 1, 1)):
            Version.objects.create(plan=plan, effective_on=day, notice="", data=BEIJING_RESIDENTIAL)
        Version.objects.create(plan=plan, effective_on=date(2019, 1, 1), notice="", data={"effective": "2019-01-01"})
        found = [(one.version.effective_on.year, one.until_on, one.state) for one in queries.eras_of(plan, TODAY)]
        assert found == [
            (2027, None, "future"), (2020, date(2027, 1, 1), "current"), (2019, date(2020, 1, 1), "past"),
            (2018, date(2019, 1, 1), "past"),
        ]  # fmt: skip
        broken = queries.eras_of(plan, TODAY)[2]
        assert broken.rule is None and broken.fault is not None and broken.fault.code == "tariff.format"
        with pytest.raises(TariffError):
            queries.rule_of_plan(Plan.objects.create(code="none", name_zh="空", category="residential"))

    def test_plans_know_their_dates(self) -> None:
        plan = make_plan()
        Version.objects.create(plan=plan, effective_on=TODAY + timedelta(days=9), notice="", data=BEIJING_RESIDENTIAL)
        row = queries.plans().get(pk=plan.pk)
        assert (row.version_count, row.since_on, row.newest_on) == (2, date(2018, 7, 10), TODAY + timedelta(days=9))

    def test_a_version_as_a_file_comes_back_equal(self) -> None:
        from mainstay.gas.tariffs.library import from_text
        from mainstay.gas.tariffs.rules import version_to_data

        plan = make_plan("Sample City/residential")
        data = queries.stored_data(plan.versions.get())
        library, _raw = from_text(queries.file_text(plan, data))
        assert list(library) == [plan.code] and version_to_data(library[plan.code].versions[0]) == data
