"""Signs and badges of rounds."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from mainstay.inspection.patrols import tables

register = template.Library()


@register.filter
def mark(state: str) -> Any:
    """The sign of a point's state."""
    return tables.mark(state)


@register.filter
def badge_of_round(state: str) -> Any:
    """What became of a round, as a badge."""
    title, hue, _sign = tables.STATES[state]
    return format_html('<span class="ms-badge ms-badge-{}">{}</span>', hue, title)
