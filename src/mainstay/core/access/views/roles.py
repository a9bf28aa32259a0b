"""Pages of roles and grants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from mainstay.core.access import actions, forms, rules
from mainstay.core.access.models import Grant, Role
from mainstay.core.access.tables import GrantTable, RightTable, RoleTable
from mainstay.core.access.views.common import VIEW_ROLES, ReasonedForm, SubjectForm
from mainstay.core.door import catalogue
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, ListPage, Section, SignedRequest

LIST = "access:role_list"
DETAIL = "access:role_detail"


class RoleList(ListPage):
    """All roles."""

    title = _("Roles")
    right = VIEW_ROLES
    table_class = RoleTable
    search_fields = ("code", "name_zh", "name_en")
    actions = (
        Button(_("Create role"), "access:role_create", right="core.access.create_role", icon="plus", primary=True),
        Button(_("Grant role"), "access:grant_create", right="core.access.grant_role"),
    )

    def queryset(self) -> Any:
        """All, with counts."""
        return Role.objects.annotate(
            rights_count=Count("rights", distinct=True), grants_count=Count("grants", distinct=True)
        )


class RoleDetail(DetailPage):
    """One role: its rights and who has it."""

    right = VIEW_ROLES
    model = Role

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Roles"), reverse(LIST))]

    def badge(self) -> tuple[Any, str] | None:
        """Administrators are marked."""
        return (_("administrator"), "amber") if self.subject.protected else None

    def get_actions(self) -> Sequence[Button]:
        """What can be done."""
        grant = f"{reverse('access:grant_create')}?role={self.subject.pk}"
        buttons = [Button(_("Grant role"), grant, right="core.access.grant_role", primary=True)]
        if not self.subject.protected:
            pk = (self.subject.pk,)
            buttons.append(Button(_("Set a right"), "access:role_right", pk, "core.access.set_role_rights", "edit"))
        return buttons

    def facts(self) -> Sequence[Fact]:
        """The header."""
        return [Fact(_("Code"), self.subject.code, "code"), Fact(pgettext("thing", "Name"), self.subject.name)]

    def sections(self) -> Sequence[Section]:
        """Rights and grants."""
        rights = self.subject.rights.order_by("right")
        grants = self.subject.grants.select_related("role", "unit", "user__person", "post__unit")
        return [
            Section(_("Rights"), table=RightTable(rights, request=self.request)),
            Section(_("Given to"), table=GrantTable(grants, request=self.request, exclude=("role",))),
        ]


class RoleCreate(FormPage):
    """A new role."""

    title = _("Create role")
    right = "core.access.create_role"
    form_class = forms.RoleForm
    submit_label = _("Create role")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_role(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the role."""
        return reverse(DETAIL, args=[result.pk])


class RightSet(SubjectForm):
    """Give a role one right, change its reach or limit, or take it away."""

    title = _("Set a right")
    right = "core.access.set_role_rights"
    model = Role
    back = DETAIL
    form_class = forms.RightForm
    submit_label = _("Save right")

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the rights that business roles may have."""
        known = [(name, f"{spec.title} ({name})") for name, spec in catalogue().items()]
        return {"rights": [one for one in known if not rules.reserved_for_administrators(one[0])]}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Set the whole list with this one changed."""
        data = form.cleaned_data
        held = {
            one.right: {"right": one.right, "scope": one.scope, "limit_fen": one.limit_fen}
            for one in self.subject.rights.all()
        }
        held.pop(data["right"], None)
        if data["scope"]:
            held[data["right"]] = {"right": data["right"], "scope": data["scope"], "limit_fen": data["limit"]}
        return actions.set_role_rights(role=self.subject, rights=list(held.values()), by=self.request.user)


class GrantCreate(FormPage):
    """Give a role."""

    title = _("Grant role")
    right = "core.access.grant_role"
    form_class = forms.GrantForm
    submit_label = _("Grant role")
    intro = _("Choose a post where you can: whoever holds it has the role, and loses it with the post.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Grant."""
        return actions.grant_role(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the role."""
        return reverse(DETAIL, args=[result.role_id])


class GrantEnd(ReasonedForm):
    """Take a role away."""

    title = _("End grant")
    right = "core.access.end_grant"
    model = Grant
    submit_label = _("End grant")
    danger = True

    def get_title(self) -> Any:
        """Name the role and who has it."""
        grant = self.subject
        return f"{self.title}: {grant.role} – {grant.user or grant.post}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """End."""
        return actions.end_grant(grant=self.subject, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the role."""
        return reverse(DETAIL, args=[result.role_id])
