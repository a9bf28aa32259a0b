"""Statements of bills made again by sets (see `again`): what stands, what is reversed, billed anew and corrected.

Three temporary tables carry a part of the accounts through their periods: LIVE holds what stands in each period,
ACCOUNT how far an account has come and the counter it hands on, and the work table of the engine the new elements.
"""

from __future__ import annotations

import re

from mainstay.gas.billing.batch.gather import NOT_BY_SCHEDULE, SITUATION, TOO_MUCH_L, scheduled
from mainstay.gas.billing.batch.price import AMOUNT, FAST, SLOW, VAT_OF_BILL
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, LINE, LINE_COLUMNS, WORK
from mainstay.gas.billing.batch.tariffs import NO_CONTRACT

LIVE, ACCOUNT = "billing_again_live", "billing_again"
# Lanes of the work table beside FAST (a bill made again, priced by its schedule) and SLOW (left to `remake`).
MOVED, OTHER, CHARGE, HANDED = 2, 3, 4, 5

TABLES = {
    LIVE: (
        "account_id bigint NOT NULL, period integer NOT NULL, top smallint NOT NULL, base smallint, "
        "is_live bool NOT NULL, chosen bool NOT NULL, from_on date NOT NULL, amount_fen bigint NOT NULL, "
        "vat_fen bigint NOT NULL, part_year date, part_before_l bigint, part_after_l bigint, top_year date NOT NULL, "
        "top_after_l bigint NOT NULL, run_id bigint, top_run bigint, corrections integer NOT NULL, "
        "charges integer NOT NULL, taken_over integer NOT NULL"
    ),
    ACCOUNT: (
        "account_id bigint NOT NULL, first_period integer NOT NULL, last_period integer NOT NULL, "
        "first_on date NOT NULL, going bool NOT NULL, slow bool NOT NULL, counter_on date, counter_l bigint"
    ),
}
KEYS = {LIVE: "account_id, period", ACCOUNT: "account_id"}

# The last bill of a period holds unless a reversal names it; reversals come in the order of the bills. What is billed,
# reversed and corrected in a period comes to what its live bill comes to with its corrections.
_PLACE = "CAST(b.refers_seq AS bigint) * 100000 + b.seq"
_STANDING = """
    SELECT b.account_id, b.period, max(b.seq) AS top, max(CASE WHEN b.kind IN (1, 2, 4) THEN b.seq END) AS base,
        max(CASE WHEN b.kind = 3 THEN b.refers_seq END) AS undone,
        max(CASE WHEN b.kind = 5 THEN {place} END) AS corrected, min(b.from_on) AS from_on,
        sum(CASE WHEN b.kind <= 5 THEN b.amount_fen ELSE 0 END) AS amount_fen,
        sum(CASE WHEN b.kind <= 5 THEN b.vat_fen ELSE 0 END) AS vat_fen,
        sum(CASE WHEN b.kind = 5 THEN 1 ELSE 0 END) AS corrections,
        sum(CASE WHEN b.kind >= 11 THEN 1 ELSE 0 END) AS charges,
        sum(CASE WHEN b.kind = 6 THEN 1 ELSE 0 END) AS taken_over
    FROM wanted w {join} billing_bill b ON b.account_id = w.id AND b.period >= %(first)s
    GROUP BY b.account_id, b.period""".replace("{place}", _PLACE)
