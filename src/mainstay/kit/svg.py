"""Small charts made by the server: bars, stacked bars, a spark line.

Plain SVG with attributes and classes only (a strict content security policy allows neither inline styles nor
scripts). The colours come from the page's style sheet by the classes `chart-1` … `chart-6`; each chart has a title and
its numbers as text for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

Number = int | float
_LABEL_SPACE = 18
_KINDS = 6


def bars(
    title: Any,
    labels: Sequence[Any],
    values: Sequence[Number],
    *,
    width: int = 480,
    height: int = 160,
    show: Callable[[Number], str] = str,
) -> SafeString:
    """One bar for each label; values below zero hang from the line. `show` writes a value for reading."""
    return stacked(title, labels, [("", values)], width=width, height=height, show=show)


def stacked(
    title: Any,
    labels: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[Number]]],
    *,
    width: int = 480,
    height: int = 160,
    show: Callable[[Number], str] = str,
    above: Callable[[Number], str] | None = None,
    level: tuple[Any, Sequence[Number | None]] | None = None,
    notes: Sequence[Any] = (),
) -> SafeString:
    """One bar for each label, made of a piece of each series (name, values) on top of each other.

    `above` writes the sum of a bar over it, in as few characters as fit there; nothing over an empty one. `level` is
    another value of each label (name, values; None: there is none), a line across the bar: what it is compared with.
    `notes` are short words over the bars ("" for none), to be explained in the legend.
    """
    tops = [sum(max(v[i], 0) for _, v in series) for i in range(len(labels))]
    levels = [value for value in (level[1] if level else ()) if value is not None]
    highest, head = max([*tops, *levels], default=0), _LABEL_SPACE if above or any(notes) else 0
    lowest = min([sum(min(v[i], 0) for _, v in series) for i in range(len(labels))], default=0)
    scale = (height - _LABEL_SPACE - head) / ((highest - lowest) or 1)
    base = head + highest * scale
    step = width / max(len(labels), 1)
    parts = [_line(0, base, width, base, "chart-axis")]
    for index, label in enumerate(labels):
        pieces = [(f"{label} {name}".strip() + f": {show(v[index])}", v[index]) for name, v in series]
        parts += _column(index * step, step, base, scale, pieces)
        parts.append(_text(index * step + step / 2, height - 4, str(label)))
        if level and level[1][index] is not None:
            parts.append(_level(index * step, step, base, scale, (level[1][index] or 0, f"{label} {level[0]}", show)))
        over = above(tops[index]) if above and tops[index] else ""
        note = str(notes[index]) if notes else ""
        if over or note:
            top = max([tops[index], *([level[1][index] or 0] if level else [])])
            kind = "chart-note" if note else "chart-label"
            parts.append(_text(index * step + step / 2, base - top * scale - 5, f"{over} {note}".strip(), kind))
    noted = [f" ({note})" if note else "" for note in notes] or [""] * len(labels)
    told = "; ".join(
        f"{label}: {', '.join(_told(index, series, level, show))}{noted[index]}" for index, label in enumerate(labels)
    )
    return _picture(title, told, width, height, parts)


def sparkline(
    title: Any, values: Sequence[Number], *, width: int = 120, height: int = 28, show: Callable[[Number], str] = str
) -> SafeString:
    """A line without axes that shows the course of some values, the last one marked."""
    low, high = min(values, default=0), max(values, default=0)
    across, up = (width - 6) / max(len(values) - 1, 1), (height - 6) / ((high - low) or 1)
    points = [(3 + index * across, height - 3 - (value - low) * up) for index, value in enumerate(values)]
    course = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    parts = [f'<polyline class="chart-line" fill="none" stroke="currentColor" points="{course}"/>']
    parts += [f'<circle class="chart-1" cx="{_n(x)}" cy="{_n(y)}" r="2.5"/>' for x, y in points[-1:]]
    return _picture(title, ", ".join(map(show, values)), width, height, parts)


def _column(left: float, step: float, base: float, scale: float, pieces: Sequence[tuple[str, Number]]) -> Iterator[str]:
    """The pieces (tip, value) of one bar: from the axis at `base` upwards, those below zero downwards."""
    above = below = base
    for number, (tip, value) in enumerate(pieces):
        size = abs(value) * scale
        top = above - size if value >= 0 else below
        above, below = (top, below) if value >= 0 else (above, below + size)
        yield (
            f'<rect class="chart-{number % _KINDS + 1}" x="{_n(left + step * 0.15)}" y="{_n(top)}" '
            f'width="{_n(step * 0.7)}" height="{_n(size)}"><title>{escape(tip)}</title></rect>'
        )


def _told(
    index: int, series: Sequence[tuple[Any, Sequence[Number]]], level: Any, show: Callable[[Number], str]
) -> Iterator[str]:
    """What one bar says, as text."""
    yield from (f"{name} {show(values[index])}".strip() for name, values in series)
    if level and level[1][index] is not None:
        yield f"{level[0]} {show(level[1][index])}"


def _level(left: float, step: float, base: float, scale: float, value: tuple[Number, str, Callable[..., str]]) -> str:
    """A line across a bar, a little wider than it."""
    number, tip, show = value
    y = _n(base - number * scale)
    return (
        f'<line class="chart-level" stroke="currentColor" stroke-width="2" x1="{_n(left + step * 0.06)}" y1="{y}" '
        f'x2="{_n(left + step * 0.94)}" y2="{y}"><title>{escape(f"{tip}: {show(number)}")}</title></line>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" stroke="currentColor" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _text(x: float, y: float, text: str, kind: str = "chart-label") -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="middle" font-size="11">{escape(text)}</text>'


def _picture(title: Any, told: str, width: int, height: int, parts: Sequence[str]) -> SafeString:
    heading = str(title)
    return mark_safe(  # noqa: S308  # every text in it is escaped where it is put in
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={quoteattr(heading)} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(heading)}</title><desc>{escape(told)}</desc>{''.join(parts)}</svg>"
    )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
