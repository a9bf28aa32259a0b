"""Making a take-over real: everything of the staging tables into the business tables, by sets, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from mainstay.gas.ledger.batch import post_bills
from mainstay.gas.ledger.chart import ADVANCE, DEPOSITS, OPENING
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments.actions import settle_set
from mainstay.gas.takeover.models import Takeover
from mainstay.kit.dates import period_of, previous_period
from mainstay.kit.sqlkit import refresh_statistics, vendor

# The staged rows with the keys of the rows they become, given once: every table is then filled without looking back.
NEW = "takeover_new"
_FIRST = '"row" = account_row'
_NEXT = {
    # As a query of its own the sequence is looked up once, not once a row.
    "postgresql": "nextval((SELECT CAST(pg_get_serial_sequence('{table}', 'id') AS regclass)))",
    "sqlite": '(SELECT coalesce(max(id), 0) FROM {table}) + o."row"',
}
# A home that is known already keeps its premise.
_GIVE = f"""
    CREATE TEMPORARY TABLE {NEW} {{drop}} AS
    SELECT o.*, p.id AS known_premise_id,
        CASE WHEN o."row" = o.customer_row THEN {{customers_customer}} END AS customer_id,
        CASE WHEN o."row" = o.account_row THEN coalesce(p.id, {{customers_premise}}) END AS premise_id,
        CASE WHEN o."row" = o.account_row THEN {{customers_account}} END AS account_id, {{meters_meter}} AS meter_id
    FROM takeover_oldaccount o LEFT JOIN customers_premise p ON p.area_id = o.area_id AND p.building = o.building
        AND p.entrance = o.entrance AND p.room = o.room AND p.address = o.address
    WHERE o.takeover_id = {{takeover}} ORDER BY o."row\""""  # noqa: S608
_FOLLOW = f"""
    UPDATE {NEW} SET {{column}} = (SELECT f.{{column}} FROM {NEW} f WHERE f."row" = {NEW}.{{first}})
    WHERE "row" <> {{first}}"""  # noqa: S608
_CUSTOMERS = f"""
    INSERT INTO customers_customer (id, kind, name, initials, phone, phone_reversed, id_no)
    SELECT customer_id, kind, name, initials, phone, phone_reversed, id_no FROM {NEW}
    WHERE "row" = customer_row ORDER BY customer_id"""  # noqa: S608
_PREMISES = f"""
    INSERT INTO customers_premise (id, area_id, building, entrance, room, address)
    SELECT premise_id, area_id, building, entrance, room, address FROM {NEW}
    WHERE {_FIRST} AND known_premise_id IS NULL ORDER BY premise_id"""  # noqa: S608
_ACCOUNTS = f"""
    INSERT INTO customers_account (id, account_no, customer_id, premise_id, unit_id, category, state, opened_on, note,
        version)
    SELECT account_id, account_no, customer_id, premise_id, unit_id, category, state, opened_on, '', 0
    FROM {NEW} WHERE {_FIRST} ORDER BY account_id"""  # noqa: S608
_METERS = f"""
    INSERT INTO meters_meter (id, meter_no, maker, kind, digits, factor_e4, verified_until, state, unit_id)
    SELECT meter_id, meter_no, maker, meter_kind, digits, 10000, verified_until, 'installed', unit_id
    FROM {NEW} ORDER BY meter_id"""  # noqa: S608
_HUNG = f"""
    INSERT INTO meters_installation (account_id, meter_id, from_on, first_index_l)
    SELECT account_id, meter_id, read_on, index_l FROM {NEW} ORDER BY account_id"""  # noqa: S608
