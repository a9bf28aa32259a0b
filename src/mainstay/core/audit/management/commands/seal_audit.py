"""Seal the audit log, and write the seals to a file that is kept away from this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from mainstay.core.audit import batch


class Command(BaseCommand):
    """Seal what is not sealed yet."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of the export."""
        parser.add_argument("--export", type=Path, default=settings.DATA / "seals", help="Folder of the exported file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and export."""
        seals = batch.seal_audit()
        path = batch.export_seals(options["export"])
        rows = sum(seal.rows for seal in seals)
        self.stdout.write(_("%(rows)s rows sealed, seals exported to %(path)s") % {"rows": rows, "path": path})
