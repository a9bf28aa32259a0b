"""Set up an empty site: the company, and its first three administrators with passwords for one log-in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mainstay.core.access.batch import create_first_administrators
from mainstay.kit.errors import Problem


class Command(BaseCommand):
    """Make the first users of a site."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the company."""
        parser.add_argument("company", help="Name of the company, in Chinese")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print each password once."""
        try:
            made = create_first_administrators(options["company"])
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        for issued in made:
            self.stdout.write(f"{issued.user.username:<16} {issued.secret}")
        self.stdout.write(_("Hand each password to one person only; it must be changed at the first log-in."))
