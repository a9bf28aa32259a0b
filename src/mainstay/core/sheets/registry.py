"""What kinds of sheets can be imported. Apps register theirs in `AppConfig.ready`.

    register(ImportKind("gas.readings", _("Meter readings"), "gas.readings.import_readings", COLUMNS, check, commit))

`check` looks at every row and writes nothing; `commit` is an action that writes the whole sheet in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms

from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, RowError, Sheet

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@dataclass(slots=True)
class Checked:
    """What a check found: errors by row number, what each good row would become in words, and counts.

    `payload` is the kind's own: what its `commit` needs of the final check. `basis` is all that the check rests on
    beside the sheet, where the kind can tell it (`ImportKind.basis`).
    """

    errors: dict[int, list[RowError]] = field(default_factory=dict)
    remarks: dict[int, Any] = field(default_factory=dict)
    new: int = 0
    already: int = 0
    skipped: int = 0  # rows in order of which nothing is imported
    payload: Any = None
    basis: Any = None


class NoOptions(forms.Form):
    """Options of sheets that need none."""


Check = Callable[[Sheet, Mapping[str, Any], "User", bool], Checked]
Commit = Callable[..., Any]
Basis = Callable[[Sheet, Mapping[str, Any], "User"], Any]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of sheet. `right` guards the pages and is the name of the action `commit`.

    `check(sheet, options, user, final)`: rows with errors of their own (cells that cannot be read) are already marked.
    With `final` it runs in the transaction of the commit and locks what it relies on.
    `commit(sheet_import=, sheet=, checked=, by=)` writes the good rows and returns how many are new.
    `basis(sheet, options, user)`: what a check now would rest on. While it equals that of the check before, the check
    would find the same, and the commit takes over what was found. Kinds whose check is quick, or rests on too much, do
    without and are checked again.
    `options_form` asks for what the sheet itself does not say; its cleaned data must be JSON-able.
    """

    kind: str
    title: Any
    right: str
    columns: Sequence[Column]
    check: Check
    commit: Commit
    options_form: type[forms.Form] = NoOptions
    hint: Any = ""
    limit_rows: int = 200_000
    basis: Basis | None = None


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Add a kind; registering the same key again replaces it."""
    _kinds[kind.kind] = kind
    return kind


def import_kind(key: str) -> ImportKind:
    """Return a kind. Raises Problem for one that no app knows."""
    from django.utils.translation import gettext as _

    if key not in _kinds:
        raise Problem(_("There is no such kind of sheet."), code="no_such_kind")
    return _kinds[key]


def import_kinds() -> list[ImportKind]:
    """All kinds in order of their keys."""
    return [_kinds[key] for key in sorted(_kinds)]
