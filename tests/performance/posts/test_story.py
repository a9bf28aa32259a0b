"""A post from its study to a description in force, stale, and renewed; processes; qualifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from mainstay.core.access.models import User
from mainstay.core.door import Refused
from mainstay.core.publications.actions import acknowledge
from mainstay.core.publications.models import Publication
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.plans.actions import sign_contract
from mainstay.performance.posts import actions, queries
from mainstay.performance.posts.batch import tell_owners
from mainstay.performance.posts.models import Consultation, HeldQualification, PostDescription
from tests.core.make import make_post, make_unit, make_user
from tests.performance.make import make_contract, make_target
from tests.performance.posts import make

pytestmark = pytest.mark.django_db
RIGHTS = """
    start_analysis finish_analysis draft_description edit_description save_duty remove_duty require_qualification
    drop_requirement consult_description revise_description approve_description derive_indicator set_superior
    draft_process edit_process save_step remove_step approve_process reopen_process publish_process
    save_qualification record_qualification plan_training finish_training cancel_training view_post view_fit
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def officer(unit: object) -> User:
    rights = {f"performance.posts.{name}": ("subtree", None) for name in RIGHTS.split()}
    whole = {"performance.posts.save_qualification": ("all", None)}
    return make_user(rights={**rights, **whole}, unit=unit)  # type: ignore[arg-type]


def open_todos(user: User, kind: str) -> int:
    return Todo.objects.filter(user=user, kind=kind, done_at=None).count()


def studied(post: object, hr: User, holder: User) -> None:
    for method in ("interview", "diary"):
        one = actions.start_analysis(post=post, method=method, participants=[holder.person], by=hr)
        assert open_todos(holder, "job_analysis") == 1
        with pytest.raises(Problem, match="answered"):
            actions.finish_analysis(analysis=one, findings="x", by=hr)
        actions.answer_analysis(analysis=one, text="巡检、维修", by=holder)
        assert open_todos(holder, "job_analysis") == 0
        actions.finish_analysis(analysis=one, findings="以维修为主", by=hr)


def drafted(post: object, hr: User) -> PostDescription:
    draft = actions.draft_description(post=post, by=hr)
    actions.edit_description(description=draft, purpose="保障设备", authority="调配维修工", by=hr)
    actions.save_duty(description=draft, name_zh="设备维修", weight_bp=7000, by=hr)
    actions.save_duty(description=draft, name_zh="巡检", weight_bp=3000, by=hr)
    return draft


def test_a_description_from_study_to_force() -> None:
    unit = make_unit()
    post, boss_post = make_post(unit, "维修主管"), make_post(unit, "工程经理")
    hr, boss, holder = officer(unit), officer(unit), make.make_holder(post)
    with pytest.raises(Problem, match="two methods"):
        actions.draft_description(post=post, by=hr)
    studied(post, hr, holder)
    actions.set_superior(post=post, superior=boss_post, by=hr)
    draft = drafted(post, hr)

    actions.consult_description(description=draft, by=hr)
    assert open_todos(holder, "post_description") == 1
    with pytest.raises(Problem, match="may still answer"):
        actions.approve_description(description=draft, by=boss)
    with pytest.raises(Problem, match="different"):
        actions.answer_consultation(description=draft, agrees=False, by=holder)
    actions.answer_consultation(description=draft, agrees=False, comment="漏了夜班", by=holder)
    with pytest.raises(Problem, match="Reply"):
        actions.approve_description(description=draft, by=boss)
    actions.revise_description(description=draft, reason="补夜班", by=hr)
    actions.edit_description(description=draft, purpose="保障设备昼夜运行", by=hr)
    actions.consult_description(description=draft, by=hr)
    actions.answer_consultation(description=draft, agrees=True, by=holder)
    with pytest.raises(Refused, match="second person"):
        actions.approve_description(description=draft, by=hr)
    actions.approve_description(description=draft, by=boss)

    draft.refresh_from_db()
    assert draft.state == "approved" and draft.round == 2
    assert [one.agrees for one in Consultation.objects.filter(description=draft)] == [False, True]
    text = Publication.objects.get(code=f"JD-{post.code}")
    assert text.state == "published" and "昼夜" in text.body and text.kind == "duty"
    assert open_todos(holder, "publication") == 1
    assert queries.staleness([draft]) == {}


def in_force(unit: object) -> tuple[PostDescription, User, User]:
    post = make_post(unit, "维修主管")  # type: ignore[arg-type]
    hr, boss = officer(unit), officer(unit)
    for method in ("interview", "diary"):
        make.make_analysis(post, method)
    draft = drafted(post, hr)
    actions.consult_description(description=draft, by=hr)
    return actions.approve_description(description=draft, by=boss), hr, boss


def test_a_new_superior_or_process_makes_it_stale_and_tells_the_owner() -> None:
    unit = make_unit()
    first, hr, boss = in_force(unit)
    actions.set_superior(post=first.post, superior=make_post(unit, "新上级"), by=hr)
    assert len(queries.staleness([first])[first.pk]) == 1
    assert open_todos(hr, "stale_description") == 1
    process = actions.draft_process(code="bx-1", name_zh="报修", unit=unit, by=hr)
    actions.save_step(process=process, name_zh="登记", outside="客户", by=hr)
    actions.save_step(process=process, name_zh="维修", post=first.post, by=hr)
    actions.approve_process(process=process, by=boss)
    actions.publish_process(process=process, by=hr)
    assert len(queries.staleness([first])[first.pk]) == 2
    assert open_todos(hr, "stale_description") == 1, "told once"

    second = actions.draft_description(post=first.post, by=hr)
    assert [one.name_zh for one in second.duties.all()] == ["设备维修", "巡检"]
    actions.consult_description(description=second, by=hr)
    actions.approve_description(description=second, by=boss)
    first.refresh_from_db()
    assert (first.state, second.version) == ("superseded", 2)
    assert queries.staleness([second]) == {}
    assert open_todos(hr, "stale_description") == 0


