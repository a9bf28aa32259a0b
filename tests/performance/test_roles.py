"""The standard roles of 4R: every pattern means a right that exists; and papers come out in both languages."""

from __future__ import annotations

import pytest

from mainstay.core.access.batch import system_user
from mainstay.core.access.batch_roles import rights_of_role
from mainstay.core.access.models import Role
from mainstay.core.access.rules import reserved_for_administrators
from mainstay.core.door import catalogue
from mainstay.kit.yamls import load_yaml
from mainstay.performance.roles import FILE, install_performance_roles

ROLES = load_yaml(FILE)


@pytest.mark.parametrize("code", ROLES)
def test_patterns_mean_rights_that_exist(code: str) -> None:
    names = [one["right"] for one in rights_of_role(ROLES[code])]
    assert names and set(names) <= set(catalogue())
    assert not list(filter(reserved_for_administrators, names))


@pytest.mark.django_db
def test_installing_twice_changes_nothing() -> None:
    by = system_user()
    assert {role.code for role in install_performance_roles(by=by)} == set(ROLES)
    assert install_performance_roles(by=by) == []
    assert Role.objects.filter(code__startswith="r4_").count() == len(ROLES)
