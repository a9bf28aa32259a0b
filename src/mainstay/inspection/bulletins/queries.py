"""The facts of a campaign for its papers, seals, receipts, trends over campaigns."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow.models import Signoff
from mainstay.inspection.bulletins.models import Paper, PaperReceipt
from mainstay.inspection.bulletins.rules import Facts, Named, Problem_
from mainstay.inspection.campaigns.models import Assignment, Campaign, GroupMember, Inspection, InspectionGroup
from mainstay.inspection.campaigns.models.plan import Class
from mainstay.inspection.campaigns.queries import coverage_by, coverage_of
from mainstay.inspection.hazards.models import Hazard, Notice

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("inspection.bulletins.view_paper", _("View summaries and bulletins"))
STATS = register_right("inspection.bulletins.view_statistics", _("View statistics of inspections"))
SEAL, ISSUE = "inspection.bulletins.seal_paper", "inspection.bulletins.issue_paper"
ACKNOWLEDGE, DRAFT = "inspection.bulletins.acknowledge_paper", "inspection.bulletins.draft_bulletin"
ZH_CLASSES = {
    "city": "市区",
    "county": "县城",
    "rural": "农村",
    "resident": "居民",
    "business": "工商户",
    "room": "机房",
}
MOST_ANNEX = 500


def papers_visible_to(user: User, right: str = VIEW) -> QuerySet[Paper]:
    """Papers a user sees, the newest first."""
    return Paper.objects.visible_to(user, right).select_related(
        "campaign__unit", "group", "drafted_by__person", "document"
    )


def being_signed(_user: User) -> QuerySet[Paper]:
    """Papers of the whole company that are being sealed: without any, nobody need be asked further."""
    return Paper.objects.filter(state=Paper.State.SIGNING)


def to_seal(user: User) -> list[int]:
    """Keys of papers that wait for the seal of an organisation for which a user may seal: two queries."""
    ids = rights.unit_ids(user, SEAL)
    if ids == []:
        return []
    rows = Paper.objects.visible_to(user, SEAL).filter(state=Paper.State.SIGNING)
    listed = list(rows.prefetch_related("campaign__organisers__unit"))
    taken, mine = _open_seats(listed), []
    for paper in listed:
        seats = {one.seat for one in paper.campaign.organisers.all() if ids is None or one.unit_id in ids}
        if seats & taken.get(paper.seal_subject, set()):
            mine.append(paper.pk)
    return mine


def to_issue(user: User) -> list[int]:
    """Keys of papers that carry every seal and wait to be issued: two queries."""
    listed = list(Paper.objects.visible_to(user, ISSUE).filter(state=Paper.State.SIGNING))
    missing = _open_seats(listed)
    return [paper.pk for paper in listed if not missing.get(paper.seal_subject)]


def _open_seats(papers: list[Paper]) -> dict[str, set[str]]:
    """Seats without a seal, by the subject of the paper's round: one query."""
    rows = Signoff.objects.filter(subject__in=[one.seal_subject for one in papers], signed_by=None)
    found: dict[str, set[str]] = defaultdict(set)
    for subject, seat in rows.values_list("subject", "seat"):
        found[subject].add(seat)
    return found


def to_acknowledge(user: User) -> QuerySet[Paper]:
    """Issued bulletins that a unit for which a user may answer has not acknowledged."""
    ids = rights.unit_ids(user, ACKNOWLEDGE)
    inspected = Assignment.objects.filter(campaign=OuterRef("campaign"))
    inspected = inspected if ids is None else inspected.filter(unit__in=ids)
    answered = PaperReceipt.objects.filter(paper=OuterRef(OuterRef("pk")), unit=OuterRef("unit"))
    rows = Paper.objects.filter(kind=Paper.Kind.BULLETIN, state=Paper.State.ISSUED)
    return rows.filter(Exists(inspected.filter(~Exists(answered))))


def groups_without_summary(user: User) -> QuerySet[GroupMember]:
    """Groups under review that a user leads and has not written the summary of."""
    written = Paper.objects.filter(group=OuterRef("group"), kind=Paper.Kind.SUMMARY).exclude(state=Paper.State.VOID)
    rows = GroupMember.objects.filter(person=user.person_id or 0, leads=True)
    return rows.filter(~Exists(written), group__campaign__state=Campaign.State.REVIEWING)


def campaigns_without_bulletin(user: User) -> QuerySet[Campaign]:
    """Campaigns under review whose bulletin nobody has drafted."""
    drafted = Paper.objects.filter(campaign=OuterRef("pk"), kind=Paper.Kind.BULLETIN).exclude(state=Paper.State.VOID)
    return Campaign.objects.visible_to(user, DRAFT).filter(~Exists(drafted), state=Campaign.State.REVIEWING)


