"""The pages for what went wrong outside of an action, in the shell and with a way on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mainstay.web.pages.answers import wants_json


def _answer(request: HttpRequest, status: int, code: str, message: str, **context: Any) -> HttpResponse:
    """Render the page of a status, or its JSON for a program."""
    if wants_json(request):
        request_id = getattr(request, "request_id", "")
        return JsonResponse({"error": {"code": code, "message": message, "request_id": request_id}}, status=status)
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request makes no sense."""
    return _answer(request, 400, "bad_request", _("This request could not be understood"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may not see this; the text of the exception says why."""
    return _answer(request, 403, "refused", _("You do not have the right to see this page"), exception=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or a thing outside the person's area of work."""
    return _answer(request, 404, "not_found", _("This page does not exist"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. The page asks nothing of the database, which may be what failed."""
    return _answer(request, 500, "fault", _("Something went wrong here"))
