"""Posts of the company: who reports to whom, analyses, descriptions in force, one process, qualifications."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from mainstay.core.access.actions.roles import grant_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Grant, Role, User
from mainstay.core.organisation.models import Post, Unit
from mainstay.kit.dates import local_today
from mainstay.kit.yamls import load_yaml
from mainstay.performance.posts import actions
from mainstay.performance.posts.batch import install_schedule
from mainstay.performance.posts.models import PostDescription, Qualification, ReportingLine, WorkProcess
from mainstay.performance.posts.queries import incumbents
from mainstay.performance.roles import install_performance_roles

FOLDER = Path(__file__).parent
ROLES = (("r4_hr", "P-RS1"), ("r4_executive", "P-GM"), ("r4_manager", "P-KF"), ("r4_finance", "P-CW2"))


@cache
def facts() -> dict[str, Any]:
    """What responsibility.yaml says."""
    loaded: dict[str, Any] = load_yaml(FOLDER / "responsibility.yaml")
    return loaded


def load_responsibility() -> int:
    """Describe the posts; returns how many descriptions are in force. Running it again changes nothing."""
    by = system_user()
    install_schedule()
    _roles(by)
    posts = {post.code: post for post in Post.objects.all()}
    for code, superior in facts()["superiors"].items():
        if not ReportingLine.objects.filter(post=posts[code]).exists():
            actions.set_superior(post=posts[code], superior=posts[superior], by=by)
    known = {one.code: one for one in Qualification.objects.all()}
    for code, kind, name_zh, name_en, months in facts()["qualifications"]:
        if code not in known:
            known[code] = actions.save_qualification(
                code=code, kind=kind, name_zh=name_zh, name_en=name_en, valid_months=months, by=by
            )
    _process(posts)
    for one in facts()["descriptions"]:
        if not PostDescription.objects.filter(post=posts[one["post"]]).exists():
            _describe(one, posts[one["post"]], known)
    return PostDescription.objects.in_force().count()


def _roles(by: User) -> None:
    install_performance_roles(by=by)
    company = Unit.objects.get(code="HT")
    for code, post_code in ROLES:
        role, post = Role.objects.get(code=code), Post.objects.get(code=post_code)
        if not Grant.objects.filter(role=role, post=post).exists():
            grant_role(role=role, post=post, unit=company, from_on=local_today(), by=by)


def _user(login: str) -> User:
    return User.objects.select_related("person").get(username=login)


def _describe(one: dict[str, Any], post: Post, known: dict[str, Qualification]) -> None:
    """Study a post by two methods, draft, consult the holder, approve; holders get most of what is required."""
    hr, boss = _user("people"), _user("manager")
    holders = list(incumbents(post, local_today()).select_related("user"))
    for method, said in (("interview", "主要时间用在日常业务上。"), ("diary", "已按日记录一周工作。")):
        study = actions.start_analysis(post=post, method=method, participants=holders, by=hr)
        for person in holders:
            actions.answer_analysis(analysis=study, text=said, by=person.user)
        actions.finish_analysis(analysis=study, findings="职责与实际相符。", by=hr)
    draft = actions.draft_description(post=post, by=hr)
    texts = {name: one[name] for name in ("purpose", "authority", "relations", "conditions", "development")}
    actions.edit_description(description=draft, **texts, by=hr)
    for name_zh, name_en, weight, detail in one["duties"]:
        actions.save_duty(
            description=draft, name_zh=name_zh, name_en=name_en, weight_bp=weight * 100, detail=detail, by=hr
        )
    for code, level, essential in one["needs"]:
        actions.require_qualification(
            description=draft, qualification=known[code], level=level, essential=essential, by=hr
        )
    actions.consult_description(description=draft, by=hr)
    for person in holders:
        actions.answer_consultation(description=draft, agrees=True, comment="同意", by=person.user)
    actions.approve_description(description=draft, by=boss)
    for person in holders:
        for code, level, _essential in one["needs"][:-1]:
            actions.record_qualification(
                person=person, qualification=known[code], level=level, proof=f"{person.staff_no}-{code}",
                from_on=local_today() - timedelta(days=400), by=hr,
            )  # fmt: skip


def _process(posts: dict[str, Post]) -> None:
    one = facts()["process"]
    if WorkProcess.objects.filter(code=one["code"]).exists():
        return
    hr, boss = _user("people"), _user("manager")
    draft = actions.draft_process(
        code=one["code"], name_zh=one["zh"], name_en=one["en"], purpose=one["purpose"],
        unit=Unit.objects.get(code="HT"), by=hr,
    )  # fmt: skip
    for name_zh, name_en, post, outside, form, hours, ways in one["steps"]:
        actions.save_step(
            process=draft, name_zh=name_zh, name_en=name_en, post=posts.get(post), outside=outside, form=form,
            limit_hours=hours, by=hr,
            next_to=[{"to": to, "when_zh": zh, "when_en": en} for to, zh, en in ways],
        )  # fmt: skip
    actions.approve_process(process=draft, by=boss)
    actions.publish_process(process=draft, by=hr)
