"""Users, roles, grants, keys, and the separation of the three administrators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.core.access import actions, batch, checks, passwords, queries, rules, tokens
from mainstay.core.access.models import ApiToken, Grant, Role, RoleRight, User
from mainstay.core.door import ApprovalFiled, Refused, catalogue, rights
from mainstay.core.organisation import actions as organisation
from mainstay.core.organisation.models import Holding, Unit
from mainstay.core.workflow import actions as workflow
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.core.make import grant, hold, make_person, make_post, make_role, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Unit:
    return make_unit("燃气公司")


@pytest.fixture
def roles() -> dict[str, Role]:
    return batch.install_standard_roles()


def administrator(roles: dict[str, Role], code: str, company: Unit) -> User:
    user = make_user()
    grant(roles[code], company, user=user)
    return user


@pytest.fixture
def security(roles: dict[str, Role], company: Unit) -> User:
    return administrator(roles, rules.SECURITY_ADMIN, company)


@pytest.fixture
def system(roles: dict[str, Role], company: Unit) -> User:
    return administrator(roles, rules.SYSTEM_ADMIN, company)


@pytest.fixture
def auditor(roles: dict[str, Role], company: Unit) -> User:
    return administrator(roles, rules.AUDIT_ADMIN, company)


def test_the_three_have_rights_and_share_only_looking(roles: dict[str, Role]) -> None:
    held = {code: set(role.rights.values_list("right", flat=True)) for code, role in roles.items()}
    assert all(held.values())
    for one, other in ((a, b) for a in held for b in held if a < b):
        assert all(".view_" in right for right in held[one] & held[other])
    for patterns in rules.ADMINISTRATOR_RIGHTS.values():
        for pattern in patterns:
            if "*" not in pattern:
                assert pattern in catalogue(), f"{pattern} exists no more"


def test_granting_gives_the_right_and_ending_takes_it(security: User, company: Unit) -> None:
    clerk, role = make_user(), make_role({"core.organisation.view_units": ("all", None)})
    given_one = actions.grant_role(role=role, unit=company, user=clerk, by=security)
    assert rights.allowed(clerk, "core.organisation.view_units")
    actions.end_grant(grant=given_one, reason="moved", by=security)
    rights.forget(clerk)
    assert not rights.allowed(clerk, "core.organisation.view_units")


def test_nobody_grants_to_himself(security: User, company: Unit) -> None:
    role, post = make_role(), make_post(company)
    with pytest.raises(Refused):
        actions.grant_role(role=role, unit=company, user=security, by=security)
    assert security.person is not None
    hold(security.person, post)
    with pytest.raises(Refused):
        actions.grant_role(role=role, unit=company, post=post, by=security)


def test_administrators_are_appointed_by_two(
    security: User, roles: dict[str, Role], company: Unit, auditor: User
) -> None:
    second, newcomer = administrator(roles, rules.SECURITY_ADMIN, company), make_user()
    with pytest.raises(ApprovalFiled) as caught:
        actions.grant_role(role=roles[rules.AUDIT_ADMIN], unit=company, user=newcomer, by=security)
    assert not newcomer.grants.exists()
    workflow.approve(approval=caught.value.approval, by=second)
    assert newcomer.grants.get().role == roles[rules.AUDIT_ADMIN]


@pytest.mark.parametrize("kind", ["business after administrator", "administrator after business", "two administrators"])
def test_roles_that_must_stay_apart(security: User, roles: dict[str, Role], company: Unit, kind: str) -> None:
    second, user = administrator(roles, rules.SECURITY_ADMIN, company), make_user()
    business, admin, other = make_role(), roles[rules.AUDIT_ADMIN], roles[rules.SYSTEM_ADMIN]
    first, then = {
        "business after administrator": (admin, business),
        "administrator after business": (business, admin),
        "two administrators": (admin, other),
    }[kind]
    grant(first, company, user=user)
    with pytest.raises((Problem, ApprovalFiled)) as caught:
        actions.grant_role(role=then, unit=company, user=user, by=security)
    if isinstance(caught.value, ApprovalFiled):
        with pytest.raises(Problem):
            workflow.approve(approval=caught.value.approval, by=second)
    assert user.grants.count() == 1


def test_posts_do_not_lead_around_the_separation(
    security: User, system: User, roles: dict[str, Role], company: Unit, auditor: User
) -> None:
    post = make_post(company)
    grant(make_role(), company, post=post)
    assert auditor.person is not None
    with pytest.raises(Problem):
        organisation.assign_post(person=auditor.person, post=post, by=system)
    empty = make_post(company)
    hold(auditor.person, empty)
    with pytest.raises(Problem):
        actions.grant_role(role=make_role(), unit=company, post=empty, by=security)


def test_nobody_assigns_a_post_to_himself(system: User, company: Unit) -> None:
    assert system.person is not None
    with pytest.raises(Refused):
        organisation.assign_post(person=system.person, post=make_post(company), by=system)


def test_the_check_finds_what_was_slipped_in(roles: dict[str, Role], company: Unit, auditor: User) -> None:
    assert list(checks.access_is_separated()) == []
    grant(make_role(), company, user=auditor)
    bad = make_role({"core.access.grant_role": ("all", None), "gas.nothing.at_all": ("all", None)})
    subjects = sorted(found.subject for found in checks.access_is_separated())
    assert subjects == sorted([f"access.user:{auditor.pk}", *[f"access.role:{bad.pk}"] * 2])


def test_the_watched_cannot_switch_off_the_watcher(
    roles: dict[str, Role], company: Unit, security: User, system: User, auditor: User
) -> None:
    seconds = {
        "system": administrator(roles, rules.SYSTEM_ADMIN, company),
        "security": administrator(roles, rules.SECURITY_ADMIN, company),
    }
    with pytest.raises(Refused):
        actions.set_role_rights(role=roles[rules.AUDIT_ADMIN], rights=[], by=security)
    with pytest.raises(ApprovalFiled) as lock:
        actions.lock_user(user=auditor, reason="no", by=system)
    with pytest.raises(ApprovalFiled) as end:
        actions.end_grant(grant=auditor.grants.get(), reason="no", by=security)
    for filed, second in ((lock, seconds["system"]), (end, seconds["security"])):
        with pytest.raises(Problem):
            workflow.approve(approval=filed.value.approval, by=second)
    assert auditor.person is not None
    with pytest.raises(Problem):
        organisation.record_leaver(person=auditor.person, on=local_today(), by=system)
    administrator(roles, rules.AUDIT_ADMIN, company)
    workflow.approve(approval=lock.value.approval, by=seconds["system"])
    auditor.refresh_from_db()
    assert not auditor.is_active


def test_rights_of_administrators_go_into_no_other_role(security: User) -> None:
    role = make_role()
    with pytest.raises(Problem):
        actions.set_role_rights(role=role, rights=[{"right": "core.access.grant_role", "scope": "all"}], by=security)
    with pytest.raises(Problem):
        actions.set_role_rights(role=role, rights=[{"right": "gas.no.such", "scope": "all"}], by=security)
    wanted = [{"right": "core.organisation.view_units", "scope": "unit", "limit_fen": 5}]
    actions.set_role_rights(role=role, rights=wanted, by=security)
    assert list(role.rights.values_list("right", "scope", "limit_fen")) == [("core.organisation.view_units", "unit", 5)]


def test_a_new_user_gets_a_password_for_once(system: User) -> None:
    issued = actions.create_user(username="zhao", person=make_person(), by=system)
    assert issued.user.check_password(issued.secret)
    assert issued.user.must_change_password
    for name, person in (("Zh", make_person()), ("zhao", make_person()), ("zhao2", issued.user.person)):
        with pytest.raises(Problem):
            actions.create_user(username=name, person=person, by=system)


def test_locking_and_resetting(system: User) -> None:
    user = make_user()
    actions.lock_user(user=user, reason="left the key", by=system)
    actions.unlock_user(user=user, reason="found it", by=system)
    issued = actions.reset_password(user=user, reason="forgot", by=system)
    assert user.check_password(issued.secret) and user.is_active
    for act in (actions.lock_user, actions.unlock_user, actions.reset_password):
        with pytest.raises((Refused, ApprovalFiled)):
            act(user=system, reason="me", by=system)


def test_one_time_passwords_pass_the_regime() -> None:
    made = {passwords.one_time_password() for _n in range(50)}
    assert len(made) == 50
    assert all(len(one) >= 14 and rules.kinds_of_characters(one) >= 3 for one in made)


def test_keys(security: User) -> None:
    service = make_user(kind=User.Kind.SERVICE)
    issued = actions.issue_token(user=service, name="billing", by=security)
    header = f"Bearer {issued.secret}"
    assert tokens.user_of(header) == service
    assert not ApiToken.objects.filter(digest__contains=issued.secret).exists()
    for wrong in (None, "", "Bearer", "Bearer x", f"Basic {issued.secret}", header + "x", "Bearer mst_" + "a" * 43):
        assert tokens.user_of(wrong) is None
    ApiToken.objects.update(expires_on=local_today() - timedelta(days=1))
    assert tokens.user_of(header) is None
    ApiToken.objects.update(expires_on=local_today())
    assert tokens.user_of(header) == service
    actions.revoke_token(token=ApiToken.objects.get(), reason="lost", by=security)
    assert tokens.user_of(header) is None
    with pytest.raises(Problem):
        actions.issue_token(user=make_user(), name="person", by=security)


def test_a_key_costs_two_queries_with_its_rights(security: User, django_assert_max_num_queries: object) -> None:
    service = make_user(kind=User.Kind.SERVICE)
    issued = actions.issue_token(user=service, name="x", by=security)
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        assert tokens.user_of(f"bearer {issued.secret}") == service


def test_a_leaver_has_no_right_from_that_day(system: User, company: Unit) -> None:
    post, person = make_post(company), make_person()
    grant(make_role({"core.organisation.view_units": ("all", None)}), company, post=post)
    hold(person, post)
    user = make_user(person=person, rights={"core.organisation.view_people": ("all", None)}, unit=company)
    assert rights.allowed(user, "core.organisation.view_units")
    organisation.record_leaver(person=person, on=local_today(), by=system)
    user = User.objects.get(pk=user.pk)
    assert rights.rights_of(user) == {}
    assert Holding.objects.get(person=person).until_on == local_today() - timedelta(days=1)


def test_units_grow_as_a_tree(system: User, company: Unit) -> None:
    branch = organisation.create_unit(code="B1", name_zh="城北", parent=company, by=system)
    assert branch.path == f"{company.path}{branch.pk}."
    for facts in ({"code": "B1", "parent": company}, {"code": "B2", "parent": None}):
        with pytest.raises(Problem):
            organisation.create_unit(name_zh="重复", by=system, **facts)
    with pytest.raises(Problem):
        organisation.close_unit(unit=company, on=local_today(), by=system)
    post = organisation.create_post(code="P1", name_zh="抄表员", unit=branch, by=system)
    organisation.assign_post(person=make_person(), post=post, by=system)
    with pytest.raises(Problem):
        organisation.close_unit(unit=branch, on=local_today(), by=system)


role_facts = st.builds(rules.RoleFact, st.sampled_from(["a", "b", "c"]), st.booleans())


@given(st.sets(role_facts, max_size=4))
def test_mixing_is_only_wrong_with_an_administrator(held: set[rules.RoleFact]) -> None:
    wrong = rules.mixed_roles(held)
    assert bool(wrong) == (len(held) > 1 and any(role.protected for role in held))


def test_the_catalogue_prints_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("actions_catalogue")
    printed = capsys.readouterr().out
    assert "# Catalogue of actions" in printed and "# 操作目录" in printed
    assert printed.count("`core.access.grant_role`") == 2


def test_every_right_has_a_title_and_a_good_name() -> None:
    for name, spec in catalogue().items():
        assert str(spec.title), name
        assert name.count(".") == 2, name
    assert not RoleRight.objects.exclude(right__in=catalogue()).exists()
    assert Grant.objects.count() == 0


def test_an_empty_site_gets_its_first_administrators_once() -> None:
    made = batch.create_first_administrators("燃气公司")
    assert [one.user.username for one in made] == ["system.admin", "security.admin", "audit.admin"]
    assert all(one.user.check_password(one.secret) and one.user.must_change_password for one in made)
    assert [rights.allowed(one.user, "core.audit.view_log") for one in made] == [False, False, True]
    assert list(checks.access_is_separated()) == []
    with pytest.raises(Problem):
        batch.create_first_administrators("燃气公司")


def test_lists_offer_exactly_those_who_hold_a_right_today(company: Unit) -> None:
    role, today = make_role({"test.act": ("unit", None)}), local_today()
    by_post, left = make_user(person=make_person("张三")), make_user(person=make_person("李四", left_on=today))
    post = make_post(company)
    hold(by_post.person, post)
    grant(role, company, post=post)
    direct, ended, later, locked, nobody = (make_user() for _one in range(5))
    for user in (direct, left, locked):
        grant(role, company, user=user)
    grant(role, company, user=ended, until_on=today - timedelta(days=1))
    grant(role, company, user=later, from_on=today + timedelta(days=1))
    User.objects.filter(pk=locked.pk).update(is_active=False)
    offered = set(queries.who_may("test.act"))
    assert offered == {by_post, direct}
    everybody = User.objects.filter(kind=User.Kind.PERSON)
    assert offered == {user for user in everybody if rights.allowed(user, "test.act")}
    assert nobody in everybody
