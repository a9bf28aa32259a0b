"""What a payment over the API needs to know first, in one journey to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from mainstay.gas.customers.models import Account
from mainstay.kit.sqlkit.trips import round_trip

_COLUMNS = ("id", "account_no", "unit_id")
_ACCOUNT = "SELECT a.id, a.account_no, a.unit_id FROM customers_account a WHERE a.account_no = %s"
_SERIAL = (
    "SELECT s.business_on FROM payments_serial s WHERE s.channel = %s AND s.serial = %s AND s.business_on IN ({days})"
)


def account_and_day(
    account_no: str, channel: str, serial: str, days: Sequence[dt.date]
) -> tuple[Account | None, dt.date | None]:
    """Return the account of a number, and on which of the days a channel's serial was booked already."""
    known = (_SERIAL.format(days=", ".join(["%s"] * len(days))), [channel, serial, *days])
    accounts, booked = round_trip([(_ACCOUNT, [account_no]), known])
    account = Account.from_db(connection.alias, _COLUMNS, accounts[0]) if accounts else None
    day = booked[0][0] if booked else None
    return account, dt.date.fromisoformat(day) if isinstance(day, str) else day
