"""Dunning: steps in order, no stop without its trail, promises that rest the steps and resume them when broken."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from mainstay.core.door import ApprovalFiled
from mainstay.gas.arrears import actions, batch, rules
from mainstay.gas.arrears.forms import PromiseForm
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep, Promise
from mainstay.gas.arrears.papers import dunning_data, promise_paper
from mainstay.gas.arrears.queries import by_debt, overdue_items, promise_of
from mainstay.gas.billing.models import Accrual
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.pdf import render_pdf
from tests.gas.latefees.make import make_late
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_bill, make_run, pay
from tests.pages.battery import signed_in
from tests.support.papers import text_of

STEPS = (
    rules.Step(1, rules.SMS, 5),
    rules.Step(2, rules.CALL, 10, wait_days=3),
    rules.Step(4, rules.NOTICE, 20, min_fen=5_000, wait_days=5),
    rules.Step(5, rules.STOP, 30, min_fen=5_000, wait_days=10),
)
DUE = date(2026, 3, 1)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def test_steps_come_in_order_after_their_days_and_waits() -> None:
    assert rules.next_step(STEPS, 9_000, DUE, {}, day(4)) is None
    assert rules.next_step(STEPS, 9_000, DUE, {}, day(90)) == STEPS[0]  # late or not, nothing is skipped
    assert rules.next_step(STEPS, 9_000, DUE, {1: day(90)}, day(92)) is None
    assert rules.next_step(STEPS, 9_000, DUE, {1: day(90)}, day(93)) == STEPS[1]
    assert rules.next_step(STEPS, 4_999, DUE, {1: day(5), 2: day(10)}, day(50)) is None


def test_no_stop_without_its_notice_and_the_days_after_it() -> None:
    trail = {1: day(5), 2: day(10)}
    assert rules.next_step(STEPS, 9_000, DUE, trail, day(300)) == STEPS[2]
    trail[4] = day(300)
    assert rules.next_step(STEPS, 9_000, DUE, trail, day(309)) is None
    assert rules.next_step(STEPS, 9_000, DUE, trail, day(310)) == STEPS[3]
    assert rules.next_step(STEPS, 9_000, DUE, {**trail, 5: day(310)}, day(999)) is None
    # A debt that began after those steps has no trail of its own yet.
    assert rules.next_step(STEPS, 9_000, day(301), trail, day(999)) == STEPS[0]


def test_a_ladder_that_stops_without_notice_is_refused() -> None:
    assert rules.sound(STEPS)
    assert not rules.sound((STEPS[0], STEPS[3]))
    assert not rules.sound((rules.Step(1, rules.NOTICE, 1), rules.Step(2, rules.STOP, 2)))
    assert not rules.sound((rules.Step(1, rules.STOP, 2, wait_days=9),))


def test_a_promise_holds_until_a_part_is_late_or_all_is_paid() -> None:
    parts = [(day(10), 500), (day(40), 500)]
    assert rules.promise_holds(parts, 0, day(10))
    assert not rules.promise_holds(parts, 499, day(11))
    assert rules.promise_holds(parts, 500, day(40))
    assert not rules.promise_holds(parts, 1_000, day(40))


def test_parts_are_equal_to_the_fen_and_a_month_apart() -> None:
    form = PromiseForm({"amount": "100.00", "first_on": "2027-01-31", "count": 3, "note": ""})
    assert form.is_valid()
    assert form.parts() == [(date(2027, 1, 31), 3_334), (date(2027, 2, 28), 3_333), (date(2027, 3, 31), 3_333)]


@pytest.fixture
def boss(db: Any) -> Any:
    names = ("save_ladder", "propose_run", "confirm_run", "drop_run", "record_promise", "view_arrears")
    user = make_user(*(f"gas.arrears.{name}" for name in names), "gas.payments.take_payment")
    for category in ("residential", "commercial"):
        actions.save_ladder(category=category, steps=STEPS, by=user)
    return user


def test_the_form_of_a_class_begins_with_the_steps_it_has(boss: Any) -> None:
    shown = signed_in(boss).get(reverse("arrears:ladder_set"), {"category": "residential"}).context["form"]
    assert {name: str(shown[name].value()) for name in ("category", "sms_days", "stop_wait", "stop_min")} == {
        "category": "residential", "sms_days": str(STEPS[0].days_overdue), "stop_wait": str(STEPS[-1].wait_days),
        "stop_min": f"{STEPS[-1].min_fen / 100:.2f}",
    }  # fmt: skip
    other = signed_in(boss).get(reverse("arrears:ladder_set"), {"category": "nothing"}).context["form"]
    assert other.initial == shown.initial  # that of the class which the form shows first


def taken(account: Account, place: int, kind: str, days_ago: int, by: Any) -> None:
    on = local_today() - timedelta(days=days_ago)
    run = DunningRun.objects.create(unit=account.unit, on=on, state="confirmed", by=by, at=timezone.now())
    DunningAct.objects.create(
        account=account, run=run, place=place, kind=kind, on=on, state="done", owed_fen=1, oldest_due_on=on
    )


def test_sets_and_rules_agree(boss: Any) -> None:
    """Accounts of all ages, debts and trails: the one statement proposes what the rules say, no more and no less."""
    chance, unit, today = random.Random(3), make_unit(), local_today()
    accounts = []
    for number in range(24):
        account = make_account(unit=unit, category="commercial" if number % 5 == 0 else "residential")
        late = chance.randint(1, 60)
        owed = chance.choice([100, 4_999, 5_000, 90_000])
        make_late(late, owed, account=account)
        trail: dict[int, date] = {}
        for step in STEPS[: chance.randint(0, 4)]:
            ago = chance.randint(1, 80)
            taken(account, step.place, step.kind, ago, boss)
            trail[step.place] = today - timedelta(days=ago)
        accounts.append((account, rules.next_step(STEPS, owed, today - timedelta(days=late), trail, today)))
    run = actions.propose_run(unit=unit, by=boss)
    found = dict(run.acts.values_list("account", "place"))
    assert found == {account.pk: step.place for account, step in accounts if step}
    assert 0 < len(found) < len(accounts)


def test_a_person_confirms_and_whoever_paid_meanwhile_is_left_out(boss: Any) -> None:
    unit = make_unit()
    late, paid, spared = (make_late(9, account=make_account(unit=unit)) for _number in range(3))
    run = actions.propose_run(unit=unit, by=boss)
    with pytest.raises(Problem):
        actions.propose_run(unit=unit, by=boss)
    pay(paid, 10_000, boss, None)
    actions.confirm_run(run=run, left_out=[spared.pk], by=boss)
    assert dict(run.acts.values_list("account", "state")) == {
        late.pk: "done", paid.pk: "left_out", spared.pk: "left_out",
    }  # fmt: skip
    with pytest.raises(Problem):
        actions.confirm_run(run=run, by=boss)
    assert dict(actions.propose_run(unit=unit, by=boss).acts.values_list("account", "place")) == {spared.pk: 1}


def unreleased(account: Account, by: Any) -> None:
    """A bill past its due date, of a run that nobody has released."""
    run = make_run(account.unit, by, state="computed", period=202602)
    make_bill(account, 202602, 5_000, due_on=local_today() - timedelta(days=2), run=run)


def test_a_bill_of_a_run_not_released_keeps_nobody_in_the_round(boss: Any) -> None:
    unit = make_unit()
    account = make_late(9, account=make_account(unit=unit))
    run = actions.propose_run(unit=unit, by=boss)
    pay(account, 10_000, boss, None)
    unreleased(account, boss)
    actions.confirm_run(run=run, by=boss)
    assert list(run.acts.values_list("state", flat=True)) == ["left_out"]


def test_a_bill_of_a_run_not_released_breaks_no_promise(boss: Any) -> None:
    """The debt was settled otherwise (an adjustment, say), so less money came than was promised."""
    account, today = make_late(9), local_today()
    promise = actions.record_promise(account=account, parts=[(today, 20_000)], by=boss)
    promise.parts.update(due_on=today - timedelta(days=1))
    assert [row[0] for row in batch.broken_promises(today)] == [account.pk]
    pay(account, 10_000, boss, None)
    unreleased(account, boss)
    assert batch.broken_promises(today) == []


def accrued(account: Account, days: int, fen: int, period: int = 202601) -> None:
    """A late fee that a run accrued on a bill which was due so many days ago."""
    today = local_today()
    Accrual.objects.create(
        account=account, period=period, seq=0, run_id=1, from_on=today, to_on=today,
        due_on=today - timedelta(days=days), business_on=today, amount_fen=fen,
    )  # fmt: skip


def test_late_fees_accrued_are_owed_and_dunned(boss: Any) -> None:
    unit = make_unit()
    both, fee, neither = (make_late(9, account=make_account(unit=unit)) for _number in range(3))
    for account in (fee, neither):
        pay(account, 10_000, boss, None)
    accrued(both, 12, 300)
    accrued(fee, 9, 200)
    run = actions.propose_run(unit=unit, by=boss)
    due = local_today() - timedelta(days=12), local_today() - timedelta(days=9)
    assert set(run.acts.values_list("account", "owed_fen", "oldest_due_on")) == {
        (both.pk, 10_300, due[0]), (fee.pk, 200, due[1]),
    }  # fmt: skip
    actions.confirm_run(run=run, by=boss)
    assert set(run.acts.values_list("state", flat=True)) == {"done"}
    assert {row["account"]: row["owed"] for row in by_debt(overdue_items(boss, local_today()))} == {
        both.pk: 10_300, fee.pk: 200,
    }  # fmt: skip


def test_a_promise_rests_the_steps_and_a_broken_one_resumes_them(boss: Any) -> None:
    unit, today = make_unit(), local_today()
    account = make_late(9, account=make_account(unit=unit))
    promise = actions.record_promise(account=account, parts=[(today + timedelta(days=5), 10_000)], by=boss)
    with pytest.raises(Problem):
        actions.propose_run(unit=unit, by=boss)
    promise.parts.update(due_on=today - timedelta(days=1))
    kept = promise_of(account, today)
    assert kept and not kept.holds
    assert actions.propose_run(unit=unit, by=boss).proposed == 1


def test_promises_are_checked_and_above_the_limit_agreed(boss: Any) -> None:
    account, today = make_late(9), local_today()
    for parts in ([], [(today, 0)], [(today - timedelta(days=1), 5)], [(today, 5), (today, 5)]):
        with pytest.raises(Problem):
            actions.record_promise(account=account, parts=parts, by=boss)
    clerk = make_user("gas.arrears.record_promise", limit_fen=9_999)
    with pytest.raises(ApprovalFiled):
        actions.record_promise(account=account, parts=[(today, 10_000)], by=clerk)
    for fen in (100, 200):
        actions.record_promise(account=account, parts=[(today, fen)], by=boss)
    assert Promise.objects.filter(account=account, withdrawn_on=None).count() == 1


def test_who_paid_is_neither_on_the_desk_nor_dunned(boss: Any) -> None:
    unit = make_unit()
    account = make_late(9, account=make_account(unit=unit))
    assert [row["owed"] for row in by_debt(overdue_items(boss, local_today()))] == [10_000]
    pay(account, 10_000, boss, None)
    assert not by_debt(overdue_items(boss, local_today()))
    run = DunningRun.objects.create(unit=unit, on=local_today(), by=boss, at=timezone.now())
    assert batch.propose(run) == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["paper", "notice", "stop"])
def test_papers_in_both_languages(boss: Any, kind: str, language: str) -> None:
    account = make_late(9)
    taken(account, 4, kind, 1, boss)
    act = DunningAct.objects.select_related("account__customer", "account__premise", "account__unit").get()
    with override(language):
        data = dunning_data(act)
        text = text_of(render_pdf("dunning", data))
    assert data["open_fen"] == sum(one["open_fen"] for one in data["bills"]) == 10_000
    chinese = language == "zh-hans"
    assert ("应缴日期" if chinese else "Due on") in text
    assert ("2026-01" in text, "202601" in text) == (True, False)
    # The crew is asked to stop, the customer to pay: who has paid may disregard a letter, no order.
    assert (("如已缴纳" if chinese else "disregard this") in text) is (kind != "stop")
    assert (("送达回执" if chinese else "Receipt of delivery") in text) is (kind == "notice")
    assert (("第六百五十四条" if chinese else "654 and 656") in text) is (kind == "notice")
    assert (account.installations.get().meter.meter_no in text) is (kind == "stop")


def test_a_paper_says_what_is_open_when_it_is_printed_and_until_when_to_pay(boss: Any) -> None:
    account = make_late(9)
    taken(account, 4, "notice", 1, boss)
    act = DunningAct.objects.select_related("account__customer", "account__premise", "account__unit").get()
    act.owed_fen = 10_000
    steps = DunningStep.objects.filter(category=account.category)
    steps.filter(place__gt=4).delete()
    assert dunning_data(act)["pay_by"] == act.on + timedelta(days=7)
    steps.create(category=account.category, place=5, kind="stop", days_overdue=30, wait_days=10)
    assert dunning_data(act)["pay_by"] == act.on + timedelta(days=10)
    pay(account, 4_000, boss, None)
    data = dunning_data(act)
    assert (data["owed_fen"], data["open_fen"], data["capitals"]) == (10_000, 6_000, "人民币陆拾元整")
    assert "100.00 yuan were owed" in text_of(render_pdf("dunning", data, language="en"))


@pytest.mark.parametrize(
    ("language", "one", "parts"), [("zh", "缴费承诺书", "分期缴费协议"), ("en", "Promise to pay", "in parts")]
)
def test_a_promise_has_its_paper(boss: Any, client: Any, language: str, one: str, parts: str) -> None:
    account, today = make_late(9), local_today()
    days = [(today + timedelta(days=30), 6_000), (today + timedelta(days=60), 4_000)]
    clerk = make_user("gas.arrears.view_arrears", "core.documents.print_document", "core.documents.issue_document")
    for promised, title in ((days[:1], one), (days, parts)):
        promise = actions.record_promise(account=account, parts=promised, by=boss)
        paper = promise_paper(promise, by=clerk)
        assert promise_paper(promise, by=clerk) == paper
        text = text_of(render_pdf("promise", {**paper.data, "number": paper.number}, language=language))
        assert title in text
        assert all(f"{day}" in text and yuan(fen) in text for day, fen in promised)
    assert "人民币壹佰元整" in text
    address = reverse("arrears:promise_paper", args=[promise.pk])
    elsewhere = make_user(
        "gas.arrears.view_arrears", "core.documents.print_document", unit=make_unit(), scope="subtree"
    )
    for user, status in ((clerk, 302), (elsewhere, 404), (make_user("gas.arrears.view_arrears"), 403)):
        client.force_login(user)
        assert client.get(address).status_code == status
