"""Tokens at the door of the API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security.base import AuthBase

from mainstay.core.access import tokens
from mainstay.core.access.models import User


class ApiRequest(HttpRequest):
    """A request that carries a valid token; `user` is the integration's own."""

    user: User


class Bearer(AuthBase):
    """`Authorization: Bearer mst_…`, issued on the integration's page."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> User | None:
        """Return the token's user and put it on the request; None answers 401."""
        user = tokens.user_of(request.headers.get("Authorization"))
        if user is not None:
            request.user = user
        return user