_OF_PERIOD = "{x}.account_id = g.account_id AND {x}.period = g.period AND {x}.seq = g.{seq}"
# PostgreSQL cannot know how few periods an account has, and would rather read all bills than look some thousand up.
_LOOK_UP = {
    "postgresql": f"JOIN LATERAL (SELECT * FROM billing_bill {{x}} WHERE {_OF_PERIOD} LIMIT 1) {{x}} ON true",  # noqa: S608
    "sqlite": f"JOIN billing_bill {{x}} ON {_OF_PERIOD}",
}
_HIDDEN = "CASE WHEN {run}.state IN ('running', 'computed') THEN {bill}.run_id END"
_STANDING_NOW = f"""
    INSERT INTO {LIVE} (account_id, period, top, base, is_live, chosen, from_on, amount_fen, vat_fen, part_year,
        part_before_l, part_after_l, top_year, top_after_l, run_id, top_run, corrections, charges, taken_over)
    WITH {{wanted}}
    SELECT g.account_id, g.period, g.top, g.base, g.is_live, coalesce({{chosen}}, false), g.from_on, g.amount_fen,
        g.vat_fen, p.year_start_on, p.year_before_l, p.year_after_l, t.year_start_on, t.year_after_l,
        {_HIDDEN.format(run="xr", bill="x")}, {_HIDDEN.format(run="tr", bill="t")}, g.corrections, g.charges,
        g.taken_over
    FROM (
        SELECT d.*, d.base IS NOT NULL AND (d.undone IS NULL OR d.undone < d.base) AS is_live,
            CASE WHEN d.corrected / 100000 = d.base THEN d.corrected %% 100000 ELSE d.base END AS part
        FROM ({_STANDING}) d
    ) g
    LEFT {{base}}
    LEFT {{part}}
    {{top}}
    LEFT JOIN billing_billingrun xr ON xr.id = x.run_id
    LEFT JOIN billing_billingrun tr ON tr.id = t.run_id"""  # noqa: S608


def standing_sql(database: str, chosen: str) -> str:
    """Fill LIVE with what stands in each period of the accounts `wanted`; `chosen`: what is to be made again."""
    statement = _STANDING_NOW.replace("{chosen}", chosen)
    for bill, seq in (("x", "base"), ("p", "part"), ("t", "top")):
        statement = statement.replace(f"{{{seq}}}", _LOOK_UP[database].format(x=bill, seq=seq))
    return statement


CHOSEN = "g.base IS NOT NULL AND g.period <= %(last)s AND g.is_live = %(live)s"
OF_BOOKS = """x.book_id IN (SELECT o.book_id FROM billing_rebilling_books o WHERE o.rebilling_id = %(id)s)"""
OF_RUN = "x.run_id = %(run)s"
OF_VERSION = """(x.version_id = %(version)s OR EXISTS (SELECT 1 FROM billing_chargeline l
        WHERE l.account_id = x.account_id AND l.period = x.period AND l.seq = x.seq AND l.version_id = %(version)s))"""

_BEFORE = {
    "postgresql": (
        "LEFT JOIN LATERAL (SELECT year_start_on, year_after_l FROM billing_bill x WHERE x.account_id = g.account_id "
        "AND x.period < g.first_period ORDER BY x.period DESC, x.seq DESC LIMIT 1) b ON true"
    ),
    "sqlite": (
        "LEFT JOIN billing_bill b ON b.account_id = g.account_id AND (b.period, b.seq) = (SELECT x.period, x.seq "
        "FROM billing_bill x WHERE x.account_id = g.account_id AND x.period < g.first_period "
        "ORDER BY x.period DESC, x.seq DESC LIMIT 1)"
    ),
}
# A right plan is laid over the terms from the first bill on; here only over one that stands open at that day, with no
# other behind it: then it is changed, or cut in two.
OTHER_TERMS = """OR coalesce((SELECT sum(CASE WHEN t.until_on IS NULL THEN 1 ELSE 2 END) FROM tariffs_terms t
        WHERE t.account_id = g.account_id AND (t.until_on IS NULL OR t.until_on >= f.from_on)), 0) <> 1"""
_ACCOUNTS = f"""
    INSERT INTO {ACCOUNT} (account_id, first_period, last_period, first_on, going, slow, counter_on, counter_l)
    SELECT g.account_id, g.first_period, g.last_period, f.from_on, true,
        (a.difference IS NOT NULL OR g.strange > 0 {{terms}}), b.year_start_on, b.year_after_l
    FROM (
        SELECT account_id, min(CASE WHEN chosen THEN period END) AS first_period,
            max(CASE WHEN chosen THEN period END) AS last_period,
            sum(CASE WHEN base IS NULL OR taken_over > 0 THEN 1 ELSE 0 END) AS strange
        FROM {LIVE} GROUP BY account_id
    ) g
    {{join}} {LIVE} f ON f.account_id = g.account_id AND f.period = g.first_period
    {{join}} customers_account a ON a.id = g.account_id
    {{before}}
    WHERE g.first_period IS NOT NULL"""  # noqa: S608


