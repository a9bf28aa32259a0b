"""Carriers, packages, reports of clients."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.antivirus import clamd, package, queries
from mainstay.continuity.antivirus.batch import write_clients
from mainstay.continuity.antivirus.models import Carried, Medium
from mainstay.continuity.antivirus.rules import Refused
from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

REGISTER, RETIRE = "continuity.antivirus.register_medium", "continuity.antivirus.retire_medium"
TAKE, REPORT = "continuity.antivirus.take_package", "continuity.antivirus.import_clients"


@action(REGISTER, title=_("Register a carrier"), subject=lambda label, **_f: label, four_eyes="always")
def register_medium(*, label: str, serial: str, keeper: str, by: User) -> Medium:
    """Register a carrier that may bring packages in; a second person agrees. Raises Problem for a label in use."""
    if Medium.objects.filter(label=label.strip()).exists():
        raise Problem(_("There is a carrier with this label already."), field="label", code="taken")
    return Medium.objects.create(label=label.strip(), serial=serial.strip(), keeper=keeper.strip())


@action(RETIRE, title=_("Give up a carrier"), subject=lambda medium, **_f: f"antivirus.medium:{medium.pk}")
def retire_medium(*, medium: Medium, reason: str, by: User) -> Medium:
    """Bring no more packages in by this carrier."""
    medium.retired_on = local_today()
    medium.save(update_fields=["retired_on"])
    note_change(after={"retired_on": f"{medium.retired_on}"}, reason=reason)
    return medium


@action(TAKE, title=_("Take a carried package"), subject=lambda path, **_f: Path(path).name)
def take_package(*, path: str, medium: Medium, by: User) -> Carried:
    """Verify a package, scan what else lies on the carrier, and serve its files to the clients: all, or nothing.

    Raises Problem and changes nothing: a byte was changed, another key, an older number, the carrier was given up or
    holds something that the scanner does not clear.
    """
    lock("antivirus.take", 0)
    source = Path(path)
    if medium.retired_on:
        raise Problem(_("This carrier was given up. Use a registered one."), field="medium", code="retired")
    if not source.is_file():
        raise Problem(_("This package does not lie there any more."), field="path", code="gone")
    scanned = _scan(source)
    try:
        found = package.take(source, queries.public_key(), queries.store(), timezone.now())
    except Refused as refused:
        why = {"why": refused.told(get_language() or "zh")}
        raise Problem(_("Nothing was taken: %(why)s.") % why, field="path", code=refused.code) from None
    files = [{"name": name, "size": size, "sha256": sha} for name, (size, sha) in found.files.items()]
    note_change(after={"sequence": found.sequence, "files": len(files), "medium": medium.label})
    return Carried.objects.create(
        kind=found.kind, sequence=found.sequence, made_at=found.made_at, made_by=found.made_by, files=files,
        medium=medium, scanned=scanned, by=by,
    )  # fmt: skip


def _scan(source: Path) -> str:
    """Scan the carrier's other files; the package itself is proven by its seal, byte by byte."""
    if not settings.CLAMD:
        return str(_("no scanner set up"))
    try:
        found = clamd.infected(settings.CLAMD, source.parent, source)
    except OSError as error:
        text = _("The scanner does not answer, so nothing was taken: %(error)s") % {"error": error}
        raise Problem(text, code="no_scanner") from None
    if found:
        listed = "；".join(found[:3])
        raise Problem(_("Nothing was taken. The carrier holds: %(files)s") % {"files": listed}, code="infected")
    return str(_("clean"))


@action(REPORT, title=_("Import reports of antivirus clients"))
def import_clients(*, rows: Sequence[dict[str, Any]], by: User) -> int:
    """Take what clients say of their signatures; returns how many are new."""
    new = write_clients(rows, timezone.now())
    note_change(after={"rows": len(rows), "new": new})
    return new
