"""The search for accounts: the form of the text tells which indexes to probe; nothing here reads a whole table.

Only the table of areas, which has as many rows as the city has communities, is looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from mainstay.core.door import rights
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries.accounts import VIEW_ACCOUNT
from mainstay.gas.customers.rules import SHORTEST_TAIL, Wanted, wanted
from mainstay.kit.sqlkit import beginning, bytewise

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SHORTEST_CODE = 4
MOST_AREAS = 40
_ACCOUNTS = "customers_account a"
_OF_CUSTOMER = f"customers_customer c JOIN {_ACCOUNTS} ON a.customer_id = c.id"
_OF_PREMISE = f"customers_premise p JOIN {_ACCOUNTS} ON a.premise_id = p.id"


@dataclass(frozen=True, slots=True)
class _Reach:
    """The units whose accounts may be found (None: all), and how many accounts are wanted."""

    unit_ids: list[int] | None
    limit: int

    def ids(self, source: str, condition: str, parameters: list[Any], order: str) -> list[int]:
        """Keys of the accounts of a source (with the account as `a`) that a condition names, in order."""
        if self.unit_ids == []:
            return []
        if self.unit_ids is not None:
            condition += f" AND a.unit_id IN ({', '.join(['%s'] * len(self.unit_ids))})"
            parameters = [*parameters, *self.unit_ids]
        sql = f"SELECT a.id FROM {source} WHERE {condition} ORDER BY {order} LIMIT %s"  # noqa: S608  # our own words
        with connection.cursor() as cursor:
            cursor.execute(sql, [*parameters, self.limit])
            return [row[0] for row in cursor.fetchall()]


def search_accounts(user: User, text: str, limit: int = 20, *, right: str = VIEW_ACCOUNT) -> list[Account]:
    """Find accounts by account number, meter number, name, pinyin initials, telephone (or its tail) or address.

    The best hits first, at most `limit`, of the units that `right` reaches; customer, premise and unit come along.
    A number that is exactly an account's or a meter's finds that account alone: a scanner needs no choice.
    """
    reach = _Reach(rights.unit_ids(user, right), limit)
    found: dict[int, None] = {}
    for ids in _probes(wanted(text), reach):
        found.update(dict.fromkeys(ids))
        if len(found) >= limit:
            break
    ids = list(found)[:limit]
    rows = Account.objects.select_related("customer", "premise", "unit").in_bulk(ids) if ids else {}
    return [rows[one] for one in ids if one in rows]


def _probes(text: Wanted, reach: _Reach) -> Iterator[list[int]]:
    """Probe one index after the other, the most telling first."""
    if text.number:
        yield from _numbers(text.number, reach)
        return
    if text.code and len(text.code) >= SHORTEST_CODE:
        yield _of_meters(text.code, reach)
    if text.parts and text.words:
        yield _addresses(text, reach)
    if len(text.words) > 1:
        yield from _names_in_areas(text, reach)
    if text.name:
        yield _names(text.name, reach)
    if text.initials and not text.parts:
        yield _initials(text.initials, reach)
    if len(text.words) == 1 and not text.parts:
        yield _addresses(text, reach)


def _numbers(number: str, reach: _Reach) -> Iterator[list[int]]:
    exact = reach.ids(_ACCOUNTS, "a.account_no = %s", [number], "a.id") or _of_meters(number, reach, exact=True)
    if exact:
        yield exact[: reach.limit]
        return
    if len(number) >= SHORTEST_TAIL:
        tail = number[::-1]
        yield reach.ids(
            _OF_CUSTOMER, beginning("c.phone_reversed"), _range(tail), f"{bytewise('c.phone_reversed')}, a.id"
        )
    yield reach.ids(_ACCOUNTS, beginning("a.account_no"), _range(number), bytewise("a.account_no"))
    if len(number) >= SHORTEST_CODE:
        yield _of_meters(number, reach)


def _of_meters(number: str, reach: _Reach, *, exact: bool = False) -> list[int]:
    """Accounts at which a meter hangs, asked of whoever knows meters."""
    found = answers("accounts_of_meter_no", number=number, exact=exact, unit_ids=reach.unit_ids, limit=reach.limit)
    return [one for ids in found for one in ids]


def _names(name: str, reach: _Reach) -> list[int]:
    return reach.ids(_OF_CUSTOMER, beginning("c.name"), _range(name), f"{bytewise('c.name')}, a.id")


def _initials(letters: str, reach: _Reach) -> list[int]:
    return reach.ids(_OF_CUSTOMER, beginning("c.initials"), _range(letters), f"{bytewise('c.initials')}, a.id")


def _addresses(text: Wanted, reach: _Reach) -> list[int]:
    """Accounts at a place: of the communities that a word names, or whose name holds it."""
    areas = _areas(text.words[0])
    if not areas:
        return []
    condition, parameters = _place(text.parts)
    area_ids = ", ".join(str(one) for one in areas)
    return reach.ids(_OF_PREMISE, f"p.area_id IN ({area_ids}){condition}", parameters, "p.area_id, p.id, a.id")


def _names_in_areas(text: Wanted, reach: _Reach) -> Iterator[list[int]]:
    """A name and a community, in either order: "张三 阳光花园", "阳光 张三 3-501"."""
    for name, area in (text.words[:2], text.words[1::-1]):
        areas = _areas(area)
        if not areas:
            continue
        column, value = ("c.initials", name.lower()) if name.isascii() else ("c.name", name)
        condition, parameters = _place(text.parts)
        area_ids = ", ".join(str(one) for one in areas)
        yield reach.ids(
            f"{_OF_CUSTOMER} JOIN customers_premise p ON p.id = a.premise_id",
            f"{beginning(column)} AND p.area_id IN ({area_ids}){condition}",
            [*_range(value), *parameters],
            f"{bytewise(column)}, a.id",
        )


def _areas(word: str) -> list[int]:
    """Keys of the areas that a word names, the closest first: 阳光 finds 阳光花园, 城东区阳光花园 as well, yghy too."""
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    sql = (
        f"SELECT id FROM customers_area WHERE {position}(name, %s) > 0 OR {position}(%s, name) > 0 "  # noqa: S608
        f"OR {beginning('initials')} ORDER BY CASE WHEN name = %s THEN 0 WHEN {position}(%s, name) > 0 "
        f"THEN 1 WHEN {position}(name, %s) = 1 THEN 2 ELSE 3 END, length(name), id LIMIT %s"
    )
    initials = word.lower() if word.isascii() else "\x01"
    with connection.cursor() as cursor:
        cursor.execute(sql, [word, word, *_range(initials), word, word, word, MOST_AREAS])
        return [row[0] for row in cursor.fetchall()]


def _place(parts: tuple[str, ...]) -> tuple[str, list[Any]]:
    """Condition on building, entrance and room: three are all of them, two are building and room, one is either."""
    if not parts:
        return "", []
    if len(parts) == 1:
        return " AND (p.building = %s OR p.room = %s)", [parts[0], parts[0]]
    if len(parts) == 2:  # noqa: PLR2004
        return " AND p.building = %s AND p.room = %s", list(parts)
    return " AND p.building = %s AND p.entrance = %s AND p.room = %s", list(parts)


def _range(text: str) -> list[str]:
    """Bounds for `beginning`: every text that begins with this one lies between them."""
    return [text, text + chr(0x10FFFF)]