# The terms hold from the opening; an approval of low income ends with its last day.
_TERMS = f"""
    INSERT INTO tariffs_terms (account_id, from_on, until_on, plan_id, persons, low_income, heating, contract_price_e4)
    SELECT account_id, opened_on, CASE WHEN low_income_until >= opened_on THEN {{after}} END, plan_id, persons,
        coalesce(low_income_until >= opened_on, {{no}}), heating, contract_price_e4
    FROM {NEW} WHERE {_FIRST}
    UNION ALL
    SELECT account_id, {{after}}, CAST(NULL AS date), plan_id, persons, {{no}}, heating, contract_price_e4
    FROM {NEW} WHERE {_FIRST} AND low_income_until >= opened_on"""  # noqa: S608
_BOOKS = f"""
    INSERT INTO readings_bookentry (account_id, book_id, sequence)
    SELECT account_id, book_id, sequence FROM {NEW} WHERE {_FIRST} ORDER BY book_id, sequence"""  # noqa: S608
_BILL = (
    "account_id, period, seq, kind, book_id, unit_id, version_id, from_on, to_on, volume_l, persons, low_income, "
    "heating, contract_price_e4, year_start_on, year_before_l, year_after_l, amount_fen, vat_fen, issued_on, due_on, "
    "business_on, refers_seq, readings, reason"
)
_DEBTS = f"""
    INSERT INTO billing_bill ({_BILL})
    SELECT o.account_id, d.period, d.seq, 6, o.book_id, o.unit_id, o.version_id, d.due_on, d.due_on, 0, o.persons,
        {{no}}, o.heating, o.contract_price_e4, coalesce(o.year_start_on, %(on)s), 0, 0, d.amount_fen, 0, d.due_on,
        d.due_on, %(today)s, d.seq, {{none}}, %(name)s
    FROM takeover_olddebt d JOIN {NEW} o ON o.account_no = d.account_no AND o."row" = o.account_row
    WHERE d.takeover_id = %(takeover)s ORDER BY o.account_id, d.period, d.seq"""  # noqa: S608
_LINES = f"""
    INSERT INTO billing_chargeline (account_id, period, seq, line, kind, tier, volume_l, price_e4, amount_fen, vat_fen,
        version_id, note)
    SELECT o.account_id, d.period, d.seq, 1, 8, 0, 0, 0, d.amount_fen, 0, o.version_id, ''
    FROM takeover_olddebt d JOIN {NEW} o ON o.account_no = d.account_no AND o."row" = o.account_row
    WHERE d.takeover_id = %(takeover)s ORDER BY o.account_id, d.period, d.seq"""  # noqa: S608
_ITEMS = f"""
    INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen)
    SELECT o.account_id, d.period, d.seq, d.due_on, d.amount_fen
    FROM takeover_olddebt d JOIN {NEW} o ON o.account_no = d.account_no AND o."row" = o.account_row
    WHERE d.takeover_id = %(takeover)s ORDER BY o.account_id, d.period, d.seq"""  # noqa: S608
_POSTED = f"""(SELECT b.* FROM billing_bill b JOIN {NEW} o ON o.account_id = b.account_id
    AND o."row" = o.account_row WHERE b.kind = 6 AND b.amount_fen <> 0) opened"""  # noqa: S608
# The last element before the first bill here holds the volume of the year.
_COUNTERS = f"""
    INSERT INTO billing_bill ({_BILL})
    SELECT account_id, %(period)s, s.seq, 6, book_id, unit_id, version_id, %(on)s, %(on)s, 0, persons, {{no}}, heating,
        contract_price_e4, year_start_on, 0, year_l, 0, 0, %(today)s, %(today)s, %(today)s, s.seq, {{none}}, %(name)s
    FROM (SELECT o.*, (SELECT count(*) FROM takeover_olddebt d WHERE d.takeover_id = o.takeover_id
        AND d.account_no = o.account_no AND d.period = %(period)s) AS seq FROM {NEW} o) s
    WHERE {_FIRST} AND year_l IS NOT NULL ORDER BY account_id"""  # noqa: S608
_ADVANCES = f"""
    INSERT INTO payments_advance (account_id, balance_fen) SELECT account_id, advance_fen FROM {NEW}
    WHERE {_FIRST} AND advance_fen > 0 ORDER BY account_id"""  # noqa: S608
