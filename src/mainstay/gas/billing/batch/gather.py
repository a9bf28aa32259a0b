"""What a chunk has to bill: accepted readings with terms, tariff segment, the last bill's counter, and the price.

One statement does it all for the fast lane. When the tables do not know a schedule yet, it is learnt and the chunk
gathered again; that happens to the first chunks of a run only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.gas.billing.batch.prepaid import unless_prepaid
from mainstay.gas.billing.batch.price import AMOUNT, FAST, SLOW, VAT_OF_BILL
from mainstay.gas.billing.batch.sql import Statements, dialect, given_books, used_until
from mainstay.gas.billing.batch.tables import SCHEDULE, WORK
from mainstay.gas.billing.batch.tariffs import LONGEST_MONTHS, NO_CONTRACT
from mainstay.kit.sqlkit import vendor

ALL_ACCOUNTS = (0, 9_000_000_000_000_000_000)
# A billion m³ is no reading; beyond it SQLite's whole numbers would quietly turn into floating point.
TOO_MUCH_L = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What all bills of a run have in common."""

    run_id: int
    period: int
    issued_on: date
    due_on: date
    business_on: date


LAST_BILL = {
    "postgresql": (
        "LEFT JOIN LATERAL (SELECT period, seq, year_start_on, year_after_l FROM billing_bill x "
        "WHERE x.account_id = r.account_id ORDER BY x.period DESC, x.seq DESC LIMIT 1) b ON true"
    ),
    "sqlite": (
        "LEFT JOIN billing_bill b ON b.account_id = r.account_id AND (b.period, b.seq) = (SELECT x.period, x.seq "
        "FROM billing_bill x WHERE x.account_id = r.account_id ORDER BY x.period DESC, x.seq DESC LIMIT 1)"
    ),
}
# Months of a reading period as tariffs.rules.months_between counts them: 400 years are 146,097 days, 4,800 months.
_MONTHS = "{greatest}(1, (2 * {days} * 4800 + 146097) / 292194)"
_LATE = (
    "CASE WHEN s.by_month AND coalesce(a.counts_from, a.opened_on) > s.year_start_on "
    "THEN {greatest}(1, 12 - {late_months}) ELSE 12 END"
)
SITUATION = (
    "(((CAST(s.id AS bigint) * 128 + {least}(t.persons, s.persons_cap)) * 2 "
    "+ CASE WHEN t.low_income THEN 1 ELSE 0 END) * 2 + CASE WHEN t.heating THEN 1 ELSE 0 END)"
    f" * 16 * 64 + ({_LATE}) * 64 + CASE WHEN s.asks_months THEN {{least}}({_MONTHS}, 63) ELSE 1 END"
)
# What a schedule cannot say of a usage.
NOT_BY_SCHEDULE = (
    "r.volume_l < 0 OR s.slow OR r.from_on < s.straddle_from OR r.from_on >= r.to_on "
    f"OR (s.asks_months AND {_MONTHS} > {LONGEST_MONTHS})"
)
# `+ 0` keeps both planners off the index by account: a chunk is one range of the index by book and period.
_READINGS = """
    SELECT account_id, period, book_id, min(previous_on) AS from_on, max(taken_on) AS to_on, count(*) AS meters,
        {used_until} AS used_until,
        {bigint} AS volume_l, min(installation_id) AS installation_id, min(seq) AS reading_seq,
        min(previous_index_l) AS previous_index_l, min(index_l) AS index_l
    FROM readings_reading r
    WHERE book_id {in_books} AND period = %s AND state = 3 AND account_id + 0 BETWEEN %s AND %s
        {unless_prepaid}
    GROUP BY account_id, period, book_id"""
