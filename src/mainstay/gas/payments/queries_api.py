"""What a payment over the API needs to know first, in one journey to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from mainstay.gas.customers.models import Account
from mainstay.kit.sqlkit.trips import Statement, round_trip

_COLUMNS = ("id", "account_no", "unit_id")
_ACCOUNT = "SELECT a.id, a.account_no, a.unit_id FROM customers_account a WHERE a.account_no = %s"
# On PostgreSQL one look-up for each day: asked for all days at once it reads through every serial of the channel.
_SERIAL_POSTGRESQL = """SELECT d.day FROM unnest(ARRAY[{days}]::date[]) AS d(day) WHERE EXISTS (
  SELECT 1 FROM payments_serial s
  WHERE s.channel = %s AND s.business_on = d.day AND s.serial = %s LIMIT 1 OFFSET 0)"""
_SERIAL_SQLITE = (
    "SELECT s.business_on FROM payments_serial s WHERE s.business_on IN ({days}) AND s.channel = %s AND s.serial = %s"
)


def account_and_day(
    account_no: str, channel: str, serial: str, days: Sequence[dt.date]
) -> tuple[Account | None, dt.date | None]:
    """Return the account of a number, and on which of the days a channel's serial was booked already."""
    accounts, booked = round_trip([(_ACCOUNT, [account_no]), _known(channel, serial, days)])
    account = Account.from_db(connection.alias, _COLUMNS, accounts[0]) if accounts else None
    day = booked[0][0] if booked else None
    return account, dt.date.fromisoformat(day) if isinstance(day, str) else day


def _known(channel: str, serial: str, days: Sequence[dt.date]) -> Statement:
    sql = _SERIAL_POSTGRESQL if connection.vendor == "postgresql" else _SERIAL_SQLITE
    return sql.format(days=", ".join(["%s"] * len(days))), [*days, channel, serial]
