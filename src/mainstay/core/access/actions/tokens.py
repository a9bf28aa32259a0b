"""Keys of integrations: issued once, revoked for ever."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.actions.users import Issued
from mainstay.core.access.models import ApiToken, User
from mainstay.core.access.tokens import digest_of, new_token
from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem


@action("core.access.issue_token", title=_("Issue an API token"))
def issue_token(*, user: User, name: str, expires_on: date | None = None, by: User) -> Issued:
    """Make a key for an integration; the key itself is in the result only and cannot be read again."""
    if user.kind != User.Kind.SERVICE:
        raise Problem(_("Keys are for integration users. People log in."), field="user", code="no_service_user")
    if expires_on is not None and expires_on < local_today():
        raise Problem(_("This day is already over."), field="expires_on", code="past")
    secret = new_token()
    token = ApiToken.objects.create(user=user, name=name, digest=digest_of(secret), expires_on=expires_on)
    note_change(
        subject=f"access.apitoken:{token.pk}",
        after={"user": user.username, "name": name, "expires_on": expires_on.isoformat() if expires_on else None},
    )
    return Issued(user, secret)


@action("core.access.revoke_token", title=_("Revoke an API token"))
def revoke_token(*, token: ApiToken, reason: str, by: User) -> ApiToken:
    """Make a key worthless at once."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    note_change(after={"revoked": True}, reason=reason)
    return token
