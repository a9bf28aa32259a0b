"""Who is let in with name and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from mainstay.core.access.models import User
from mainstay.kit.dates import local_today


class PasswordBackend(BaseBackend):
    """Lets a person in who knows the password, is not locked, and has not left the company."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_extra: Any
    ) -> User | None:
        """Return the user, or None; a wrong name costs as much time as a wrong password."""
        if not username or password is None:
            return None
        user = User.objects.select_related("person").filter(username=username).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and may_enter(user) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session; somebody locked or gone is logged out with the next request."""
        try:
            user = User.objects.select_related("person").get(pk=user_id)  # every request asks; first() would sort
        except User.DoesNotExist:
            return None
        return user if may_enter(user) else None


def may_enter(user: User) -> bool:
    """Tell whether the user may be logged in at all: a person, not locked, still with the company."""
    if not user.is_active or user.kind != User.Kind.PERSON:
        return False
    left_on = user.person.left_on if user.person else None
    return left_on is None or left_on > local_today()
