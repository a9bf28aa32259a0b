"""A second person's word."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled, Refused, arguments
from mainstay.core.organisation.models import Unit
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_for
from mainstay.core.workflow import actions, queries
from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.states import APPROVAL
from mainstay.kit.errors import Problem
from tests.core import test_door
from tests.core.make import make_person, make_unit, make_user
from tests.core.test_door import BIG, RUN, acts  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def asker(unit: Unit) -> User:
    return make_user(rights={BIG: ("unit", 100)}, unit=unit)


@pytest.fixture
def waiting(unit: Unit, asker: User) -> Approval:
    with pytest.raises(ApprovalFiled) as caught:
        RUN["big"](unit=unit, fen=5_000, by=asker)
    return caught.value.approval


def boss(unit: Unit, limit: int | None = 10_000) -> User:
    return make_user(rights={BIG: ("subtree", limit)}, unit=unit)


def test_approving_runs_the_act_for_the_asker(waiting: Approval, unit: Unit, asker: User) -> None:
    approver = boss(unit)
    assert actions.approve(approval=waiting, by=approver) == unit
    unit.refresh_from_db()
    waiting.refresh_from_db()
    assert unit.name_en == "paid 5000"
    assert (waiting.state, waiting.decided_by_id) == ("approved", approver.pk)
    entry = Entry.objects.get(action=BIG, outcome="done")
    assert (entry.by_id, entry.approver_id) == (asker.pk, approver.pk)
    assert waiting.result == f"organisation.unit:{unit.pk}"


def test_approving_twice_runs_once(waiting: Approval, unit: Unit) -> None:
    actions.approve(approval=waiting, by=boss(unit))
    with pytest.raises(Problem):
        actions.approve(approval=waiting, by=boss(unit))
    assert Entry.objects.filter(action=BIG, outcome="done").count() == 1


def test_asking_again_leads_to_the_request_that_waits(waiting: Approval, unit: Unit, asker: User) -> None:
    with pytest.raises(ApprovalFiled) as again:
        RUN["big"](unit=unit, fen=5_000, by=asker)
    assert again.value.approval == waiting
    with pytest.raises(ApprovalFiled) as other:
        RUN["big"](unit=unit, fen=5_001, by=asker)
    assert other.value.approval != waiting
    assert Entry.objects.filter(action=BIG, outcome="filed").count() == 2
    actions.approve(approval=waiting, by=boss(unit))
    with pytest.raises(ApprovalFiled) as later:
        RUN["big"](unit=unit, fen=5_000, by=asker)
    assert later.value.approval not in (waiting, other.value.approval), "what was decided waits no longer"


def test_a_file_sent_again_is_the_same_argument(unit: Unit, asker: User) -> None:
    from io import BytesIO

    from mainstay.core.evidence.actions import store_file

    def proof(content: bytes) -> dict[str, Any]:
        return arguments.to_json(
            {"file": [store_file(file=BytesIO(content), name="a.pdf", subject="test:1", by=asker)], "unit": unit}
        )

    first = proof(b"%PDF-1.4 one")
    assert arguments.same(first, proof(b"%PDF-1.4 one"))
    assert not arguments.same(first, proof(b"%PDF-1.4 another"))
    assert not arguments.same(first, {**first, "unit": arguments.to_json({"unit": make_unit()})["unit"]})


def test_what_the_act_does_not_take_is_not_filed(unit: Unit, asker: User) -> None:
    with pytest.raises(TypeError):
        RUN["big"](unit=unit, fen=5_000, colour="red", by=asker)
    assert not Approval.objects.exists()


@pytest.mark.parametrize("who", ["asker", "low limit", "elsewhere", "no right"])
def test_who_may_not_decide(waiting: Approval, unit: Unit, asker: User, who: str) -> None:
    people = {
        "asker": asker,
        "low limit": boss(unit, 4_999),
        "elsewhere": boss(make_unit()),
        "no right": make_user(),
    }
    with pytest.raises(Refused):
        actions.approve(approval=waiting, by=people[who])
    with pytest.raises(Refused):
        actions.reject(approval=waiting, note="no", by=people[who])
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert Entry.objects.filter(outcome="refused", by=people[who]).count() == 2


def test_rejecting_needs_a_reason_and_tells_the_asker(waiting: Approval, unit: Unit, asker: User) -> None:
    with pytest.raises(Problem):
        actions.reject(approval=waiting, note=" ", by=boss(unit))
    actions.reject(approval=waiting, note="too much", by=boss(unit))
    unit.refresh_from_db()
    assert not unit.name_en.startswith("paid")
    assert [todo.kind for todo in waiting_for(asker)] == ["approval_rejected"]


def test_withdrawing_is_for_the_asker(waiting: Approval, unit: Unit, asker: User) -> None:
    with pytest.raises(Refused):
        actions.withdraw(approval=waiting, by=boss(unit))
    assert actions.withdraw(approval=waiting, by=asker).state == "withdrawn"


def test_a_failing_act_leaves_the_request_waiting(asker: User, unit: Unit, waiting: Approval) -> None:
    Approval.objects.filter(pk=waiting.pk).update(
        arguments={"unit": {"$model": "organisation.Unit", "pk": 0}, "fen": 1}
    )
    with pytest.raises(Problem):
        actions.approve(approval=waiting, by=boss(unit))
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert Todo.objects.get(kind="approval").done_at is None


def test_an_asker_who_lost_the_right_meanwhile_is_refused(waiting: Approval, unit: Unit, asker: User) -> None:
    asker.grants.all().delete()
    with pytest.raises(Refused):
        actions.approve(approval=waiting, by=boss(unit))
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_the_todo_is_for_those_who_may_decide(waiting: Approval, unit: Unit, asker: User) -> None:
    approver = boss(unit)
    assert waiting_for(approver).count() == 1
    assert waiting_for(asker).count() == 0
    assert waiting_for(boss(unit, 4_999)).count() == 0
    assert waiting_for(boss(make_unit())).count() == 0
    actions.approve(approval=waiting, by=approver)
    assert waiting_for(approver).count() == 0


def test_everybody_sees_what_concerns_him(waiting: Approval, unit: Unit, asker: User) -> None:
    assert queries.visible_to(asker).get() == waiting
    assert queries.visible_to(boss(unit)).get() == waiting
    assert not queries.visible_to(boss(make_unit())).exists()
    with override("en"):
        assert queries.Argument("amount", "50.00") in queries.arguments_shown(waiting)


def test_the_graph_is_sound_and_its_acts_exist() -> None:
    from mainstay.core.door import catalogue
    from mainstay.core.publications.states import PUBLICATION

    for graph in (APPROVAL, PUBLICATION):
        assert list(graph.faults()) == []
        assert {arrow.action for arrow in graph.arrows} <= set(catalogue())
        assert all(str(state.title) for state in graph.states)
    assert APPROVAL.may("waiting", "approved") and not APPROVAL.may("approved", "waiting")


def test_nobody_signs_twice_and_nothing_is_issued_early() -> None:
    subject, one, two = "test.paper:1", make_user(), make_user()
    actions.request_signoffs(subject=subject, seats=["生产", "安全"])
    actions.sign_seat(subject=subject, seat="生产", by=one)
    with pytest.raises(Problem, match="安全"):
        actions.require_signed(subject=subject)
    for seat, who in (("安全", one), ("生产", two), ("财务", two)):
        with pytest.raises(Problem):
            actions.sign_seat(subject=subject, seat=seat, by=who)
    actions.sign_seat(subject=subject, seat="安全", by=two)
    actions.require_signed(subject=subject)
    with pytest.raises(Problem):
        actions.require_signed(subject="test.paper:2")


def test_the_pages_decide(client: Any, waiting: Approval, unit: Unit) -> None:
    approver = boss(unit)
    client.force_login(approver)
    page = client.get(f"/workflow/{waiting.pk}/").content.decode()
    assert f"/workflow/{waiting.pk}/approve/" in page
    client.post(f"/workflow/{waiting.pk}/approve/", {"note": "ok"})
    waiting.refresh_from_db()
    assert waiting.state == "approved"
    assert test_door.last().action == "core.workflow.approve"


def filed(asker: User, waiting: Approval, subject: str = "", **facts: Any) -> Approval:
    return Approval.objects.create(
        action=BIG, arguments=arguments.to_json(facts), subject=subject, requested_by=asker,
        requested_at=waiting.requested_at,
    )  # fmt: skip


def test_the_inbox_names_what_each_request_is_about(client: Any, waiting: Approval, unit: Unit, asker: User) -> None:
    """By the words of the row, in whatever order the arguments are kept; a row that is gone leaves its code."""
    gone = filed(asker, waiting, "organisation.unit:0", unit=Unit(pk=0))
    about = filed(asker, waiting, f"access.user:{asker.pk}", unit=unit, who=asker)
    first = filed(asker, waiting, who=asker, unit=unit)
    plain = filed(asker, waiting, "carrier 7", label="carrier 7")
    page = f"/access/users/{asker.pk}/"
    assert queries.things_of([waiting, gone, about, first, plain]) == {
        waiting.pk: queries.Thing(str(unit)),
        gone.pk: queries.Thing("organisation.unit:0"),
        about.pk: queries.Thing(str(asker), page),
        first.pk: queries.Thing(str(unit)),  # what the act takes first
        plain.pk: queries.Thing("carrier 7"),
    }
    client.force_login(asker)
    for address in ("/workflow/", f"/workflow/{about.pk}/"):
        assert f'<a href="{page}">{asker}</a>' in client.get(address).content.decode()
    assert str(asker) in b"".join(client.get("/workflow/?export=csv").streaming_content).decode()
    assert f"big {unit}" in Todo.objects.get(subject=f"workflow.approval:{waiting.pk}").title_zh


def test_naming_them_costs_one_query_for_each_kind_of_thing(waiting: Approval, unit: Unit, asker: User) -> None:
    several = [waiting, *(filed(asker, waiting, unit=make_unit()) for _again in range(3))]
    several += [filed(asker, waiting, who=make_user(person=make_person())) for _again in range(3)]
    with CaptureQueriesContext(connection) as asked:
        things = queries.things_of(several)
    assert {one.text for one in things.values()} == {str(unit), str(make_person())}
    assert len(asked) == 2  # units, and users with their people
