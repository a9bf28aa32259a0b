"""Reads of responsibility: the basis of a description, who fits what, who is whose superior."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.organisation.models import Holding, Person, Post
from mainstay.core.publications.models import Acknowledgement
from mainstay.kit.dates import local_today
from mainstay.performance.plans.models import Contract
from mainstay.performance.posts.models import (
    Duty,
    HeldQualification,
    JobAnalysis,
    PostDescription,
    ProcessStep,
    ReportingLine,
    Requirement,
)
from mainstay.performance.posts.rules import Basis, Has, Need, fit_bp, fit_of, stale_reasons

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("performance.posts.view_post", _("View posts, descriptions and processes"))
VIEW_FIT = register_right("performance.posts.view_fit", _("View who fits which post"))


def posts_for(user: User) -> QuerySet[Post]:
    """Return posts of the units the user may see, with their unit, superior and description in force."""
    ids = rights.unit_ids(user, VIEW)
    posts = Post.objects.select_related("unit", "reporting__superior").prefetch_related("descriptions")
    return posts if ids is None else posts.filter(unit_id__in=ids)


def bases(posts: Iterable[int]) -> dict[int, Basis]:
    """Return what descriptions of these posts would rest on today: three queries."""
    wanted = list(posts)
    superiors = dict(ReportingLine.objects.filter(post__in=wanted).values_list("post", "superior"))
    processes: dict[int, dict[str, int]] = defaultdict(dict)
    steps = ProcessStep.objects.filter(post__in=wanted, process__state="published")
    for post, code, version in steps.values_list("post", "process__code", "process__version").distinct():
        processes[post][code] = version
    rows = Post.objects.filter(pk__in=wanted).values_list("pk", "unit", "name_zh")
    return {pk: Basis(unit, superiors.get(pk), name, processes[pk]) for pk, unit, name in rows}


def staleness(descriptions: Sequence[PostDescription]) -> dict[int, list[Any]]:
    """Return the reasons why approved descriptions are stale, by description; only stale ones are in it."""
    approved = [one for one in descriptions if one.state == PostDescription.State.APPROVED]
    now = bases({one.post_id for one in approved})
    found = {one.pk: stale_reasons(one.basis, now[one.post_id]) for one in approved}
    return {pk: reasons for pk, reasons in found.items() if reasons}


def methods_used(post: Post) -> set[str]:
    """Return the methods of the finished analyses of a post."""
    finished = JobAnalysis.objects.filter(post=post, state=JobAnalysis.State.FINISHED)
    return set(finished.values_list("method", flat=True))


def incumbents(post: Post, on: date) -> QuerySet[Person]:
    """Return the people who hold a post on a day."""
    return Person.objects.filter(Exists(Holding.objects.current(on).filter(person=OuterRef("pk"), post=post)))


def contracts_citing(description: PostDescription) -> QuerySet[Contract]:
    """Return contracts in force whose targets come from duties of this version: a change of duty concerns them."""
    cited = [one.citation for one in description.duties.all()]
    here = Q(targets__duty__in=cited) | Q(targets__indicator__duty__in=cited)
    return Contract.objects.in_force().filter(here).distinct().select_related("person", "unit", "period")


def superiors_of(people: Iterable[int], on: date) -> dict[int, set[int]]:
    """Return, for each person, the people who hold the superior post of one of his posts: two queries."""
    lines = Holding.objects.current(on).filter(person__in=list(people), post__reporting__isnull=False)
    above: dict[int, set[int]] = defaultdict(set)
    for person, post in lines.values_list("person", "post__reporting__superior"):
        above[person].add(post)
    wanted = {post for posts in above.values() for post in posts}
    holders: dict[int, set[int]] = defaultdict(set)
    for post, person in Holding.objects.current(on).filter(post__in=wanted).values_list("post", "person"):
        holders[post].add(person)
    return {
        person: {boss for post in posts for boss in holders[post] if boss != person} for person, posts in above.items()
    }


@dataclass(frozen=True)
class FitCell:
    """How a holder meets one requirement: a result of `rules.fit_of`, None where nothing is asked."""

    requirement: Requirement
    result: str
    until_on: date | None


@dataclass(frozen=True)
class FitLine:
    """A holder of a post with every requirement of its description in force."""

    person: Person
    post: Post
    fit_bp: int
    cells: dict[int, FitCell]

    @property
    def gaps(self) -> list[FitCell]:
        """What is missing, expired or below."""
        return [cell for cell in self.cells.values() if cell.result in ("expired", "below", "missing")]


def fit_lines(posts: QuerySet[Post] | Sequence[Post], on: date) -> list[FitLine]:
    """Return every holder of these posts against the description in force: four queries."""
    held_posts = Holding.objects.current(on).filter(post__in=posts).select_related("person", "post__unit")
    holdings = list(held_posts.order_by("post__unit__path", "post__code", "person__staff_no"))
    needs: dict[int, list[Requirement]] = defaultdict(list)
    wanted = Requirement.objects.filter(description__state="approved", description__post__in=posts)
    for one in wanted.select_related("qualification", "description"):
        needs[one.description.post_id].append(one)
    held: dict[int, list[HeldQualification]] = defaultdict(list)
    for row in HeldQualification.objects.filter(person__in=[one.person_id for one in holdings]):
        held[row.person_id].append(row)
    return [_fit_line(one.person, one.post, needs[one.post_id], held[one.person_id], on) for one in holdings]


def fit_to(person: Person, post: Post, on: date) -> FitLine:
    """Return how somebody fits a post that he may not hold yet, against its description in force: two queries."""
    wanted = Requirement.objects.filter(description__state="approved", description__post=post)
    needs = list(wanted.select_related("qualification", "description"))
    return _fit_line(person, post, needs, list(HeldQualification.objects.filter(person=person)), on)


def _fit_line(person: Person, post: Post, needs: list[Requirement], held: list[HeldQualification], on: date) -> FitLine:
    has = [Has(row.qualification_id, row.level, row.from_on, row.until_on) for row in held]
    cells, results = {}, []
    for need in needs:
        asked = Need(need.qualification_id, need.level, need.essential)
        result = fit_of(asked, has, on)
        ends = [row.until_on for row in held if row.qualification_id == need.qualification_id and row.until_on]
        cells[need.qualification_id] = FitCell(need, result, max(ends, default=None))
        results.append((asked, result))
    return FitLine(person, post, fit_bp(results), cells)


@dataclass(frozen=True)
class ManagerKnows:
    """Whether the holder of a superior post has acknowledged the description of his own post (A9)."""

    person: Person
    post: Post
    description: PostDescription | None
    acknowledged: bool


def managers_who_know(user: User, on: date) -> list[ManagerKnows]:
    """Return every holder of a post that others report to, and whether he acknowledged its description."""
    posts = posts_for(user).filter(reports__isnull=False).distinct()
    rows = Holding.objects.current(on).filter(post__in=posts).select_related("person__user", "post__unit")
    described = {one.post_id: one for one in PostDescription.objects.in_force().filter(post__in=posts)}
    read = set(
        Acknowledgement.objects.filter(publication__description__in=list(described.values())).values_list(
            "publication__description", "user__person"
        )
    )
    found = []
    for row in rows.order_by("post__unit__path", "post__code"):
        description = described.get(row.post_id)
        known = description is not None and (description.pk, row.person_id) in read
        found.append(ManagerKnows(row.person, row.post, description, known))
    return found


def duties_of(description: PostDescription) -> list[Duty]:
    """Return the duties in order, each knowing its description."""
    return list(description.duties.select_related("description__post"))


def paper_text(description: PostDescription) -> str:
    """Return the whole description as plain text: what is published, hashed and compared."""
    blocks = [f"# {description.post.name_zh}（{description.post.code}）", description.purpose]
    for one in description.duties.all():
        blocks.append(f"## {one.position}. {one.name_zh}（{one.weight_bp / 100:g} %）\n\n{one.detail}")
    titles = {"authority": "权限", "relations": "工作关系", "conditions": "工作条件", "development": "发展路径"}
    blocks += [
        f"# {title}\n\n{getattr(description, name)}" for name, title in titles.items() if getattr(description, name)
    ]
    needs = description.requirements.select_related("qualification")
    asked = [f"- {one.qualification.name_zh} ≥ {one.level}{'' if one.essential else '（优先）'}" for one in needs]
    if asked:
        blocks.append("# 任职资格\n\n" + "\n".join(asked))
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def today() -> date:
    """The day in the company's time zone."""
    return local_today()
