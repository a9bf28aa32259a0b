"""Prices of the fast lane in SQL: sums of a bill, and its charge lines (compared row by row with `rate` in the tests).

The pieces of SQL stand in statements where `w` is a usage with its schedule: year_before_l and year_after_l (litres of
the tariff year before and after the period), schedule_id, first_l and first_e4 (bound
and price of its first tier), carry, vat_bp, base_fee_fen, minimum_fen.
"""

from __future__ import annotations

from functools import cache

from mainstay.gas.billing.batch.sql import Statements, dialect
from mainstay.gas.billing.batch.tables import BAND, LINE_COLUMNS, SCHEDULE, WORK
from mainstay.gas.billing.rules import BASE_FEE_LINE, FREE_LINE, LINE_KINDS, MINIMUM_LINE
from mainstay.kit.sqlkit import vendor

FAST, SLOW = 0, 1


def _cut(litres: str, price: str) -> str:
    """Fen of some litres, rounded half up."""
    return f"(({litres}) * {price} + 50000) / 100000"


def _vat(fen: str, rate: str) -> str:
    """VAT contained in an amount, rounded half up."""
    return f"(2 * ({fen}) * {rate} + 10000 + {rate}) / (2 * (10000 + {rate}))"


_SINCE, _UPTO = "{greatest}(w.year_before_l, d.lower_l)", "{least}(w.year_after_l, d.upper_l)"
_TOUCHED = "d.lower_l < w.year_after_l AND d.upper_l > w.year_before_l"
# Each line is rounded by itself; where the tariff carries the rounding on, a line is the difference of two sums.
_FEN = (
    f"CASE WHEN d.carry THEN {_cut(f'{_UPTO} - d.lower_l', 'd.price_e4')} "
    f"- {_cut(f'{_SINCE} - d.lower_l', 'd.price_e4')} ELSE {_cut(f'{_UPTO} - {_SINCE}', 'd.price_e4')} END"
)
# Most bills stay in the first tier (residents' first tier covers 80 % of households, other prices are flat): for them
# no band has to be looked up.
_FIRST_FEN = (
    f"CASE WHEN w.carry THEN {_cut('w.year_after_l', 'w.first_e4')} - {_cut('w.year_before_l', 'w.first_e4')} "
    f"ELSE {_cut('w.year_after_l - w.year_before_l', 'w.first_e4')} END"
)


def _sum(of_first: str, of_band: str) -> str:
    return f"""CASE WHEN w.year_after_l <= w.first_l THEN {of_first} ELSE coalesce((
        SELECT CAST(sum({of_band}) AS bigint) FROM (SELECT {_FEN} AS fen, d.vat_bp FROM {BAND} d
            WHERE d.schedule_id = w.schedule_id AND {_TOUCHED}) cut), 0) END"""  # noqa: S608


_GAS_FEN = _sum(_FIRST_FEN, "fen")
_GAS_VAT = _sum(_vat(_FIRST_FEN, "w.vat_bp"), _vat("fen", "vat_bp"))
_LEFT_OF_MINIMUM = f"{{greatest}}(0, w.minimum_fen - {_GAS_FEN} - w.base_fee_fen)"
AMOUNT = f"{{greatest}}({_GAS_FEN} + w.base_fee_fen, w.minimum_fen)"
VAT_OF_BILL = (
    f"{_GAS_VAT} + {_vat('w.base_fee_fen', 'w.vat_bp')} "
    f"+ CASE WHEN w.minimum_fen > 0 THEN {_vat(_LEFT_OF_MINIMUM, 'w.vat_bp')} ELSE 0 END"
)

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


def write_lines(cursor: Statements, *, fees: bool, lane: int = FAST, into: str = "billing_chargeline") -> None:
    """Write the charge lines of the work table's rows of a lane, whose bills are there; `fees`: any schedule has fees.

    `into`: another table of the same columns, where the lines are to be reckoned with first.
    """
    statements = (_GAS_LINES, _FREE_LINES, _BASE_FEE_LINES, _MINIMUM_LINES) if fees else (_GAS_LINES,)
    for statement in statements:
        cursor.execute(_lines_of(statement, lane, into, vendor()))


@cache
def _lines_of(statement: str, lane: int, into: str, database: str) -> str:
    spelt = dialect(statement, database).replace("billing_chargeline", into)
    return spelt.replace(f"w.lane = {FAST}", f"w.lane = {lane}")
