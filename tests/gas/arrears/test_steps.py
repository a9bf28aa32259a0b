"""The desk: steps for one account, stop orders up to restored supply, text messages over the gap, to-dos."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from mainstay.core.evidence.actions import open_file
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.core.todos.models import Todo
from mainstay.gas.accounts.models import Case
from mainstay.gas.arrears import actions, actions_messages, actions_steps, batch, rules
from mainstay.gas.arrears.models import DunningAct, DunningRun, Message
from mainstay.gas.arrears.queries import by_debt, due_step, of_largest, overdue_items, owing
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.customers.queries import obstacles_of
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import OutColumn, write_xlsx
from tests.gas.arrears.test_dunning import STEPS, taken
from tests.gas.latefees.make import make_late
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import pay
from tests.pages.battery import signed_in

DUE = date(2026, 3, 1)


def test_why_no_step_is_due() -> None:
    assert rules.missing(STEPS, 9_000, DUE, {}, DUE) == ("day", DUE + timedelta(days=5))
    trail = {1: DUE + timedelta(days=9)}
    assert rules.missing(STEPS, 9_000, DUE, trail, DUE) == ("day", DUE + timedelta(days=12))
    assert rules.missing(STEPS, 9, DUE, {2: DUE + timedelta(days=9)}, DUE) == ("amount", None)
    assert rules.missing(STEPS, 9_000, DUE, {5: DUE + timedelta(days=99)}, DUE) == ("none", None)


@pytest.fixture
def boss(db: Any) -> Any:
    names = (
        "save_ladder", "propose_run", "confirm_run", "record_promise", "view_arrears", "take_step", "leave_out",
        "carry_out_stop", "restore_supply", "withdraw_stop", "export_messages", "import_answers",
    )  # fmt: skip
    user = make_user(*(f"gas.arrears.{name}" for name in names), "gas.payments.take_payment")
    actions.save_ladder(category="residential", steps=STEPS, by=user)
    return user


def stopped(by: Any) -> tuple[Account, DunningAct]:
    """An account whose every step was taken and whose supply was stopped."""
    account = make_late(60)
    for place, kind, ago in ((1, "sms", 50), (2, "call", 40), (4, "notice", 20)):
        taken(account, place, kind, ago, by)
    order = actions_steps.take_step(account=account, by=by)
    return account, actions_steps.carry_out_stop(act=order, note="valve 3", by=by)


def test_who_owes_most_may_hold_for_minutes_what_is_owed_may_not(boss: Any) -> None:
    first, second = make_late(60), make_late(50)
    debt = OpenItem.objects.filter(account=first)
    debt.update(open_fen=900_00)
    items = overdue_items(boss, local_today())

    def listed(limit: int) -> list[tuple[int, int]]:
        return [(row["account"], row["owed"]) for row in by_debt(of_largest(items, limit))]

    assert [account for account, _owed in listed(5)] == [first.pk, second.pk] == list(owing(items))
    assert listed(1) == [(first.pk, 900_00)]
    debt.update(open_fen=100)
    assert listed(1) == [(first.pk, 100)]
    assert [account for account, _owed in listed(5)] == [second.pk, first.pk]  # all of them are listed: nothing held
    debt.delete()
    assert listed(1) == []
    assert of_largest(items.filter(account__unit__in=[]), 1).count() == 0
    cache.clear()
    assert [account for account, _owed in listed(1)] == [second.pk]


def test_a_step_at_the_desk_follows_the_rules_of_a_run(boss: Any) -> None:
    account = make_late(9)
    act = actions_steps.take_step(account=account, note="will pay on Friday", by=boss)
    assert (act.kind, act.state, act.run, act.note) == ("sms", "done", None, "will pay on Friday")
    with pytest.raises(Problem) as problem:
        actions_steps.take_step(account=account, by=boss)
    assert str(local_today() + timedelta(days=3)) in str(problem.value)
    today = local_today()
    actions.record_promise(account=account, parts=[(today + timedelta(days=2), 10_000)], by=boss)
    assert due_step(account, today).code == "promised"
    pay(account, 10_000, boss, None)
    assert due_step(account, today).code == "not_overdue"


def test_whoever_is_left_out_of_a_proposal_is_not_dunned(boss: Any) -> None:
    unit = make_unit()
    spared, late = (make_late(9, account=make_account(unit=unit)) for _number in range(2))
    run = actions.propose_run(unit=unit, by=boss)
    act = run.acts.get(account=spared)
    assert actions_steps.leave_out(run=run, acts=[act.pk], by=boss) == 1
    run.refresh_from_db()
    assert run.proposed == 1
    actions.confirm_run(run=run, by=boss)
    assert dict(run.acts.values_list("account", "state")) == {spared.pk: "left_out", late.pk: "done"}
    with pytest.raises(Problem):
        actions_steps.leave_out(run=run, acts=[act.pk], by=boss)


def test_a_stop_order_suspends_and_payment_restores(boss: Any) -> None:
    account, order = stopped(boss)
    account.refresh_from_db()
    assert account.state == Account.State.SUSPENDED
    assert [case.kind for case in Case.objects.filter(account=account)] == ["suspension"]
    with pytest.raises(Problem):
        actions_steps.restore_supply(act=order, by=boss)
    with pytest.raises(Problem):
        actions_steps.withdraw_stop(act=order, note="mistake", by=boss)
    assert batch.look_after(local_today()) == (0, 0)
    pay(account, 10_000, boss, None)
    assert batch.look_after(local_today()) == (0, 1)
    assert Todo.objects.filter(kind=batch.RESTORE, done_at=None).count() == 1
    actions_steps.restore_supply(act=order, by=boss)
    account.refresh_from_db()
    assert account.state == Account.State.ACTIVE
    assert sorted(Case.objects.filter(account=account).values_list("kind", flat=True)) == ["restoration", "suspension"]
    assert not Todo.objects.filter(kind=batch.RESTORE, done_at=None).exists()
    order.refresh_from_db()
    assert order.progress == "restored"


def test_who_paid_meanwhile_is_not_stopped(boss: Any) -> None:
    account = make_late(60)
    for place, kind, ago in ((1, "sms", 50), (2, "call", 40), (4, "notice", 20)):
        taken(account, place, kind, ago, boss)
    order = actions_steps.take_step(account=account, by=boss)
    pay(account, 10_000, boss, None)
    with pytest.raises(Problem):
        actions_steps.carry_out_stop(act=order, by=boss)
    actions_steps.withdraw_stop(act=order, note="paid", by=boss)
    order.refresh_from_db()
    assert order.progress == "left_out"


def test_a_broken_promise_is_a_to_do_until_it_is_settled(boss: Any) -> None:
    account, today = make_late(9), local_today()
    promise = actions.record_promise(account=account, parts=[(today, 10_000)], by=boss)
    assert batch.look_after(today) == (0, 0)
    assert [one.key for one in obstacles_of(account) if one.key == "promise"] == ["promise"]
    tomorrow = today + timedelta(days=1)
    assert batch.look_after(tomorrow) == (1, 0)
    assert batch.look_after(tomorrow) == (1, 0)
    assert Todo.objects.get(kind=batch.BROKEN, done_at=None).unit_id == account.unit_id
    pay(account, 10_000, boss, None)
    assert batch.look_after(tomorrow) == (0, 0)
    assert not Todo.objects.filter(kind=batch.BROKEN, done_at=None).exists()
    assert not [one for one in obstacles_of(account) if one.key == "promise"]
    assert promise.parts.count() == 1


def sms_run(by: Any) -> DunningRun:
    """A confirmed run with a message for three, one of whom has no mobile number."""
    unit = make_unit()
    accounts = [make_late(9, account=make_account(unit=unit)) for _number in range(3)]
    for account, phone in zip(accounts, ("13800001111", "138 0000 2222", ""), strict=True):
        Customer.objects.filter(pk=account.customer_id).update(phone=phone)
    run = actions.propose_run(unit=unit, by=by)
    with pytest.raises(Problem):
        actions_messages.export_messages(run=run, by=by)
    return actions.confirm_run(run=run, by=by)


def test_messages_leave_in_a_file_once_and_answers_come_back(boss: Any) -> None:
    run = sms_run(boss)
    made = actions_messages.export_messages(run=run, by=boss)
    assert (made.messages, made.without_phone) == (2, 1)
    with open_file(made.file.file) as file:
        text = file.read().decode("utf-8-sig")
    assert "13800002222" in text
    assert "100.00元" in text
    assert set(Message.objects.values_list("phone_tail", flat=True)) == {"1111", "2222"}
    with pytest.raises(Problem):
        actions_messages.export_messages(run=run, by=boss)
    numbers = list(Message.objects.order_by("pk").values_list("number", flat=True))
    answers = [(numbers[0], "成功", ""), (numbers[1], "失败", "停机"), ("DX0", "成功", ""), (numbers[1], "成功", "")]
    assert came_back(answers, boss) == (2, 2)
    found = Message.objects.order_by("pk").values_list("state", "reason")
    assert list(found) == [("delivered", ""), ("failed", "停机")]
    assert came_back(answers[:2], boss) == (0, 0)  # the same sheet again


def came_back(answers: list[tuple[str, str, str]], by: Any) -> tuple[int, int]:
    """Import answers as a sheet, leaving out wrong rows: how many are new, how many are wrong."""
    file = BytesIO()
    write_xlsx(file, "answers", [OutColumn(name) for name in ("短信编号", "结果", "失败原因")], answers)
    file.seek(0)
    checked = check_sheet(kind="gas.arrears.messages", file=file, name="answers.xlsx", options={}, by=by)
    return commit_sheet(sheet_import=checked, skip_bad=True, by=by).new_rows, checked.bad_rows


def test_a_proposal_of_another_day_does_not_count_twice(boss: Any) -> None:
    account = make_late(9)
    run = DunningRun.objects.create(unit=account.unit, on=local_today(), by=boss, at=timezone.now())
    assert batch.propose(run) == 1
    assert due_step(account, local_today()).code == "proposed"


def test_the_page_of_a_step_asks_for_nothing_where_none_is_due(boss: Any) -> None:
    late, new = make_late(60), make_account()
    client = signed_in(boss)
    page = client.get(reverse("arrears:step_take", args=[late.pk]))
    assert "note" in page.context["form"].fields
    page = client.get(reverse("arrears:step_take", args=[new.pk]))
    assert "form" not in page.context
    assert page.context["outcome"].text == due_step(new, local_today()).words
    assert [button.url for button in page.context["outcome"].buttons] == ["arrears:promise_new", "arrears:desk"]
