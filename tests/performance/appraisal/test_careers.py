"""Career plans: asked of the superior by the result, joined with what the post aimed at asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from mainstay.core.access.models import User
from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal import actions
from mainstay.performance.appraisal.actions.following import follow_up
from mainstay.performance.appraisal.models import Appraisal, CareerPlan, Consequence, Interview
from mainstay.performance.appraisal.queries import careers_of
from mainstay.performance.posts.models import HeldQualification, Training
from tests.core.make import make_post, make_unit, make_user
from tests.performance.appraisal import make
from tests.performance.posts.make import make_description

pytestmark = pytest.mark.django_db


def talked() -> tuple[Appraisal, User]:
    """An appraisal that was talked over, and the superior, who may write career plans."""
    unit = make_unit()
    one = make.make_appraisal(unit, state="interviewed")
    names = ("appraisal.write_career", "appraisal.view_appraisal", "posts.plan_training")
    boss = make_user(rights={f"performance.{name}": ("all", None) for name in names}, unit=unit)
    Interview.objects.create(appraisal=one, held_on=local_today(), successes="好", to_improve="无", next_steps="带徒",
                             career="三年内任组长", interviewer=boss)  # fmt: skip
    return one, boss


def test_a_career_plan_names_the_gaps_to_the_post_aimed_at_and_plans_their_trainings() -> None:
    one, boss = talked()
    post = make_post(one.unit, "组长")
    need = make_description(post, state="approved").requirements.get()
    facts: dict[str, Any] = {"appraisal": one, "goal": "任组长", "steps": "带班", "by": boss}
    later = local_today() + timedelta(days=180)
    plan = actions.write_career(**facts, post=post, train=True, review_on=later)
    [training] = Training.objects.filter(person=one.person)
    assert (training.qualification, training.due_on) == (need.qualification, later)
    actions.write_career(**facts, post=post, train=True, review_on=later)
    assert Training.objects.count() == 1, "what is planned is not planned again"
    newest, before = careers_of(one.person_id)
    assert [gap.requirement for gap in newest.gaps] == [need] and before.plan == plan and before.gaps == []
    HeldQualification.objects.create(
        person=one.person, qualification=need.qualification, level=need.level, from_on=local_today(), proof="证书"
    )
    assert careers_of(one.person_id)[0].gaps == []
    with pytest.raises(IntegrityError), transaction.atomic():
        CareerPlan.objects.update(goal="别的")


def test_what_a_career_plan_needs() -> None:
    one, boss = talked()
    later = local_today() + timedelta(days=1)
    facts: dict[str, Any] = {"appraisal": one, "goal": "任组长", "steps": "带班", "review_on": later, "by": boss}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"goal": " "}, "empty"),
        ({"steps": ""}, "empty"),
        ({"review_on": local_today()}, "past"),
        ({"train": True}, "no_post"),
    ]
    for change, code in wrong:
        with pytest.raises(Problem) as caught:
            actions.write_career(**{**facts, **change})
        assert caught.value.code == code
    early = make.make_appraisal(one.unit, state="calibrated")
    with pytest.raises(Problem) as caught:
        actions.write_career(**{**facts, "appraisal": early})
    assert caught.value.code == "not_talked"
    own = make.make_appraisal(one.unit, state="interviewed", employee=boss)
    with override("en"), pytest.raises(Refused, match="Somebody else"):
        actions.write_career(**{**facts, "appraisal": own})


def test_a_result_that_leads_to_a_career_plan_asks_the_superior_for_it(client: Client) -> None:
    one, boss = talked()
    superior = one.contract.party_a.user
    wanted = Consequence.objects.create(appraisal=one, kind="career", proposed_by=boss)
    assert follow_up([wanted], local_today(), boss)["careers"] == 1
    waiting = Todo.objects.filter(kind="career", done_at=None)
    assert waiting.get().user == superior
    client.force_login(boss)
    page = client.get(reverse("appraisal:career", args=[one.pk]))
    assert "三年内任组长" in page.text and "带徒" in page.text, "what the interview said is not typed again"
    when = (local_today() + timedelta(days=90)).isoformat()
    sent = client.post(page.request["PATH_INFO"], {"goal": "任组长", "steps": "带班", "review_on": when}, follow=True)
    assert sent.status_code == 200 and CareerPlan.objects.get().goal == "任组长"
    assert not waiting.exists()
    client.force_login(one.person.user)
    mine = client.get(reverse("tracking:my_page")).text
    assert "任组长" in mine and one.get_absolute_url() in mine
