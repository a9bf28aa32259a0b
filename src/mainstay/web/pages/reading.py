"""How the value of a column is read from rows of a model, decided once for a column instead of once for a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django_tables2 import A

from mainstay.web.pages.words import choice_words

UNKNOWN: Any = object()
"""What a reader gives when the table library has to read this one."""
Reader = Callable[[Any], Any]


def reader_of(kind: type, accessor: A, *, in_words: bool = True) -> Reader | None:
    """Return what reads the accessor's value from rows of a kind (a model, or dict); choices of a model as words.

    A value is what django-tables2 would read, or UNKNOWN. None where the way is not one of plain relations or keys.
    """
    if not accessor:
        return None
    if issubclass(kind, dict):
        return _key_reader(accessor)
    return _model_reader(kind, accessor.bits, in_words=in_words) if issubclass(kind, Model) else None


def _model_reader(model: type[Model], bits: list[str], *, in_words: bool) -> Reader | None:
    *way, last = bits
    for name in way:
        led_to = _led_to(model, name)
        if led_to is None:
            return None
        model = led_to
    shown = last[4:-8] if last.startswith("get_") and last.endswith("_display") else ""
    words = choice_words(model, shown or last) if shown or in_words else None
    return _plain_reader(bits) if words is None else _word_reader([*way, shown or last], words)


def _led_to(model: type[Model], name: str) -> type[Model] | None:
    """Return the model a forward relation leads to."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    related = getattr(field, "related_model", None)
    return related if field.concrete and not field.many_to_many and isinstance(related, type) else None


def _plain_reader(way: list[str]) -> Reader:
    def read(record: Any) -> Any:
        for name in way:
            if record is None:
                return None
            try:
                record = getattr(record, name)
            except Exception:  # the library swallows it in its own way
                return UNKNOWN
        return UNKNOWN if callable(record) else record

    return read


def _key_reader(accessor: A) -> Reader:
    first, *way = accessor.bits
    rest = _plain_reader(way)

    def read(record: Any) -> Any:
        if accessor in record:
            value = record[accessor]
            return UNKNOWN if callable(value) else value
        return rest(record[first]) if first in record else UNKNOWN

    return read


def _word_reader(way: list[str], words: Mapping[Any, str]) -> Reader:
    stored = _plain_reader(way)

    def read(record: Any) -> Any:
        value = stored(record)
        return words.get(value, value)

    return read
