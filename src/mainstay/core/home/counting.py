"""Many numbers of rows in one question.

A workbench shows forty numbers. Asked one by one, most of the time goes into making the questions: the words of a
question are therefore kept with the rights they follow from (see `core.door.held`), for a day, with marks where the
person belongs; all of them travel as one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import vendor

if TYPE_CHECKING:
    from mainstay.core.door.held import Held

USER, PERSON = 910_000_000_000_000_001, 910_000_000_000_000_002  # stand nowhere else in a question
Rows = QuerySet[Any] | tuple[QuerySet[Any], ...]


def _first(_user: Any, number: int, *_more: int) -> int:
    return number


def in_all(_user: Any, *numbers: int) -> int:
    """Tell the sum of several numbers."""
    return sum(numbers)


@dataclass(frozen=True)
class Count:
    """How many rows there are, for a card.

    `rows(user)` builds one query or several. It must ask nothing itself and depend only on the user's key, his person's
    key, his rights and today's date: not on the hour, nor on anything else of him. `told(user, *numbers)` makes a
    figure of the numbers, by default the first.
    """

    rows: Callable[[Any], Rows]
    told: Callable[..., Any] = _first

    def all_rows(self, user: User) -> tuple[QuerySet[Any], ...]:
        """Return the queries."""
        found = self.rows(user)
        return found if isinstance(found, tuple) else (found,)

    def __call__(self, user: User) -> Any:
        """Return the figure of this card alone."""
        return figures(user, [self])[0]


@dataclass(frozen=True, slots=True)
class _Question:
    """The statement of several counts: its parameters with marks, and how many numbers belong to each count."""

    sql: str
    parameters: list[Any]
    sizes: list[int]

    def numbers(self, user: User) -> list[tuple[int, ...]]:
        """Ask it for a user."""
        marks = {USER: user.pk, PERSON: user.person_id}
        with connection.cursor() as cursor:
            # A list or a date is no key of the marks; every mark is a whole number.
            cursor.execute(self.sql, [marks.get(one, one) if type(one) is int else one for one in self.parameters])
            found = iter(cursor.fetchone())
        return [tuple(next(found) for _number in range(size)) for size in self.sizes]


def figures(user: User, counts: Sequence[Count]) -> list[Any]:
    """Return what each count tells, all asked in one statement."""
    if not counts:
        return []
    held, wanted, today = rights.held_by(user), tuple(counts), local_today()
    kept: dict[date, _Question] = held.made(("counts", wanted, vendor()), lambda _held: {})
    if today not in kept:
        question = _question(held, wanted)
        kept.clear()
        kept[today] = question
    found = kept[today].numbers(user)
    return [one.told(user, *numbers) for one, numbers in zip(wanted, found, strict=True)]


def _question(held: Held, counts: Sequence[Count]) -> _Question:
    anybody = User(pk=USER, person_id=PERSON)
    anybody._held = held  # type: ignore[attr-defined]
    pieces, parameters, sizes = [], [], []
    for one in counts:
        queries = one.all_rows(anybody)
        sizes.append(len(queries))
        for rows in queries:
            sql, values = _number(rows)
            pieces.append(sql)
            parameters += values
    if any(str(mark) in str(one) for mark in (USER, PERSON) for one in (*pieces, *parameters) if one != mark):
        raise ValueError("a card's rows must compare with the user's key as it is")
    return _Question(f"SELECT {', '.join(pieces)}", parameters, sizes)


def _number(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """Return the words for the number of rows and their parameters."""
    if not rows.query.is_sliced:
        rows = rows.order_by()
    if not rows.query.distinct:
        rows = rows.select_related(None).annotate(counted_=Value(1)).values_list("counted_")
    try:
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return "0", []
    return f"(SELECT count(*) FROM ({sql}) AS counted)", list(parameters)  # noqa: S608 - Django's words
