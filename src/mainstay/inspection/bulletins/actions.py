"""Summaries and bulletins: drafted from the data, edited, sealed by every organiser, issued, acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.actions import issue_document, void_document
from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.core.workflow.actions import request_signoffs, require_signed, sign_seat
from mainstay.inspection.bulletins import papers, queries, rules
from mainstay.inspection.bulletins.models import Paper, PaperReceipt
from mainstay.inspection.bulletins.states import PAPER
from mainstay.inspection.campaigns.models import Campaign, InspectionGroup, Organiser
from mainstay.inspection.campaigns.queries import coverage_of, leads, open_ones
from mainstay.inspection.campaigns.states import CAMPAIGN
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

SEAL, ACKNOWLEDGE = "inspection.bulletins.seal_paper", "inspection.bulletins.acknowledge_paper"
KIND = "inspection_bulletin"
Blocks = Sequence[dict[str, str]]


def _unit(paper: Paper, **_facts: Any) -> int:
    return paper.campaign.unit_id


def _about(paper: Paper, **_facts: Any) -> str:
    return f"bulletins.paper:{paper.pk}"


def _claim(paper: Paper, target: str | None = None) -> Paper:
    lock("inspection_paper", paper.pk)
    paper.refresh_from_db()
    if target is not None:
        PAPER.require(paper.state, target)
    return paper


@action(
    "inspection.bulletins.draft_summary",
    title=_("Draft a group's summary"),
    unit=lambda group, **_facts: group.campaign.unit_id,
)
def draft_summary(*, group: InspectionGroup, by: User) -> Paper:
    """Draft the summary of a group from what it found; only its leader does. Problem when there is one."""
    if not leads(by, group.pk):
        refuse(_("Only the leader of the group writes its summary."))
    if Paper.objects.filter(group=group, kind=Paper.Kind.SUMMARY).exclude(state=Paper.State.VOID).exists():
        raise Problem(_("This group has a summary already."), code="taken")
    blocks = rules.draft_summary(group.name, queries.facts_of(group.campaign, group))
    made = Paper.objects.create(
        kind=Paper.Kind.SUMMARY,
        campaign=group.campaign,
        group=group,
        drafted_by=by,
        title=f"{group.campaign.name_zh}{group.name}小结",
        blocks=_as_json(blocks),
    )
    note_change(after={"group": group.code})
    return made


@action(
    "inspection.bulletins.draft_bulletin",
    title=_("Draft the bulletin of a campaign"),
    unit=lambda campaign, **_facts: campaign.unit_id,
)
def draft_bulletin(*, campaign: Campaign, by: User) -> Paper:
    """Draft the joint bulletin from the data of a campaign under review. Problem when there is one already."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    if campaign.state != Campaign.State.REVIEWING:
        raise Problem(
            _("End the inspecting first: a bulletin is drafted from what is confirmed."), code="not_reviewing"
        )
    if Paper.objects.filter(campaign=campaign, kind=Paper.Kind.BULLETIN).exclude(state=Paper.State.VOID).exists():
        raise Problem(_("There is a bulletin of this campaign already."), code="taken")
    made = Paper.objects.create(
        kind=Paper.Kind.BULLETIN,
        campaign=campaign,
        drafted_by=by,
        title=f"关于{campaign.name_zh}情况的通报",
        blocks=_as_json(rules.draft(queries.facts_of(campaign))),
        annex=queries.annex_of(campaign),
    )
    note_change(after={"campaign": campaign.code})
    return made


def _as_json(blocks: Sequence[rules.Block]) -> list[dict[str, str]]:
    return [{"key": one.key, "title": one.title, "text": one.text} for one in blocks]


@action("inspection.bulletins.edit_paper", title=_("Change the draft of a paper"), unit=_unit, subject=_about)
def edit_paper(*, paper: Paper, title: str, texts: dict[str, str], by: User) -> Paper:
    """Change title and texts of a draft, by the keys of its parts. Problem for one that is being sealed or issued."""
    _claim(paper)
    if paper.state != Paper.State.DRAFT:
        raise Problem(_("This paper is being sealed: have it returned to change it."), code="not_draft")
    if paper.kind == Paper.Kind.SUMMARY and not leads(by, paper.group_id):
        refuse(_("Only the leader of the group writes its summary."))
    changed = [one["key"] for one in paper.blocks if texts.get(one["key"], one["text"]) != one["text"]]
    paper.title = title.strip()
    paper.blocks = [{**one, "text": texts.get(one["key"], one["text"])} for one in paper.blocks]
    paper.save(update_fields=["title", "blocks"])
    note_change(after={"changed": changed})
    return paper


@action("inspection.bulletins.submit_paper", title=_("Send a bulletin to be sealed"), unit=_unit, subject=_about)
def submit_paper(*, paper: Paper, by: User) -> Paper:
    """End the editing; every organiser gets a to-do to seal it. Problem for a summary, which needs no seal."""
    _claim(paper, Paper.State.SIGNING)
    if paper.kind != Paper.Kind.BULLETIN:
        raise Problem(_("A summary needs no seal."), code="no_seal")
    organisers = list(paper.campaign.organisers.select_related("unit"))
    paper.state, paper.round, paper.annex = Paper.State.SIGNING, paper.round + 1, queries.annex_of(paper.campaign)
    paper.save(update_fields=["state", "round", "annex"])
    request_signoffs(subject=paper.seal_subject, seats=[one.seat for one in organisers])
    for one in organisers:
        open_todo(
            kind="seal",
            subject=f"{paper.seal_subject}:{one.seat}",
            title_zh=f"签章：{paper.title}",
            title_en=f"Seal: {paper.title}",
            url=paper.get_absolute_url(),
            right=SEAL,
            unit_id=one.unit_id,
        )
    note_change(before={"state": "draft"}, after={"state": "signing", "round": paper.round})
    return paper


