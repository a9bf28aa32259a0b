"""Create the standard roles of 4R management that are missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from mainstay.core.access.batch import system_user
from mainstay.performance.roles import install_performance_roles


class Command(BaseCommand):
    """Put the standard roles into the database, by the actions that the page of roles uses."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and name it; a role that exists is left as the site made it."""
        made = install_performance_roles(by=system_user())
        for role in made:
            self.stdout.write(f"{role.code:<20} {role}  ({role.rights.count()})")
        self.stdout.write(
            _("Roles created: %(count)d. The security administrator grants them to posts.") % {"count": len(made)}
            if made
            else _("Every standard role exists already; nothing was changed.")
        )
