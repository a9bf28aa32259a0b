"""Log lines, for people (`MAINSTAY_LOG_FORMAT=text`) or for a collector (`json`: one object a line).

A line says which request, which user (by number), which part and which action it belongs to. Names, phones and the
values of a refused row never get into it: of an error only its kind and the places in the code are kept.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

FORMATS = ("text", "json")
GetResponse = Callable[[HttpRequest], HttpResponse]
Facts = MutableMapping[str, Any]
_FIRST = ("timestamp", "level", "event", "logger", "request_id", "user_id", "part", "action")
_LONG_NUMBER = re.compile(r"\d{7,}")
_VALUES_OF_A_ROW = re.compile(r"DETAIL:.*|=\([^)]*\)", re.DOTALL)


def logging_settings(form: str) -> dict[str, Any]:
    """Return Django's LOGGING for a format, and set structlog up to pass through it.

    Raises ImproperlyConfigured for a format that does not exist.
    """
    if form not in FORMATS:
        raise ImproperlyConfigured(
            f"MAINSTAY_LOG_FORMAT is {form!r}; choose text or json. MAINSTAY_LOG_FORMAT 只能是 text 或 json。"
        )
    shared = _shared()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False, default=repr) if form == "json" else _as_text
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [_of_request, _error_without_values, _without_personal_data, _in_order, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
    }


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _of_act,
    ]


def who_and_where(get_response: GetResponse) -> GetResponse:
    """Let every line logged during a request name its user and part; comes after the log-in is known."""

    def middleware(request: HttpRequest) -> HttpResponse:
        part = request.path_info.strip("/").split("/")[0]
        structlog.contextvars.bind_contextvars(user_id=getattr(request.user, "pk", None), part=part)
        return get_response(request)

    return middleware


def _of_act(_logger: Any, _method: str, facts: Facts) -> Facts:
    """The act under way knows best: who does what, in which part."""
    from mainstay.core.door.run import act_under_way  # the settings are read before the apps

    act = act_under_way()
    if act is not None:
        name, user_id = act
        facts.update(action=name, user_id=user_id, part=name.split(".")[1])
    return facts


def _of_request(_logger: Any, _method: str, facts: Facts) -> Facts:
    """Lines of Django's own carry their request: its id and its user, and the page instead of an action."""
    record: logging.LogRecord | None = facts.pop("_record", None)
    facts.pop("_from_structlog", None)
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        facts.setdefault("request_id", getattr(request, "request_id", None))
        match = request.resolver_match
        if match is not None:
            facts["part"] = facts.get("part") or match.app_name
            facts.setdefault("page", match.view_name)
    return facts


def _error_without_values(_logger: Any, _method: str, facts: Facts) -> Facts:
    """Of an exception: its kind and where it came from. What it says may quote a customer's row."""
    given = facts.pop("exc_info", None)
    found = sys.exc_info() if given is True else given
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        places = traceback.extract_tb(error.__traceback__)
        facts["error"] = type(error).__name__
        facts["where"] = [f"{one.filename}:{one.lineno} {one.name}" for one in places]
    facts.pop("stack_info", None)
    return facts


def _without_personal_data(_logger: Any, _method: str, facts: Facts) -> Facts:
    """Hide what looks like a phone, a number of a document, or the values of a row."""
    for key, value in facts.items():
        if isinstance(value, str) and key not in {"timestamp", "request_id"}:
            facts[key] = _LONG_NUMBER.sub("***", _VALUES_OF_A_ROW.sub("=(***)", value))
    return facts


def _in_order(_logger: Any, _method: str, facts: Facts) -> Facts:
    ordered = {name: facts[name] for name in _FIRST if facts.get(name) not in (None, "")}
    return ordered | {name: value for name, value in facts.items() if name not in _FIRST}


def _as_text(_logger: Any, _method: str, facts: Facts) -> str:
    """One line for people: time, level, what, then the facts; the places of an error below it."""
    head = f"{facts.pop('timestamp', '')} {facts.pop('level', '').upper():<7} {facts.pop('event', '')}"
    places = facts.pop("where", ())
    rest = " ".join(f"{name}={value}" for name, value in facts.items())
    return "\n".join([f"{head}  {rest}".rstrip(), *(f"    {one}" for one in places)])
