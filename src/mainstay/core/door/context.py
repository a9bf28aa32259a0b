"""Facts of the current request that an audit row keeps."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFacts:
    """Where an act came from."""

    request_id: str = ""
    ip: str = ""


_NONE = RequestFacts()
_facts: ContextVar[RequestFacts] = ContextVar("mainstay_request", default=_NONE)


def set_request(request_id: str, ip: str) -> None:
    """Remember the request for audit rows written in this context."""
    _facts.set(RequestFacts(request_id[:36], ip[:45]))


def current_request() -> RequestFacts:
    """Return the facts of the request being served, empty outside of one."""
    return _facts.get()
