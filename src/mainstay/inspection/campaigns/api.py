"""API: campaigns, their tasks, and records of visits sent in by a program."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, File, Path, Query, Router, Schema, Status, UploadedFile

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.inspection.campaigns import actions, queries
from mainstay.inspection.campaigns.actions.records import missing_of
from mainstay.inspection.campaigns.api_incoming import Hash, RecordIn, plain
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection
from mainstay.kit.api import READ, WRITE, Number
from mainstay.kit.errors import Problem

prefix = "/inspections"
router = Router()
MOST = 500
Word = Annotated[str, Field(pattern=r"^[a-z_]{1,12}$")]


class CoverageOut(Schema):
    """How much is covered; rates in basis points of what is not exempt, cut and not rounded."""

    total: int
    inspected: int
    exempt: int
    reached: int
    refused: int
    unreachable: int
    open: int
    inspected_bp: int
    reached_bp: int


class CampaignOut(Schema):
    """A campaign: its basis, window and state."""

    code: str
    name: str
    kind: str
    state: str
    basis_title: str
    basis_number: str
    unit: str
    organisers: list[str]
    from_on: date
    until_on: date


class CampaignCovered(CampaignOut):
    """A campaign with its coverage."""

    coverage: CoverageOut


class CampaignPage(Schema):
    """Campaigns by code; `next` is the `after` of the next page."""

    items: list[CampaignOut]
    next: str | None


class TaskOut(Schema):
    """A target in a campaign and what became of it. `id` and `revision` are what a record names."""

    id: int
    revision: int
    target: str
    name: str
    kind: str
    klass: str
    unit: str
    group: str
    block: str
    stair: str
    account_no: str
    due_on: date | None
    state: str
    visits: int
    late: bool
    reached_on: date | None
    inspected_on: date | None


class TaskPage(Schema):
    """Tasks in order of `id`; `next` is the `after` of the next page."""

    items: list[TaskOut]
    next: str | None


class RecordOut(Schema):
    """What became of a record: when `complete`, the sender may forget its own copy."""

    id: UUID
    record: UUID
    task: int
    edition: int
    revision: int
    state: str
    outcome: str
    received_at: datetime
    failed: int
    score_bp: int | None
    missing: list[str]
    complete: bool


class CampaignsAsked(Schema):
    """Which campaigns."""

    state: Word | None = None
    kind: Word | None = None
    after: str = Field("", pattern=r"^[^\x00-\x1f\x7f]{0,30}$", description=_n("`next` of the page before."))
    limit: int = Field(100, ge=1, le=MOST)


class TasksAsked(Schema):
    """Which tasks of a campaign."""

    campaign: str = Field(pattern=r"^[^\x00-\x1f\x7f]{1,30}$", description=_n("The campaign's code."))
    state: Word | None = None
    klass: Word | None = None
    target: Number | None = Field(None, description=_n("The target's code."))
    after: int = Field(0, ge=0, le=2**53, description=_n("`next` of the page before."))
    limit: int = Field(100, ge=1, le=MOST)


def _campaigns(request: ApiRequest) -> Any:
    if not allowed(request.user, queries.VIEW):
        raise Refused(queries.VIEW, _("This token has no right to see this."))
    return queries.campaigns_visible_to(request.user).prefetch_related("organisers__unit")


def _campaign_or_404(request: ApiRequest, code: str) -> Campaign:
    found: Campaign | None = _campaigns(request).filter(code=code).first()
    if found is None:
        raise Problem(_("There is no campaign %(code)s.") % {"code": code}, field="campaign", code="not_found")
    return found


def _facts(one: Campaign) -> dict[str, Any]:
    names = ("code", "kind", "state", "basis_title", "basis_number", "from_on", "until_on")
    facts = {name: getattr(one, name) for name in names}
    organisers = [organiser.unit.code for organiser in one.organisers.all()]
    return {**facts, "name": one.name, "unit": one.unit.code, "organisers": organisers}


@router.get("/campaigns/", response={200: CampaignPage, **READ}, summary=_n("Campaigns"))
def list_campaigns(request: ApiRequest, asked: Query[CampaignsAsked]) -> CampaignPage:
    """Those of the token's units, by code; rounds of patrols come too."""
    rows = _campaigns(request).filter(code__gt=asked.after)
    rows = rows.filter(state=asked.state) if asked.state else rows
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    found = list(rows.order_by("code")[: asked.limit + 1])
    last = found[asked.limit - 1].code if len(found) > asked.limit else None
    return CampaignPage(items=[CampaignOut(**_facts(one)) for one in found[: asked.limit]], next=last)


