"""Items registered, checked, given up; visitors admitted, in, out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.machineroom import queries
from mainstay.continuity.machineroom.models import Check, Item, Visit
from mainstay.continuity.site.batch import record
from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SAVE, CHECK, RETIRE = (f"continuity.machineroom.{one}_item" for one in ("save", "check", "retire"))
ADMIT, PASS = "continuity.machineroom.admit_visitor", "continuity.machineroom.pass_visitor"


def _about(item: Item, **_facts: object) -> str:
    return f"machineroom.item:{item.pk}"


def _look() -> None:
    now = timezone.now()
    record("machineroom.items", "", queries.look_at_items(now), now)


@action(SAVE, title=_("Register an item of the machine room"))
def save_item(
    *,
    kind: str,
    label: str,
    name: str,
    every_days: int,
    place: str = "",
    address: str = "",
    item: Item | None = None,
    by: User,
) -> Item:
    """Register something that is checked regularly, or change it. Raises Problem for a label in use."""
    if Item.objects.filter(label=label.strip()).exclude(pk=item.pk if item else 0).exists():
        raise Problem(_("There is an item with this label already."), field="label", code="taken")
    row = item or Item()
    row.kind, row.label, row.name, row.every_days = kind, label.strip(), name.strip(), every_days
    row.place, row.address = place.strip(), address.strip()
    row.save()
    note_change(subject=f"machineroom.item:{row.pk}", after={"label": row.label, "every_days": every_days})
    _look()
    return row


@action(CHECK, title=_("Check an item of the machine room"), subject=_about)
def check_item(*, item: Item, on: date, fine: bool, note: str = "", by: User) -> Check:
    """Record a check. Raises Problem: a day to come, one before the last check, a fault without a word about it."""
    lock("machineroom.item", item.pk)
    item.refresh_from_db()
    if on > local_today():
        raise Problem(_("This day has not come yet."), field="on", code="future")
    if item.last_on and on < item.last_on:
        raise Problem(_("A later check is on record already."), field="on", code="older")
    if not fine and not note.strip():
        raise Problem(_("Say what is not in order."), field="note", code="no_note")
    made = Check.objects.create(item=item, on=on, fine=fine, note=note.strip(), by=by)
    item.last_on, item.fine = on, fine
    item.save(update_fields=["last_on", "fine"])
    note_change(after={"on": f"{on}", "fine": fine})
    _look()
    return made


@action(RETIRE, title=_("Give up an item of the machine room"), subject=_about)
def retire_item(*, item: Item, reason: str, by: User) -> Item:
    """Check it no more."""
    item.retired_on = local_today()
    item.save(update_fields=["retired_on"])
    note_change(after={"retired_on": f"{item.retired_on}"}, reason=reason)
    _look()
    return item


@action(ADMIT, title=_("Admit a visitor to the machine room"))
def admit_visitor(*, who: str, why: str, escort: str, planned_on: date, company: str = "", by: User) -> Visit:
    """Write a visitor into the register and draw the pass. Raises Problem: a past day, nobody who goes along."""
    if planned_on < local_today():
        raise Problem(_("This day is over."), field="planned_on", code="past")
    if who.strip() == escort.strip():
        raise Problem(_("Somebody else has to go along."), field="escort", code="alone")
    facts = {"who": who, "why": why, "escort": escort, "company": company}
    return Visit.objects.create(planned_on=planned_on, by=by, **{key: text.strip() for key, text in facts.items()})


@action(PASS, title=_("Let a visitor in or out"), subject=lambda visit, **_f: f"machineroom.visit:{visit.pk}")
def pass_visitor(*, visit: Visit, by: User) -> Visit:
    """The pass was shown: first it lets in, then out. Raises Problem: another day, or out already."""
    lock("machineroom.visit", visit.pk)
    visit.refresh_from_db()
    now = timezone.now()
    if visit.state == "out":
        raise Problem(_("This visit is over; the pass opens nothing any more."), code="over")
    if visit.state == "expected":
        if visit.planned_on != local_today():
            raise Problem(_("This pass is for another day: %(day)s.") % {"day": visit.planned_on}, code="other_day")
        visit.came_at = now
    else:
        visit.left_at = now
    visit.save(update_fields=["came_at", "left_at"])
    note_change(after={"state": visit.state})
    record("machineroom.visits", "", queries.look_at_visits(now), now)
    return visit
