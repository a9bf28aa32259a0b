"""The API at /api/v1/: every app's `api.router`, one OpenAPI description, bearer tokens of integrations.

An app's `api.py` holds `router` and `prefix` ("/accounts"), and `also` further pairs of both. A token stands for a
service user, whose roles say what it may do, like anybody's. Amounts are texts in yuan ("12.34"), volumes texts in m³,
dates ISO.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from mainstay import __version__
from mainstay.config.api_words import in_words
from mainstay.core.access.bearer import Bearer
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.kit.errors import Problem

STATUS = {"not_found": 404, "no_account": 404, "serial_used": 409, "key_used": 409, "changed": 409, "locked": 409}


class GivenTwice(ValueError):
    """A body names one of its fields twice; which of the two is meant nobody can know."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        raise GivenTwice(next(key for key in keys if keys.count(key) > 1))
    return found


class OnceParser(Parser):
    """Reads a body whose fields are each given once."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's content; raises ValueError, GivenTwice."""
        return json.loads(request.body, object_pairs_hook=_once)


def _known_only(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse parameters of the address that the operation does not know: a misspelt filter would give everything."""
    models = run.__self__.models  # type: ignore[attr-defined]
    known = {
        name for model in models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__
    }

    @wraps(run)
    def checked(request: HttpRequest, **values: Any) -> HttpResponse:
        unknown = sorted(request.GET.keys() - known)
        if not unknown or Bearer()(request) is None:
            return run(request, **values)
        return _not_valid(request, [{"loc": ("query", name), "type": "extra_forbidden"} for name in unknown])

    return checked


class Api(NinjaAPI):
    """The API, whose description speaks the reader's language."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Return the OpenAPI description with its texts in the active language."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return _translated(_described(self, prefix))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation as its function: `list_accounts`."""
        return operation.view_func.__name__


class _Description(OpenAPISchema):
    """The OpenAPI description; the shape all errors have is worked out once, not for each answer of each operation."""

    def __init__(self, built: NinjaAPI, path_prefix: str) -> None:
        self.shapes: dict[Any, Any] = {}
        super().__init__(built, path_prefix)

    def _create_schema_from_model(self, model: Any, *args: Any, **facts: Any) -> Any:
        """Return a model's schema; an answer's model is made for that answer alone, around the one it was told."""
        answer = model.model_fields.get("response") if model.__name__ == "NinjaResponseSchema" else None
        key = (model if answer is None else answer.annotation, args, *sorted(facts.items()))
        if key not in self.shapes:
            self.shapes[key] = super()._create_schema_from_model(model, *args, **facts)
        return self.shapes[key]


@cache
def _described(built: NinjaAPI, path_prefix: str) -> OpenAPISchema:
    return _Description(built, path_prefix)


def _translated(part: Any) -> Any:
    if isinstance(part, dict):
        texts = ("summary", "description")
        return {
            key: _(value) if key in texts and isinstance(value, str) and value else _translated(value)
            for key, value in part.items()
        }
    return [_translated(one) for one in part] if isinstance(part, list) else part


def _build() -> Api:
    built = Api(
        title="Mainstay",
        version=__version__,
        urls_namespace="api",
        auth=Bearer(),
        docs_url=None,
        parser=OnceParser(),
        description=_n("Accounts, readings, bills and payments of a gas company; inspections, hazards and notices."),
    )
    built.add_decorator(_known_only, mode="view")
    for app in apps.get_app_configs():
        if app.name.startswith("mainstay.") and app.module and module_has_submodule(app.module, "api"):
            module = import_module(f"{app.name}.api")
            for prefix, router in ((module.prefix, module.router), *getattr(module, "also", ())):
                built.add_router(prefix, router, tags=[prefix.strip("/")])
    return built


api = _build()


def fault(request: HttpRequest, status: int, code: str, message: Any, **more: Any) -> HttpResponse:
    """Answer an error in the one shape all errors have."""
    found = {"code": code, "message": str(message), "money_moved": False, **more}
    found["request_id"] = getattr(request, "request_id", None)
    return api.create_response(request, {"error": found}, status=status)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    status = STATUS.get(problem.code, 422)
    return fault(request, status, problem.code, problem, field=problem.field, money_moved=problem.money_moved)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return fault(request, 403, "refused", refused, right=refused.right)


@api.exception_handler(ApprovalFiled)
def _filed(request: HttpRequest, filed: ApprovalFiled) -> HttpResponse:
    text = _("Sent for approval; nothing was changed yet.")
    return api.create_response(request, {"approval": filed.approval.pk, "message": text}, status=202)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = fault(request, 401, "no_token", _("Send a valid token: Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _not_valid(request, error.errors)


def _not_valid(request: HttpRequest, errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    fields = in_words(errors)
    return fault(request, 422, "invalid", fields[0]["message"], field=fields[0]["field"], fields=fields)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    twice = error.__cause__
    if isinstance(twice, GivenTwice):
        text = _("“%(field)s” is given twice; keep one.") % {"field": str(twice)[:40]}
        return fault(request, error.status_code, "bad_request", text)
    return fault(request, error.status_code, "bad_request", _("The body is not valid JSON."))


@api.exception_handler(UnreadablePostError)
def _broken_off(request: HttpRequest, _error: UnreadablePostError) -> HttpResponse:
    return fault(
        request, 400, "bad_request", _("The request broke off before its end. Nothing was done; send it again.")
    )


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return fault(request, 413, "too_big", _("The body is too large. Nothing was done; send it in parts."))
