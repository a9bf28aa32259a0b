"""Filters and tags that every template has: money, volume, icons, addresses with changed queries."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mainstay.kit.money import yuan
from mainstay.kit.volume import m3

register = template.Library()
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_NOTHING = mark_safe("")
_NONE = mark_safe(f'<span class="ms-none">{DASH}</span>')  # noqa: S308 - a constant


@cache
def icon_names() -> frozenset[str]:
    """Return the names in the icon sprite."""
    return frozenset((Path(__file__).resolve().parent.parent / "icons.txt").read_text().split())


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite; it is decoration, so screen readers skip it. Unknown names are an error."""
    return _drawn(name, css) if name else _NOTHING


@cache
def _drawn(name: str, css: str) -> SafeString:
    """Draw an icon; some dozens are drawn on every page, so each is made once."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to icons.txt and run tools/vendor")
    sprite = static("web/vendor/icons.svg")
    return format_html(
        '<svg class="ms-icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', css, sprite, name
    )


def _number(text: str, css: str = "") -> SafeString:
    """Wrap digits: a cell is made of this some hundred times a page, and digits need no escaping."""
    return mark_safe(f'<span class="ms-num{css}">{text}</span>')  # noqa: S308 - digits


@register.filter
def money(fen: int | None) -> SafeString:
    """Show fen as yuan with two decimals and thousands; negative amounts carry a minus and their own colour."""
    if fen is None:
        return _NONE
    negative = " ms-negative" if fen < 0 else ""
    return _number(yuan(fen).replace("-", MINUS), negative)


@register.filter
def volume(litres: int | None) -> SafeString:
    """Show litres as m³ with thousands; decimals only where there are any."""
    if litres is None:
        return _NONE
    return _number(m3(litres).replace("-", MINUS))


@register.filter
def price(e4: int | None) -> SafeString:
    """Show a price (1/10000 yuan per m³) with two to four decimals."""
    if e4 is None:
        return _NONE
    text = f"{abs(e4) // 10_000:,}.{abs(e4) % 10_000:04d}"
    text = text[:-2] + text[-2:].rstrip("0")
    return _number(f"{MINUS if e4 < 0 else ''}{text}")


@register.filter
def count(number: int | None) -> str:
    """Show a whole number with thousands."""
    return DASH if number is None else f"{number:,}".replace("-", MINUS)


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """Show a date as 2026-11-23."""
    if value is None:
        return _NONE
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    text = value.isoformat()
    return mark_safe(f'<time class="ms-num" datetime="{text}">{text}</time>')  # noqa: S308 - digits


@register.filter
def instant(value: datetime | None) -> SafeString:
    """Show an instant as 2026-11-23 14:05, seconds in the tooltip."""
    if value is None:
        return _NONE
    local = timezone.localtime(value)
    iso = local.isoformat()
    text = f"{iso[:10]} {iso[11:19]}"
    return mark_safe(  # noqa: S308 - digits
        f'<time class="ms-num" datetime="{iso}" title="{text}">{text[:-3]}</time>'
    )


HUES = {
    "green": ("green", "circle-check"),
    "amber": ("amber", "clock"),
    "red": ("red", "alert-circle"),
    "blue": ("blue", "progress"),
    "grey": ("grey", "circle-dashed"),
}


@register.simple_tag
def badge(word: Any, hue: str = "grey", symbol: str = "") -> SafeString:
    """Show a state: word with icon and hue (green done, amber waiting, red failing, blue running, grey neutral)."""
    text = conditional_escape(word)
    return mark_safe(f"{_badge_before(hue, symbol)}{text}</span>")  # noqa: S308 - escaped


@cache
def _badge_before(hue: str, symbol: str) -> str:
    """The beginning of a badge: a list shows one in each row."""
    name, default_icon = HUES.get(hue, HUES["grey"])
    return f'<span class="ms-badge ms-badge-{name}">{icon(symbol or default_icon)}'


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's query string with some parameters changed; None or an empty text removes one."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            parameters.pop(key, None)
        else:
            parameters[key] = str(value)
    return "?" + parameters.urlencode()


@register.filter
def yes_no(value: bool | None) -> str:
    """Show a truth value as a word."""
    return DASH if value is None else (_("Yes") if value else _("No"))


@register.filter
def with_attrs(bound_field: Any, css: str) -> Any:
    """Render a form field's widget with a class, its error state, and the ids of its help and error texts."""
    attrs = {"class": f"{bound_field.field.widget.attrs.get('class', '')} {css}".strip()}
    described = [f"{bound_field.auto_id}-help"] if bound_field.help_text else []
    if bound_field.errors:
        attrs |= {"aria-invalid": "true", "class": f"{attrs['class']} is-invalid"}
        described.append(f"{bound_field.auto_id}-error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound_field.as_widget(attrs=attrs)


@register.filter
def widget_kind(bound_field: Any) -> str:
    """Name the kind of a field's widget for the field template: check, select, group, file or text."""
    kind = getattr(bound_field.field.widget, "input_type", "")
    if kind == "checkbox":
        return "group" if hasattr(bound_field.field.widget, "choices") else "check"
    if kind == "radio":
        return "group"
    return kind if kind in ("select", "file") else "text"


@register.filter
def shown_value(bound_field: Any) -> Any:
    """Show what a bound field holds, in words: the label of a choice, yes or no, a date."""
    value = bound_field.form.cleaned_data.get(bound_field.name) if bound_field.form.is_valid() else bound_field.value()
    choices = getattr(bound_field.field, "choices", None)
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, date):
        return day(value)
    if choices is not None and not hasattr(value, "_meta"):
        return dict(bound_field.field.widget.choices).get(value, value)
    return DASH if value in (None, "") else value


@register.filter
def usable_by(buttons: Any, user: Any) -> Any:
    """Return the buttons the user has the right to press."""
    from mainstay.web.pages.parts import usable  # here: the pages import this module

    return usable(buttons, user)


@register.filter
def own_page(referer: str | None, request: Any) -> str:
    """Return the page the person came from when it is one of this site, else an empty text."""
    if referer and url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return referer
    return ""


@register.simple_tag(takes_context=True)
def include_with(context: Any, template_name: str, extra: dict[str, Any]) -> SafeString:
    """Include a template with further values given as a dictionary."""
    with context.push(**extra):
        found = context.template.engine.get_template(template_name)
        return mark_safe(found.render(context))  # noqa: S308 - a rendered template


@register.simple_tag(takes_context=True)
def table_rows(context: template.Context, table: Any) -> SafeString:
    """Draw the rows of a table."""
    from mainstay.web.pages.rows import body  # there, columns use the filters of this module

    return body(table, context)
