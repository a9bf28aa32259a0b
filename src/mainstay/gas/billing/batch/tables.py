"""The temporary tables of the engine: one connection's own, empty between transactions."""

from __future__ import annotations

from mainstay.gas.billing.batch.sql import Statements
from mainstay.kit.sqlkit import vendor

WORK, RATED, LINE, SCHEDULE, BAND, SEGMENT = (
    "billing_work", "billing_work_rated", "billing_work_line", "billing_schedule", "billing_band", "billing_segment",
)  # fmt: skip

BILL_COLUMNS = (
    "account_id, period, seq, kind, run_id, book_id, unit_id, version_id, from_on, to_on, volume_l, persons, "
    "low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l, amount_fen, vat_fen, "
    "issued_on, due_on, business_on, refers_seq, readings, reason"
)
LINE_COLUMNS = "account_id, period, seq, line, kind, tier, volume_l, price_e4, amount_fen, vat_fen, version_id, note"

# No column may grow beyond a row of PostgreSQL: emptying a table that needs a second one for long values takes 3 ms at
# each commit, emptying one that does not a tenth of it.
_PER_TRANSACTION = {
    WORK: (
        "account_id bigint NOT NULL, period integer NOT NULL, seq smallint NOT NULL, kind smallint NOT NULL, "
        "run_id bigint, book_id bigint, unit_id bigint, version_id bigint, from_on date, to_on date, volume_l bigint, "
        "persons smallint, low_income bool, heating bool, contract_price_e4 integer, year_start_on date, "
        "year_before_l bigint, year_after_l bigint, amount_fen bigint NOT NULL DEFAULT 0, "
        "vat_fen bigint NOT NULL DEFAULT 0, issued_on date, due_on date, business_on date, refers_seq smallint, "
        "installation_id bigint, reading_seq smallint, previous_index_l bigint, index_l bigint, situation bigint, "
        "contract_e4 integer, schedule_id integer, lane smallint NOT NULL, "
        "problem varchar(20) NOT NULL DEFAULT '', detail varchar(200) NOT NULL DEFAULT ''"
    ),
}
# What was rated one by one: rare in a run, so these are emptied when they are about to be filled.
_RATED = {
    RATED: "account_id bigint NOT NULL, period integer NOT NULL, seq smallint NOT NULL, readings {json}, reason text",
    LINE: (
        "account_id bigint NOT NULL, period integer NOT NULL, seq smallint NOT NULL, line smallint NOT NULL, "
        "kind smallint NOT NULL, tier smallint NOT NULL, volume_l bigint NOT NULL, price_e4 integer NOT NULL, "
        "amount_fen bigint NOT NULL, vat_fen bigint NOT NULL, version_id bigint NOT NULL, note text NOT NULL"
    ),
}
_PER_CONNECTION = {
    SEGMENT: (
        "id integer NOT NULL UNIQUE, plan_id bigint NOT NULL, from_on date NOT NULL, until_on date NOT NULL, "
        "straddle_from date NOT NULL, year_start_on date, version_id bigint NOT NULL, persons_cap smallint NOT NULL, "
        "asks_months bool NOT NULL, by_month bool NOT NULL, slow bool NOT NULL, PRIMARY KEY (plan_id, from_on)"
    ),
    SCHEDULE: (
        "id integer NOT NULL UNIQUE, situation bigint NOT NULL, contract_e4 integer NOT NULL, slow bool NOT NULL, "
        "allowance_l bigint NOT NULL, base_fee_fen bigint NOT NULL, minimum_fen bigint NOT NULL, vat_bp integer "
        "NOT NULL, first_l bigint NOT NULL, first_e4 bigint NOT NULL, carry bool NOT NULL, "
        "PRIMARY KEY (situation, contract_e4)"
    ),
    BAND: (
        "schedule_id integer NOT NULL, line smallint NOT NULL, lower_l bigint NOT NULL, upper_l bigint NOT NULL, "
        "price_e4 bigint NOT NULL, tier smallint NOT NULL, vat_bp integer NOT NULL, carry bool NOT NULL, "
        "PRIMARY KEY (schedule_id, line)"
    ),
}


def make_tables(cursor: Statements) -> None:
    """Create the temporary tables unless this connection has them, and empty them all."""
    make_work_tables(cursor)
    _make(cursor, _PER_CONNECTION)


def make_work_tables(cursor: Statements) -> None:
    """Those without tariffs: what is written bill by bill needs no more, and leaves a run's schedules as they are."""
    _make(cursor, {**_PER_TRANSACTION, **_RATED})


def make_more_tables(cursor: Statements, tables: dict[str, str], keys: dict[str, str]) -> None:
    """Create (and empty) temporary tables of one transaction that others need beside these; `keys` for SQLite."""
    for name, columns in tables.items():
        tail = " ON COMMIT DELETE ROWS" if vendor() == "postgresql" else " WITHOUT ROWID"
        key = "" if vendor() == "postgresql" else f", PRIMARY KEY ({keys[name]})"
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}{key}){tail}")
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _make(cursor: Statements, tables: dict[str, str]) -> None:
    postgresql = vendor() == "postgresql"
    for name, columns in tables.items():
        key = "" if postgresql or name in _PER_CONNECTION else ", PRIMARY KEY (account_id, period, seq{})".format(
            ", line" if name == LINE else ""
        )  # fmt: skip
        # On SQLite the key is the table; PostgreSQL joins some hundred rows faster without an index to keep.
        tail = (" ON COMMIT DELETE ROWS" if name in _PER_TRANSACTION else "") if postgresql else " WITHOUT ROWID"
        body = columns.replace("{json}", "jsonb" if postgresql else "text") + key
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({body}){tail}")
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def clear_work(cursor: Statements) -> None:
    """Empty what belongs to one chunk."""
    cursor.execute(f"DELETE FROM {WORK}")  # noqa: S608


def clear_rated(cursor: Statements) -> None:
    """Empty what was rated one by one. Deleting would leave PostgreSQL the dead rows to read for the whole run."""
    for name in _RATED:
        cursor.execute(f"TRUNCATE {name}" if vendor() == "postgresql" else f"DELETE FROM {name}")  # noqa: S608