def facts_of(campaign: Campaign, group: InspectionGroup | None = None) -> Facts:
    """Everything a paper is drafted from, of the whole campaign or of one group: a constant number of queries."""
    rows = campaign.assignments.all() if group is None else campaign.assignments.filter(group=group)
    hazards = hazards_of(campaign, group)
    members = GroupMember.objects.filter(group__campaign=campaign)
    members = members if group is None else members.filter(group=group)
    by_class = coverage_by(rows, "klass")
    listed = list(hazards.select_related("target", "unit", "item").order_by("deadline_on", "pk"))
    counts: Counter[tuple[str, str, str]] = Counter((one.item_code, one.item.zh, one.level) for one in listed)
    notices = Notice.objects.filter(campaign=campaign).exclude(state=Notice.State.VOID)
    basis = f"《{campaign.basis_title}》（{campaign.basis_number}）" if campaign.basis_title else ""
    return Facts(
        name=campaign.name_zh,
        basis=basis,
        organisers=organiser_names(campaign),
        from_on=campaign.from_on,
        until_on=campaign.until_on,
        groups=campaign.groups.count(),
        inspectors=members.values("person").distinct().count(),
        whole=coverage_of(rows),
        classes=[(ZH_CLASSES[key], by_class[(key,)]) for key in Class.values if (key,) in by_class],
        exempt=list(rows.filter(state="exempt").values_list("target__name", "exempt_reason")),
        good=_good(rows),
        practices=_practices(campaign) if group is None else [],
        problems=[Problem_(code, words, n, level) for (code, words, level), n in counts.most_common()],
        named=[
            Named(h.unit.name_zh, h.target.name, h.finding, h.level, h.deadline_on, h.repeat_of_id is not None)
            for h in listed
        ],
        hazards=len(listed),
        major=sum(h.level == "major" for h in listed),
        repeats=sum(h.repeat_of_id is not None for h in listed),
        noticed=notices.count(),
        closed=sum(h.state == Hazard.State.CLOSED for h in listed),
    )


def hazards_of(campaign: Campaign, group: InspectionGroup | None = None) -> QuerySet[Hazard]:
    """Hazards of a campaign, or of what one of its groups inspected."""
    rows = Hazard.objects.filter(campaign=campaign)
    return rows if group is None else rows.filter(inspection__assignment__group=group)


def organiser_names(campaign: Campaign) -> list[str]:
    """Chinese names of the organisers, the lead first."""
    return [one.unit.name_zh for one in campaign.organisers.select_related("unit").order_by("order", "id")]


def _good(rows: QuerySet[Assignment]) -> list[tuple[str, int]]:
    """Targets without a failing item, the best first."""
    clean = Inspection.objects.filter(assignment__in=rows, current=True, outcome="done", failed=0)
    found = clean.order_by("-score_bp", "pk").values_list("assignment__target__name", "score_bp")
    return [(name, score or 0) for name, score in found[:10]]


def _practices(campaign: Campaign) -> list[str]:
    """What the groups' summaries call good practice."""
    papers = Paper.objects.filter(campaign=campaign, kind=Paper.Kind.SUMMARY).exclude(state=Paper.State.VOID)
    found = []
    for blocks in papers.order_by("group__code").values_list("blocks", flat=True):
        found += [one["text"].strip() for one in blocks if one["key"] == "good" and one["text"].strip()]
    return found


def annex_of(campaign: Campaign) -> list[list[str]]:
    """The annex: every hazard with unit, place, finding, level and deadline."""
    rows = (
        hazards_of(campaign)
        .select_related("target", "unit", "item")
        .order_by("unit__path", "target__code", "item_code")
    )
    return [
        [
            str(place),
            one.unit.name_zh,
            one.target.name,
            f"{one.item_code} {one.finding}",
            "重大" if one.level == "major" else "一般",
            one.deadline_on.isoformat(),
        ]
        for place, one in enumerate(rows[:MOST_ANNEX], 1)
    ]


def seals_of(paper: Paper) -> list[dict[str, Any]]:
    """The seats of the organisers and who sealed: name, who, when."""
    signed = {
        one.seat: one for one in Signoff.objects.filter(subject=paper.seal_subject).select_related("signed_by__person")
    }
    found = []
    for one in paper.campaign.organisers.select_related("unit").order_by("order", "id"):
        seal = signed.get(one.seat)
        found.append(
            {"organiser": one, "name": one.unit.name, "by": seal and seal.signed_by, "at": seal and seal.signed_at}
        )
    return found


def inspected_units(campaign: Campaign) -> QuerySet[Unit]:
    """Units whose targets are on the list."""
    return Unit.objects.filter(pk__in=campaign.assignments.order_by().values("unit")).order_by("path")


def receipts_of(paper: Paper) -> list[dict[str, Any]]:
    """Each inspected unit and when it acknowledged: two queries."""
    known = {one.unit_id: one for one in PaperReceipt.objects.filter(paper=paper).select_related("by__person")}
    return [{"unit": unit, "receipt": known.get(unit.pk)} for unit in inspected_units(paper.campaign)]


def campaigns_over_time(user: User, kind: str) -> list[dict[str, Any]]:
    """Campaigns of a kind in order of time with coverage, score and hazards, for the trend: two queries."""
    done = Count("assignments", filter=Q(assignments__state="done"), distinct=True)
    rows = Campaign.objects.visible_to(user, STATS).filter(kind=kind).exclude(state=Campaign.State.DRAFT)
    listed = list(
        rows.order_by("from_on", "pk")
        .values("pk", "code", "name_zh", "from_on")
        .annotate(total=Count("assignments", distinct=True), done=done)
    )
    hazards = (
        Hazard.objects.filter(campaign__in=[row["pk"] for row in listed])
        .order_by()
        .values("campaign")
        .annotate(
            n=Count("pk"),
            major=Count("pk", filter=Q(level="major")),
            came_back=Count("pk", filter=Q(repeat_of__isnull=False)),
            open=Count("pk", filter=~Q(state="closed")),
        )
    )
    scores = Inspection.objects.filter(
        assignment__campaign__in=[row["pk"] for row in listed], current=True, outcome="done"
    )
    means = dict(scores.order_by().values_list("assignment__campaign").annotate(mean=Avg("score_bp")))
    found = {row["campaign"]: row for row in hazards}
    empty = {"n": 0, "major": 0, "came_back": 0, "open": 0}
    return [{**row, **found.get(row["pk"], empty), "mean_bp": int(means.get(row["pk"]) or 0)} for row in listed]
