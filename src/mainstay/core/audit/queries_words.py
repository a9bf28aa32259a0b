"""What changed, in the reader's words: names of fields, yuan instead of fen, states by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext as _

from mainstay.core.audit.queries import text_of
from mainstay.core.audit.rules_words import WORDS
from mainstay.core.door.spec import action_spec, catalogue
from mainstay.kit.dates import month_text
from mainstay.kit.money import yuan
from mainstay.kit.volume import m3

_UNIT = re.compile(r"\s*[（(][^()（）]*[)）]$")
_E4 = 10_000
_MONTHS = range(190_001, 1_000_000)  # 202611; a smaller number of that name is the key of a row
# How whole numbers are shown, by the ending of their name: fen, litres, 1/100 percent, millionths, 1/10000, months.
_SHOWN: dict[str, Callable[[int], str]] = {
    "_fen": yuan,
    "_l": lambda litres: f"{m3(litres)} m³",
    "_bp": lambda share: f"{share // 100}.{share % 100:02d} %",
    "_ppm": lambda share: f"{share // _E4}.{share % _E4:04d} %",
    "_e4": lambda price: f"{price // _E4}.{price % _E4:04d}",
    "period": lambda month: month_text(month) if month in _MONTHS else str(month),
}


def changes_of(subject: Any, changes: list[tuple[str, Any, Any]], act: str = "") -> list[str]:
    """One text for each change of a thing by an act: "state: begun → done"; what is new only as it is now.

    A list that came with the act and holds nothing tells nothing.
    """
    found = []
    for name, before, after in changes:
        if before is None and after in ([], ()):
            continue
        field = _field(subject, name)
        of_role = _names_right(name)
        now, then = (_right(it) if of_role else _value(field, name, it, act) for it in (after, before))
        label = f"{_label(field, name)}: " if name else ""
        found.append(f"{label}{now}" if before in (None, {}) else f"{label}{then} → {now}")
    return found


def number_shown(name: str, value: Any) -> str | None:
    """A whole number in the unit people speak of, told by the ending of its name; None where none is told."""
    unit = next((unit for unit in _SHOWN if name.endswith(unit)), None)
    return _SHOWN[unit](value) if isinstance(value, int) and unit else None


def word_of_choice(name: str, value: Any, act: str) -> str | None:
    """The word of a value that a table chooses from under this name: one of the act's app, else all of its part agree.

    None where no table does, or they call it differently.
    """
    part, _dot, rest = act.partition(".")
    for place in (f"mainstay.{part}.{rest.partition('.')[0]}.", f"mainstay.{part}."):
        words = {str(choices[value]) for choices in _choices(name, place) if value in choices}
        if len(words) == 1:
            return words.pop()
    return None


@lru_cache(maxsize=2_048)
def _choices(name: str, place: str) -> list[dict[Any, Any]]:
    """What the tables of the modules below a place choose from under a name; the words not yet in a language."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith(place):
            with suppress(FieldDoesNotExist):
                field = model._meta.get_field(name)
                found.append(dict(field.flatchoices) if isinstance(field, Field) else {})
    return [choices for choices in found if choices]


def _field(subject: Any, name: str) -> Field[Any, Any] | None:
    """The column of the thing that a change is about, if it is one."""
    meta = getattr(subject, "_meta", None)
    try:
        found = meta.get_field(name) if meta else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _label(field: Field[Any, Any] | None, name: str) -> str:
    if field is not None and str(field.verbose_name) != name.replace("_", " "):
        return _UNIT.sub("", str(field.verbose_name))
    if _names_right(name):
        return str(catalogue()[name].title)
    return str(WORDS.get(name, name))


def _names_right(name: str) -> bool:
    """Whether a change is that of a role, told under the rights' own names."""
    return "." in name and name in catalogue()


def _right(held: list[str | None] | None) -> str:
    """How far a role's right reaches and up to how many yuan; that it was taken away."""
    if held is None:
        return _("taken away")
    scope, limit = held
    word = word_of_choice("scope", scope, "core.access.set_role_rights") or str(scope)
    return word if limit is None else f"{word} ≤ {limit}"


def _value(field: Field[Any, Any] | None, name: str, value: Any, act: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(_value(field, name, one, act) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_label(None, key)}: {_value(None, key, one, act)}" for key, one in value.items())
    if name == "action" and isinstance(value, str):
        with suppress(KeyError):
            return str(action_spec(value).title)
    if (shown := number_shown(name, value)) is not None:
        return shown
    if isinstance(value, str | int):
        choices = dict(field.flatchoices) if field is not None and field.choices else {}
        value = choices.get(value) or word_of_choice(name, value, act) or value
    return text_of(value)
