"""Bills cancelled and made again by sets: some hundreds of accounts a transaction, a handful of statements a period.

The same elements as `remake` appends account by account, which stays the way of a single bill and of what a schedule
cannot say: several meters, master meters, prices that change within the period, counters taken over, terms in pieces,
readings or terms that are missing. Such accounts are named to the caller and nothing of them is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from mainstay.gas.billing.batch import again_sql as sql
from mainstay.gas.billing.batch.prepaid import Prepaid, unless_prepaid
from mainstay.gas.billing.batch.sql import Statements, dialect, used_until
from mainstay.gas.billing.batch.tables import make_more_tables, make_tables
from mainstay.gas.billing.batch.tariffs import PlanBook, TariffTables
from mainstay.kit.sqlkit import ids_table, vendor

AGAIN, CANCEL, BILL = "again", "cancel", "bill"  # as models.Rebilling.Mode


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bills are made again, and how; `due`: when the new ones are due, `until`: the last period with bills."""

    rebilling_id: int
    mode: str
    first: int
    last: int
    on: date
    due: date
    reason: str
    until: int
    of_books: bool = False
    run: int | None = None
    version: int | None = None
    plan: int | None = None

    def facts(self, period: int = 0) -> dict[str, Any]:
        """What the statements name."""
        return {
            "id": self.rebilling_id, "first": self.first, "last": self.last, "on": self.on, "due": self.due,
            "run": self.run, "version": self.version, "plan": self.plan, "period": period, "reason": self.reason,
            "live": self.mode != BILL, "again": self.mode == AGAIN,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """How many accounts of a part have a chosen bill, and what is met: corrections so far, charges on chosen bills,
    bills whose tiers may move. `slow`: accounts left to `remake`.
    """

    accounts: int
    corrected: bool
    charged: bool
    others: bool
    slow: tuple[int, ...]


class Again:
    """One connection's tables and tariffs for a rebilling; call `forget` after a rollback."""

    def __init__(self, cursor: Statements, wanted: Wanted, plans: PlanBook) -> None:
        self.cursor, self.wanted, self.plans = cursor, wanted, plans
        self._tables: TariffTables | None = None
        self._prepaid: Prepaid | None = None

    def forget(self) -> None:
        """After a rollback: the temporary tables lost what the transaction had put there."""
        self._tables = self._prepaid = None

    @property
    def tables(self) -> TariffTables:
        """The tariffs of all periods; a tariff year of the reading group is none of theirs (see `remake`)."""
        if self._tables is None:
            make_tables(self.cursor)
            make_more_tables(self.cursor, sql.TABLES, sql.KEYS)
            until = max(self.wanted.until, self.wanted.last)
            self._tables = TariffTables(self.cursor, self.wanted.first, "", self.plans, until=until)
        return self._tables

    def compute(self, account_ids: Sequence[int]) -> Found:
        """Fill the work table with the new elements of some accounts; nothing is written to the business tables.

        Amounts of corrections (lane MOVED) are whole bills until `NET` is run. Accounts left to `remake` are named.
        """
        cursor, wanted = self.cursor, self.wanted
        self._begin()
        given, ids = _ids(account_ids)
        self._run(
            _standing(vendor(), wanted.of_books, bool(wanted.run), bool(wanted.version)).replace("{wanted}", given),
            ids=ids,
        )
        accounts = self._run(sql.accounts_sql(vendor(), plan=wanted.plan is not None))
        rows = cursor.execute(sql.PERIODS).fetchall()
        for place, (period, chosen, others, *_more) in enumerate(rows):
            self._period(period, chosen=chosen, others=others, last=place == len(rows) - 1)
        slow = tuple(int(row[0]) for row in cursor.execute(sql.SLOW_ONES).fetchall())
        if slow:
            cursor.execute(sql.DROP_SLOW)
        charged = wanted.mode != BILL and any(row[4] for row in rows)
        if charged:
            self._run(sql.TAKE_BACK)
        return Found(accounts, any(row[3] for row in rows), charged, any(row[2] for row in rows), slow)

    def _begin(self) -> None:
        tables = self.tables
        for name in (sql.LIVE, sql.ACCOUNT, "billing_work"):
            self.cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        if self._prepaid is None:
            self._prepaid = Prepaid(self.cursor)
        else:
            self._prepaid.refresh()
        tables.prepaid = self._prepaid.any

    def _period(self, period: int, *, chosen: int, others: int, last: bool) -> None:
        wanted = self.wanted
        if chosen and wanted.mode != BILL:
            self._run(sql.REVERSE, period)
        if others or wanted.mode == BILL:
            self._run(sql.HAND_THROUGH, period)
        statements = []
        if chosen and wanted.mode != CANCEL:
            statements.append(_rebill(vendor(), wanted.plan is not None, self.tables.prepaid))
        if others:
            statements.append(_retier(vendor()))
        if statements:
            self._rate(statements, period)
        if not last:
            self._run(sql.HAND_ON, period)

    def _rate(self, statements: list[str], period: int) -> None:
        """Price a period; schedules it meets for the first time are learnt, and it is priced once more."""
        for statement in statements:
            self._run(statement, period)
        new = self.cursor.execute(sql.UNKNOWN, {"period": period}).fetchall()
        if new:
            for situation, contract_e4 in new:
                self.tables.learn(int(situation), int(contract_e4))
            self.cursor.execute(sql.FORGET, {"period": period})
            for statement in statements:
                self._run(statement, period)
        self._run(sql.RATED_ALONE, period)

    def _run(self, statement: str, period: int = 0, **more: Any) -> int:
        """Run a statement with the facts it names; returns how many rows it touched."""
        facts = {**self.wanted.facts(period), **more}
        named = {name: value for name, value in facts.items() if f"%({name})s" in statement}
        self.cursor.execute(dialect(statement, vendor()), named)
        return self.cursor.rowcount


def _ids(account_ids: Sequence[int]) -> tuple[str, Any]:
    """The table `wanted` of ids with a named parameter."""
    given, (ids,) = ids_table("wanted", account_ids)
    return given.replace("%s", "%(ids)s"), ids


@cache
def _standing(database: str, of_books: bool, of_run: bool, of_version: bool) -> str:
    more = ((of_books, sql.OF_BOOKS), (of_run, sql.OF_RUN), (of_version, sql.OF_VERSION))
    chosen = " AND ".join([sql.CHOSEN, *(text for asked, text in more if asked)])
    return sql.standing_sql(database, chosen)


@cache
def _rebill(database: str, plan: bool, prepaid: bool) -> str:
    statement = sql.rebill_sql(plan=plan).replace("{unless_prepaid}", unless_prepaid(ask=prepaid).replace("r.", "m."))
    return dialect(
        statement.replace("{used_until}", used_until("min(m.previous_on)", "max(m.taken_on)", database)), database
    )


@cache
def _retier(database: str) -> str:
    statement = sql.retier_sql().replace("{used_until}", used_until("x.from_on", "x.to_on", database))
    return dialect(statement, database)
