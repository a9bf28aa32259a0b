"""What a chunk has to bill: accepted readings with their terms, tariff segment and the last bill's counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing.batch.sql import Statements, dialect, given_books
from mainstay.gas.billing.batch.tables import SCHEDULE, WORK
from mainstay.gas.billing.batch.tariffs import LONGEST_MONTHS, NO_CONTRACT, TariffTables
from mainstay.kit.sqlkit import vendor

ALL_ACCOUNTS = (0, 9_000_000_000_000_000_000)
FAST, SLOW = 0, 1
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
_LATE = "CASE WHEN s.by_month AND a.opened_on > s.year_start_on THEN {greatest}(1, 12 - {late_months}) ELSE 12 END"
SITUATION = (
    "(((CAST(s.id AS bigint) * 128 + {least}(t.persons, s.persons_cap)) * 2 "
    "+ CASE WHEN t.low_income THEN 1 ELSE 0 END) * 2 + CASE WHEN t.heating THEN 1 ELSE 0 END)"
    f" * 16 * 64 + ({_LATE}) * 64 + CASE WHEN s.asks_months THEN {{least}}({_MONTHS}, 63) ELSE 1 END"
)
# {ordered}: by the keys, so that every later INSERT goes to the end of its index or near it; SQLite's work table is
# kept in that order anyway.
# `+ 0` keeps both planners off the index by account: a chunk is one range of the index by book and period.
_GATHER = f"""
    INSERT INTO {WORK} (account_id, period, seq, kind, run_id, book_id, unit_id, version_id, from_on, to_on, volume_l,
        persons, low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l,
        issued_on, due_on, business_on, readings, reason, situation, contract_e4, lane, problem, detail)
    SELECT r.account_id, r.period, 0, 1, CAST(%s AS bigint), r.book_id, a.unit_id, s.version_id, r.from_on, r.to_on,
        r.volume_l, t.persons, t.low_income, t.heating, t.contract_price_e4, s.year_start_on,
        CASE WHEN b.year_start_on = s.year_start_on THEN b.year_after_l ELSE 0 END,
        CASE WHEN b.year_start_on = s.year_start_on THEN b.year_after_l ELSE 0 END + r.volume_l,
        %s, %s, %s, {{json}}, '', {SITUATION}, coalesce(t.contract_price_e4, {NO_CONTRACT}),
        CASE WHEN r.meters > 1 OR r.volume_l < 0 OR s.slow OR r.from_on < s.straddle_from OR r.from_on >= r.to_on
            OR (s.asks_months AND {_MONTHS} > {LONGEST_MONTHS}) THEN {SLOW} ELSE {FAST} END,
        CASE WHEN abs(r.volume_l) > {TOO_MUCH_L} THEN 'failed'
            WHEN a.state NOT IN ('active', 'suspended') THEN 'not_active' WHEN b.period >= r.period THEN 'already'
            WHEN t.account_id IS NULL THEN 'no_terms' WHEN s.id IS NULL THEN 'no_price' ELSE '' END,
        CASE WHEN abs(r.volume_l) > {TOO_MUCH_L} THEN r.volume_l || ' l' ELSE '' END
    FROM (
        SELECT account_id, period, book_id, min(previous_on) AS from_on, max(taken_on) AS to_on, count(*) AS meters,
            {{bigint}} AS volume_l, min('[[' || installation_id || ',' || seq || ',' || previous_index_l || ','
            || index_l || ',' || r.volume_l || ']]') AS reading
        FROM readings_reading r
        WHERE book_id {{in_books}} AND period = %s AND state = 3 AND account_id + 0 BETWEEN %s AND %s
        GROUP BY account_id, period, book_id
    ) r
    JOIN customers_account a ON a.id = r.account_id
    LEFT JOIN tariffs_terms t ON t.account_id = r.account_id AND t.from_on < r.to_on
        AND (t.until_on IS NULL OR t.until_on >= r.to_on)
    LEFT JOIN billing_segment s ON s.plan_id = t.plan_id AND s.from_on < r.to_on AND s.until_on >= r.to_on
    {{last_bill}}
    {{ordered}}"""  # noqa: S608
# Nothing for most chunks: one statement tells that every schedule is known and nobody is slow.
_UNUSUAL = f"""
    SELECT DISTINCT w.situation, w.contract_e4, w.lane FROM {WORK} w
    WHERE w.problem = '' AND (w.lane = {SLOW} OR NOT EXISTS (
        SELECT 1 FROM {SCHEDULE} k WHERE k.situation = w.situation AND k.contract_e4 = w.contract_e4))"""  # noqa: S608
_MARK_SLOW = f"""
    UPDATE {WORK} SET lane = {SLOW} WHERE lane = {FAST} AND problem = '' AND EXISTS (
        SELECT 1 FROM {SCHEDULE} k WHERE k.situation = {WORK}.situation AND k.contract_e4 = {WORK}.contract_e4
        AND k.slow)"""  # noqa: S608


def gather(
    cursor: Statements, tables: TariffTables, run: RunFacts, books: list[int], accounts: tuple[int, int] = ALL_ACCOUNTS
) -> bool:
    """Fill the work table with the books' accounts (ids within `accounts`, ends included); tells whether any is slow.

    A row with `problem` will not be billed; a row with lane SLOW is rated one by one.
    """
    database = vendor()
    statement = dialect(_GATHER.replace("{{", "{").replace("{last_bill}", LAST_BILL[database]), database)
    days = (run.issued_on, run.due_on, run.business_on)
    cursor.execute(statement, (run.run_id, *days, given_books(books, database), run.period, *accounts))
    unusual = cursor.execute(_UNUSUAL).fetchall()
    for situation, contract_e4, _lane in unusual:
        tables.learn(situation, contract_e4)
    if tables.has_slow:
        cursor.execute(_MARK_SLOW)
    return tables.has_slow or any(lane == SLOW for _situation, _contract, lane in unusual)
