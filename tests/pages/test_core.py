"""Pages of access, organisation, audit, approvals, to-dos, publications and home."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import ApiToken, User
from mainstay.core.audit.models import Seal
from mainstay.core.organisation.models import Unit
from mainstay.core.publications.queries import EDIT
from mainstay.core.workflow.models import Approval
from tests.core import make
from tests.pages.battery import Page, Rows, battery


def user(unit: Unit) -> dict[str, Any]:
    one = make.make_user(rights={"core.nothing": ("all", None)}, unit=unit)
    return {"pk": one.pk}


def role(unit: Unit) -> dict[str, Any]:
    one = make.make_role({"core.nothing": ("unit", 100)})
    make.grant(one, unit, user=make.make_user())
    return {"pk": one.pk}


def given(unit: Unit) -> dict[str, Any]:
    return {"pk": make.grant(make.make_role(), unit, user=make.make_user()).pk}


def token(_unit: Unit) -> dict[str, Any]:
    service = make.make_user(kind=User.Kind.SERVICE)
    return {"pk": ApiToken.objects.create(user=service, name="test", digest=service.username).pk}


def member(unit: Unit) -> dict[str, Any]:
    person = make.make_person()
    make.hold(person, make.make_post(unit))
    return {"pk": person.pk}


def holding(unit: Unit) -> dict[str, Any]:
    return {"pk": make.hold(make.make_person(), make.make_post(unit)).pk}


def itself(unit: Unit) -> dict[str, Any]:
    make.make_unit(parent=unit)
    make.make_post(unit)
    return {"pk": unit.pk}


def entry(_unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_entry(make.make_user(), before={"a": 1}, after={"a": 2}).pk}


def seal(_unit: Unit) -> dict[str, Any]:
    last = Seal.objects.count() + 1
    Seal.objects.create(first_id=last, last_id=last, rows=0, digest="", chain="", sealed_at=timezone.now())
    return {}


def approval(unit: Unit) -> dict[str, Any]:
    one = Approval.objects.create(
        action="core.organisation.change_unit",
        arguments={"name_zh": "新名"},
        unit_id=unit.pk,
        amount_fen=100,
        requested_by=make.make_user(),
        requested_at=timezone.now(),
    )
    return {"pk": one.pk}


def todo(unit: Unit) -> dict[str, Any]:
    from mainstay.core.todos.models import Todo

    now = timezone.now()
    one = Todo.objects.create(
        kind="test",
        subject=f"test:{Todo.objects.count()}",
        title_zh="待办",
        title_en="To do",
        right="core.organisation.change_unit",
        unit_id=unit.pk,
        created_at=now,
        due_at=now - timedelta(days=1),
    )
    return {"pk": one.pk}


def draft(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_publication(unit).pk}


def published(unit: Unit) -> dict[str, Any]:
    one = make.make_publication(unit, state="published", published_at=timezone.now())
    make.hold(make.make_user().person, make.make_post(unit))
    return {"pk": one.pk}


ACT = "core.organisation.change_unit"
COMPANY: dict[str, Any] = {"by_unit": False, "scope": "all"}

TestAccess = battery(
    Page("access:profile"),
    Page("access:password_change"),
    Page("access:workstation"),
    Page("access:second_factor_setup", pins=False),
    Page("access:second_factor_remove"),
    Page("access:user_list", "core.access.view_users", Rows(user), **COMPANY),
    Page("access:user_detail", "core.access.view_users", user, **COMPANY),
    Page("access:user_create", "core.access.create_user", **COMPANY),
    Page("access:service_user_create", "core.access.create_service_user", **COMPANY),
    Page("access:user_change", "core.access.change_user", user, **COMPANY),
    Page("access:user_lock", "core.access.lock_user", user, **COMPANY),
    Page("access:user_unlock", "core.access.unlock_user", user, **COMPANY),
    Page("access:password_reset", "core.access.reset_password", user, **COMPANY),
    Page("access:factor_reset", "core.access.reset_second_factor", user, **COMPANY),
    Page("access:role_list", "core.access.view_roles", Rows(role), **COMPANY),
    Page("access:role_detail", "core.access.view_roles", role, **COMPANY),
    Page("access:role_create", "core.access.create_role", **COMPANY),
    Page("access:role_right", "core.access.set_role_rights", role, **COMPANY),
    Page("access:grant_create", "core.access.grant_role", **COMPANY),
    Page("access:grant_end", "core.access.end_grant", given, **COMPANY),
    Page("access:matrix", "core.access.view_roles", Rows(role), **COMPANY),
    Page("access:catalogue", "core.access.view_roles", **COMPANY),
    Page("access:token_list", "core.access.view_tokens", Rows(token), **COMPANY),
    Page("access:token_issue", "core.access.issue_token", **COMPANY),
    Page("access:token_revoke", "core.access.revoke_token", token, **COMPANY),
)

TestOrganisation = battery(
    Page("organisation:unit_tree", "core.organisation.view_units", Rows(itself)),
    Page("organisation:unit_detail", "core.organisation.view_units", itself),
    Page("organisation:unit_create", "core.organisation.create_unit"),
    Page("organisation:unit_change", "core.organisation.change_unit", itself),
    Page("organisation:unit_close", "core.organisation.close_unit", itself),
    Page("organisation:post_create", "core.organisation.create_post"),
    Page("organisation:person_list", "core.organisation.view_people", Rows(member)),
    Page("organisation:person_detail", "core.organisation.view_people", member),
    Page("organisation:person_create", "core.organisation.create_person"),
    Page("organisation:person_change", "core.organisation.change_person", member),
    Page("organisation:person_leave", "core.organisation.record_leaver", member),
    Page("organisation:assign", "core.organisation.assign_post"),
    Page("organisation:holding_end", "core.organisation.end_holding", holding),
)

TestAudit = battery(
    Page("audit:entry_list", "core.audit.view_log", Rows(entry), **COMPANY),
    Page("audit:entry_detail", "core.audit.view_log", entry, **COMPANY),
    Page("audit:seal_list", "core.audit.view_log", seal, **COMPANY),
)

TestWaiting = battery(
    Page("home:workbench", None, Rows(todo), extra=(ACT,)),
    Page("home:search", query="?q=zz"),
    Page("workflow:approval_list", None, Rows(approval), extra=(ACT,)),
    Page("workflow:approval_detail", None, approval, extra=(ACT,)),
    Page("workflow:approve", None, approval, extra=(ACT,)),
    Page("workflow:reject", None, approval, extra=(ACT,)),
    Page("workflow:withdraw", None, approval, extra=(ACT,)),
    Page("todos:todo_list", None, Rows(todo), extra=(ACT,)),
    Page("todos:todo_detail", None, todo, extra=(ACT,)),
    Page("todos:finish", None, todo, extra=(ACT,)),
    Page("todos:take", None, todo, extra=(ACT,)),
    Page("todos:assign", "core.todos.assign_todo", todo, extra=(ACT,)),
)

TestPublications = battery(
    Page("publications:publication_list", None, Rows(published), extra=(EDIT,)),
    Page("publications:publication_detail", None, published, extra=(EDIT,)),
    Page("publications:publication_create", EDIT),
    Page("publications:publication_change", EDIT, draft),
    Page("publications:publish", "core.publications.publish", draft, extra=(EDIT,)),
    Page("publications:supersede", "core.publications.supersede", published, extra=(EDIT,)),
    Page("publications:remind", "core.publications.remind", published, extra=(EDIT,)),
    Page("publications:acknowledge", None, published, extra=(EDIT,)),
)
