"""Integrations with tokens, and requests in their name."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from mainstay.core.access.models import ApiToken, User
from mainstay.core.access.tokens import digest_of, new_token
from mainstay.core.organisation.models import Unit
from tests.core.make import make_user

ALL = (
    "gas.customers.view_account",
    "gas.readings.view_readings",
    "gas.readings.record_reading",
    "gas.readings.record_readings",
    "gas.billing.view_bill",
    "gas.payments.view_payment",
    "gas.payments.take_payment",
)


class Caller:
    """A program that holds a token."""

    def __init__(self, token: str, user: User | None = None, language: str = "en") -> None:
        self.user = user
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.client = Client()

    def get(self, address: str, **query: Any) -> Any:
        """Send GET below /api/v1."""
        return self.client.get(f"/api/v1{address}", query, headers=self.headers)

    def post(self, address: str, body: Any, **headers: str) -> Any:
        """Send POST with a JSON body below /api/v1."""
        text = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        sent = {**self.headers, **headers}
        return self.client.post(f"/api/v1{address}", text, content_type="application/json", headers=sent)


def make_token(user: User, *, expires_on: date | None = None, revoked: bool = False) -> str:
    """Issue a token without going through the door."""
    token = new_token()
    revoked_at = timezone.now() if revoked else None
    ApiToken.objects.create(
        user=user, name="test", digest=digest_of(token), expires_on=expires_on, revoked_at=revoked_at
    )
    return token


def make_caller(
    *rights: str, unit: Unit | None = None, limit_fen: int | None = None, language: str = "en", **facts: Any
) -> Caller:
    """Make an integration with these rights at a unit (the whole company without one), and its token."""
    reach = ("subtree" if unit else "all", limit_fen)
    user = make_user(rights=dict.fromkeys(rights, reach), unit=unit, kind=User.Kind.SERVICE, **facts)
    return Caller(make_token(user), user, language)