_MONEY = f"""
    INSERT INTO ledger_posting (account_id, document, document_no, line, business_on, unit_id, debit, credit,
        amount_fen)
    SELECT account_id, {int(Posting.Document.OPENING)}, 1, side.line, %(today)s, unit_id, {OPENING}, side.credit,
        CASE WHEN side.line = 1 THEN advance_fen ELSE deposit_fen END
    FROM {NEW}
    CROSS JOIN (SELECT 1 AS line, {ADVANCE} AS credit UNION ALL SELECT 2, {DEPOSITS}) side
    WHERE {_FIRST} AND CASE WHEN side.line = 1 THEN advance_fen ELSE deposit_fen END > 0
    ORDER BY account_id"""  # noqa: S608
_BOTH = f"""
    SELECT o.account_id FROM {NEW} o WHERE {_FIRST} AND advance_fen > 0 AND EXISTS (
        SELECT 1 FROM takeover_olddebt d WHERE d.takeover_id = o.takeover_id AND d.account_no = o.account_no)
    ORDER BY 1"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows a take-over made."""

    customers: int
    accounts: int
    meters: int
    debts: int


def make_rows(takeover: Takeover, today: date, by_id: int) -> Made:
    """Write everything; call inside a transaction. Nothing of it is there afterwards when any statement fails."""
    facts: dict[str, Any] = {
        "takeover": takeover.pk, "today": today, "on": takeover.on, "name": takeover.name,
        "period": previous_period(period_of(takeover.on)),
    }  # fmt: skip
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(_spelt(statement), facts)
            return int(cursor.rowcount)

        _give_keys(cursor, takeover.pk)
        customers = run(_CUSTOMERS)
        run(_PREMISES)
        accounts, meters = run(_ACCOUNTS), run(_METERS)
        for statement in (_HUNG, _TERMS, _BOOKS):
            run(statement)
        debts = run(_DEBTS)
        run(_LINES)
        run(_ITEMS)
        post_bills(cursor, _POSTED)
        for statement in (_COUNTERS, _ADVANCES, _MONEY):
            run(statement)
        cursor.execute(_BOTH, facts)
        both = [int(row[0]) for row in cursor.fetchall()]
    settle_set(both, business_on=today, by_id=by_id)
    refresh_statistics("customers_account", "customers_customer", "meters_installation", "tariffs_terms")
    return Made(customers, accounts, meters, debts)


def _give_keys(cursor: Any, takeover_id: int) -> None:
    """Give every new row its key; further meters of an account, and accounts of a customer, follow the first one."""
    postgresql = vendor() == "postgresql"
    tables = ("customers_customer", "customers_premise", "customers_account", "meters_meter")
    keys = {table: _NEXT[vendor()].format(table=table) for table in tables}
    cursor.execute(f"DROP TABLE IF EXISTS {NEW}")
    cursor.execute(_GIVE.format(**keys, drop="ON COMMIT DROP" if postgresql else "", takeover=int(takeover_id)))
    cursor.execute(f'CREATE UNIQUE INDEX {NEW}_row ON {NEW} ("row")')
    if postgresql:
        cursor.execute(f'ANALYZE {NEW} ("row", account_row, customer_row, account_no, account_id)')
    for column, first in (("customer_id", "customer_row"), ("account_id", "account_row")):
        cursor.execute(_FOLLOW.format(column=column, first=first))


def _spelt(statement: str) -> str:
    """{after}: the day after the approval; {no}: false; {none}: no readings."""
    postgresql = vendor() == "postgresql"
    after = "low_income_until + 1" if postgresql else "date(low_income_until, '+1 day')"
    words = {"{after}": after, "{no}": "false" if postgresql else "0", "{none}": "'[]'"}
    for word, text in words.items():
        statement = statement.replace(word, text)
    return statement
