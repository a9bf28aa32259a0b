"""Drafting descriptions: text, duties, requirements; reporting lines; indicators from duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.actions import save_indicator
from mainstay.performance.posts.batch import tell_owners
from mainstay.performance.posts.models import Duty, PostDescription, ReportingLine, Requirement
from mainstay.performance.posts.models.descriptions import TEXTS
from mainstay.performance.posts.queries import methods_used
from mainstay.performance.posts.rules import METHODS_NEEDED

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Post
    from mainstay.performance.plans.models import Indicator
    from mainstay.performance.posts.models import Qualification

MOST_ABOVE = 40


def _of_post(post: Post, **_facts: Any) -> int:
    return int(post.unit_id)


def _of_description(description: PostDescription, **_facts: Any) -> int:
    return int(description.post.unit_id)


def _of_duty(duty: Duty, **_facts: Any) -> int:
    return int(duty.description.post.unit_id)


def _of_requirement(requirement: Requirement, **_facts: Any) -> int:
    return int(requirement.description.post.unit_id)


def subject_of(description: PostDescription) -> str:
    """The subject of audit rows and to-dos."""
    return f"posts.postdescription:{description.pk}"


def _about(description: PostDescription, **_facts: Any) -> str:
    return subject_of(description)


@action("performance.posts.set_superior", title=_("Set the superior of a post"), unit=_of_post)
def set_superior(*, post: Post, superior: Post | None, by: User) -> Post:
    """Say which post a post reports to (None: nobody). Problem when it would report to itself, directly or round about.

    The description in force turns stale by it, and its owner is told.
    """
    lock("posts.reporting", 0)
    above, steps = superior, 0
    while above is not None and steps < MOST_ABOVE:
        if above.pk == post.pk:
            raise Problem(
                _("A post cannot report to itself, not even by way of others."), field="superior", code="circle"
            )
        line = ReportingLine.objects.filter(post=above).select_related("superior").first()
        above, steps = (line.superior if line else None), steps + 1
    before = ReportingLine.objects.filter(post=post).values_list("superior__code", flat=True).first()
    if superior is None:
        ReportingLine.objects.filter(post=post).delete()
    else:
        ReportingLine.objects.update_or_create(post=post, defaults={"superior": superior})
    note_change(
        subject=f"organisation.post:{post.pk}",
        before={"superior": before},
        after={"superior": superior.code if superior else None},
    )
    tell_owners([post.pk])
    return post


@action("performance.posts.draft_description", title=_("Draft a job description"), unit=_of_post)
def draft_description(*, post: Post, by: User) -> PostDescription:
    """Begin the next version: a copy of the one in force, else empty.

    Problem: fewer than two methods of analysis finished, or a draft is there already.
    """
    lock("posts.description", post.pk)
    if len(methods_used(post)) < METHODS_NEEDED:
        text = _("Finish job analyses by at least two methods first: one method alone sees half of a post.")
        raise Problem(text, code="methods")
    if post.descriptions.filter(state__in=["draft", "consulted"]).exists():
        raise Problem(_("There is a draft for this post already. Go on with that one."), code="draft")
    last = post.descriptions.aggregate(n=Max("version"))["n"] or 0
    old = post.descriptions.filter(state=PostDescription.State.APPROVED).first()
    texts = old.texts if old else {}
    new = PostDescription.objects.create(post=post, version=last + 1, owner=by, **texts)
    if old:
        _copy(old, new)
    note_change(after={"post": post.code, "version": new.version, "from": old.version if old else None})
    return new


def _copy(old: PostDescription, new: PostDescription) -> None:
    for rows in (old.duties.all(), old.requirements.all()):
        for row in rows:
            row.pk, row.description = None, new
            row.save(force_insert=True)


def _open(description: PostDescription) -> PostDescription:
    lock("posts.description", description.post_id)
    description.refresh_from_db()
    if not description.is_open:
        raise Problem(
            _("This version is no draft any more. Take it back, or draft the next version."), code="not_draft"
        )
    return description


@action("performance.posts.edit_description", title=_("Edit a job description"), unit=_of_description, subject=_about)
def edit_description(
    *,
    description: PostDescription,
    purpose: str,
    authority: str = "",
    relations: str = "",
    conditions: str = "",
    development: str = "",
    by: User,
) -> PostDescription:
    """Change the running texts of a draft."""
    _open(description)
    given = (purpose, authority, relations, conditions, development)
    changed = []
    for name, value in zip(TEXTS, given, strict=True):
        if getattr(description, name) != value.strip():
            setattr(description, name, value.strip())
            changed.append(name)
    description.save(update_fields=list(TEXTS))
    note_change(after={"changed": changed})
    return description


@action("performance.posts.save_duty", title=_("Write a duty"), unit=_of_description, subject=_about)
def save_duty(
    *,
    description: PostDescription,
    name_zh: str,
    weight_bp: int,
    name_en: str = "",
    detail: str = "",
    duty: Duty | None = None,
    by: User,
) -> Duty:
    """Add a duty to a draft or change one; weights in basis points, together 10,000 when it goes to consultation."""
    _open(description)
    if duty is None:
        last = description.duties.aggregate(n=Max("position"))["n"] or 0
        duty = Duty(description=description, position=last + 1)
    duty.name_zh, duty.name_en, duty.weight_bp, duty.detail = (
        name_zh.strip(),
        name_en.strip(),
        weight_bp,
        detail.strip(),
    )
    duty.save()
    note_change(after={"duty": duty.position, "weight_bp": weight_bp})
    return duty


@action("performance.posts.remove_duty", title=_("Remove a duty"), unit=_of_duty)
def remove_duty(*, duty: Duty, by: User) -> PostDescription:
    """Take a duty out of a draft; those after it move up."""
    description = _open(duty.description)
    note_change(subject=subject_of(description), before={"duty": duty.position, "name": duty.name_zh})
    duty.delete()
    for number, row in enumerate(description.duties.order_by("position"), 1):
        if row.position != number:
            row.position = number
            row.save(update_fields=["position"])
    return description


@action(
    "performance.posts.require_qualification",
    title=_("Require a qualification"),
    unit=_of_description,
    subject=_about,
)
def require_qualification(
    *, description: PostDescription, qualification: Qualification, level: int = 1, essential: bool = True, by: User
) -> Requirement:
    """Ask for a qualification in a draft, or change the level asked for."""
    _open(description)
    found, _made = Requirement.objects.update_or_create(
        description=description, qualification=qualification, defaults={"level": level, "essential": essential}
    )
    note_change(after={"qualification": qualification.code, "level": level, "essential": essential})
    return found


@action("performance.posts.drop_requirement", title=_("Drop a requirement"), unit=_of_requirement)
def drop_requirement(*, requirement: Requirement, by: User) -> PostDescription:
    """No longer ask for a qualification in a draft."""
    description = _open(requirement.description)
    note_change(subject=subject_of(description), before={"qualification": requirement.qualification.code})
    requirement.delete()
    return description


@action("performance.posts.derive_indicator", title=_("Derive an indicator from a duty"), unit=_of_duty)
def derive_indicator(
    *,
    duty: Duty,
    code: str,
    name_zh: str,
    formula_zh: str,
    unit_zh: str,
    name_en: str = "",
    formula_en: str = "",
    unit_en: str = "",
    direction: str = "more",
    combine: str = "sum",
    source: str = "",
    by: User,
) -> Indicator:
    """Make an indicator that measures a duty of the description in force, and that says so. Problem: not in force."""
    if duty.description.state != PostDescription.State.APPROVED:
        raise Problem(_("Indicators come from the description in force. Have it approved first."), code="not_in_force")
    made = save_indicator(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        formula_zh=formula_zh,
        formula_en=formula_en,
        unit_zh=unit_zh,
        unit_en=unit_en,
        direction=direction,
        combine=combine,
        source=source,
        duty=duty.citation,
        by=by,
    )
    note_change(subject=subject_of(duty.description), after={"duty": duty.position, "indicator": made.code})
    return made
