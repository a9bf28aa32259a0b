"""Prices of the fast lane in SQL: sums of a bill, and its charge lines (compared row by row with `rate` in the tests).

The pieces of SQL stand in statements where `w` is a usage with its schedule: year_before_l and year_after_l (litres of
the tariff year before and after the period), schedule_id, vat_bp, base_fee_fen, minimum_fen.
"""

from __future__ import annotations

from mainstay.gas.billing.batch.sql import Statements, dialect
from mainstay.gas.billing.batch.tables import BAND, LINE_COLUMNS, SCHEDULE, WORK
from mainstay.gas.billing.rules import BASE_FEE_LINE, FREE_LINE, LINE_KINDS, MINIMUM_LINE
from mainstay.kit.sqlkit import vendor

FAST, SLOW = 0, 1
_SINCE, _UPTO = "{greatest}(w.year_before_l, d.lower_l)", "{least}(w.year_after_l, d.upper_l)"
_CUT = "(({0}) * d.price_e4 + 50000) / 100000"
# Each line is rounded by itself; where the tariff carries the rounding on, a line is the difference of two sums.
_FEN = (
    f"CASE WHEN d.carry THEN {_CUT.format(f'{_UPTO} - d.lower_l')} - {_CUT.format(f'{_SINCE} - d.lower_l')} "
    f"ELSE {_CUT.format(f'{_UPTO} - {_SINCE}')} END"
)
_TOUCHED = "d.lower_l < w.year_after_l AND d.upper_l > w.year_before_l"


def _vat(fen: str, rate: str = "w.vat_bp") -> str:
    return f"(2 * ({fen}) * {rate} + 10000 + {rate}) / (2 * (10000 + {rate}))"


def _sum(*columns: str) -> str:
    listed = ", ".join(f"CAST(sum({column}) AS bigint) AS {column}" for column in columns)
    return f"""SELECT {listed} FROM (SELECT fen, {_vat("fen", "vat_bp")} AS vat FROM (SELECT {_FEN} AS fen, d.vat_bp
        FROM {BAND} d WHERE d.schedule_id = w.schedule_id AND {_TOUCHED}) cut) taxed"""  # noqa: S608


_ON_POSTGRESQL = {
    "{gas_fen}": "coalesce(sums.fen, 0)",
    "{gas_vat}": "coalesce(sums.vat, 0)",
    "{join_sums}": f"LEFT JOIN LATERAL ({_sum('fen', 'vat')}) sums ON true",
}
# No LATERAL there; two look-ups of the bands cost less than a table between.
_ON_SQLITE = {
    "{gas_fen}": f"coalesce(({_sum('fen')}), 0)",
    "{gas_vat}": f"coalesce(({_sum('vat')}), 0)",
    "{join_sums}": "",
}
_LEFT_OF_MINIMUM = "{greatest}(0, w.minimum_fen - {gas_fen} - w.base_fee_fen)"
AMOUNT = "{greatest}({gas_fen} + w.base_fee_fen, w.minimum_fen)"
VAT_OF_BILL = (
    f"{{gas_vat}} + {_vat('w.base_fee_fen')} + CASE WHEN w.minimum_fen > 0 THEN {_vat(_LEFT_OF_MINIMUM)} ELSE 0 END"
)
JOIN_SUMS = "{join_sums}"

_HEAD = f"INSERT INTO billing_chargeline ({LINE_COLUMNS})"
_SCHEDULED = f"{WORK} w JOIN {SCHEDULE} k ON k.id = w.schedule_id"
_GAS_LINES = f"""
    {_HEAD}
    SELECT account_id, period, seq, line, {LINE_KINDS["gas"]}, tier, volume_l, price_e4, fen, {_vat("fen", "vat_bp")},
        version_id, ''
    FROM (
        SELECT w.account_id, w.period, w.seq, d.line, d.tier, {_UPTO} - {_SINCE} AS volume_l, d.price_e4,
            {_FEN} AS fen, w.version_id, d.vat_bp
        FROM {WORK} w JOIN {BAND} d ON d.schedule_id = w.schedule_id AND {_TOUCHED}
        WHERE w.lane = {FAST} AND w.year_after_l > w.year_before_l
    ) cut"""  # noqa: S608
_FREE_LINES = f"""
    {_HEAD}
    SELECT w.account_id, w.period, w.seq, {FREE_LINE}, {LINE_KINDS["free"]}, 0, {{least}}(k.allowance_l, w.volume_l),
        0, 0, 0, w.version_id, ''
    FROM {_SCHEDULED} WHERE w.lane = {FAST} AND k.allowance_l > 0 AND w.volume_l > 0"""  # noqa: S608
_BASE_FEE_LINES = f"""
    {_HEAD}
    SELECT w.account_id, w.period, w.seq, {BASE_FEE_LINE}, {LINE_KINDS["base_fee"]}, 0, 0, 0, k.base_fee_fen,
        {_vat("k.base_fee_fen", "k.vat_bp")}, w.version_id, ''
    FROM {_SCHEDULED} WHERE w.lane = {FAST} AND k.base_fee_fen > 0"""  # noqa: S608
_MINIMUM_LINES = f"""
    {_HEAD}
    SELECT account_id, period, seq, {MINIMUM_LINE}, {LINE_KINDS["minimum"]}, 0, 0, 0, more, {_vat("more", "vat_bp")},
        version_id, ''
    FROM (
        SELECT w.account_id, w.period, w.seq, w.version_id, k.vat_bp, k.minimum_fen - CAST(coalesce((
            SELECT sum(l.amount_fen) FROM billing_chargeline l
            WHERE l.account_id = w.account_id AND l.period = w.period AND l.seq = w.seq), 0) AS bigint) AS more
        FROM {_SCHEDULED} WHERE w.lane = {FAST} AND k.minimum_fen > 0
    ) short
    WHERE more > 0"""  # noqa: S608


def with_sums(statement: str, database: str) -> str:
    """Put the sums of a database into a statement that has AMOUNT, VAT_OF_BILL and JOIN_SUMS."""
    for name, text in (_ON_POSTGRESQL if database == "postgresql" else _ON_SQLITE).items():
        statement = statement.replace(name, text)
    return statement


def write_lines(cursor: Statements, *, fees: bool) -> None:
    """Write the charge lines of the work table's fast rows, whose bills are there; `fees`: any schedule has fees."""
    database = vendor()
    cursor.execute(dialect(_GAS_LINES, database))
    if fees:
        cursor.execute(dialect(_FREE_LINES, database))
        cursor.execute(_BASE_FEE_LINES)
        cursor.execute(_MINIMUM_LINES)
