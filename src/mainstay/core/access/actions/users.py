"""Users: made, locked, unlocked, given a new password."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from mainstay.core.access import queries
from mainstay.core.access.actions.own import set_password
from mainstay.core.access.models import User
from mainstay.core.access.passwords import one_time_password
from mainstay.core.door import action, note_change, refuse
from mainstay.core.door.spec import FourEyes
from mainstay.core.organisation.models import Person
from mainstay.kit.errors import Problem

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@dataclass(frozen=True)
class Issued:
    """A user with a secret that is shown once and stored nowhere in clear."""

    user: User
    secret: str


def subject_of(user: User) -> str:
    """Return the text under which a user is found in the audit log."""
    return f"access.user:{user.pk}"


def _second_for_administrators(user: User, **_facts: object) -> FourEyes:
    """An administrator is touched by two people only."""
    return "always" if queries.is_administrator(user) else "never"


@action("core.access.create_user", title=_("Create a user"))
def create_user(*, username: str, person: Person, one_seat: bool = False, by: User) -> Issued:
    """Make the log-in of a person, with a one-time password that must be changed at first log-in."""
    _check_username(username)
    if User.objects.filter(person=person).exists():
        raise Problem(_("This person already has a user."), field="person", code="has_user")
    user = User(username=username, person=person, one_seat=one_seat)
    user.set_unusable_password()
    user.save()
    secret = one_time_password()
    set_password(user, secret, must_change=True)
    note_change(subject=subject_of(user), after={"username": username, "person": person.pk, "one_seat": one_seat})
    return Issued(user, secret)


@action("core.access.create_service_user", title=_("Create an integration user"))
def create_service_user(*, username: str, by: User) -> User:
    """Make the user of an integration: it has roles and keys, and cannot log in with a password."""
    _check_username(username)
    user = User(username=username, kind=User.Kind.SERVICE)
    user.set_unusable_password()
    user.save()
    note_change(after={"username": username, "kind": user.kind})
    return user


@action("core.access.change_user", title=_("Change a user"))
def change_user(*, user: User, one_seat: bool, by: User) -> User:
    """Set whether a user may be logged in at one place only."""
    note_change(before={"one_seat": user.one_seat}, after={"one_seat": one_seat})
    user.one_seat = one_seat
    user.save(update_fields=["one_seat"])
    return user


@action("core.access.lock_user", title=_("Lock a user"), four_eyes=_second_for_administrators)
def lock_user(*, user: User, reason: str, by: User) -> User:
    """Lock a user out at once, open sessions included. The last administrator of a kind cannot be locked."""
    if user.pk == by.pk:
        refuse(_("Nobody can lock himself."))
    if user.kind == User.Kind.SYSTEM:
        raise Problem(_("The system's own user cannot be locked."), code="system_user")
    refuse_last_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_session(user)
    note_change(before={"is_active": True}, after={"is_active": False}, reason=reason)
    return user


@action("core.access.unlock_user", title=_("Unlock a user"), four_eyes=_second_for_administrators)
def unlock_user(*, user: User, reason: str, by: User) -> User:
    """Let a locked user in again."""
    if user.pk == by.pk:
        refuse(_("Nobody can unlock himself."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    note_change(before={"is_active": False}, after={"is_active": True}, reason=reason)
    return user


@action("core.access.reset_password", title=_("Reset a password"), four_eyes=_second_for_administrators)
def reset_password(*, user: User, reason: str, by: User) -> Issued:
    """Give a user a new one-time password; open sessions end. For an administrator a second person must agree."""
    if user.pk == by.pk:
        refuse(_("Change your own password on your own page."))
    if user.kind != User.Kind.PERSON:
        raise Problem(_("Only people log in with a password."), code="no_person")
    secret = one_time_password()
    set_password(user, secret, must_change=True)
    _end_session(user)
    note_change(subject=subject_of(user), after={"password": "reset"}, reason=reason)
    return Issued(user, secret)


@action("core.access.reset_second_factor", title=_("Reset a second factor"), four_eyes=_second_for_administrators)
def reset_second_factor(*, user: User, reason: str, by: User) -> User:
    """Remove the second factor of somebody who lost it."""
    if user.pk == by.pk:
        refuse(_("Remove your own second factor on your own page, with a code of it."))
    TOTPDevice.objects.filter(user=user).delete()
    note_change(before={"second_factor": True}, after={"second_factor": False}, reason=reason)
    return user


def refuse_last_administrator(user: User) -> None:
    """Raise Problem when an administrator's role would have no active holder without this user."""
    code = queries.last_of_administrators(user)
    if code:
        text = _("%(user)s is the last active user with the role %(role)s. Appoint another one first.")
        raise Problem(text % {"user": user, "role": queries.role_codes([code])}, code="last_administrator")


def _check_username(username: str) -> None:
    if not USERNAME.fullmatch(username):
        text = _("Use 3 to 40 small letters, digits, dots or hyphens, beginning with a letter.")
        raise Problem(text, field="username", code="bad_username")
    if User.objects.filter(username=username).exists():
        raise Problem(_("This log-in name is taken. Choose another."), field="username", code="username_taken")


def _end_session(user: User) -> None:
    """End the session that is known; others die with the changed password or the lock."""
    if user.session_key:
        Session.objects.filter(session_key=user.session_key).delete()