@action(
    SEAL,
    title=_("Seal a bulletin for an organiser"),
    unit=lambda organiser, **_facts: organiser.unit_id,
    subject=_about,
)
def seal_paper(*, paper: Paper, organiser: Organiser, by: User) -> Paper:
    """Put the seal of one organiser; nobody seals for two of them. Raises Problem."""
    _claim(paper)
    if paper.state != Paper.State.SIGNING:
        raise Problem(_("This paper does not wait for seals."), code="not_signing")
    if organiser.campaign_id != paper.campaign_id:
        raise Problem(_("This organisation does not organise the campaign."), code="no_organiser")
    sign_seat(subject=paper.seal_subject, seat=organiser.seat, by=by)
    close_todos(kind="seal", subject=f"{paper.seal_subject}:{organiser.seat}", by=by)
    note_change(after={"seal": organiser.unit.code, "round": paper.round})
    return paper


@action("inspection.bulletins.return_paper", title=_("Return a bulletin to its draft"), unit=_unit, subject=_about)
def return_paper(*, paper: Paper, reason: str, by: User) -> Paper:
    """Take a paper back to be changed; the seals put so far count nothing any more."""
    _claim(paper, Paper.State.DRAFT)
    for one in paper.campaign.organisers.select_related("unit"):
        close_todos(kind="seal", subject=f"{paper.seal_subject}:{one.seat}", by=by)
    paper.state = Paper.State.DRAFT
    paper.save(update_fields=["state"])
    note_change(before={"state": "signing"}, after={"state": "draft"}, reason=reason)
    return paper


@action("inspection.bulletins.issue_paper", title=_("Issue a bulletin"), unit=_unit, subject=_about)
def issue_paper(*, paper: Paper, by: User) -> Paper:
    """Issue the bulletin under the next number: the campaign is issued, every inspected unit gets a to-do.

    Raises Problem before the last seal, and while a target is neither inspected nor exempt (they are named).
    """
    _claim(paper, Paper.State.ISSUED)
    require_signed(subject=paper.seal_subject)
    _require_coverage(paper.campaign)
    paper.issued_at = timezone.now()
    paper.document = issue_document(
        kind=KIND,
        subject=_about(paper),
        template="inspection_bulletin",
        data=papers.bulletin_data(paper),
        unit_id=paper.campaign.unit_id,
        by=by,
    )
    paper.state = Paper.State.ISSUED
    paper.save(update_fields=["state", "issued_at", "document"])
    CAMPAIGN.require(paper.campaign.state, Campaign.State.ISSUED)
    Campaign.objects.filter(pk=paper.campaign_id).update(state=Campaign.State.ISSUED)
    for unit in queries.inspected_units(paper.campaign):
        open_todo(
            kind="bulletin",
            subject=f"{_about(paper)}:{unit.pk}",
            title_zh=f"签收通报：{paper.title}"[:160],
            title_en=f"Acknowledge: {paper.title}"[:200],
            url=paper.get_absolute_url(),
            right=ACKNOWLEDGE,
            unit_id=unit.pk,
        )
    note_change(before={"state": "signing"}, after={"state": "issued", "number": paper.document.number})
    return paper


def _require_coverage(campaign: Campaign) -> None:
    if coverage_of(campaign.assignments.all()).is_full:
        return
    names = [one.target.name for one in open_ones(campaign, 5)]
    text = _("Not every target is inspected: %(names)s. Inspect them, or have them exempt with approval.")
    raise Problem(text % {"names": "、".join(names)}, code="not_covered")


@action("inspection.bulletins.void_paper", title=_("Void a bulletin"), unit=_unit, subject=_about, four_eyes="always")
def void_paper(*, paper: Paper, reason: str, by: User) -> Paper:
    """Void an issued bulletin; a second person agrees. It keeps its number and another one can be drafted."""
    _claim(paper, Paper.State.VOID)
    if paper.document is not None:
        void_document(document=paper.document, reason=reason, by=by)
    paper.state = Paper.State.VOID
    paper.save(update_fields=["state"])
    Campaign.objects.filter(pk=paper.campaign_id, state=Campaign.State.ISSUED).update(state=Campaign.State.REVIEWING)
    note_change(before={"state": "issued"}, after={"state": "void"}, reason=reason)
    return paper


@action(ACKNOWLEDGE, title=_("Acknowledge a bulletin"), unit=lambda unit, **_facts: unit.pk, subject=_about)
def acknowledge_paper(*, paper: Paper, unit: Unit, by: User) -> PaperReceipt:
    """Note that an inspected unit has received the bulletin; doing it again changes nothing. Raises Problem."""
    if paper.state != Paper.State.ISSUED:
        raise Problem(_("This paper is not issued."), code="not_issued")
    if not queries.inspected_units(paper.campaign).filter(pk=unit.pk).exists():
        raise Problem(_("This unit was not inspected in the campaign."), code="not_inspected")
    found, _made = PaperReceipt.objects.get_or_create(paper=paper, unit=unit, defaults={"by": by})
    close_todos(kind="bulletin", subject=f"{_about(paper)}:{unit.pk}", by=by)
    note_change(after={"unit": unit.code})
    return found
