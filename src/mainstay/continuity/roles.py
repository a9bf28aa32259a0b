"""The standard roles of operational safety (`roles.yaml`), put into the database."""

from __future__ import annotations

from pathlib import Path

from mainstay.core.access.batch_roles import install_roles, rights_of_role
from mainstay.core.access.models import Role, User
from mainstay.core.events.providers import answers

__all__ = ["FILE", "install_continuity_roles", "rights_of_role"]

FILE = Path(__file__).with_name("roles.yaml")


def install_continuity_roles(*, by: User) -> list[Role]:
    """Create the standard roles that are missing, each with its rights, and let the probes run on schedule.

    Raises ValueError when the file names a right that no part declares.
    """
    answers("install_schedules")
    return install_roles(FILE, by=by)
