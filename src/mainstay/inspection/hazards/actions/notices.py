"""Rectification notices: issued with their number, served, voided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.actions import issue_document, void_document
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import open_todo
from mainstay.inspection.campaigns.actions.numbers import NOTICE
from mainstay.inspection.hazards import papers
from mainstay.inspection.hazards.actions.common import claim, note
from mainstay.inspection.hazards.models import Hazard, HazardStep, Notice
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

REPORT = "inspection.hazards.report_rectification"


def _unit(hazards: Sequence[Hazard], **_facts: Any) -> int | None:
    return hazards[0].campaign.unit_id if hazards else None


def _unit_of_notice(notice: Notice, **_facts: Any) -> int:
    return notice.campaign.unit_id


def _about(notice: Notice, **_facts: Any) -> str:
    return f"hazards.notice:{notice.pk}"


@action("inspection.hazards.issue_notice", title=_("Issue a rectification notice"), unit=_unit)
def issue_notice(
    *,
    hazards: Sequence[Hazard],
    deadline_on: date,
    measures: str = "",
    served: str = "",
    received_by: str = "",
    receipt_refused: bool = False,
    witness: str = "",
    number: str = "",
    written_at: datetime | None = None,
    by: User,
) -> Notice:
    """Issue a numbered notice about hazards of one target; `number` is one lent to a phone, else the next is taken.

    `written_at`: when it was written on the spot, so that the paper here bears the day of the one that was handed over.
    The unit finds it on its page of notices with a to-do. Raises Problem: none or several targets, a hazard that was
    noticed before, a deadline before today's finding, a refusal without a witness.
    """
    found = [claim(one, Hazard.State.NOTICED) for one in hazards]
    if len({one.target_id for one in found}) != 1:
        raise Problem(_("A notice is about the hazards of one target."), code="several_targets")
    if deadline_on < max(one.found_on for one in found):
        raise Problem(_("The deadline is before the day of the finding."), field="deadline_on", code="deadline")
    if receipt_refused and not witness.strip():
        raise Problem(_("A refusal to receive needs a witness."), field="witness", code="no_witness")
    number = number or _next_number()
    first = found[0]
    notice = Notice.objects.create(
        number=number,
        campaign=first.campaign,
        target=first.target,
        unit=first.unit,
        deadline_on=deadline_on,
        issued_by=by,
        served=served,
        received_by=received_by.strip(),
        receipt_refused=receipt_refused,
        witness=witness.strip(),
        state=Notice.State.SERVED if served else Notice.State.ISSUED,
    )
    if written_at is not None:  # the field takes the present when a row is made
        notice.issued_at = min(written_at, notice.issued_at)
        notice.save(update_fields=["issued_at"])
    notice.hazards.set(found)
    for one in found:
        one.state, one.deadline_on = Hazard.State.NOTICED, deadline_on
        one.first_deadline_on = deadline_on
        one.measures = one.measures or measures.strip()[:500]
        one.save(update_fields=["state", "deadline_on", "first_deadline_on", "measures"])
        note(one, HazardStep.What.NOTICED, by, number)
    notice.document = issue_document(
        kind=NOTICE,
        number=number,
        subject=_about(notice),
        template="rectification_notice",
        data=papers.notice_data(notice, measures),
        unit_id=notice.unit_id,
        by=by,
    )
    notice.save(update_fields=["document"])
    _tell(notice)
    note_change(subject=_about(notice), after={"number": number, "hazards": [one.pk for one in found]})
    return notice


def _next_number() -> str:
    year = local_today().year
    return f"{year}-{next_number(NOTICE, year):06d}"


def _tell(notice: Notice) -> None:
    names = {"number": notice.number, "target": notice.target.name}
    open_todo(
        kind="rectification",
        subject=f"hazards.notice:{notice.pk}",
        title_zh="整改：{target}（通知书 {number}）".format(**names),
        title_en="Put right: {target} (notice {number})".format(**names),
        url=notice.get_absolute_url(),
        right=REPORT,
        unit_id=notice.unit_id,
    )


@action(
    "inspection.hazards.serve_notice", title=_("Note how a notice was served"), unit=_unit_of_notice, subject=_about
)
def serve_notice(
    *, notice: Notice, served: str, received_by: str = "", receipt_refused: bool = False, witness: str = "", by: User
) -> Notice:
    """Note the proof of service. Raises Problem: void, served before, neither receiver nor refusal with a witness."""
    notice.refresh_from_db()
    if notice.state != Notice.State.ISSUED:
        raise Problem(_("This notice is served already, or void."), code="wrong_state")
    if receipt_refused and not witness.strip():
        raise Problem(_("A refusal to receive needs a witness."), field="witness", code="no_witness")
    if not receipt_refused and not received_by.strip():
        raise Problem(_("Say who received it, or that it was refused."), field="received_by", code="no_receiver")
    notice.served, notice.received_by, notice.receipt_refused = served, received_by.strip(), receipt_refused
    notice.witness, notice.state = witness.strip(), Notice.State.SERVED
    notice.save(update_fields=["served", "received_by", "receipt_refused", "witness", "state"])
    note_change(after={"served": served, "refused": receipt_refused})
    return notice


@action("inspection.hazards.void_notice", title=_("Void a rectification notice"), unit=_unit_of_notice, subject=_about)
def void_notice(*, notice: Notice, reason: str, by: User) -> Notice:
    """Void a notice; it keeps its number. Its hazards stay as they are: issue another notice for what is still open."""
    notice.refresh_from_db()
    if notice.state == Notice.State.VOID:
        raise Problem(_("This notice is void already."), code="void")
    if notice.document is not None:
        void_document(document=notice.document, reason=reason, by=by)
    before = notice.state
    notice.state = Notice.State.VOID
    notice.save(update_fields=["state"])
    note_change(before={"state": before}, after={"state": "void"}, reason=reason)
    return notice
