"""Forms of log-in, users, roles and keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import Role, RoleRight, User
from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8}
DATE = {"type": "date"}


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Log-in name"), max_length=40, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(label=_("Six-digit code"), max_length=8, widget=forms.TextInput(CODE | {"autofocus": True}))


class PasswordForm(forms.Form):
    """The present password and the new one, twice."""

    old = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Both entries of the new password must be the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("The two new passwords differ. Type the new one again."))
        return data


class WorkstationForm(forms.Form):
    """Where a person sits."""

    workstation = forms.CharField(
        label=_("Workstation"), max_length=40, required=False, help_text=_("Counter window or desk; printed on papers.")
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class UserForm(forms.Form):
    """A person's new user."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))
    username = forms.CharField(label=_("Log-in name"), max_length=40, help_text=_("Small letters and digits"))
    one_seat = forms.BooleanField(label=_("One seat at a time"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.queryset = Person.objects.filter(user=None, left_on=None)  # type: ignore[attr-defined]


class ServiceUserForm(forms.Form):
    """An integration's new user."""

    username = forms.CharField(label=_("Log-in name"), max_length=40, help_text=_("Small letters and digits"))


class ChangeUserForm(forms.Form):
    """What can be set on a user."""

    one_seat = forms.BooleanField(
        label=_("One seat at a time"), required=False, help_text=_("A second log-in ends the first.")
    )


class RoleForm(forms.Form):
    """A new role."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Small letters, digits, underscores"))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)


class RightForm(forms.Form):
    """One right of a role: how far it reaches, and up to which amount."""

    right = forms.ChoiceField(label=_("Right"))
    scope = forms.ChoiceField(
        label=_("Reach"), choices=[("", _("not at all")), *RoleRight.Scope.choices], required=False
    )
    limit = forms.CharField(
        label=_("Amount limit (yuan)"), required=False, help_text=_("Empty: no limit"), widget=forms.TextInput()
    )

    def __init__(self, *args: Any, rights: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = rights  # type: ignore[attr-defined]

    def clean_limit(self) -> int | None:
        """Return the limit in fen."""
        text = self.cleaned_data["limit"].strip()
        if not text:
            return None
        try:
            return parse_yuan(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from problem


class GrantForm(forms.Form):
    """A role for a user or a post, at a unit, for a time."""

    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"))
    user = forms.ModelChoiceField(
        User.objects.exclude(kind=User.Kind.SYSTEM).select_related("person"), label=_("User"), required=False
    )
    post = forms.ModelChoiceField(
        Post.objects.select_related("unit"), label=_("Post"), required=False, help_text=_("Whoever holds the post")
    )
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("At unit"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DATE), initial=local_today)
    until_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DATE), required=False)


class TokenForm(forms.Form):
    """A new key of an integration."""

    user = forms.ModelChoiceField(User.objects.filter(kind=User.Kind.SERVICE), label=_("Integration user"))
    name = forms.CharField(label=_("Purpose"), max_length=60)
    expires_on = forms.DateField(label=_("Expires on"), widget=forms.DateInput(DATE), required=False)
