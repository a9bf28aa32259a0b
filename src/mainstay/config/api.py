"""The API at /api/v1/: every app's `api.router`, one OpenAPI description, bearer tokens of integrations.

An app's `api.py` holds `router` and `prefix` ("/accounts"). A token stands for a service user, whose roles say what it
may do, like anybody's. Amounts are texts in yuan ("12.34"), volumes texts in m³, dates ISO.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from mainstay import __version__
from mainstay.core.access.bearer import Bearer
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.kit.errors import Problem

STATUS = {"not_found": 404, "serial_used": 409}


def _answer(request: HttpRequest, status: int, code: str, message: Any, **more: Any) -> HttpResponse:
    return api.create_response(request, {"error": {"code": code, "message": str(message), **more}}, status=status)


def _build() -> NinjaAPI:
    built = NinjaAPI(
        title="Mainstay",
        version=__version__,
        urls_namespace="api",
        auth=Bearer(),
        docs_url="docs",
        description="Customers, readings, bills and payments of a gas company.",
    )
    for app in apps.get_app_configs():
        if app.name.startswith("mainstay.") and app.module and module_has_submodule(app.module, "api"):
            module = import_module(f"{app.name}.api")
            built.add_router(module.prefix, module.router, tags=[module.prefix.strip("/")])
    return built


api = _build()


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    status = STATUS.get(problem.code, 422)
    return _answer(request, status, problem.code, problem, field=problem.field, money_moved=problem.money_moved)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _answer(request, 403, "refused", refused, right=refused.right)


@api.exception_handler(ApprovalFiled)
def _filed(request: HttpRequest, filed: ApprovalFiled) -> HttpResponse:
    text = _("Sent for approval; nothing was changed yet.")
    return api.create_response(request, {"approval": filed.approval.pk, "message": text}, status=202)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return _answer(request, 401, "no_token", _("Send a valid token: Authorization: Bearer …"))
