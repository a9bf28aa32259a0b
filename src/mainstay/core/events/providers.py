"""Providers: a part asks a named question, another part answers, neither imports the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_providers: dict[str, list[Callable[..., Any]]] = {}


def provide(question: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function that answers `question` (for example "warnings_of_account")."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        held = _providers.setdefault(question, [])
        if function not in held:
            held.append(function)
        return function

    return register


def answers(question: str, **facts: Any) -> list[Any]:
    """Return what every provider of a question answers; an empty list when nobody does."""
    return [function(**facts) for function in _providers.get(question, [])]
