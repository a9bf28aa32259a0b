"""The work of `bench payments`: a company with one open bill an account, clerks, and what each of them does."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from mainstay.bench import data
from mainstay.bench.payments import Result, clock
from mainstay.bench.payments_plain import FEN, plain_rows
from mainstay.core.access.models import ApiToken, Grant, Role, RoleRight, User
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.batch import post_bills
from mainstay.gas.payments.actions import open_shift, save_till, take_payment
from mainstay.gas.payments.models import Payment, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import refresh_statistics
from mainstay.kit.sqlkit.trips import round_trip

TURNS = 5
WARM_UP = 30  # statements prepared, plans settled, caches filled
RIGHTS = ("gas.payments.take_payment", "gas.payments.save_till", "gas.payments.open_shift")


@dataclass(frozen=True, slots=True)
class Company:
    """What was built: account ids without a gap, and clerks with an open shift."""

    accounts: int
    first_id: int
    clerks: list[int]
    shifts: list[int]
    token: str

    def slice_of(self, number: int, parts: int, of: int) -> range:
        """The accounts of one clerk in one part of the measurement."""
        each = self.accounts // (parts * len(self.clerks))
        first = self.first_id + (of * len(self.clerks) + number) * each
        return range(first, first + each)


def build(accounts: int, clerks: int) -> Company:
    """Build the company, a bill of 52.20 yuan for each account, and the clerks."""
    built = data.build(accounts, readings=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BILLS, [FEN, 431])
        cursor.execute(
            "INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen, run_id) "
            "SELECT account_id, period, seq, due_on, amount_fen, NULL FROM billing_bill"
        )
        post_bills(cursor, "billing_bill")
    refresh_statistics("billing_bill", "billing_openitem", "ledger_posting")
    unit = Unit.objects.get(pk=Account.objects.get(pk=built.first_account_id).unit_id)
    role = Role.objects.create(code="bench", name_zh="压测")
    RoleRight.objects.bulk_create(RoleRight(role=role, right=right, scope="all") for right in RIGHTS)
    made = [_clerk(number, role, unit) for number in range(clerks)]
    token = _token(made[0][0])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")
    return Company(accounts, built.first_account_id, [user.pk for user, _s in made], [s.pk for _u, s in made], token)


_BILLS = """INSERT INTO billing_bill (account_id, period, seq, kind, run_id, book_id, unit_id, version_id, from_on,
    to_on, volume_l, persons, low_income, heating, contract_price_e4, year_start_on, year_before_l, year_after_l,
    amount_fen, vat_fen, issued_on, due_on, business_on, refers_seq, readings, reason)
SELECT a.id, 202610, 0, 1, NULL, e.book_id, a.unit_id, (SELECT min(id) FROM tariffs_version), '2026-09-25',
    '2026-10-25', 20000, 3, false, false, NULL, '2026-01-01', 0, 20000, %s, %s, '2026-10-26', '2026-11-15',
    '2026-10-26', NULL, '[]', ''
