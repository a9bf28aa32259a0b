"""Move overdue to-dos to the head of every inbox they are in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.core.todos.batch import escalate_overdue


class Command(BaseCommand):
    """Escalate."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Mark and say how many."""
        self.stdout.write(_("%(n)s to-dos escalated") % {"n": escalate_overdue(timezone.now())})
