"""Validators of the password regime (see settings: AUTH_PASSWORD_VALIDATORS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay.core.access import rules

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SMALL = "abcdefghijkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


class KindsOfCharacters:
    """At least three of: small letters, capitals, digits, other characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password of too few kinds of characters."""
        if rules.kinds_of_characters(password) < rules.KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        """Say what is needed."""
        return _("Use at least three of: small letters, capital letters, digits, other characters.")


class NotUsedBefore:
    """None of the last five passwords may come back."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for the present password or one of those before it."""
        if user is None or not user.pk:
            return
        before = list(user.used_passwords.order_by("-pk").values_list("password", flat=True))
        if any(check_password(password, old) for old in [user.password, *before[: rules.PASSWORDS_REMEMBERED]] if old):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        """Say what is needed."""
        return _("Choose a password that is not one of your last five.")


def one_time_password() -> str:
    """Return a random password that is easy to read out, of 14 characters and three kinds, from 80 bits of chance."""
    from django.utils.crypto import get_random_string

    parts = [get_random_string(1, CAPITALS) + get_random_string(2, SMALL) + get_random_string(1, DIGITS)]
    parts += [get_random_string(4, SMALL + DIGITS) for _part in range(2)]
    return "-".join(parts) + get_random_string(2, DIGITS)