Code = Annotated[str, Path(pattern=r"^[^\x00-\x1f\x7f/]{1,30}$")]


@router.get("/campaigns/{code}", response={200: CampaignCovered, **READ}, summary=_n("A campaign with its coverage"))
def get_campaign(request: ApiRequest, code: Code) -> CampaignCovered:
    """404 for one that the token may not see."""
    one = _campaign_or_404(request, code)
    covered = queries.coverage_of(one.assignments.all())
    return CampaignCovered(**_facts(one), coverage=CoverageOut.from_orm(covered))


@router.get("/tasks/", response={200: TaskPage, **READ}, summary=_n("Tasks of a campaign"))
def list_tasks(request: ApiRequest, asked: Query[TasksAsked]) -> TaskPage:
    """By state or class if asked; people's names and telephones are left out."""
    rows = _campaign_or_404(request, asked.campaign).assignments.filter(pk__gt=asked.after)
    wanted = {"state": asked.state, "klass": asked.klass, "target__code": asked.target}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    found = list(rows.select_related("target", "unit", "group").order_by("pk")[: asked.limit + 1])
    last = str(found[asked.limit - 1].pk) if len(found) > asked.limit else None
    return TaskPage(items=[_task(one) for one in found[: asked.limit]], next=last)


def _task(one: Assignment) -> TaskOut:
    names = ("revision", "klass", "block", "stair", "due_on", "state", "visits", "late", "reached_on", "inspected_on")
    target = one.target
    return TaskOut(
        id=one.pk, target=target.code, name=target.name, kind=target.kind, unit=one.unit.code,
        group=one.group.code if one.group else "", account_no=target.account_no,
        **{name: getattr(one, name) for name in names},
    )  # fmt: skip


def _record(one: Inspection) -> RecordOut:
    missing = missing_of(one)
    names = ("record", "edition", "revision", "state", "outcome", "received_at", "failed", "score_bp")
    return RecordOut(
        id=one.client_id, task=one.assignment_id, missing=missing, complete=not missing,
        **{name: getattr(one, name) for name in names},
    )  # fmt: skip


def _record_or_404(request: ApiRequest, key: UUID, right: str) -> Inspection:
    if not allowed(request.user, right):
        raise Refused(right, _("This token has no right to see this."))
    seen = Campaign.objects.visible_to(request.user, right)
    rows = Inspection.objects.select_related("assignment__campaign", "assignment__group")
    found = rows.filter(client_id=key, assignment__campaign__in=seen).first()
    if found is None:
        raise Problem(_("There is no record %(id)s.") % {"id": key}, field="id", code="not_found")
    return found


@router.post("/records/", response={200: RecordOut, 201: RecordOut, **WRITE}, summary=_n("Record an inspection"))
def post_record(request: ApiRequest, record: RecordIn) -> Any:
    """`id` makes sending again harmless: 201 when new, 200 when known. Another body under it, or a visit recorded by
    somebody else meanwhile, is 409. `assignment` and `base` are `id` and `revision` of the task; photos follow.
    """
    if not allowed(request.user, queries.RECORD):
        raise Refused(queries.RECORD, _("This token has no right to record inspections."))
    seen = Campaign.objects.visible_to(request.user, queries.RECORD)
    rows = Assignment.objects.select_related("campaign", "group").filter(campaign__in=seen)
    task = rows.filter(pk=record.assignment).first()
    if task is None:
        raise Problem(_("There is no such target or record for you."), field="assignment", code="not_found")
    made = actions.record_inspection(assignment=task, body=plain(record), by=request.user)
    return Status(200 if getattr(made, "repeated", False) else 201, _record(made))


@router.get("/records/{id}", response={200: RecordOut, **READ}, summary=_n("Where a record stands"))
def get_record(request: ApiRequest, id: UUID) -> RecordOut:
    """404 for one that has not arrived, or that the token may not see."""
    return _record(_record_or_404(request, id, queries.VIEW))


@router.post(
    "/records/{id}/photos/{digest}", response={200: RecordOut, **WRITE}, summary=_n("Send a photo of a record")
)
def post_photo(
    request: ApiRequest,
    id: UUID,
    digest: Annotated[Hash, Path()],
    file: Annotated[UploadedFile, File()],
) -> RecordOut:
    """`digest` is the SHA-256 that the record names. Sent again it is accepted again; `missing` tells what is left."""
    one = _record_or_404(request, id, queries.RECORD)
    actions.store_photo(inspection=one, digest=digest, file=file, by=request.user)  # type: ignore[arg-type]
    return _record(one)
