"""Pages of users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from mainstay.core.access import actions, forms
from mainstay.core.access.filters import UserFilter
from mainstay.core.access.models import Grant, User
from mainstay.core.access.tables import GrantTable, UserTable
from mainstay.core.access.views.common import VIEW_USERS, ReasonedForm, SubjectForm, issued_outcome
from mainstay.core.organisation.models import Holding
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, ListPage, Section, SignedRequest

LIST = "access:user_list"
DETAIL = "access:user_detail"


class UserList(ListPage):
    """All users."""

    title = _("Users")
    right = VIEW_USERS
    table_class = UserTable
    filterset_class = UserFilter
    search_placeholder = _("Name, log-in name, initials, staff number")
    actions = (
        Button(_("Create user"), "access:user_create", right="core.access.create_user", icon="user-plus", primary=True),
        Button(_("Create integration user"), "access:service_user_create", right="core.access.create_service_user"),
    )

    def queryset(self) -> Any:
        """Everybody but the system itself."""
        return User.objects.exclude(kind=User.Kind.SYSTEM).select_related("person")


class UserDetail(DetailPage):
    """One user: facts, grants, what was done."""

    right = VIEW_USERS

    def queryset(self) -> Any:
        """Everybody but the system itself."""
        return User.objects.exclude(kind=User.Kind.SYSTEM).select_related("person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Users"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """Locked or not."""
        return (_("may log in"), "green") if self.subject.is_active else (_("locked"), "red")

    def get_actions(self) -> Sequence[Button]:
        """What can be done to a user."""
        pk = (self.subject.pk,)
        toggle = (
            Button(_("Lock user"), "access:user_lock", pk, "core.access.lock_user", "lock", danger=True)
            if self.subject.is_active
            else Button(_("Unlock user"), "access:user_unlock", pk, "core.access.unlock_user", "lock-open")
        )
        return [
            Button(_("Grant role"), f"{reverse('access:grant_create')}?user={pk[0]}", right="core.access.grant_role"),
            Button(_("Reset password"), "access:password_reset", pk, "core.access.reset_password", "key"),
            Button(_("Reset second factor"), "access:factor_reset", pk, "core.access.reset_second_factor"),
            Button(_("Change user"), "access:user_change", pk, "core.access.change_user", "edit"),
            toggle,
        ]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        user = self.subject
        factor = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
        return [
            Fact(_("Log-in name"), user.username, "code"),
            Fact(_("Kind"), user.get_kind_display()),
            Fact(_("One seat at a time"), _("Yes") if user.one_seat else _("No")),
            Fact(_("Second factor"), _("set up") if factor else _("not set up")),
            Fact(_("Last log-in"), user.last_login, "instant"),
            Fact(_("Password changed"), user.password_changed_at, "instant"),
        ]

    def sections(self) -> Sequence[Section]:
        """Roles given directly and through posts."""
        posts = Holding.objects.current(local_today()).filter(person=self.subject.person_id or 0).values("post")
        grants = Grant.objects.filter(Q(user=self.subject) | Q(post__in=posts))
        grants = grants.select_related("role", "unit", "user__person", "post__unit")
        return [Section(_("Roles"), table=GrantTable(grants, request=self.request))]


class UserCreate(FormPage):
    """A person's user."""

    title = _("Create user")
    right = "core.access.create_user"
    form_class = forms.UserForm
    submit_label = _("Create user")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_user(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Show the one-time password."""
        return issued_outcome(result, _("User created"), _("One-time password"), LIST)


class ServiceUserCreate(FormPage):
    """An integration's user."""

    title = _("Create integration user")
    right = "core.access.create_service_user"
    form_class = forms.ServiceUserForm
    submit_label = _("Create integration user")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_service_user(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the user."""
        return reverse(DETAIL, args=[result.pk])


class UserChange(SubjectForm):
    """What can be set."""

    title = _("Change user")
    right = "core.access.change_user"
    model = User
    back = DETAIL
    form_class = forms.ChangeUserForm
    submit_label = _("Save user")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"one_seat": self.subject.one_seat}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_user(user=self.subject, **form.cleaned_data, by=self.request.user)


class UserLock(ReasonedForm):
    """Lock."""

    title = _("Lock user")
    right = "core.access.lock_user"
    model = User
    back = DETAIL
    submit_label = _("Lock user")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Lock."""
        return actions.lock_user(user=self.subject, **form.cleaned_data, by=self.request.user)


class UserUnlock(ReasonedForm):
    """Unlock."""

    title = _("Unlock user")
    right = "core.access.unlock_user"
    model = User
    back = DETAIL
    submit_label = _("Unlock user")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Unlock."""
        return actions.unlock_user(user=self.subject, **form.cleaned_data, by=self.request.user)


class PasswordReset(ReasonedForm):
    """A new one-time password."""

    title = _("Reset password")
    right = "core.access.reset_password"
    model = User
    submit_label = _("Reset password")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Reset."""
        return actions.reset_password(user=self.subject, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Show it once."""
        return issued_outcome(result, _("Password reset"), _("One-time password"), LIST)


class FactorReset(ReasonedForm):
    """Remove the second factor of somebody who lost it."""

    title = _("Reset second factor")
    right = "core.access.reset_second_factor"
    model = User
    back = DETAIL
    submit_label = _("Reset second factor")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Reset."""
        return actions.reset_second_factor(user=self.subject, **form.cleaned_data, by=self.request.user)