def accounts_sql(database: str, *, plan: bool) -> str:
    """Fill ACCOUNT from LIVE: who has a chosen bill, the counter before it, and who is left to `remake`."""
    return _ACCOUNTS.replace("{terms}", OTHER_TERMS if plan else "").replace("{before}", _BEFORE[database])


PERIODS = f"""
    SELECT l.period, sum(CASE WHEN l.chosen THEN 1 ELSE 0 END), sum(CASE WHEN l.chosen THEN 0 ELSE 1 END),
        sum(l.corrections), sum(CASE WHEN l.chosen THEN l.charges ELSE 0 END)
    FROM {LIVE} l JOIN {ACCOUNT} k ON k.account_id = l.account_id AND k.first_period <= l.period
    WHERE NOT k.slow GROUP BY l.period ORDER BY l.period"""  # noqa: S608
_REACHED = f"""{LIVE} l JOIN {ACCOUNT} k ON k.account_id = l.account_id AND k.going AND NOT k.slow
    AND k.first_period <= l.period"""
_AT = "l.period = %(period)s"
_IN_YEAR = "CASE WHEN k.counter_on = l.{year} THEN k.counter_l ELSE 0 END"
_BASE = "x.account_id = l.account_id AND x.period = l.period AND x.seq = l.base"
_HANDS = f"NOT l.is_live AND l.top_after_l <> {_IN_YEAR.format(year='top_year')}"
_MOVES = f"""l.is_live AND NOT l.chosen AND l.part_before_l <> {_IN_YEAR.format(year="top_year")}"""

_PLAIN = BILL_COLUMNS.removesuffix(", readings, reason")
REVERSE = f"""
    INSERT INTO {WORK} ({_PLAIN}, lane)
    SELECT x.account_id, x.period, l.top + 1, 3, l.run_id, x.book_id, x.unit_id, x.version_id, x.from_on, x.to_on,
        -x.volume_l, x.persons, x.low_income, x.heating, x.contract_price_e4, x.year_start_on, l.part_after_l,
        {_IN_YEAR.format(year="part_year")}, -l.amount_fen, -l.vat_fen, %(on)s, %(due)s, %(on)s, l.base, {OTHER}
    FROM {_REACHED} {{join}} billing_bill x ON {_BASE}
    WHERE {_AT} AND l.chosen AND l.is_live"""  # noqa: S608

_SCHEDULED = """
    CASE WHEN r.counter_on = s.year_start_on THEN r.counter_l ELSE 0 END AS year_before_l, {situation} AS situation,
    coalesce({of}.contract_price_e4, {none}) AS contract_e4,
    CASE WHEN {strange} OR s.id IS NULL OR abs(r.volume_l) > {most} OR {slow} THEN 1 ELSE 0 END AS usage_lane"""
_SEGMENT = """LEFT JOIN billing_segment s ON s.plan_id = {plan} AND s.from_on < r.used_until
        AND s.until_on >= r.used_until"""
# One meter: what two measure is added up by `remake`.
_READ = f"""
    SELECT l.account_id, min(l.period) AS period,
        min(l.top + CASE WHEN l.is_live OR {_HANDS} THEN 2 ELSE 1 END) AS seq, min(l.top_run) AS run_id,
        min(CASE WHEN l.is_live THEN l.base WHEN {_HANDS} THEN l.top + 1 ELSE l.top END) AS refers_seq,
        min(k.counter_on) AS counter_on, min(k.counter_l) AS counter_l, min(k.first_on) AS first_on,
        min(m.book_id) AS book_id, min(m.previous_on) AS from_on, max(m.taken_on) AS to_on,
        {{used_until}} AS used_until, count(m.account_id) AS meters, min(m.volume_l) AS volume_l,
        min(m.installation_id) AS installation_id, min(m.seq) AS reading_seq,
        min(m.previous_index_l) AS previous_index_l, min(m.index_l) AS index_l
    FROM {_REACHED}
    LEFT JOIN readings_reading m ON m.account_id = l.account_id AND m.period = %(period)s AND m.state = 3
        {{unless_prepaid}}
    WHERE {_AT} AND l.chosen GROUP BY l.account_id"""  # noqa: S608
