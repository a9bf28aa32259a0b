"""API: hazards and rectification notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Query, Router, Schema

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.inspection.hazards import queries
from mainstay.inspection.hazards.models import Hazard, Notice
from mainstay.kit.api import READ, Number

prefix = "/hazards"
router = Router()
MOST = 500
Word = Annotated[str, Field(pattern=r"^[a-z_]{1,12}$")]


class HazardOut(Schema):
    """A hazard: where, what, how serious, until when, how far it is put right. `days_over` is as of today."""

    id: int
    campaign: str
    target: str
    account_no: str
    unit: str
    item: str
    finding: str
    level: str
    state: str
    found_on: date
    deadline_on: date
    days_over: int
    repeat: bool
    notices: list[str]


class HazardPage(Schema):
    """Hazards in order of `id`; `next` is the `after` of the next page."""

    items: list[HazardOut]
    next: str | None


class NoticeOut(Schema):
    """A rectification notice and the proof of its service."""

    number: str
    campaign: str
    target: str
    unit: str
    state: str
    deadline_on: date
    issued_at: datetime
    served: str
    received_by: str
    receipt_refused: bool
    witness: str
    hazards: list[int]


class NoticePage(Schema):
    """Notices in order of `next`."""

    items: list[NoticeOut]
    next: str | None


class Asked(Schema):
    """Of which campaign or customer, and from where."""

    campaign: str | None = Field(None, pattern=r"^[^\x00-\x1f\x7f]{1,30}$", description=_n("The campaign's code."))
    account_no: Number | None = Field(None, description=_n("Of the home of this customer account."))
    after: int = Field(0, ge=0, le=2**53, description=_n("`next` of the page before."))
    limit: int = Field(100, ge=1, le=MOST)

    def narrowed(self, rows: Any) -> list[Any]:
        """The rows asked for, and one more that tells of a next page."""
        wanted = {"campaign__code": self.campaign, "target__account_no": self.account_no}
        rows = rows.filter(pk__gt=self.after, **{name: value for name, value in wanted.items() if value})
        return list(rows.order_by("pk")[: self.limit + 1])

    def next(self, found: list[Any]) -> str | None:
        """The `after` of the next page."""
        return str(found[self.limit - 1].pk) if len(found) > self.limit else None


class HazardsAsked(Asked):
    """Which hazards."""

    state: Word | None = None


def _may_see(request: ApiRequest) -> None:
    if not allowed(request.user, queries.VIEW):
        raise Refused(queries.VIEW, _("This token has no right to see this."))


@router.get("/", response={200: HazardPage, **READ}, summary=_n("Hazards"))
def list_hazards(request: ApiRequest, asked: Query[HazardsAsked]) -> HazardPage:
    """Of a campaign or a customer's home, by state if asked: closed ones come too, their state tells."""
    _may_see(request)
    rows = Hazard.objects.visible_to(request.user).select_related("campaign", "target", "unit")
    rows = rows.prefetch_related("notices")
    found = asked.narrowed(rows.filter(state=asked.state) if asked.state else rows)
    return HazardPage(items=[_hazard(one) for one in found[: asked.limit]], next=asked.next(found))


def _hazard(one: Hazard) -> HazardOut:
    names = ("finding", "level", "state", "found_on", "deadline_on", "days_over")
    return HazardOut(
        id=one.pk, campaign=one.campaign.code, target=one.target.code, account_no=one.target.account_no,
        unit=one.unit.code, item=one.item_code, repeat=one.repeat_of_id is not None,
        notices=[notice.number for notice in one.notices.all()], **{name: getattr(one, name) for name in names},
    )  # fmt: skip


@router.get("/notices/", response={200: NoticePage, **READ}, summary=_n("Rectification notices"))
def list_notices(request: ApiRequest, asked: Query[Asked]) -> NoticePage:
    """Of a campaign or a customer's home; void ones come too, their state tells."""
    _may_see(request)
    rows = queries.notices_visible_to(request.user).select_related("campaign", "target", "unit")
    found = asked.narrowed(rows.prefetch_related("hazards"))
    return NoticePage(items=[_notice(one) for one in found[: asked.limit]], next=asked.next(found))


def _notice(one: Notice) -> NoticeOut:
    names = ("number", "state", "deadline_on", "issued_at", "served", "received_by", "receipt_refused", "witness")
    return NoticeOut(
        campaign=one.campaign.code, target=one.target.code, unit=one.unit.code,
        hazards=[hazard.pk for hazard in one.hazards.all()], **{name: getattr(one, name) for name in names},
    )  # fmt: skip
