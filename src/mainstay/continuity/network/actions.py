"""The register of devices: entered, changed, given up, taken from sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.network import batch
from mainstay.continuity.network.models import Terminal
from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SAVE, RETIRE = "continuity.network.save_terminal", "continuity.network.retire_terminal"
IMPORT, SIGHTINGS = "continuity.network.import_terminals", "continuity.network.import_sightings"


@action(SAVE, title=_("Register a terminal"))
def save_terminal(
    *,
    name: str,
    mac: str,
    zone: str,
    place: str,
    kind: str = "work",
    address: str | None = None,
    port: str = "",
    user: str = "",
    purpose: str = "",
    terminal: Terminal | None = None,
    by: User,
) -> Terminal:
    """Register a device or change it; what is seen is compared with it at once.

    Raises Problem: name or hardware address belongs to another one.
    """
    others = Terminal.objects.exclude(pk=terminal.pk if terminal else 0)
    if others.filter(name=name.strip()).exists():
        raise Problem(_("There is a terminal with this name already."), field="name", code="taken")
    if there := others.filter(mac=mac).first():
        text = _("This hardware address is registered as %(name)s.") % {"name": there}
        raise Problem(text, field="mac", code="taken")
    row = terminal or Terminal()
    before = {"zone": row.zone, "place": row.place, "mac": row.mac} if terminal else None
    row.name, row.mac, row.zone, row.place, row.kind = name.strip(), mac, zone, place.strip(), kind
    row.address, row.port, row.user, row.purpose = address or None, port.strip(), user.strip(), purpose.strip()
    row.save()
    batch.look()
    note_change(
        subject=f"network.terminal:{row.pk}", before=before, after={"zone": zone, "place": row.place, "mac": mac}
    )
    return row


@action(RETIRE, title=_("Give up a terminal"), subject=lambda terminal, **_f: f"network.terminal:{terminal.pk}")
def retire_terminal(*, terminal: Terminal, reason: str, by: User) -> Terminal:
    """Take a device out of use: from now on it is an alarm when it is seen. Raises Problem: given up already."""
    if terminal.retired_on:
        raise Problem(_("This terminal was given up already."), code="retired")
    terminal.retired_on = local_today()
    terminal.save(update_fields=["retired_on"])
    batch.look()
    note_change(after={"retired_on": f"{terminal.retired_on}"}, reason=reason)
    return terminal


@action(IMPORT, title=_("Import terminals from a sheet"))
def import_terminals(*, rows: Sequence[dict[str, Any]], by: User) -> int:
    """Write checked rows; those whose hardware address is registered are changed. Returns how many are new."""
    new = batch.write_terminals(rows)
    batch.look()
    note_change(after={"rows": len(rows), "new": new})
    return new


@action(SIGHTINGS, title=_("Import what a switch or address server sees"))
def import_sightings(*, rows: Sequence[dict[str, Any]], source: str, by: User) -> int:
    """Take an export: it replaces the one of the same source before it. Returns how many devices it names."""
    count = batch.write_sightings(rows, source)
    note_change(subject=f"network.source:{source}"[:80], after={"rows": count})
    return count