_REBILLED = f"""
    SELECT r.account_id, r.period, r.seq, 4 AS kind, r.run_id, r.refers_seq, r.book_id, a.unit_id, s.version_id,
        r.from_on, r.to_on, r.volume_l, t.persons, t.low_income, t.heating, t.contract_price_e4, s.year_start_on,
        r.installation_id, r.reading_seq, r.previous_index_l, r.index_l, {_SCHEDULED}
    FROM ({_READ}) r
    {{join}} customers_account a ON a.id = r.account_id
    LEFT JOIN tariffs_terms t ON t.account_id = r.account_id AND t.from_on < r.used_until
        AND (t.until_on IS NULL OR t.until_on >= r.used_until)
    {_SEGMENT}"""  # noqa: S608
_RETIERED = f"""
    SELECT r.account_id, r.period, r.top + 1 AS seq, 5 AS kind, r.hidden AS run_id, r.seq AS refers_seq, r.book_id,
        r.unit_id, r.version_id,
        r.from_on, r.to_on, r.volume_l, r.persons, r.low_income, r.heating, r.contract_price_e4, r.year_start_on,
        CAST(NULL AS bigint) AS installation_id, CAST(NULL AS smallint) AS reading_seq,
        CAST(NULL AS bigint) AS previous_index_l, CAST(NULL AS bigint) AS index_l, {_SCHEDULED}
    FROM (
        SELECT x.*, v.plan_id, l.top, l.run_id AS hidden, k.counter_on, k.counter_l, {{used_until}} AS used_until
        FROM {_REACHED} {{join}} billing_bill x ON {_BASE} {{join}} tariffs_version v ON v.id = x.version_id
        WHERE {_AT} AND {_MOVES}
    ) r
    {{join}} customers_account a ON a.id = r.account_id
    {_SEGMENT}"""  # noqa: S608
_PRICED = f"""
    INSERT INTO {WORK} ({_PLAIN}, installation_id, reading_seq, previous_index_l, index_l, situation, contract_e4,
        schedule_id, lane)
    SELECT account_id, period, seq, kind, run_id, book_id, unit_id, version_id, from_on, to_on, volume_l, persons,
        low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l, {AMOUNT}, {VAT_OF_BILL},
        %(on)s, %(due)s, %(on)s, refers_seq, installation_id, reading_seq, previous_index_l, index_l, situation,
        contract_e4, schedule_id, CASE WHEN lane = {FAST} THEN {{lane}} ELSE lane END
    FROM ({{usage}} {{fence}}) w"""  # noqa: S608


def rebill_sql(*, plan: bool) -> str:
    """Bill the chosen periods again; `plan`: the accounts are on that plan from their first bill on."""
    of_plan = "CASE WHEN r.used_until > r.first_on THEN %(plan)s ELSE t.plan_id END" if plan else "t.plan_id"
    strange = "r.meters <> 1 OR t.account_id IS NULL"
    words = {"{situation}": SITUATION, "{of}": "t", "{plan}": of_plan, "{strange}": strange}
    return _priced(_REBILLED, FAST, words)


def retier_sql() -> str:
    """Rate the bills whose counter before them moved anew; their own volume stays until they are netted."""
    strange = "s.version_id <> r.version_id OR s.year_start_on <> r.year_start_on"
    situation = re.sub(r"\bt\.", "r.", SITUATION)
    return _priced(
        _RETIERED, MOVED, {"{situation}": situation, "{of}": "r", "{plan}": "r.plan_id", "{strange}": strange}
    )


def _priced(usage: str, lane: int, words: dict[str, str]) -> str:
    usual = {
        "{usage}": scheduled(usage), "{lane}": str(lane), "{none}": str(NO_CONTRACT), "{most}": str(TOO_MUCH_L),
        "{slow}": NOT_BY_SCHEDULE,
    }  # fmt: skip
    statement = _PRICED
    for word, text in {**usual, **words}.items():
        statement = statement.replace(word, text)
    return statement


