"""The workbench says what is to be done today, and every number leads to the list behind it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.core.access.models import Role
from mainstay.core.jobs.models import Job
from mainstay.gas.billing.models import BillingRun
from mainstay.gas.ledger.models import ClosedDay
from mainstay.gas.payments.models import Shift
from mainstay.gas.readings.models import Book
from mainstay.kit.dates import local_today
from tests.core.make import grant
from tests.gas.make import make_account, make_book, make_unit, make_user
from tests.gas.payments.make import make_clerk, make_run, make_shift, make_till

pytestmark = pytest.mark.django_db
CARD = re.compile(
    r'class="ms-stat" href="([^"]+)"><span class="ms-stat-label">([^<]+)</span>'
    r'<div class="ms-stat-value[^"]*">([^<]*)</div>'
)
CLEAR = re.compile(r'<p class="ms-clear">.*?</p>')
LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')


def cards_of(user: object) -> dict[str, tuple[str, str]]:
    """Title: number and address, 0 for those in the line of what is clear; every address must open."""
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    text = client.get("/").content.decode()
    clear = LINK.findall("".join(CLEAR.findall(text)))
    found = [*CARD.findall(text), *((address, title, "0") for address, title in clear)]
    for address, title, _number in found:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, title
    return {title: (number, address) for address, title, number in found}


def test_a_clerk_sees_the_shift() -> None:
    clerk = make_clerk()
    found = cards_of(clerk)
    assert found["My shift"][0] == "not open"
    assert "Taken in my shift (yuan)" not in found
    till = make_till(make_unit())
    make_shift(clerk, till)
    found = cards_of(clerk)
    assert found["My shift"][0].startswith(till.code)
    assert found["Taken in my shift (yuan)"][0] == "0.00"


def test_a_reader_sees_what_is_to_be_read_in_his_books_only() -> None:
    reader = make_user("gas.readings.record_reading", "gas.readings.view_readings")
    assert "Meters to read this month" not in cards_of(reader)
    book, other = make_book(), make_book()
    Book.objects.filter(pk=book.pk).update(reader=reader)
    for _n in range(2):
        make_account(book=book)
    make_account(book=other)
    number, address = cards_of(reader)["Meters to read this month"]
    assert (number, address.partition("?")[2]) == ("2", "mine=true")
    client = Client()
    client.force_login(reader)
    page = client.get(address).content.decode()
    assert book.code in page
    assert other.code not in page


def test_billing_finance_and_a_head_of_branch_see_what_waits() -> None:
    unit = make_unit()
    user = make_user(
        "gas.billing.view_run", "gas.billing.start_run", "gas.billing.release_run", "gas.ledger.make_voucher",
        "gas.payments.accept_shift", "gas.payments.view_shift", "gas.payments.open_shift",
    )  # fmt: skip
    make_run(unit, user, state="planned")
    make_run(unit, user, state="computed", period=202609)
    make_run(unit, user, state="released", period=202608)
    yesterday = local_today() - dt.timedelta(days=1)
    make_shift(make_clerk(), make_till(unit), business_on=yesterday)
    found = cards_of(user)
    for title in ("Runs to start", "Runs to release", "Shifts left open", "Days without voucher"):
        assert found[title][0] == "1", title
    ClosedDay.objects.create(unit=unit, business_on=yesterday, closed_by=user, closed_at=timezone.now())
    Shift.objects.update(state="closed")
    BillingRun.objects.update(state="released")
    found = cards_of(user)
    for title in ("Runs to start", "Runs to release", "Shifts left open", "Days without voucher"):
        assert found[title][0] == "0", title
    assert found["Shifts to accept"][0] == "1"


@pytest.mark.parametrize(
    ("role", "title", "number"),
    [
        ("system_admin", "Failed jobs", "1"),
        ("security_admin", "Grants that end soon", "1"),
        ("audit_admin", "Audit rows not sealed", None),
    ],
)
def test_each_administrator_sees_his_own(role: str, title: str, number: str | None) -> None:
    user = make_user()
    unit = make_unit()
    grant(Role.objects.get(code=role), unit, user=user)
    grant(Role.objects.create(code="guest", name_zh="临时"), unit, user=make_user(), until_on=local_today())
    Job.objects.create(
        kind="gas.billing.run", state=Job.State.FAILED, by=user, created_at=timezone.now(), run_after=timezone.now()
    )
    found = cards_of(user)
    assert title in found
    if number:
        assert found[title][0] == number
