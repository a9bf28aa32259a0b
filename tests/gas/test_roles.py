"""The standard roles: every pattern means a right that exists, and none an administrator's."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Role
from mainstay.core.access.rules import reserved_for_administrators
from mainstay.core.audit.models import Entry
from mainstay.core.door import catalogue
from mainstay.gas.roles import FILE, install_business_roles, rights_of_role
from mainstay.kit.yamls import load_yaml

ROLES = load_yaml(FILE)


@pytest.mark.parametrize("code", ROLES)
def test_patterns_mean_rights_that_exist(code: str) -> None:
    rights = rights_of_role(ROLES[code])
    assert rights
    assert {one["right"] for one in rights} <= set(catalogue())
    assert not [one["right"] for one in rights if reserved_for_administrators(one["right"])]


def test_a_misspelt_right_is_an_error() -> None:
    with pytest.raises(ValueError, match="no right matches"):
        rights_of_role({"all": ["gas.billing.cancle_bill"]})


@pytest.mark.django_db
def test_installing_twice_changes_nothing() -> None:
    by = system_user()
    assert {role.code for role in install_business_roles(by=by)} == set(ROLES)
    before = {role.code: role.rights.count() for role in Role.objects.all()}
    assert install_business_roles(by=by) == []
    assert {role.code: role.rights.count() for role in Role.objects.all()} == before


@pytest.mark.django_db
def test_the_command_installs_through_the_door(capsys: pytest.CaptureFixture[str]) -> None:
    Role.objects.create(code="clerk", name_zh="本站收费员")
    call_command("install_business_roles")
    assert {role.code for role in Role.objects.filter(protected=False)} == set(ROLES)
    assert not Role.objects.get(code="clerk").rights.exists(), "a role of the site was changed"
    made = Entry.objects.filter(action="core.access.create_role", outcome="done")
    assert made.count() == len(ROLES) - 1
    assert "reading_head" in capsys.readouterr().out
    call_command("install_business_roles")
    assert made.count() == len(ROLES) - 1


def test_what_needs_a_second_person_has_somebody_without_limit() -> None:
    limited = {name for facts in ROLES.values() for name in facts.get("limits", {})}
    unlimited = {one["right"] for facts in ROLES.values() for one in rights_of_role(facts) if one["limit_fen"] is None}
    assert limited <= unlimited
