"""The standard roles of 4R management (`roles.yaml`), put into the database."""

from __future__ import annotations

from pathlib import Path

from mainstay.core.access.batch_roles import install_roles
from mainstay.core.access.models import Role, User

FILE = Path(__file__).with_name("roles.yaml")


def install_performance_roles(*, by: User) -> list[Role]:
    """Create the standard roles that are missing, each with its rights; a role that exists is left as it is."""
    return install_roles(FILE, by=by)
