"""Numbers of 4R as people read them."""

from __future__ import annotations

from functools import cache

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.web.templatetags.mainstay import badge

register = template.Library()
_HUES = {"ahead": "green", "on_track": "blue", "behind": "red", "unknown": "grey"}


_FIRST = 900_000_001


@register.simple_tag
def place(name: str, *numbers: int) -> SafeString:
    """The address of a page whose address is made of numbers: as `url`, for pages that write hundreds of them."""
    parts = _parts_of(name, len(numbers), get_script_prefix())
    return mark_safe("".join([parts[0], *(f"{n:d}{part}" for n, part in zip(numbers, parts[1:], strict=True))]))  # noqa: S308  # digits


@cache
def _parts_of(name: str, count: int, _prefix: str) -> list[str]:
    """What stands around the numbers of an address; the router is asked once, which takes longer than all the rest."""
    rest, parts = reverse(name, args=[_FIRST + n for n in range(count)]), []
    for n in range(count):
        before, rest = rest.split(str(_FIRST + n), 1)
        parts.append(before)
    return [*parts, rest]


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
