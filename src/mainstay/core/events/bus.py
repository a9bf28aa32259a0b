"""Events: what happened, told to other parts once it is committed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

log = logging.getLogger(__name__)
E_ = TypeVar("E_")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type[E_]) -> Callable[[Callable[[E_], None]], Callable[[E_], None]]:
    """Register a function that is called with each committed event (a frozen dataclass) of a kind."""

    def register(function: Callable[[E_], None]) -> Callable[[E_], None]:
        if function not in _listeners[kind]:
            _listeners[kind].append(function)
        return function

    return register


def publish(event: Any) -> None:
    """Tell the listeners of `type(event)` after the current transaction commits; nothing when it rolls back.

    A listener's failure is logged and does not undo the act or reach other listeners.
    """
    transaction.on_commit(lambda: _deliver(event), robust=True)


def _deliver(event: Any) -> None:
    for function in _listeners[type(event)]:
        try:
            function(event)
        except Exception:
            log.exception("listener %s failed on %s", function.__qualname__, type(event).__name__)
