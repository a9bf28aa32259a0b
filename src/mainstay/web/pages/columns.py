"""Table columns for what business tables hold. Cells are made in Python: a component per cell would be slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2 as tables
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mainstay.kit.dates import month_text
from mainstay.web.pages.words import choice_words
from mainstay.web.templatetags import mainstay as tags

NUMBER = {"th": {"class": "ms-end"}, "td": {"class": "ms-end"}}


class _Numeric(tables.Column):
    """A right-aligned column with tabular figures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = {**NUMBER, **kwargs.get("attrs", {})}
        super().__init__(*args, **kwargs)


class MoneyColumn(_Numeric):
    """Fen shown as yuan; exported as a number."""

    sheet_kind = "money_fen"

    def render(self, value: int) -> SafeString:
        return tags.money(value)

    def value(self, value: int) -> Any:
        return value


class VolumeColumn(_Numeric):
    """Litres shown as m³; exported as a number."""

    sheet_kind = "volume_l"

    def render(self, value: int) -> SafeString:
        return tags.volume(value)

    def value(self, value: int) -> Any:
        return value


class PriceColumn(_Numeric):
    """1/10000 yuan shown as yuan per m³."""

    sheet_kind = "price_e4"

    def render(self, value: int) -> SafeString:
        return tags.price(value)

    def value(self, value: int) -> Any:
        return value


class CountColumn(_Numeric):
    """A whole number with thousands."""

    sheet_kind = "int"

    def render(self, value: int) -> str:
        return tags.count(value)

    def value(self, value: int) -> Any:
        return value


class MaskedColumn(tables.Column):
    """Personal data, on the page and in exports alike, as `mask` leaves it (see mainstay.kit.masking)."""

    def __init__(self, mask: Callable[[str], str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"orderable": False, **kwargs})
        self.mask = mask

    def render(self, value: str) -> str:
        return self.mask(str(value))

    value = render


class DayColumn(tables.Column):
    """A date."""

    sheet_kind = "date"

    def render(self, value: Any) -> SafeString:
        return tags.day(value)

    def value(self, value: Any) -> Any:
        return value


class InstantColumn(tables.Column):
    """An instant, shown in local time."""

    sheet_kind = "instant"

    def render(self, value: Any) -> SafeString:
        return tags.instant(value)

    def value(self, value: Any) -> Any:
        return value


class CodeColumn(tables.Column):
    """An identifier: account number, meter number, bill number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = {"td": {"class": "ms-code"}, **kwargs.get("attrs", {})}
        super().__init__(*args, **kwargs)


class NameColumn(tables.Column):
    """The name of a person or firm: a long one takes further lines, never the room of its neighbours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = {"td": {"class": "ms-name"}, **kwargs.get("attrs", {})}
        super().__init__(*args, **kwargs)


class MonthColumn(tables.Column):
    """A month kept as 202611, shown as 2026-11."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = {"td": {"class": "ms-num"}, **kwargs.get("attrs", {})}
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> str:
        """With a hyphen."""
        return month_text(value)


class BadgeColumn(tables.Column):
    """A state: `hues` maps the stored value to a hue; the word is the field's display name (or `words`)."""

    def __init__(self, *args: Any, hues: dict[Any, str], words: dict[Any, Any] | None = None, **kwargs: Any) -> None:
        self.hues = hues
        self.words = words or {}
        self.drawn: dict[Any, SafeString] = {}  # of this table: a table has its own copy of the column
        super().__init__(*args, **kwargs)

    def _word(self, record: Any, value: Any, bound_column: Any) -> Any:
        if value in self.words:
            return self.words[value]
        known = choice_words(type(record), bound_column.accessor) if isinstance(record, Model) else None
        if known is not None:
            return known.get(value, value)
        display = getattr(record, f"get_{bound_column.accessor}_display", None)
        return display() if display else value

    def render(self, record: Any, value: Any, bound_column: Any) -> SafeString:
        raw = bound_column.accessor.resolve(record, quiet=True)
        key = raw, value
        if key not in self.drawn:
            self.drawn[key] = tags.badge(self._word(record, raw, bound_column), self.hues.get(raw, "grey"))
        return self.drawn[key]

    def value(self, record: Any, bound_column: Any) -> str:
        raw = bound_column.accessor.resolve(record, quiet=True)
        return str(self._word(record, raw, bound_column))


class SelectColumn(tables.CheckBoxColumn):
    """The box that chooses a row for the batch bar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accessor="pk", orderable=False, exclude_from_export=True, **kwargs)

    @property
    def header(self) -> SafeString:
        return render_to_string("web/parts/select_all.html")

    def render(self, value: Any, bound_column: Any, record: Any) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" name="ids" value="{}" form="batch" data-choose '
            'aria-label="{}">',
            value,
            str(record),
        )
