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
from mainstay.gas.customers.models import Account, Area
from mainstay.gas.customers.queries.accounts import VIEW_ACCOUNT
from mainstay.gas.customers.rules import SHORTEST_TAIL, Wanted, next_number, wanted
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


def search_account_ids(user: User, text: str, limit: int = 20, *, right: str = VIEW_ACCOUNT) -> list[int]:
    """Return the keys of what `search_accounts` finds, the best hits first."""
    reach = _Reach(rights.unit_ids(user, right), limit)
    found: dict[int, None] = {}
    for ids in _probes(wanted(text), reach):
        found.update(dict.fromkeys(ids))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def search_accounts(user: User, text: str, limit: int = 20, *, right: str = VIEW_ACCOUNT) -> list[Account]:
    """Find accounts by account number, meter number, name, pinyin initials, telephone (or its tail) or address.

    The best hits first, at most `limit`, of the units that `right` reaches; customer, premise and unit come along.
    A number that is exactly an account's or a meter's finds that account alone: a scanner needs no choice.
    """
    ids = search_account_ids(user, text, limit, right=right)
    rows = Account.objects.select_related("customer", "premise", "unit").in_bulk(ids) if ids else {}
    return [rows[one] for one in ids if one in rows]


def _probes(text: Wanted, reach: _Reach) -> Iterator[list[int]]:
    """Probe one index after the other, the most telling first."""
    if text.number:
        yield from _numbers(text.number, reach)
        return
    if text.code and len(text.code) >= SHORTEST_CODE:
        yield _of_meters(text.code, reach)
    area_ids, rest = _areas_in(text)
    if area_ids and (rest.words or rest.parts):
        yield from _inside(area_ids, rest, reach)
    elif len(text.words) > 1:
        yield from _names_in_areas(text, reach)
    elif text.words and text.parts:
        yield _addresses(_areas_like(text.words[0]), text.parts, reach)
    if text.name:
        yield _customers("c.name", text.name, reach)
    if text.initials and not text.parts:
        yield _customers("c.initials", text.initials, reach)
    if len(text.words) == 1 and not text.parts:
        yield _addresses(area_ids or _areas_like(text.words[0]), (), reach)


def _numbers(number: str, reach: _Reach) -> Iterator[list[int]]:
    exact = reach.ids(_ACCOUNTS, "a.account_no = %s", [number], "a.id") or _of_meters(number, reach, exact=True)
    if exact:
        yield exact[: reach.limit]
        return
    if len(number) >= SHORTEST_TAIL:
        yield _customers("c.phone_reversed", number[::-1], reach)
    yield _account_numbers(number, reach)
    if len(number) >= SHORTEST_CODE:
        yield _of_meters(number, reach)


def _of_meters(number: str, reach: _Reach, *, exact: bool = False) -> list[int]:
    """Accounts at which a meter hangs, asked of whoever knows meters."""
    found = answers("accounts_of_meter_no", number=number, exact=exact, unit_ids=reach.unit_ids, limit=reach.limit)
    return [one for ids in found for one in ids]


def _account_numbers(number: str, reach: _Reach) -> list[int]:
    """Account numbers that begin so. Of a few units: the range of each unit's own numbers."""
    if reach.unit_ids is None:
        return reach.ids(_ACCOUNTS, beginning("a.account_no"), _range(number), bytewise("a.account_no"))
    return reach.ids(
        _ACCOUNTS, "a.account_no >= %s AND a.account_no < %s", [number, next_number(number)], "a.unit_id, a.account_no"
    )


def _customers(column: str, text: str, reach: _Reach) -> list[int]:
    return reach.ids(_OF_CUSTOMER, beginning(column), _range(text), f"{bytewise(column)}, c.id")


def _addresses(area_ids: list[int], parts: tuple[str, ...], reach: _Reach) -> list[int]:
    """Accounts in areas, with building and room as far as given, in the order of their addresses."""
    if not area_ids:
        return []
    condition, parameters = _place(parts)
    order = "p.area_id, p.building, p.entrance, p.room"
    return reach.ids(_OF_PREMISE, f"p.area_id IN ({_listed(area_ids)}){condition}", parameters, order)


def _inside(area_ids: list[int], rest: Wanted, reach: _Reach) -> Iterator[list[int]]:
    """What stands beside the name of a community: a customer's name, building and room, or both."""
    for word in rest.words:
        yield _names_inside(word, area_ids, rest.parts, reach)
    if rest.words and rest.parts:  # a firm's name may hold a number
        yield _names_inside(rest.name, area_ids, (), reach)
    if rest.parts:
        yield _addresses(area_ids, rest.parts, reach)


def _names_in_areas(text: Wanted, reach: _Reach) -> Iterator[list[int]]:
    """A name and a part of a community's name, in either order: "张三 阳光", "阳光 张三 3-501"."""
    for name, area in (text.words[:2], text.words[1::-1]):
        if area_ids := _areas_like(area):
            yield _names_inside(name, area_ids, text.parts, reach)


def _names_inside(name: str, area_ids: list[int], parts: tuple[str, ...], reach: _Reach) -> list[int]:
    column, value = ("c.initials", name.lower()) if name.isascii() else ("c.name", name)
    condition, parameters = _place(parts)
    return reach.ids(
        f"{_OF_CUSTOMER} JOIN customers_premise p ON p.id = a.premise_id",
        f"{beginning(column)} AND p.area_id IN ({_listed(area_ids)}){condition}",
        [*_range(value), *parameters],
        f"{bytewise(column)}, c.id",
    )


def _areas_in(text: Wanted) -> tuple[list[int], Wanted]:
    """Areas whose whole name stands in the text, and what the text says besides: 城东区阳光花园2期3栋 → 2期, 3栋.

    The longest name counts, of communities before districts; a district stands for the communities in it.
    """
    if not text.words or text.name.isascii():
        return [], text
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    sql = f"SELECT id, name, kind FROM customers_area WHERE {position}(%s, name) > 0 ORDER BY length(name) DESC, id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [text.name])
        found = cursor.fetchall()
    if not found:
        return [], text
    rest = text.name
    for _id, name, _kind in found:
        rest = rest.replace(name, " ")
    communities = [one for one in found if one[2] != Area.Kind.DISTRICT]
    longest = (communities or found)[0][1]
    ids = [key for key, name, _kind in found if name == longest]
    return (ids if communities else _with_those_below(ids)), wanted(rest)


def _with_those_below(area_ids: list[int]) -> list[int]:
    below = Area.objects.filter(parent__in=area_ids).values_list("pk", flat=True)
    return [*area_ids, *below]


def _areas_like(word: str) -> list[int]:
    """Areas whose name holds a word, or whose initials begin with it; the closest first."""
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    if word.isascii():
        condition, parameters = beginning("initials"), _range(word.lower())
    else:
        condition, parameters = f"{position}(name, %s) > 0", [word]
    sql = (
        f"SELECT id FROM customers_area WHERE {condition} "  # noqa: S608
        f"ORDER BY CASE WHEN {position}(name, %s) = 1 THEN 0 ELSE 1 END, length(name), id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, word, MOST_AREAS])
        return [row[0] for row in cursor.fetchall()]


def _listed(ids: list[int]) -> str:
    return ", ".join(str(one) for one in ids)


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
