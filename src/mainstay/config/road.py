"""The short road of API requests: no session, no form token, no second factor, hence nothing of what serves those."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from mainstay.core.door import refusals

GetResponse = Callable[[HttpRequest], HttpResponse]
PREFIX = "/api/v1/"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Vary": "Accept-Language, Authorization",
}
log = logging.getLogger("django.request")


def api_first(get_response: GetResponse) -> GetResponse:
    """Answer /api/v1/ here; a token and the language header are all that it reads of a request's sender."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        request.get_host()  # refuses names that are not this site's
        with translation.override(_language(request)):
            response = _answer(request)
        refusals.flush()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def _answer(request: HttpRequest) -> HttpResponse:
    from mainstay.config.api import fault  # at the first request: apps must be ready, their routers are read

    try:
        match = resolve(request.path_info)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return fault(request, 404, "not_found", _("There is no such address."))
    except Exception:
        got_request_exception.send(sender=None, request=request)
        log.exception("Internal Server Error: %s", request.path, extra={"status_code": 500, "request": request})
        return fault(request, 500, "fault", _("Something went wrong here. Name the request id to the administrator."))
    if response.status_code == 405:  # noqa: PLR2004
        allowed = response["Allow"]
        response = fault(
            request, 405, "wrong_method", _("This address answers %(methods)s only.") % {"methods": allowed}
        )
        response["Allow"] = allowed
    return response


def _language(request: HttpRequest) -> str:
    """Return the first language of Accept-Language that there is, else the site's."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)
