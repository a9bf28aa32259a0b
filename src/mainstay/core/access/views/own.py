"""One's own account: facts, password, second factor, workstation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from mainstay.core.access import actions, preferences, queries
from mainstay.core.access.forms import CodeForm, PasswordForm, WorkstationForm
from mainstay.core.access.models import Role
from mainstay.core.organisation.queries import current_posts
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, Fact, FormPage, Page, Section


class Profile(Page):
    """Who I am here, and what I may change myself."""

    title = _("My account")
    template_name = "access/profile.html"

    def get_actions(self) -> Sequence[Button]:
        """Offer password, second factor and workstation."""
        factor = (
            Button(_("Remove second factor"), "access:second_factor_remove", icon="shield-lock")
            if self.has_factor()
            else Button(_("Set up second factor"), "access:second_factor_setup", icon="shield-lock")
        )
        return [
            Button(_("Change password"), "access:password_change", icon="key", primary=True),
            factor,
            Button(_("Set workstation"), "access:workstation", icon="device-floppy"),
        ]

    def has_factor(self) -> bool:
        """Tell whether the user has a second factor."""
        return TOTPDevice.objects.filter(user=self.request.user, confirmed=True).exists()

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add facts and roles."""
        user = self.request.user
        posts = current_posts([user.person_id], local_today()).get(user.person_id, []) if user.person_id else []
        codes = {role.code for role in queries.roles_by_user([user]).get(user.pk, set())}
        facts = [
            Fact(_("Log-in name"), user.username, "code"),
            Fact(_("Person"), user.person.name if user.person else "–"),
            Fact(_("Posts"), "、".join(f"{one.post.unit} {one.post}" for one in posts) or "–"),
            Fact(_("Roles"), "、".join(role.name for role in Role.objects.filter(code__in=codes)) or "–"),
            Fact(_("Workstation"), user.workstation or "–"),
            Fact(_("Second factor"), _("set up") if self.has_factor() else _("not set up")),
            Fact(_("Password changed"), user.password_changed_at, "instant"),
        ]
        return super().context(sections=[Section(_("Facts"), facts=facts)], **extra)


class PasswordChange(FormPage):
    """A new password."""

    title = _("Change password")
    form_class = PasswordForm
    submit_label = _("Change password")
    success_message = _("Your password is changed. Other sessions of yours are ended.")

    @property
    def intro(self) -> Any:
        """Say why somebody was led here without having asked."""
        if self.request.user.must_change_password:
            return _("Your password was set by somebody else. Choose one that only you know.")
        return ""

    def action_call(self, form: PasswordForm, request: HttpRequest) -> Any:
        """Change it and keep this session."""
        user = actions.change_own_password(
            old=form.cleaned_data["old"], new=form.cleaned_data["new"], by=self.request.user
        )
        update_session_auth_hash(request, user)
        return user

    def success(self, result: Any) -> str:
        """Go on to work."""
        return reverse("home:workbench")


class SecondFactorSetup(FormPage):
    """Show the secret as a QR code and take the first code."""

    title = _("Set up second factor")
    template_name = "access/second_factor_setup.html"
    form_class = CodeForm
    submit_label = _("Confirm the code")
    success_message = _("The second factor is set up. You will be asked for a code at every log-in.")

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the QR code, drawn as an element of the page, and the secret to type by hand."""
        device = actions.prepare_second_factor(by=self.request.user)
        address = device.config_url
        drawing = segno.make(address, error="m").svg_inline(scale=5, border=2, svgclass="ms-qr", lineclass="ms-qr-line")
        secret = _base32(device.bin_key)
        return super().context(qr=mark_safe(drawing), secret=secret, **extra)  # noqa: S308 - drawn by segno

    def action_call(self, form: CodeForm, request: HttpRequest) -> Any:
        """Confirm."""
        return actions.confirm_second_factor(code=form.cleaned_data["code"], by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the account."""
        return reverse("access:profile")


def _base32(key: bytes) -> str:
    """Return a secret in groups of four, as authenticator programs take it."""
    from base64 import b32encode

    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


class SecondFactorRemove(FormPage):
    """Remove the second factor with a code of it."""

    title = _("Remove second factor")
    form_class = CodeForm
    submit_label = _("Remove second factor")
    danger = True
    success_message = _("The second factor is removed.")

    def action_call(self, form: CodeForm, request: HttpRequest) -> Any:
        """Remove."""
        return actions.remove_own_second_factor(code=form.cleaned_data["code"], by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the account."""
        return reverse("access:profile")


class Workstation(FormPage):
    """Where I sit."""

    title = _("Set workstation")
    form_class = WorkstationForm
    submit_label = _("Save workstation")

    def initial(self) -> dict[str, Any]:
        """Show the present one."""
        return {"workstation": self.request.user.workstation}

    def action_call(self, form: WorkstationForm, request: HttpRequest) -> Any:
        """Keep it."""
        preferences.keep_workstation(self.request.user, form.cleaned_data["workstation"])

    def success(self, result: Any) -> str:
        """Back to the account."""
        return reverse("access:profile")