# Closed with a final bill and in no book any more: no plan counts such an account, and nobody has anything to do.
GONE = "gone"
_SETTLED = "b.period >= r.period AND NOT EXISTS (SELECT 1 FROM readings_bookentry e WHERE e.account_id = r.account_id)"
_USAGE = f"""
    SELECT r.account_id, r.period, r.book_id, a.unit_id, s.version_id, r.from_on, r.to_on, r.volume_l, t.persons,
        t.low_income, t.heating, t.contract_price_e4, s.year_start_on, r.installation_id, r.reading_seq,
        r.previous_index_l, r.index_l, CASE WHEN b.year_start_on = s.year_start_on THEN b.year_after_l ELSE 0 END
        AS year_before_l, {SITUATION} AS situation, coalesce(t.contract_price_e4, {NO_CONTRACT}) AS contract_e4,
        CASE WHEN r.meters > 1 OR {NOT_BY_SCHEDULE} THEN {SLOW} ELSE {FAST} END AS usage_lane,
        CASE WHEN abs(r.volume_l) > {TOO_MUCH_L} THEN 'failed'
            WHEN a.state NOT IN ('active', 'suspended') THEN CASE WHEN {_SETTLED} THEN '{GONE}' ELSE 'not_active' END
            WHEN b.period >= r.period THEN 'already'
            WHEN a.difference IS NOT NULL THEN 'master'
            WHEN t.account_id IS NULL THEN 'no_terms' WHEN s.id IS NULL THEN 'no_price' ELSE '' END AS problem,
        CASE WHEN abs(r.volume_l) > {TOO_MUCH_L} THEN r.volume_l || ' l' ELSE '' END AS detail
    FROM ({_READINGS}) r
    JOIN customers_account a ON a.id = r.account_id
    LEFT JOIN tariffs_terms t ON t.account_id = r.account_id AND t.from_on < r.used_until
        AND (t.until_on IS NULL OR t.until_on >= r.used_until)
    LEFT JOIN billing_segment s ON s.plan_id = t.plan_id AND s.from_on < r.used_until AND s.until_on >= r.used_until
    {{last_bill}}"""  # noqa: S608


def scheduled(usage: str) -> str:
    """SQL of usages (as `_USAGE` has them) with their schedules: what `price.AMOUNT` is reckoned from."""
    return f"""
    SELECT u.*, k.id AS schedule_id, coalesce(k.base_fee_fen, 0) AS base_fee_fen,
        coalesce(k.minimum_fen, 0) AS minimum_fen, coalesce(k.vat_bp, 0) AS vat_bp, k.first_l, k.first_e4, k.carry,
        u.year_before_l + {{greatest}}(0, u.volume_l - coalesce(k.allowance_l, 0)) AS year_after_l,
        CASE WHEN u.usage_lane = {SLOW} OR k.slow THEN {SLOW} ELSE {FAST} END AS lane
    FROM ({usage} {{fence}}) u
    LEFT JOIN {SCHEDULE} k ON k.situation = u.situation AND k.contract_e4 = u.contract_e4"""  # noqa: S608


# {ordered}: by the keys, so that every later INSERT goes to the end of its index or near it; SQLite's work table is
# kept in that order anyway.
_GATHER = f"""
    INSERT INTO {WORK} (account_id, period, seq, kind, run_id, book_id, unit_id, version_id, from_on, to_on, volume_l,
        persons, low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l, amount_fen,
        vat_fen, issued_on, due_on, business_on, installation_id, reading_seq, previous_index_l, index_l, situation,
        contract_e4, schedule_id, lane, problem, detail)
    SELECT account_id, period, 0, 1, CAST(%s AS bigint), book_id, unit_id, version_id, from_on, to_on, volume_l,
        persons, low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l, {AMOUNT},
        {VAT_OF_BILL}, %s, %s, %s, installation_id, reading_seq, previous_index_l, index_l, situation,
        contract_e4, schedule_id, lane, problem, detail
    FROM ({scheduled(_USAGE)} {{fence}}) w {{ordered}}"""  # noqa: S608
_UNKNOWN = f"""
    SELECT DISTINCT situation, contract_e4 FROM {WORK}
    WHERE problem = '' AND lane = {FAST} AND schedule_id IS NULL"""  # noqa: S608


def gather(
    cursor: Statements, run: RunFacts, books: list[int], accounts: tuple[int, int] = ALL_ACCOUNTS, *,
    prepaid: bool = False,
) -> None:  # fmt: skip
    """Fill the work table with the books' accounts (ids within `accounts`, ends included), priced where SQL can.

    A row with `problem` will not be billed (nor listed when it is GONE); a row of the lane SLOW is rated one by one; a
    row of the lane FAST without a schedule is not priced yet (see `unknown`). `prepaid`: some meters are, so their
    readings are left out.
    """
    days = (run.issued_on, run.due_on, run.business_on)
    given = given_books(books, vendor())
    cursor.execute(_statement(vendor(), prepaid), (run.run_id, *days, given, run.period, *accounts))


def unknown(cursor: Statements) -> list[tuple[int, int]]:
    """Situations (and contract prices) of the work table whose schedules have to be learnt."""
    return [(int(row[0]), int(row[1])) for row in cursor.execute(_UNKNOWN).fetchall()]


@cache
def _statement(database: str, prepaid: bool) -> str:
    statement = _GATHER.replace("{unless_prepaid}", unless_prepaid(ask=prepaid))
    statement = statement.replace("{used_until}", used_until("min(previous_on)", "max(taken_on)", database))
    return dialect(statement.replace("{last_bill}", LAST_BILL[database]), database)
