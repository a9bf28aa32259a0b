"""The words of a field's choices in the reader's language, each looked up once a language instead of once a cell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partialmethod
from types import MappingProxyType
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.encoding import force_str
from django.utils.translation import get_language


def choice_words(model: type[Model], name: str) -> Mapping[Any, str] | None:
    """Return the word of each choice of a field, by stored value: what `get_…_display` gives.

    None when there is no such field, it has no choices, or the model has a `get_…_display` of its own.
    """
    return _words(model, name, get_language())


@cache
def _words(model: type[Model], name: str, _language: str | None) -> Mapping[Any, str] | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    choices = getattr(field, "flatchoices", None)
    if not choices or not _by_django(model, f"get_{name}_display"):
        return None
    return MappingProxyType({value: force_str(word, strings_only=True) for value, word in choices})


def _by_django(model: type[Model], method: str) -> bool:
    """Tell whether Django itself wrote the method."""
    found = next((vars(one)[method] for one in model.__mro__ if method in vars(one)), None)
    return isinstance(found, partialmethod) and found.func is Model._get_FIELD_display  # type: ignore[attr-defined]
