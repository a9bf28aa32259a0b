"""What people do to their own access."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp import match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from mainstay.core.access import rules
from mainstay.core.access.models import UsedPassword, User
from mainstay.core.audit.models import Entry
from mainstay.core.door import action, note_change, refusals
from mainstay.core.door.context import current_request
from mainstay.kit.errors import Problem


@action("core.access.log_in", title=_("Log in"), everyone=True)
def log_in(*, session_key: str, second_factor: bool, by: User) -> bool:
    """Put a log-in on record; returns whether it ends another session of a user who may have one seat only."""
    displaced = by.one_seat and bool(by.session_key) and by.session_key != session_key
    by.session_key = session_key
    by.last_login = timezone.now()
    by.save(update_fields=["session_key", "last_login"])
    note_change(subject=f"access.user:{by.pk}", after={"second_factor": second_factor, "other_seat_ended": displaced})
    return displaced


def note_failed_log_in(username: str) -> None:
    """Put on record that somebody tried to log in under the name of a user and failed."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        facts = current_request()
        refusals.record(
            Entry(
                at=timezone.now(),
                action=log_in.spec.name,  # type: ignore[attr-defined]
                outcome=Entry.Outcome.REFUSED,
                by=user,
                subject=f"access.user:{user.pk}",
                request_id=facts.request_id,
                ip=facts.ip,
            )
        )


@action("core.access.change_own_password", title=_("Change one's own password"), everyone=True)
def change_own_password(*, old: str, new: str, by: User) -> User:
    """Set a new password after checking the present one and the regime. Raises Problem for field old or new."""
    if not by.check_password(old):
        raise Problem(_("This is not your present password."), field="old", code="wrong_password")
    try:
        validate_password(new, by)
    except ValidationError as error:
        raise Problem(" ".join(error.messages), field="new", code="weak_password") from error
    set_password(by, new, must_change=False)
    note_change(after={"password": "changed"})
    return by


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Store a password, keep the one before in the history, and drop what the regime no longer asks for."""
    with transaction.atomic():
        if user.has_usable_password() and user.password:
            UsedPassword.objects.create(user=user, password=user.password)
        kept = user.used_passwords.order_by("-pk").values_list("pk", flat=True)[: rules.PASSWORDS_REMEMBERED]
        user.used_passwords.exclude(pk__in=list(kept)).delete()
        user.set_password(password)
        user.password_changed_at = timezone.now()
        user.must_change_password = must_change
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def prepare_second_factor(*, by: User) -> TOTPDevice:
    """Return the user's unconfirmed device with its secret, made when there is none yet.

    An unconfirmed device changes nothing about the log-in, so showing it leaves no audit row.
    """
    if TOTPDevice.objects.filter(user=by, confirmed=True).exists():
        raise Problem(_("You already have a second factor. Remove it before you set up another."), code="has_one")
    device = TOTPDevice.objects.filter(user=by, confirmed=False).first()
    if device is None:
        device = TOTPDevice.objects.create(user=by, name="totp", confirmed=False)
    return device


@action("core.access.confirm_second_factor", title=_("Set up one's second factor"), everyone=True)
def confirm_second_factor(*, code: str, by: User) -> TOTPDevice:
    """Confirm the prepared device by a code it shows. Raises Problem for a wrong code."""
    device = TOTPDevice.objects.filter(user=by, confirmed=False).first()
    if device is None:
        raise Problem(_("There is nothing to confirm. Start again."), code="not_prepared")
    if not device.verify_token(code):
        raise Problem(
            _("The code is not right. Check the clock of the phone, and type the code shown now."), field="code"
        )
    device.confirmed = True
    device.save()
    note_change(after={"second_factor": True})
    return device


@action("core.access.remove_own_second_factor", title=_("Remove one's own second factor"), everyone=True)
def remove_own_second_factor(*, code: str, by: User) -> User:
    """Remove the second factor; needs a code of it once more."""
    if match_token(by, code) is None:
        raise Problem(_("The code is not right. Type the code shown now."), field="code", code="wrong_code")
    TOTPDevice.objects.filter(user=by).delete()
    note_change(before={"second_factor": True}, after={"second_factor": False})
    return by
