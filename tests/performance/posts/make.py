"""Small builders of posts' data: straight into the tables."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.performance.posts.models import (
    AnalysisAnswer,
    Duty,
    JobAnalysis,
    PostDescription,
    ProcessStep,
    Qualification,
    Requirement,
    WorkProcess,
)
from tests.core.make import hold, make_person, make_post, make_user

_next = count(1)
BEGAN = date(2024, 1, 1)


def make_holder(post: Post) -> User:
    """A user who holds the post."""
    user = make_user(person=make_person("任职者"))
    assert user.person is not None
    hold(user.person, post)
    return user


def make_analysis(
    post: Post, method: str = "interview", *, finished: bool = True, person: Person | None = None
) -> JobAnalysis:
    """An analysis with one answer."""
    facts: dict[str, Any] = {"state": "finished", "findings": "结论", "finished_on": BEGAN} if finished else {}
    made = JobAnalysis.objects.create(post=post, method=method, started_by=make_user(), started_on=BEGAN, **facts)
    given = {"text": "我做这些", "at": timezone.now()} if finished else {}
    AnalysisAnswer.objects.create(analysis=made, person=person or make_person(), **given)
    return made


def make_qualification(name: str = "电工证", **facts: Any) -> Qualification:
    """A licence with an unused code."""
    return Qualification.objects.create(**{"code": f"Q{next(_next)}", "name_zh": name, "kind": "licence", **facts})


def make_description(
    post: Post | None = None, *, unit: Unit | None = None, state: str = "draft", weights: tuple[int, ...] = (6000, 4000)
) -> PostDescription:
    """A version with duties and one requirement; written as a draft, then put into its state."""
    assert post or unit
    post = post or make_post(unit)  # type: ignore[arg-type]
    version = post.descriptions.count() + 1
    made = PostDescription.objects.create(post=post, version=version, owner=make_user(), purpose="保障设备运行")
    for position, weight in enumerate(weights, 1):
        Duty.objects.create(description=made, position=position, name_zh=f"职责{position}", weight_bp=weight)
    Requirement.objects.create(description=made, qualification=make_qualification())
    if state != "draft":
        made.state = state
        if state == "consulted":
            made.round = 1
        else:
            made.approved_by, made.approved_on = make_user(), BEGAN
        made.save()
    return made


def make_process(unit: Unit, *, state: str = "draft", posts: tuple[Post, ...] = ()) -> WorkProcess:
    """A process with a step for each post (one of its own when none is given)."""
    made = WorkProcess.objects.create(code=f"P{next(_next)}", name_zh="报修流程", unit=unit, written_by=make_user())
    for position, post in enumerate(posts or (make_post(unit),), 1):
        ProcessStep.objects.create(process=made, position=position, name_zh=f"步骤{position}", post=post)
    if state != "draft":
        made.state, made.approved_by = state, make_user()
        made.save()
    return made