def test_the_daily_look_finds_a_moved_post() -> None:
    first, hr, _boss = in_force(make_unit())
    post = first.post
    post.unit = make_unit("别处")
    post.save()
    assert tell_owners() == 1
    assert open_todos(hr, "stale_description") == 1


def test_indicators_come_from_duties_and_contracts_that_cite_them_are_found() -> None:
    unit = make_unit()
    first, hr, boss = in_force(unit)
    duty = first.duties.get(position=1)
    made = actions.derive_indicator(
        duty=duty, code="wx.rate", name_zh="维修及时率", formula_zh="及时/全部", unit_zh="%", by=boss
    )
    assert made.duty == duty.citation
    contract = make_contract(unit=unit, weights=(), state="negotiating")
    make_target(contract, indicator=made)
    assert not queries.contracts_citing(first)
    for side in (contract.party_a, contract.person):
        sign_contract(contract=contract, by=side.user)
    assert list(queries.contracts_citing(first)) == [contract]
    draft = actions.draft_description(post=first.post, by=hr)
    with pytest.raises(Problem, match="in force"):
        actions.derive_indicator(
            duty=draft.duties.first(), code="x.1", name_zh="x", formula_zh="x", unit_zh="%", by=boss
        )


def test_managers_show_that_they_know_their_posts() -> None:
    unit = make_unit()
    first, hr, _boss = in_force(unit)
    holder = make.make_holder(first.post)
    actions.set_superior(post=make_post(unit, "下级"), superior=first.post, by=hr)
    assert [one.acknowledged for one in queries.managers_who_know(hr, local_today())] == [False]
    acknowledge(publication=first.publication, by=holder)
    assert [one.acknowledged for one in queries.managers_who_know(hr, local_today())] == [True]


def test_superiors_follow_the_reporting_lines() -> None:
    unit = make_unit()
    above, below = make_post(unit), make_post(unit)
    hr, boss, worker = officer(unit), make.make_holder(above), make.make_holder(below)
    actions.set_superior(post=below, superior=above, by=hr)
    with pytest.raises(Problem, match="itself"):
        actions.set_superior(post=above, superior=below, by=hr)
    assert queries.superiors_of([worker.person_id, boss.person_id], local_today()) == {
        worker.person_id: {boss.person_id}
    }


def test_a_process_has_whole_ways_and_a_second_person() -> None:
    unit = make_unit()
    hr, boss, post = officer(unit), officer(unit), make_post(unit)
    process = actions.draft_process(code="p-9", name_zh="审批", unit=unit, by=hr)
    with pytest.raises(Problem, match="Choose the post"):
        actions.save_step(process=process, name_zh="谁?", by=hr)
    actions.save_step(process=process, name_zh="一", post=post, by=hr)
    two = actions.save_step(process=process, name_zh="二", post=post, by=hr)
    three = actions.save_step(process=process, name_zh="三", post=post, next_to=[{"to": 7}], by=hr)
    with pytest.raises(Refused):
        actions.approve_process(process=process, by=hr)
    with pytest.raises(Problem, match="not there"):
        actions.approve_process(process=process, by=boss)
    three.refresh_from_db()
    actions.save_step(process=process, step=three, name_zh="三", post=post, next_to=[{"to": 1}], by=hr)
    actions.remove_step(step=two, by=hr)
    assert [(one.position, one.next_to) for one in process.steps.all()] == [(1, []), (2, [{"to": 1}])]
    actions.approve_process(process=process, by=boss)
    actions.publish_process(process=process, by=hr)
    with pytest.raises(Problem, match="no draft"):
        actions.save_step(process=process, name_zh="四", post=post, by=hr)
    again = actions.draft_process(code="P-9", name_zh="审批", unit=unit, by=hr)
    assert (again.version, again.steps.count()) == (2, 2)


def test_gaps_are_closed_by_training() -> None:
    unit = make_unit()
    post = make_post(unit)
    hr, holder = officer(unit), make.make_holder(post)
    description = make.make_description(post, state="approved")
    need = description.requirements.get().qualification
    need.valid_months = 12
    need.save()

    def fit() -> tuple[int, list[str]]:
        (line,) = queries.fit_lines([post], local_today())
        return line.fit_bp, [cell.result for cell in line.gaps]

    assert fit() == (0, ["missing"])
    plan = actions.plan_training(person=holder.person, qualification=need, due_on=local_today(), by=hr)
    with pytest.raises(Problem, match="already"):
        actions.plan_training(person=holder.person, qualification=need, due_on=local_today(), by=hr)
    actions.finish_training(training=plan, proof="证书 17", by=hr)
    assert fit() == (10_000, [])
    held = HeldQualification.objects.get(person=holder.person)
    assert held.until_on is not None and held.until_on > local_today() + timedelta(days=360)
    with pytest.raises(Problem, match="already"):
        actions.record_qualification(person=holder.person, qualification=need, proof="x", by=hr)
    with pytest.raises(Problem):
        actions.cancel_training(training=plan, reason="x", by=hr)


def test_what_was_said_and_approved_is_kept_by_the_database() -> None:
    unit = make_unit()
    done = make.make_description(unit=unit, state="approved")
    analysis = make.make_analysis(done.post)
    for change in (
        lambda: done.duties.update(weight_bp=1),
        lambda: done.duties.first().delete(),
        lambda: PostDescription.objects.filter(pk=done.pk).update(purpose="别的"),
        lambda: analysis.answers.update(text="别的"),
        lambda: make.make_process(unit, state="published").steps.update(name_zh="别的"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