UNKNOWN = f"""
    SELECT DISTINCT situation, contract_e4 FROM {WORK}
    WHERE period = %(period)s AND lane IN ({FAST}, {MOVED}) AND schedule_id IS NULL"""  # noqa: S608
FORGET = f"DELETE FROM {WORK} WHERE period = %(period)s AND lane NOT IN ({OTHER}, {HANDED})"  # noqa: S608
# A cancelled period whose counter moves hands the right one on by a correction without lines.
HAND_THROUGH = f"""
    INSERT INTO {WORK} ({_PLAIN}, lane)
    SELECT x.account_id, x.period, l.top + 1, 5, l.top_run, x.book_id, x.unit_id, x.version_id, x.from_on, x.to_on, 0,
        x.persons, x.low_income, x.heating, x.contract_price_e4, x.year_start_on, {_IN_YEAR.format(year="top_year")},
        {_IN_YEAR.format(year="top_year")}, 0, 0, %(on)s, %(due)s, %(on)s, x.refers_seq, {HANDED}
    FROM {_REACHED} {{join}} billing_bill x ON x.account_id = l.account_id AND x.period = l.period AND x.seq = l.top
    WHERE {_AT} AND {_HANDS}"""  # noqa: S608
RATED_ALONE = f"""
    UPDATE {ACCOUNT} SET slow = true
    WHERE account_id IN (SELECT account_id FROM {WORK} WHERE period = %(period)s AND lane = {SLOW})"""  # noqa: S608
# After a period: the counter of its last new element, or of the last there was. Behind the chosen ones an account goes
# on only as long as something moves.
HAND_ON = f"""
    UPDATE {ACCOUNT} SET counter_on = n.counter_on, counter_l = n.counter_l, going = n.going
    FROM (
        SELECT l.account_id, coalesce(w.year_start_on, l.top_year) AS counter_on,
            coalesce(w.year_after_l, l.top_after_l) AS counter_l,
            (w.account_id IS NOT NULL OR l.period <= k.last_period) AS going
        FROM {_REACHED} LEFT JOIN {WORK} w ON w.account_id = l.account_id AND w.period = l.period
            AND w.seq = l.top + CASE WHEN l.chosen AND (l.is_live AND %(again)s OR {_HANDS}) THEN 2 ELSE 1 END
        WHERE {_AT}
    ) n WHERE n.account_id = {ACCOUNT}.account_id"""  # noqa: S608
SLOW_ONES = f"SELECT account_id FROM {ACCOUNT} WHERE slow ORDER BY account_id"  # noqa: S608
DROP_SLOW = f"DELETE FROM {WORK} WHERE account_id IN (SELECT account_id FROM {ACCOUNT} WHERE slow)"  # noqa: S608

# What was charged or credited on a bill goes with it, net of what refers to the charge itself.
TAKE_BACK = f"""
    INSERT INTO {WORK} ({_PLAIN}, lane)
    SELECT c.account_id, c.period, w.seq + row_number() OVER (PARTITION BY c.account_id, c.period ORDER BY c.seq),
        CASE c.kind WHEN 11 THEN 12 ELSE c.kind END, NULL, c.book_id, c.unit_id, c.version_id, c.from_on, c.to_on, 0,
        c.persons, c.low_income, c.heating, c.contract_price_e4, w.year_start_on, w.year_after_l, w.year_after_l,
        -c.net_fen, -c.net_vat_fen, %(on)s, c.due_on, %(on)s, c.seq, {CHARGE}
    FROM (
        SELECT b.*, l.top, b.amount_fen + coalesce(o.amount_fen, 0) AS net_fen,
            b.vat_fen + coalesce(o.vat_fen, 0) AS net_vat_fen
        FROM {LIVE} l
        {{join}} billing_bill b ON b.account_id = l.account_id AND b.period = l.period AND b.kind >= 11
            AND b.refers_seq = l.base
        LEFT JOIN (
            SELECT y.account_id, y.period, y.refers_seq, sum(y.amount_fen) AS amount_fen, sum(y.vat_fen) AS vat_fen
            FROM {LIVE} m {{join}} billing_bill y ON y.account_id = m.account_id AND y.period = m.period
            WHERE m.chosen AND m.charges > 0 AND y.kind >= 11 GROUP BY y.account_id, y.period, y.refers_seq
        ) o ON o.account_id = b.account_id AND o.period = b.period AND o.refers_seq = b.seq
        WHERE l.chosen AND l.is_live AND l.charges > 0
    ) c
    JOIN {WORK} w ON w.account_id = c.account_id AND w.period = c.period
        AND w.seq = c.top + CASE WHEN %(again)s THEN 2 ELSE 1 END
    WHERE c.net_fen <> 0"""  # noqa: S608
