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
) -> SafeString:
    """One bar for each label, made of a piece of each series (name, values) on top of each other.

    `above` writes the sum of a bar over it, in as few characters as fit there; nothing over an empty one.
    """
    tops = [sum(max(v[i], 0) for _, v in series) for i in range(len(labels))]
    highest, head = max(tops, default=0), _LABEL_SPACE if above else 0
    lowest = min([sum(min(v[i], 0) for _, v in series) for i in range(len(labels))], default=0)
    scale = (height - _LABEL_SPACE - head) / ((highest - lowest) or 1)
    base = head + highest * scale
    step = width / max(len(labels), 1)
    parts = [_line(0, base, width, base, "chart-axis")]
    for index, label in enumerate(labels):
        pieces = [(f"{label} {name}".strip() + f": {show(v[index])}", v[index]) for name, v in series]
        parts += _column(index * step, step, base, scale, pieces)
        parts.append(_text(index * step + step / 2, height - 4, str(label)))
        if above and tops[index]:
            parts.append(_text(index * step + step / 2, base - tops[index] * scale - 5, above(tops[index])))
    told = "; ".join(
        f"{label}: " + ", ".join(f"{name} {show(v[index])}".strip() for name, v in series)
        for index, label in enumerate(labels)
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


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" stroke="currentColor" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _text(x: float, y: float, text: str) -> str:
    return (
        f'<text class="chart-label" x="{_n(x)}" y="{_n(y)}" text-anchor="middle" font-size="11">{escape(text)}</text>'
    )


def _picture(title: Any, told: str, width: int, height: int, parts: Sequence[str]) -> SafeString:
    heading = str(title)
    return mark_safe(  # noqa: S308  # every text in it is escaped where it is put in
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={quoteattr(heading)} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(heading)}</title><desc>{escape(told)}</desc>{''.join(parts)}</svg>"
    )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
