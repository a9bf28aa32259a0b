"""What every request passes through: probes, facts for the audit row, the content policy, and honest errors."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url

from mainstay import __version__
from mainstay.core.door import context as door_context
from mainstay.web.pages.answers import answer_to

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # data: because Tabler's own style sheet draws its check marks so
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def health(get_response: GetResponse) -> GetResponse:
    """Answer /healthz, /readyz and /metrics before anything else, so that a broken part cannot hide itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok", "version": __version__})
        if request.path == "/readyz":
            return _ready()
        if request.path == "/metrics":
            return _metrics(request)
        return get_response(request)

    return middleware


def _ready() -> HttpResponse:
    """Say whether this process can serve: 503 with the reasons when it cannot."""
    reasons: list[str] = []
    try:
        if not _migrated():
            reasons.append("migrations: not all applied; run ./mainstay manage migrate")
    except Exception as error:
        structlog.get_logger().warning("not ready", error=repr(error))
        reasons.append(f"database: {type(error).__name__}")
    body = {"status": "not ready" if reasons else "ready", "version": __version__, "reasons": reasons}
    return JsonResponse(body, status=503 if reasons else 200)


def _migrated() -> bool:
    """Tell whether the database has every migration of this process's code.

    Asked several times a second on a pair: the tree of migrations is only gone through when one seems to be missing.
    """
    if _migrations() <= MigrationRecorder(connection).applied_migrations().keys():
        return True
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@functools.cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def _metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its text, to this machine and to the addresses in the setting METRICS_ALLOWED only."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    allowed = {"127.0.0.1", "::1", *getattr(settings, "METRICS_ALLOWED", ())}
    if request.META.get("REMOTE_ADDR") not in allowed:
        return HttpResponse("This address may not read the metrics.\n", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def request_facts(get_response: GetResponse) -> GetResponse:
    """Give each request an id (kept from the proxy when well-formed) and remember it with the address for the audit.

    Also turns a redirect to the login page into one of the whole window when a fragment was asked for:
    otherwise the login form would appear inside a table.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        door_context.set_request(request_id, request.META.get("REMOTE_ADDR") or "")
        response = get_response(request)
        response["X-Request-ID"] = request_id
        location = response.get("Location", "")
        asked_by_htmx = request.headers.get("HX-Request") == "true"
        if location and asked_by_htmx and location.startswith(resolve_url(settings.LOGIN_URL)):
            response.status_code = 204
            del response["Location"]
            response["HX-Redirect"] = location
        return response

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Allow nothing but this site's own files; a view that needs another policy sets the header itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")  # personal data stays out of the disk cache
        return response

    return middleware


def problems(get_response: GetResponse) -> GetResponse:
    """Turn what an action says (a problem, a refusal, an approval filed) into a page, a fragment or JSON."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_to(request, error)

    handler: Any = middleware
    handler.process_exception = process_exception
    return middleware
