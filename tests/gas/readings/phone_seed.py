"""Fills a served site with a book of 500 meters and its reader, and tells the reader's session."""

from __future__ import annotations

import itertools

from django.test import Client
from django.utils import timezone

import tests.core.make as core_make
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.readings.models import BookEntry, Reading
from mainstay.kit.dates import add_months, first_day, local_today, period_of
from tests.gas import make

METERS = 500


def seed(meters: int = METERS) -> dict[str, object]:
    """Make everything; the last reading of each meter is 100 m³, two months of twenty before."""
    core_make._next = make._next = itertools.count(820_000)  # beside the demo company's own numbers
    unit = make.make_unit("抄收一班")
    reader = make.make_user("gas.readings.record_readings", "gas.readings.report_visit", "gas.readings.keep_photo")
    book = make.make_book(unit, reader=reader)
    customer, area = make.make_customer("刘桂兰"), make.make_area("望江里")
    places = [
        make.make_premise(area, building=f"{n // 50 + 1}", room=f"{n % 50 // 2 + 1}0{n % 2 + 1}") for n in range(meters)
    ]
    accounts = [
        Account(
            account_no=f"88{n:08d}", customer=customer, premise=place, unit=unit, category="residential",
            state="active", opened_on=make.OPENED,
        )
        for n, place in enumerate(places)
    ]  # fmt: skip
    Account.objects.bulk_create(accounts)
    dials = [Meter(meter_no=f"7{n:08d}", digits=5, state=Meter.State.INSTALLED, unit=unit) for n in range(meters)]
    Meter.objects.bulk_create(dials)
    hung = [
        Installation(account=account, meter=dial, from_on=make.OPENED, first_index_l=60_000)
        for account, dial in zip(accounts, dials, strict=True)
    ]
    Installation.objects.bulk_create(hung)
    BookEntry.objects.bulk_create(
        [BookEntry(account=account, book=book, sequence=10 * n + 10) for n, account in enumerate(accounts)]
    )
    period = period_of(local_today())
    for back in (2, 1):
        Reading.objects.bulk_create(
            [_reading(one, book, add_months(period, -back), 120_000 - 20_000 * back) for one in hung]
        )
    client = Client()
    client.force_login(reader)
    session = client.cookies["sessionid"].value
    return {"reader": session, "book": book.pk, "period": period, "first": hung[0].pk, "meters": meters}


def _reading(one: Installation, book: object, period: int, index_l: int) -> Reading:
    return Reading(
        account_id=one.account_id, installation=one, period=period, seq=0, book=book, taken_on=first_day(period),
        index_l=index_l, previous_on=first_day(add_months(period, -1)), previous_index_l=index_l - 20_000,
        volume_l=20_000, source=Reading.Source.READER, state=Reading.State.ACCEPTED, recorded_at=timezone.now(),
    )  # fmt: skip
