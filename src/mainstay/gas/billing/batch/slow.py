"""The slow lane: accounts that a schedule cannot express are rated one by one, in the same transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch.gather import LAST_BILL
from mainstay.gas.billing.batch.prepaid import unless_prepaid
from mainstay.gas.billing.batch.price import SLOW
from mainstay.gas.billing.batch.sql import Statements, dialect, used_until
from mainstay.gas.billing.batch.tables import LINE, LINE_COLUMNS, RATED, WORK, clear_rated
from mainstay.gas.billing.batch.tariffs import PlanBook
from mainstay.gas.tariffs import rules as tariffs
from mainstay.kit.sqlkit import vendor

NO_PRICE_CODES = {"tariff.not_in_force", "tariff.incomplete"}


@dataclass(frozen=True, slots=True)
class Usage:
    """What one account used in one period, and on which terms; `counter` is (tariff year, volume used after it)."""

    plan_id: int
    from_on: date
    to_on: date
    volume_l: int
    persons: int
    low_income: bool
    heating: bool
    contract_price_e4: int | None
    opened_on: date | None
    closed_on: date | None = None
    counter: tuple[date, int] | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A usage with its price: what a bill of it says."""

    usage: Usage
    version_id: int
    year_start_on: date
    year_before_l: int
    year_after_l: int
    lines: tuple[rules.Line, ...]
    facts: tuple[tariffs.Fact, ...]

    @property
    def amount_fen(self) -> int:
        """Total of the lines."""
        return rules.totals(self.lines)[0]

    @property
    def vat_fen(self) -> int:
        """VAT of the lines."""
        return rules.totals(self.lines)[1]


def rate_usage(plans: PlanBook, usage: Usage) -> Rated:
    """Rate one usage. Raises TariffError when it cannot be priced (the text says what to mend)."""
    if usage.plan_id not in plans.plans:
        text = plans.broken.get(usage.plan_id, "")
        raise tariffs.TariffError("tariff.incomplete", en=f"The plan has no usable prices {text}".strip(),
                                  zh=f"该价格方案没有可用的价格 {text}".strip())  # fmt: skip
    plan = plans.plans[usage.plan_id]
    last = tariffs.last_day(usage.from_on, usage.to_on)
    version = plan.version_on(last)
    anchor = None
    if version.year_start.kind == "account" and usage.opened_on:
        anchor = tariffs.MonthDay(usage.opened_on.month, usage.opened_on.day)
    year_start, _end = tariffs.tariff_year(version, last, group=usage.group, anchor=anchor)
    before = usage.counter[1] if usage.counter and usage.counter[0] == year_start else 0
    situation = tariffs.Situation(
        persons=usage.persons, low_income=usage.low_income, heating=usage.heating,
        months_in_year=rules.months_of_use(year_start, usage.opened_on), contract_price_e4=usage.contract_price_e4,
    )  # fmt: skip
    # Who comes and goes within a day owes no month's fee.
    months = 0 if usage.from_on == usage.to_on else tariffs.months_between(usage.from_on, usage.to_on)
    period = tariffs.Period(usage.from_on, usage.to_on, months)
    rating = tariffs.rate(plan, period, usage.volume_l, tariffs.Counters(before), situation)
    return Rated(
        usage, plans.version_id(usage.plan_id, version.effective_on), year_start, before, rating.counters.year_l,
        tuple(rules.lines_of(rating)), rating.facts,
    )  # fmt: skip


# LEFT JOINs hold SQLite to this order; each partner exists, or the row had a problem.
_ROWS = f"""
    SELECT w.account_id, w.period, w.seq, t.plan_id, w.from_on, w.to_on, w.volume_l, w.persons, w.low_income, w.heating,
        w.contract_price_e4, coalesce(a.counts_from, a.opened_on), b.year_start_on, b.year_after_l
    FROM {WORK} w
    LEFT JOIN customers_account a ON a.id = w.account_id
    LEFT JOIN tariffs_terms t ON t.account_id = w.account_id AND t.from_on < {{used_until}}
        AND (t.until_on IS NULL OR t.until_on >= {{used_until}})
    {{last_bill}}
    WHERE w.lane = {SLOW} AND w.problem = ''"""  # noqa: S608
_METERS = f"""
    SELECT r.account_id, r.installation_id, r.seq, r.previous_index_l, r.index_l, r.volume_l
    FROM {WORK} w LEFT JOIN readings_reading r ON r.account_id = w.account_id AND r.period = w.period AND r.state = 3
        AND r.book_id = w.book_id {{unless_prepaid}}
    WHERE w.lane = {SLOW} AND w.problem = '' ORDER BY r.account_id, r.previous_on, r.installation_id"""  # noqa: S608
