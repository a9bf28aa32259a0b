"""Terms along time: a change that holds for a while is laid over what holds already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

_NEVER = date.max


@dataclass(frozen=True, slots=True)
class Span:
    """Terms from `from_on` until `until_on` (exclusive, None: without end); `values` by column."""

    from_on: date
    until_on: date | None
    values: Mapping[str, Any]


def overlay(spans: Iterable[Span], from_on: date, until_on: date | None, change: Mapping[str, Any]) -> list[Span]:
    """The spans with `change` in [from_on, until_on); before and after it they say what they said.

    Neighbours that then say the same become one. Days that no span covers stay uncovered.
    """
    end = until_on or _NEVER
    laid: list[Span] = []
    for span in sorted(spans, key=lambda one: one.from_on):
        last = span.until_on or _NEVER
        edges = sorted({span.from_on, *(day for day in (from_on, end) if span.from_on < day < last)})
        for begin, close in zip(edges, [*edges[1:], last], strict=True):
            inside = from_on <= begin < end
            values = {**span.values, **change} if inside else dict(span.values)
            laid.append(Span(begin, None if close == _NEVER else close, values))
    return _joined(laid)


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        if found and found[-1].until_on == span.from_on and found[-1].values == span.values:
            found[-1] = replace(found[-1], until_on=span.until_on)
        else:
            found.append(span)
    return found
