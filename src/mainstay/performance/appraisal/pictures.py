"""Severities with their intervals as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

from mainstay.performance.appraisal.models import RaterSeverity

ROW, LEFT, WIDE, HEAD = 22, 120, 420, 22
E4 = 10_000


def intervals(title: Any, lines: Sequence[RaterSeverity]) -> SafeString:
    """Return a dot with a line for each rater whose severity is known, the zero line through all of them."""
    known = [one for one in lines if one.severity_e4 is not None]
    reach = max([abs(value) for one in known for value in (one.low_e4 or 0, one.high_e4 or 0)], default=0) or 1

    def x(value: int) -> float:
        return LEFT + WIDE / 2 + value * WIDE / 2 / reach

    height = HEAD + ROW * len(known)
    parts = [
        f'<line class="chart-axis" stroke="currentColor" x1="{x(0):g}" y1="{HEAD - 6}" x2="{x(0):g}" y2="{height}"/>',
        f'<text class="chart-label" font-size="11" text-anchor="middle" x="{x(0):g}" y="12">0</text>',
        f'<text class="chart-label" font-size="11" x="{LEFT}" y="12">−{reach / E4:.2f}</text>',
        f'<text class="chart-label" font-size="11" text-anchor="end" x="{LEFT + WIDE}" y="12">+{reach / E4:.2f}</text>',
    ]
    for number, one in enumerate(known):
        parts.append(_line(one, HEAD + number * ROW + ROW / 2, x))
    told = "; ".join(f"{one.person}: {(one.severity_e4 or 0) / E4:+.2f}" for one in known)
    return mark_safe(  # noqa: S308  # every text in it is escaped where it is put in
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={quoteattr(str(title))} '
        f'viewBox="0 0 {LEFT + WIDE + 60} {height}" width="{LEFT + WIDE + 60}" height="{height}">'
        f"<title>{escape(str(title))}</title><desc>{escape(told)}</desc>{''.join(parts)}</svg>"
    )


def _line(one: RaterSeverity, y: float, x: Any) -> str:
    low, high, middle = x(one.low_e4 or 0), x(one.high_e4 or 0), x(one.severity_e4 or 0)
    hue = "chart-3" if one.flagged else "chart-1"
    value = (one.severity_e4 or 0) / E4
    return (
        f"<g><title>{escape(f'{one.person}: {value:+.2f}')}</title>"
        f'<text class="chart-label" font-size="11" text-anchor="end" x="{LEFT - 8}" y="{y + 4:g}">'
        f"{escape(str(one.person))}</text>"
        f'<rect class="{hue}" x="{low:.1f}" y="{y - 1:g}" width="{max(high - low, 1):.1f}" height="2"/>'
        f'<circle class="{hue}" cx="{middle:.1f}" cy="{y:g}" r="4"/>'
        f'<text class="chart-label" font-size="11" x="{LEFT + WIDE + 8}" y="{y + 4:g}">{value:+.2f}</text></g>'
    )