# A correction is the difference to what stands; its own volume is nothing.
NET = f"""
    UPDATE {WORK} SET volume_l = 0, amount_fen = {WORK}.amount_fen - l.amount_fen, vat_fen = {WORK}.vat_fen - l.vat_fen
    FROM {LIVE} l
    WHERE {WORK}.lane = {MOVED} AND l.account_id = {WORK}.account_id AND l.period = {WORK}.period"""  # noqa: S608

_HEAD = f"INSERT INTO billing_chargeline ({LINE_COLUMNS})"
_OLD = """SELECT w.account_id, w.period, w.seq, c.kind, c.tier, -c.volume_l AS volume_l, c.price_e4,
        -c.amount_fen AS amount_fen, -c.vat_fen AS vat_fen, c.version_id, c.note
    FROM {work} w {more}
    {{join}} billing_chargeline c ON c.account_id = w.account_id AND c.period = w.period AND c.seq = {seq}
    WHERE w.lane IN ({lanes})"""
_OF_BASE = _OLD.format(work=WORK, more="", seq="w.refers_seq", lanes=f"{OTHER}, {MOVED}")
_OF_PARTS = _OLD.format(
    work=WORK, seq="x.seq", lanes=f"{OTHER}, {MOVED}",
    more="{join} billing_bill x ON x.account_id = w.account_id AND x.period = w.period AND x.kind = 5 "
    "AND x.refers_seq = w.refers_seq AND x.seq < w.seq ",
)  # fmt: skip
_NEW = f"""SELECT account_id, period, seq, kind, tier, volume_l, price_e4, amount_fen, vat_fen, version_id, note
    FROM {LINE}"""  # noqa: S608
_NETTED = f"""
    {_HEAD}
    SELECT account_id, period, seq, row_number() OVER (PARTITION BY account_id, period, seq
            ORDER BY kind, tier, price_e4, effective_on, note), kind, tier, volume_l, price_e4, amount_fen, vat_fen,
        version_id, note
    FROM (
        SELECT o.account_id, o.period, o.seq, o.kind, o.tier, sum(o.volume_l) AS volume_l, o.price_e4,
            sum(o.amount_fen) AS amount_fen, sum(o.vat_fen) AS vat_fen, o.version_id, v.effective_on, o.note
        FROM ({{parts}}) o {{join}} tariffs_version v ON v.id = o.version_id
        GROUP BY o.account_id, o.period, o.seq, o.kind, o.tier, o.price_e4, o.version_id, v.effective_on, o.note
        HAVING sum(o.volume_l) <> 0 OR sum(o.amount_fen) <> 0 OR sum(o.vat_fen) <> 0
    ) n"""  # noqa: S608


def netted_lines_sql(*, corrected: bool, moved: bool) -> str:
    """Lines of reversals and corrections: what stands the other way round, for corrections with what is rated anew."""
    parts = [_OF_BASE, *([_OF_PARTS] if corrected else []), *([_NEW] if moved else [])]
    return _NETTED.replace("{parts}", " UNION ALL ".join(parts))


CHARGE_LINES = f"""
    {_HEAD}
    SELECT account_id, period, seq, 1, 9, 0, 0, 0, amount_fen, vat_fen, version_id, ''
    FROM {WORK} WHERE lane = {CHARGE}"""  # noqa: S608
