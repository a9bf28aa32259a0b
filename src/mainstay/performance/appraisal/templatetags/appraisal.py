"""How levels of severity read."""

from django import template

register = template.Library()
E4 = 10_000


@register.filter
def levels(value: int | None) -> str:
    """1/10000 levels with a sign: 4210 → "+0.42"; a dash for none."""
    return "–" if value is None else f"{value / E4:+.2f}".replace("-", "−")
