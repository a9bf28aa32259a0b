"""The work of `bench payments`: a company with one open bill an account, clerks, and what each process does."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mainstay.bench import data
from mainstay.bench.payments import Result, clock
from mainstay.core.access.models import ApiToken, Grant, Role, RoleRight, User
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.batch import post_bills
from mainstay.gas.payments.actions import open_shift, save_till, take_payment
from mainstay.gas.payments.models import Payment, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import refresh_statistics
from mainstay.kit.sqlkit.trips import round_trip

PERIOD = 202610
FEN = 5_220
RIGHTS = ("gas.payments.take_payment", "gas.payments.save_till", "gas.payments.open_shift")


@dataclass(frozen=True, slots=True)
class Company:
    """What was built: account ids without a gap, and a clerk with an open shift for each process."""

    accounts: int
    first_id: int
    clerks: list[int]
    shifts: list[int]
    token: str

    def slice_of(self, number: int, parts: int, of: int) -> range:
        """The accounts of one process in one part of the measurement."""
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


def pay(company: Company, number: int, seconds: float, barrier: Any) -> Result:
    """Take payments through the door until the time is over or the accounts are used up."""
    user = User.objects.get(pk=company.clerks[number])
    shift = Shift.objects.select_related("till").get(pk=company.shifts[number])
    ids = company.slice_of(number, 3, 0)
    accounts = list(Account.objects.filter(pk__gte=ids.start, pk__lt=ids.stop).order_by("pk"))
    result = Result()
    barrier.wait()
    result.begun = clock()
    for account in accounts:
        started = time.perf_counter()
        if clock() - result.begun > seconds:
            break
        take_payment(
            account=account, amount_fen=FEN, tender=1, serial=f"bench-{account.pk}", shift=shift, received_fen=10_000,
            by=user,
        )  # fmt: skip
        result.seconds.append(time.perf_counter() - started)
    result.ended = clock()
    return result


def insert_plainly(company: Company, number: int, seconds: float, barrier: Any) -> Result:
    """Write the rows of a payment by plain prepared statements, one transaction each, nothing read or decided."""
    ids, day, at, result = company.slice_of(number, 3, 1), local_today(), timezone.now(), Result()
    clerk, shift = company.clerks[number], company.shifts[number]
    unit_id = Account.objects.filter(pk=company.first_id).values_list("unit_id", flat=True).get()
    audit = json.dumps({"amount_fen": FEN, "advance_fen": 0, "tender": 1, "receipt_no": "B00-20261123-0001"})
    barrier.wait()
    result.begun = clock()
    for account in ids:
        started = time.perf_counter()
        if clock() - result.begun > seconds:
            break
        with transaction.atomic():
            for sql, parameters in _plain(account, (day, at, clerk, shift, unit_id, audit)):
                round_trip([(sql, parameters)])
        result.seconds.append(time.perf_counter() - started)
    result.ended = clock()
    return result


def _plain(account: int, facts: tuple[Any, ...]) -> list[tuple[str, list[Any]]]:
    day, at, clerk, shift, unit_id, audit = facts
    serial = f"plain-{account}"
    return [
        (_insert("payments_payment", 17), [
            account, 1, 1, "counter", serial, day, FEN, 1, 10_000, 0, unit_id, shift, "B00-20261123-0001", None, "",
            clerk, at,
        ]),
        (_insert("payments_serial", 6), ["counter", day, serial, "d" * 64, account, 1]),
        (_insert("payments_allocation", 7), [account, PERIOD, 0, 1, 1, FEN, day]),
        (_insert("ledger_posting", 10), [account, 2, 1, 1, day, unit_id, None, 1001, 1122, FEN]),
        ("DELETE FROM billing_openitem WHERE account_id = %s AND period = %s AND seq = %s", [account, PERIOD, 0]),
        ("UPDATE payments_shift SET last_receipt = last_receipt + 1 WHERE id = %s", [shift]),
        (_insert("audit_entry", 13), [
            at, "gas.payments.take_payment", "done", clerk, None, unit_id, FEN, f"payments.payment:({account}, 1)", "",
            None, audit, "", "",
        ]),
    ]  # fmt: skip


_COLUMNS = {
    "payments_payment": "account_id, payment_no, kind, channel, serial, business_on, amount_fen, tender, received_fen, "
    "advance_fen, unit_id, shift_id, receipt_no, refers_no, reason, by_id, at",
    "payments_serial": "channel, business_on, serial, digest, account_id, payment_no",
    "payments_allocation": "account_id, period, seq, no, payment_no, amount_fen, business_on",
    "ledger_posting": "account_id, document, document_no, line, business_on, unit_id, till_id, debit, "
    "credit, amount_fen",
    "audit_entry": "at, action, outcome, by_id, approver_id, unit_id, amount_fen, subject, reason, before, after, "
    "request_id, ip",
}


def _insert(table: str, width: int) -> str:
    return f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({', '.join(['%s'] * width)})"  # noqa: S608


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