FROM customers_account a JOIN readings_bookentry e ON e.account_id = a.id ORDER BY a.id"""


def _clerk(number: int, role: Role, unit: Unit) -> tuple[User, Shift]:
    user = User.objects.create(username=f"bench{number}")
    Grant.objects.create(role=role, user=user, unit=unit, from_on=local_today())
    till = save_till(unit=unit, code=f"B{number:02d}", name_zh=f"{number}号窗口", by=user)
    return user, open_shift(till=till, float_fen=0, by=user)


def _token(user: User) -> str:
    from mainstay.core.access.tokens import digest_of, new_token

    token = new_token()
    ApiToken.objects.create(user=user, name="bench", digest=digest_of(token))
    return token


def take_turns(company: Company, number: int, seconds: float, barrier: Any) -> list[Result]:
    """Take payments and write plain rows in turns, so that what else the machine does falls on both alike."""
    kinds = [_payments(company, number), plain_rows(company.slice_of(number, 3, 1), *_desk(company, number))]
    results = [Result() for _kind in kinds]
    for work in kinds:
        deque(islice(work, WARM_UP), maxlen=0)
    gc.freeze()  # the accounts listed for the measurement are no part of a payment: collections need not walk them
    for _turn in range(TURNS):
        for work, result in zip(kinds, results, strict=True):
            barrier.wait()
            _slice(work, seconds / TURNS, result)
    return results


def _slice(work: Iterator[None], seconds: float, result: Result) -> None:
    """Do pieces of work until the time is over, and add what it took to `result`."""
    begun, client_s, server_s = clock(), time.thread_time(), _server_s()
    started = begun
    for _piece in work:
        ended = clock()
        result.seconds.append(ended - started)
        started = ended
        if ended - begun > seconds:
            break
    result.slices.append((begun, started))
    result.client_s += time.thread_time() - client_s
    result.server_s += _server_s() - server_s


def _server_s() -> float:
    """CPU seconds that this connection's server process has used; 0 where there is none to look at on this machine."""
    if connection.vendor != "postgresql":
        return 0.0
    process = Path("/proc", str(connection.connection.info.backend_pid))
    try:
        if process.joinpath("comm").read_text().strip() != "postgres":
            return 0.0
        return int(process.joinpath("schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def _desk(company: Company, number: int) -> tuple[User, Shift]:
    user = User.objects.get(pk=company.clerks[number])
    return user, Shift.objects.select_related("till").get(pk=company.shifts[number])


def _payments(company: Company, number: int) -> Iterator[None]:
    """Take payments through the door, one at a time, until the accounts are used up."""
    user, shift = _desk(company, number)
    ids = company.slice_of(number, 3, 0)
    accounts = list(Account.objects.filter(pk__gte=ids.start, pk__lt=ids.stop).order_by("pk"))
    for account in accounts:
        take_payment(
            account=account, amount_fen=FEN, tender=1, serial=f"bench-{account.pk}", shift=shift, received_fen=10_000,
            by=user,
        )  # fmt: skip
        yield


def commit_ms(times: int = 50) -> float | None:
    """Milliseconds that a commit alone takes on PostgreSQL, the median: what the disk adds to every payment."""
    if connection.vendor != "postgresql":
        return None
    taken = []
    for _time in range(times):
        started = clock()
        round_trip([("SELECT pg_logical_emit_message(true, 'bench', '')", [])])
        taken.append(clock() - started)
    return round(sorted(taken)[times // 2] * 1000, 2)


def send_again(company: Company, count: int = 500) -> int:
    """Send serials that were posted once more; returns how many made a second payment."""
    rows = list(Payment.objects.filter(serial__startswith="bench-").order_by("account_id")[:count])
    before = Payment.objects.count()
    by_shift = {shift.pk: shift for shift in Shift.objects.select_related("till", "clerk")}
    for row in rows:
        shift = by_shift[row.shift_id or 0]
        again = take_payment(
            account=row.account, amount_fen=FEN, tender=1, serial=row.serial, shift=shift, received_fen=10_000,
            by=shift.clerk,
        )  # fmt: skip
        if again.payment_no != row.payment_no:
            return count
    return Payment.objects.count() - before


def out_of_step() -> int:
    """Accounts whose receivable in the ledger is not what their open items say."""
    with connection.cursor() as cursor:
        cursor.execute("""SELECT count(*) FROM (SELECT account_id FROM (
            SELECT account_id, CASE WHEN debit = 1122 THEN amount_fen ELSE -amount_fen END AS fen FROM ledger_posting
            WHERE debit = 1122 OR credit = 1122
            UNION ALL SELECT account_id, -open_fen FROM billing_openitem) AS sides
            GROUP BY account_id HAVING sum(fen) <> 0) AS wrong""")
        return int(cursor.fetchone()[0])
