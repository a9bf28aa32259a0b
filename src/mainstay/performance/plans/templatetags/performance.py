"""Numbers of 4R as people read them."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.web.templatetags.mainstay import badge

register = template.Library()
_HUES = {"ahead": "green", "on_track": "blue", "behind": "red", "unknown": "grey"}


@register.filter
def e4(value: int | None) -> str:
    """An indicator's value."""
    return number_text(value)


@register.filter
def e2(value: int | None) -> str:
    """Points."""
    return number_text(value, decimals=2)


@register.filter
def bp(value: int | None) -> str:
    """Basis points as per cent."""
    return bp_text(value)


@register.filter
def percent(value: int | None) -> int:
    """Basis points as whole per cent for a bar, at most 100."""
    return min((value or 0) // 100, 100)


@register.filter
def light(value: str) -> SafeString:
    """How a target stands: a word with its hue."""
    words = {"ahead": _("ahead"), "on_track": _("on track"), "behind": _("behind"), "unknown": _("no value yet")}
    return badge(words[value], _HUES[value])
