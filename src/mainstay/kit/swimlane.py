"""A process as a swim-lane picture: a lane for each who acts, a row for each step, arrows between them.

Plain SVG like `kit.svg`: attributes and classes only. Lanes stand side by side in the order in which they first act;
steps run downwards. An arrow to the next row goes straight; a way back or further on runs along the right side with its
condition written beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

LANE, ROW, HEAD, BOX_W, BOX_H, MARGIN, RAIL = 172, 84, 40, 148, 56, 8, 16
LINE_HEIGHT = 15
FIRST, SECOND = 12, 11  # font sizes


@dataclass(frozen=True)
class Stop:
    """A step: position, lane, name, a second line (form, time limit) and its ways [(position, condition)].

    Without ways it leads to the next position, and the last one to the end.
    """

    position: int
    lane: str
    name: str
    note: str = ""
    ways: Sequence[tuple[int, str]] = field(default_factory=tuple)


def swimlane(title: Any, stops: Sequence[Stop]) -> SafeString:
    """Return the picture of these steps; steps as text too, for those who do not see it."""
    lanes = list(dict.fromkeys(stop.lane for stop in stops))
    row = {stop.position: number for number, stop in enumerate(stops)}
    column = {stop.position: lanes.index(stop.lane) for stop in stops}
    detours = _detours(stops, row)
    width = len(lanes) * LANE + 2 * MARGIN + RAIL * (len(detours) + 1) + (90 if any(way[2] for way in detours) else 0)
    height = HEAD + len(stops) * ROW + MARGIN
    parts = [_marker(), *_lanes(lanes, height)]
    for stop in stops:
        parts += _straight(stop, stops, row, column)
    parts += [part for number, way in enumerate(detours) for part in _detour(number, way, row, column, len(lanes))]
    parts += [part for stop in stops for part in _box(stop, row, column)]
    told = "; ".join(f"{stop.position}. {stop.lane}: {stop.name}" for stop in stops)
    return mark_safe(  # noqa: S308  # every text in it is escaped where it is put in
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart lanes" role="img" aria-label={quoteattr(str(title))} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(str(title))}</title><desc>{escape(told)}</desc>{''.join(parts)}</svg>"
    )


def _detours(stops: Sequence[Stop], row: Mapping[int, int]) -> list[tuple[int, int, str]]:
    """Return the ways that do not lead to the next row, as (from, to, condition)."""
    return [
        (stop.position, target, when)
        for stop in stops
        for target, when in stop.ways
        if target in row and row[target] != row[stop.position] + 1
    ]


def _centre(position: int, row: Mapping[int, int], column: Mapping[int, int]) -> tuple[int, int]:
    return MARGIN + column[position] * LANE + LANE // 2, HEAD + row[position] * ROW + ROW // 2


def _marker() -> str:
    return (
        '<defs><marker id="lane-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path class="lane-tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    )


def _lanes(lanes: Sequence[str], height: int) -> list[str]:
    parts = []
    for number, name in enumerate(lanes):
        left = MARGIN + number * LANE
        kind = "lane-even" if number % 2 else "lane-odd"
        parts.append(f'<rect class="{kind}" x="{left}" y="0" width="{LANE}" height="{height}"/>')
        parts.append(_text(left + LANE // 2, 25, _short(name, 22), "lane-name", FIRST))
    right = MARGIN + len(lanes) * LANE
    parts.append(f'<line class="lane-line" x1="{MARGIN}" y1="{HEAD}" x2="{right}" y2="{HEAD}"/>')
    return parts


def _box(stop: Stop, row: Mapping[int, int], column: Mapping[int, int]) -> list[str]:
    x, y = _centre(stop.position, row, column)
    lines = _wrapped(f"{stop.position}. {stop.name}", 22)[:2]
    tip = f"{stop.position}. {stop.name} {stop.note}".strip()
    parts = [
        f'<g><title>{escape(tip)}</title><rect class="lane-step" x="{x - BOX_W // 2}" y="{y - BOX_H // 2}" '
        f'width="{BOX_W}" height="{BOX_H}" rx="6"/>'
    ]
    texts = [(line, "lane-text", FIRST) for line in lines]
    if stop.note:
        texts.append((_short(stop.note, 24), "lane-note", SECOND))
    top = y - (len(texts) - 1) * LINE_HEIGHT / 2 + 4
    parts += [_text(x, top + number * LINE_HEIGHT, *text) for number, text in enumerate(texts)]
    return [*parts, "</g>"]


def _straight(stop: Stop, stops: Sequence[Stop], row: Mapping[int, int], column: Mapping[int, int]) -> list[str]:
    """The arrow to the next row, where one leads there."""
    here = row[stop.position]
    if here + 1 >= len(stops):
        return []
    after = stops[here + 1].position
    when = next((text for target, text in stop.ways if target == after), None)
    if stop.ways and when is None:
        return []
    x1, y1 = _centre(stop.position, row, column)
    x2, y2 = _centre(after, row, column)
    start, end, middle = y1 + BOX_H // 2, y2 - BOX_H // 2 - 1, y1 + ROW // 2
    path = f"M{x1} {start}V{end}" if x1 == x2 else f"M{x1} {start}V{middle}H{x2}V{end}"
    parts = [f'<path class="lane-way" d="{path}" marker-end="url(#lane-arrow)"/>']
    return [*parts, _text(x1 + 6, middle - 3, when, "lane-when", SECOND, anchor="start")] if when else parts


def _detour(
    number: int, way: tuple[int, int, str], row: Mapping[int, int], column: Mapping[int, int], lanes: int
) -> list[str]:
    """A way along the right side: out of the box to the right, up or down, and in from the right."""
    source, target, when = way
    x1, y1 = _centre(source, row, column)
    x2, y2 = _centre(target, row, column)
    rail = MARGIN + lanes * LANE + RAIL * (number + 1)
    out, into = y1 + 10, y2 - 10
    path = f"M{x1 + BOX_W // 2} {out}H{rail}V{into}H{x2 + BOX_W // 2 + 1}"
    parts = [f'<path class="lane-way lane-detour" d="{path}" marker-end="url(#lane-arrow)"/>']
    return (
        [*parts, _text(rail + 4, (out + into) / 2, _short(when, 12), "lane-when", SECOND, anchor="start")]
        if when
        else parts
    )


def _text(x: float, y: float, text: str, kind: str, size: int, *, anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'


def _wide(text: str) -> int:
    """Width in halves of a Chinese character."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most `width` half characters, at spaces where there are any."""
    lines, line = [], ""
    for one in text:
        if _wide(line + one) > width:
            head, space, tail = line.rpartition(" ")
            lines.append(head if space and one != " " and head else line)
            line = tail if space and one != " " and head else ""
        line = (line + one).lstrip()
    return [*lines, line] if line else lines


def _short(text: str, width: int) -> str:
    """Cut a text that is too wide, with an ellipsis."""
    if _wide(text) <= width:
        return text
    kept = ""
    for one in text:
        if _wide(kept + one) > width - 1:
            break
        kept += one
    return kept + "…"