_SET = f"""
    UPDATE {WORK} SET version_id = %s, year_start_on = %s, year_before_l = %s, year_after_l = %s, amount_fen = %s,
        vat_fen = %s WHERE account_id = %s AND period = %s AND seq = %s"""  # noqa: S608
_FAIL = f"UPDATE {WORK} SET problem = %s, detail = %s WHERE account_id = %s AND period = %s AND seq = %s"  # noqa: S608
_PUT_RATED = f"INSERT INTO {RATED} (account_id, period, seq, readings, reason) VALUES (%s, %s, %s, {{as_json}}, %s)"  # noqa: S608
_PUT_LINE = f"INSERT INTO {LINE} ({LINE_COLUMNS}) VALUES ({', '.join(['%s'] * 12)})"  # noqa: S608


def rate_slow_rows(cursor: Statements, plans: PlanBook, group: str, *, prepaid: bool = False) -> int:
    """Rate the slow rows of the work table; one that cannot be priced becomes a problem row. Returns how many rows.

    `prepaid`: some meters are, so their readings do not count.
    """
    rows = cursor.execute(_statement(_ROWS)).fetchall()
    if not rows:
        return 0
    readings: dict[int, list[list[int]]] = {}
    for account_id, *reading in cursor.execute(_METERS.format(unless_prepaid=unless_prepaid(ask=prepaid))).fetchall():
        readings.setdefault(account_id, []).append(list(reading))
    done, rated_rows, lines, failed = [], [], [], []
    for row in rows:
        key = tuple(row[:3])
        usage = _usage(row, group)
        try:
            rated = rate_usage(plans, usage)
        except tariffs.TariffError as error:
            failed.append((_reason(error), _text(error)[:200], *key))
            continue
        done.append((
            rated.version_id, rated.year_start_on, rated.year_before_l, rated.year_after_l, rated.amount_fen,
            rated.vat_fen, *key,
        ))  # fmt: skip
        rated_rows.append((*key, json.dumps(readings.get(row[0], [])), ""))
        lines += line_rows(key, rated.lines, plans, usage.plan_id)
    cursor.executemany(_SET, done)
    put_rated(cursor, rated_rows, lines)
    cursor.executemany(_FAIL, failed)
    return len(rows)


def put_rated(cursor: Statements, rows: list[tuple[Any, ...]], lines: list[tuple[Any, ...]]) -> None:
    """Fill the tables of what was rated one by one: rows (account, period, seq, readings as JSON, reason) and lines."""
    clear_rated(cursor)
    cursor.executemany(dialect(_PUT_RATED, vendor()), rows)
    cursor.executemany(_PUT_LINE, lines)


def line_rows(
    key: tuple[Any, ...], lines: tuple[rules.Line, ...], plans: PlanBook, plan_id: int
) -> list[tuple[Any, ...]]:
    """Rows of the line table for one bill."""
    return [
        (*key, one.line, one.kind, one.tier, one.volume_l, one.price_e4, one.amount_fen, one.vat_fen,
         plans.version_id(plan_id, one.version_on), one.note)
        for one in lines
    ]  # fmt: skip


def _statement(statement: str) -> str:
    database = vendor()
    statement = statement.replace("{used_until}", used_until("w.from_on", "w.to_on", database))
    return statement.replace("{last_bill}", LAST_BILL[database].replace("r.account_id", "w.account_id"))


def _usage(row: tuple[Any, ...], group: str) -> Usage:
    plan_id, from_on, to_on, volume, persons, low, heating, contract, opened_on, year_start, year_after = row[3:]
    counter = None if year_start is None else (as_date(year_start), year_after)
    return Usage(
        plan_id, as_date(from_on), as_date(to_on), volume, persons, bool(low), bool(heating), contract,
        None if opened_on is None else as_date(opened_on), None, counter, group,
    )  # fmt: skip


def as_date(value: date | str) -> date:
    """A date of a raw SELECT: SQLite answers with text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _reason(error: tariffs.TariffError) -> str:
    return "no_price" if error.code in NO_PRICE_CODES else "failed"


def _text(error: tariffs.TariffError) -> str:
    return error.zh if (get_language() or "zh").startswith("zh") else error.en


__all__ = ["Rated", "Usage", "as_date", "line_rows", "put_rated", "rate_slow_rows", "rate_usage"]
