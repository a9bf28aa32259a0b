"""The standard roles of operational safety: every pattern means a right that exists."""

from __future__ import annotations

import pytest

from mainstay.continuity.roles import FILE, install_continuity_roles, rights_of_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Role
from mainstay.core.door import catalogue
from mainstay.kit.yamls import load_yaml

ROLES = load_yaml(FILE)


@pytest.mark.parametrize("code", ROLES)
def test_patterns_mean_rights_that_exist(code: str) -> None:
    rights = rights_of_role(ROLES[code])
    assert rights and {one["right"] for one in rights} <= set(catalogue())


@pytest.mark.django_db
def test_installing_twice_changes_nothing() -> None:
    by = system_user()
    assert {role.code for role in install_continuity_roles(by=by)} == set(ROLES)
    assert install_continuity_roles(by=by) == []
    assert Role.objects.filter(code__in=ROLES).count() == len(ROLES)
