"""Compare the audit log with a file of exported seals that was kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mainstay.core.audit import batch, checks


class Command(BaseCommand):
    """Find every difference."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding; fail when there is one."""
        try:
            exported = batch.read_export(options["file"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        findings = [checks.finding_of(found) for found in batch.find_tampering(exported)]
        for finding in findings:
            self.stdout.write(f"{finding.subject} {finding.text}")
        if findings:
            raise CommandError(_("%(n)s findings") % {"n": len(findings)})
        self.stdout.write(_("In order: %(n)s seals agree.") % {"n": len(exported)})
