"""Charge lines and totals of the work table's fast lane, by sets (compared row by row with `rate` in the tests)."""

from __future__ import annotations

from mainstay.gas.billing.batch.gather import FAST
from mainstay.gas.billing.batch.sql import Statements, dialect
from mainstay.gas.billing.batch.tables import BAND, LINE, LINE_COLUMNS, SCHEDULE, WORK
from mainstay.gas.billing.batch.tariffs import TariffTables
from mainstay.gas.billing.rules import BASE_FEE_LINE, FREE_LINE, LINE_KINDS, MINIMUM_LINE
from mainstay.kit.sqlkit import vendor

_SCHEDULE_OF_ROW = f"{WORK} w JOIN {SCHEDULE} k ON k.situation = w.situation AND k.contract_e4 = w.contract_e4"
_FAST_ROWS = f"w.lane = {FAST} AND w.problem = ''"
_VAT = "(2 * {0} * k_vat + 10000 + k_vat) / (2 * (10000 + k_vat))"
_CUT = "({0} * price_e4 + 50000) / 100000"
_HEAD = f"INSERT INTO {LINE} ({LINE_COLUMNS})"
_GAS = f"""
    {_HEAD}
    SELECT account_id, period, seq, line, {LINE_KINDS["gas"]}, tier, volume_l, price_e4, amount_fen,
        {_VAT.format("amount_fen")}, version_id, ''
    FROM (
        SELECT account_id, period, seq, line, tier, upto - since AS volume_l, price_e4, version_id, k_vat,
            CASE WHEN carry THEN {_CUT.format("(upto - lower_l)")} - {_CUT.format("(since - lower_l)")}
                ELSE {_CUT.format("(upto - since)")} END AS amount_fen
        FROM (
            SELECT w.account_id, w.period, w.seq, w.version_id, d.line, d.tier, d.price_e4, d.lower_l, k.carry,
                k.vat_bp AS k_vat, {{least}}(w.year_after_l, d.upper_l) AS upto,
                {{greatest}}(w.year_before_l, d.lower_l) AS since
            FROM {_SCHEDULE_OF_ROW}
            JOIN {BAND} d ON d.schedule_id = k.id AND d.lower_l < w.year_after_l AND d.upper_l > w.year_before_l
            WHERE {_FAST_ROWS} AND w.year_after_l > w.year_before_l
        ) stretch
    ) cut"""  # noqa: S608
_FREE_COUNTER = f"""
    UPDATE {WORK} SET year_after_l = year_before_l + {{greatest}}(0, volume_l - (
        SELECT k.allowance_l FROM {SCHEDULE} k
        WHERE k.situation = {WORK}.situation AND k.contract_e4 = {WORK}.contract_e4))
    WHERE lane = {FAST} AND problem = ''"""  # noqa: S608
_FREE = f"""
    {_HEAD}
    SELECT w.account_id, w.period, w.seq, {FREE_LINE}, {LINE_KINDS["free"]}, 0, {{least}}(k.allowance_l, w.volume_l),
        0, 0, 0, w.version_id, ''
    FROM {_SCHEDULE_OF_ROW} WHERE {_FAST_ROWS} AND k.allowance_l > 0 AND w.volume_l > 0"""  # noqa: S608
_BASE_FEE = f"""
    {_HEAD}
    SELECT account_id, period, seq, {BASE_FEE_LINE}, {LINE_KINDS["base_fee"]}, 0, 0, 0, fee, {_VAT.format("fee")},
        version_id, ''
    FROM (SELECT w.account_id, w.period, w.seq, w.version_id, k.base_fee_fen AS fee, k.vat_bp AS k_vat
        FROM {_SCHEDULE_OF_ROW} WHERE {_FAST_ROWS} AND k.base_fee_fen > 0) due"""  # noqa: S608
_MINIMUM = f"""
    {_HEAD}
    SELECT account_id, period, seq, {MINIMUM_LINE}, {LINE_KINDS["minimum"]}, 0, 0, 0, more, {_VAT.format("more")},
        version_id, ''
    FROM (SELECT w.account_id, w.period, w.seq, w.version_id, k.vat_bp AS k_vat, k.minimum_fen - CAST(coalesce((
            SELECT sum(l.amount_fen) FROM {LINE} l WHERE l.account_id = w.account_id), 0) AS bigint) AS more
        FROM {_SCHEDULE_OF_ROW} WHERE {_FAST_ROWS} AND k.minimum_fen > 0) short
    WHERE more > 0"""  # noqa: S608
# PostgreSQL joins two small tables without an index; SQLite looks each row's lines up by the key, a third of the cost.
_TOTALS = {
    "postgresql": f"""
        UPDATE {WORK} SET amount_fen = t.amount_fen, vat_fen = t.vat_fen
        FROM (SELECT account_id, period, seq, sum(amount_fen) AS amount_fen, sum(vat_fen) AS vat_fen
            FROM {LINE} GROUP BY account_id, period, seq) t
        WHERE t.account_id = {WORK}.account_id AND t.period = {WORK}.period AND t.seq = {WORK}.seq""",  # noqa: S608
    "sqlite": f"""
        UPDATE {WORK} SET (amount_fen, vat_fen) = (
            SELECT coalesce(sum(l.amount_fen), 0), coalesce(sum(l.vat_fen), 0) FROM {LINE} l
            WHERE l.account_id = {WORK}.account_id AND l.period = {WORK}.period AND l.seq = {WORK}.seq)""",  # noqa: S608
}


def price(cursor: Statements, tables: TariffTables) -> None:
    """Write the charge lines of every fast row of the work table to the line table (sums: tariffs.rules.schedule)."""
    database = vendor()
    if tables.has_fees:
        cursor.execute(dialect(_FREE_COUNTER, database))
    cursor.execute(dialect(_GAS, database))
    if tables.has_fees:
        cursor.execute(dialect(_FREE, database))
        cursor.execute(_BASE_FEE)
        cursor.execute(_MINIMUM)


def add_up(cursor: Statements) -> None:
    """Sum the lines into the work table: amount and VAT of each bill."""
    cursor.execute(_TOTALS[vendor()])
