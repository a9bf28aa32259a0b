"""The set-based way of a sheet and the rules one by one come to the same."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.batch import NewReading, weigh_readings
from mainstay.gas.readings.batch_sheet import find_plain, load_sheet, place_rows
from mainstay.gas.readings.models import Reading, Visit
from mainstay.gas.readings.sheet import COLUMNS
from mainstay.kit.dates import add_months, first_day, local_today, period_of
from mainstay.kit.sheets import read_sheet
from tests.gas.make import (
    make_account,
    make_accounts,
    make_book,
    make_installation,
    make_meter,
    make_reading,
    make_unit,
    make_user,
)
from tests.pages.battery import signed_in

PERIOD, TODAY = 202509, date(2025, 9, 30)
RIGHT = "gas.readings.import_readings"


def sheet_of(lines: list[tuple[object, ...]], head: str = "户号,表号,止码,抄表日期") -> io.BytesIO:
    return io.BytesIO("\n".join([head, *(",".join(map(str, line)) for line in lines)]).encode())


def random_company(chance: random.Random) -> tuple[list[tuple[object, ...]], dict[int, NewReading]]:
    """Accounts with every kind of past, and a sheet with every kind of reading for them; rows by their number."""
    book = make_book(make_unit())
    lines: list[tuple[object, ...]] = []
    rows: dict[int, NewReading] = {}
    closed: list[int] = []
    accounts = make_accounts(40, book=book)
    Installation.objects.filter(account__in=accounts).update(until_on=date(2024, 1, 1))
    for number, account in enumerate(accounts, 2):
        meter = make_meter(digits=5, factor_e4=chance.choice([10_000, 10_000, 10_000, 15_000]))
        closed += [account.pk] if chance.choice(["active", "active", "active", "closed"]) == "closed" else []
        installation = make_installation(account, from_on=date(2024, 1, 1), first_index_l=1_000_000, meter=meter)
        past = chance.choice([[], [202508], [202409, 202508], [202409, 202507], [202508, PERIOD], [202510]])
        for period in past:
            make_reading(
                account, period, volume_l=chance.choice([0, 15_000, 30_000]), installation=installation,
                state=chance.choice([Reading.State.ACCEPTED] * 4 + [Reading.State.QUESTIONED]),
                source=chance.choice([Reading.Source.READER, Reading.Source.ESTIMATE]),
            )  # fmt: skip
        last = Reading.objects.filter(installation=installation, state=Reading.State.ACCEPTED).order_by("period").last()
        base = last.index_l if last else 1_000_000
        index = max(0, base // 1000 + chance.choice([-5, 0, 1, 12, 20, 21, 44, 46, 89, 91, 300]))
        taken_on = TODAY - timedelta(days=chance.choice([0, 0, 0, 1, 20, 400, -1]))
        lines.append((account.account_no, chance.choice(["", meter.meter_no]), index, taken_on.isoformat()))
        rows[number] = NewReading(installation.pk, index * 1000, taken_on, number)
    Account.objects.filter(pk__in=closed).update(state="closed")
    return lines, rows


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_plain_rows_are_those_about_which_the_rules_say_nothing(seed: int) -> None:
    lines, rows = random_company(random.Random(seed))
    with transaction.atomic():
        sheet = read_sheet(sheet_of(lines), columns=COLUMNS)
        assert load_sheet(sheet) == []
        place_rows(None)
        plain = find_plain(PERIOD, TODAY)
    rest = {place.number: place.installation_id for place in plain.rest}
    assert all(rows[number].installation_id == found for number, found in rest.items())
    assert plain.count + len(rest) == len(rows) and not plain.lost and not plain.doubles
    easy = [row for number, row in rows.items() if number not in rest]
    by = make_user(RIGHT)
    weighed = weigh_readings(easy, period=PERIOD, by=by, source=Reading.Source.IMPORT, today=TODAY)
    assert (weighed.new, weighed.questioned, weighed.refused, weighed.superseded) == (len(easy), 0, [], [])
    assert all(verdict.doubts == 0 and not verdict.rollover for verdict in weighed.verdicts.values())


@pytest.mark.django_db
def test_what_is_written_by_sets_is_what_the_rules_would_have_written() -> None:
    book = make_book(make_unit())
    accounts = make_accounts(3, book=book)
    for account in accounts:
        make_reading(account, 202508, volume_l=30_000, taken_on=date(2025, 8, 25))
    installation = accounts[0].installations.get()
    by = make_user(RIGHT)
    expected = weigh_readings(
        [NewReading(installation.pk, 42_000, date(2025, 9, 25), 2, "狗")],
        period=PERIOD, by=by, source=Reading.Source.IMPORT, today=TODAY,
    ).rows[0]  # fmt: skip
    lines = [(accounts[0].account_no, 42, "2025-09-25", "狗"), (accounts[1].account_no, 41, "2025-09-26", "")]
    file = sheet_of(lines, "户号,止码,抄表日期,备注")
    checked = check_sheet(kind="gas.readings", file=file, name="a.csv", options={"period": str(PERIOD)}, by=by)
    assert (checked.rows, checked.bad_rows, checked.new_rows) == (2, 0, 2)
    commit_sheet(sheet_import=checked, by=by)
    made = Reading.objects.get(installation=installation, period=PERIOD)
    facts = [
        made.account_id, made.installation_id, made.period, made.seq, made.book_id, made.taken_on, made.index_l,
        made.previous_on, made.previous_index_l, made.volume_l, made.source, made.state, made.doubts, made.rollover,
        made.note, made.client_key,
    ]  # fmt: skip
    assert facts == expected[: len(facts)]
    assert (made.sheet_id, made.taken_by_id) == (checked.pk, by.pk)
    again = check_sheet(kind="gas.readings", file=file, name="a.csv", options={"period": str(PERIOD)}, by=by)
    assert (again.bad_rows, again.new_rows, again.preview["already"]) == (0, 0, 2)


@pytest.mark.django_db
def test_doubles_strangers_and_several_meters_are_told_apart() -> None:
    book = make_book(make_unit())
    one, two, away = make_account(book=book), make_account(book=book), make_account()
    make_installation(two)
    for account in (one, away):
        make_reading(account, 202508, volume_l=30_000, taken_on=date(2025, 8, 25))
    meter = one.installations.get().meter.meter_no
    lines = [
        (one.account_no, "", 42, "2025-09-25"),
        ("", meter, 43, "2025-09-25"),
        (two.account_no, "", 5, "2025-09-25"),
        ("0000", "", 5, "2025-09-25"),
        (two.account_no, meter, 5, "2025-09-25"),
        (away.account_no, "", 42, "2025-09-25"),
        (one.account_no, meter, 9_999_999_999, "2025-09-25"),
    ]
    by = make_user(RIGHT, unit=book.unit, scope="unit")
    options = {"period": str(PERIOD)}
    with translation.override("en"):
        checked = check_sheet(kind="gas.readings", file=sheet_of(lines), name="a.csv", options=options, by=by)
    errors = {line["number"]: " ".join(line["errors"]) for line in checked.preview["lines"]}
    assert errors[2] == ""
    assert "Row 2 is about the same meter" in errors[3]
    assert "several meters" in errors[4]
    assert "No meter in use" in errors[5] and "No meter in use" in errors[7]
    assert f"hangs at account {one.account_no}" in errors[6]
    assert "does not go so far" in errors[8]
    assert checked.new_rows == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_sheet_for_hand_held_devices_comes_back_with_readings_and_reasons(language: str) -> None:
    book = make_book(make_unit())
    accounts = [make_account(book=book, name=f"张{n}") for n in range(4)]
    period, today = period_of(local_today()), local_today()
    for account in accounts:
        past = add_months(period, -1)
        make_reading(account, past, volume_l=30_000, taken_on=first_day(past))
    by = make_user(RIGHT, "gas.readings.export_round", unit=book.unit, scope="subtree")
    client = signed_in(by)
    client.cookies["django_language"] = language
    answer = client.get(reverse("readings:handheld"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 4 and accounts[0].account_no in lines[0]
    index, day, reason = len(head) - 4, len(head) - 3, len(head) - 2
    lines[0][index], lines[0][day] = "41", today.isoformat()
    lines[1][reason] = "家中无人" if language == "zh-hans" else "nobody at home"
    lines[2][index] = "42"  # the device forgot the day
    back = io.StringIO()
    csv.writer(back).writerows([head, *lines])
    file, options = io.BytesIO(back.getvalue().encode()), {"period": str(period)}
    checked = check_sheet(kind="gas.readings", file=file, name="back.csv", options=options, by=by)
    assert (checked.rows, checked.bad_rows, checked.new_rows) == (4, 1, 1)
    for _again in range(2):
        found = check_sheet(kind="gas.readings", file=file, name="back.csv", options=options, by=by)
        commit_sheet(sheet_import=found, skip_bad=True, by=by)
    assert Reading.objects.filter(period=period).count() == 1
    visit = Visit.objects.get()
    assert (visit.account_id, visit.reason, visit.book_id) == (accounts[1].pk, "nobody", book.pk)


@pytest.mark.django_db
def test_ordinary_rows_are_plain_whatever_is_known_of_the_past() -> None:
    """With all of last year, a few months or nothing before it; and what was never so much is looked at."""
    book = make_book(make_unit())
    pasts = {"year": [202409, *range(202501, 202509)], "months": [202507, 202508], "one": [202508], "none": []}
    lines: list[tuple[object, ...]] = []
    befores = []
    for past in pasts.values():
        account = make_account(book=book)
        account.installations.all().update(until_on=date(2024, 1, 1))
        from_on = first_day(add_months(past[0], -1) if past else 202508) + timedelta(days=27)
        installation = make_installation(account, from_on=from_on, first_index_l=1_000_000, meter=make_meter(digits=5))
        for period in past:
            make_reading(account, period, volume_l=30_000, installation=installation)
        befores.append(1_000 + 30 * len(past))
        lines.append((account.account_no, "", befores[-1] + 35, TODAY.isoformat()))
    with transaction.atomic():
        load_sheet(read_sheet(sheet_of(lines), columns=COLUMNS))
        place_rows(None)
        plain = find_plain(PERIOD, TODAY)
    assert (plain.count, plain.rest) == (len(pasts), [])
    lines = [(line[0], "", before + 400, line[3]) for line, before in zip(lines, befores, strict=True)]
    with transaction.atomic():
        load_sheet(read_sheet(sheet_of(lines), columns=COLUMNS))
        place_rows(None)
        plain = find_plain(PERIOD, TODAY)
    assert [place.number for place in plain.rest] == [2, 3, 4], "nothing is known of the last one to doubt it by"


@pytest.mark.django_db
def test_readings_count_whichever_book_they_stand_in() -> None:
    """Accounts that came from another book: read there last month, a year ago, and in a later month."""
    unit = make_unit()
    old, new = make_book(unit), make_book(unit)
    lines: list[tuple[object, ...]] = []
    for past in ([202508], [202409, 202508], [202508, 202510]):
        account = make_account(book=old)
        account.installations.all().update(until_on=date(2024, 1, 1))
        installation = make_installation(
            account, from_on=date(2024, 8, 1), first_index_l=1_000_000, meter=make_meter(digits=5)
        )
        for period in past:
            make_reading(account, period, volume_l=90_000, installation=installation)
        account.book_entry.book = new
        account.book_entry.save()
        used = 100 if len(past) == 2 and past[0] == 202409 else 20  # usual a year ago only
        lines.append((account.account_no, "", 1_000 + 90 * past.index(202508) + 90 + used, TODAY.isoformat()))
    with transaction.atomic():
        load_sheet(read_sheet(sheet_of(lines), columns=COLUMNS))
        place_rows(None)
        plain = find_plain(PERIOD, TODAY)
    assert (plain.count, [place.number for place in plain.rest]) == (2, [4]), "something later rests on the last one"


@pytest.mark.django_db
def test_what_is_entered_between_check_and_import_counts() -> None:
    book = make_book(make_unit())
    accounts = make_accounts(4, book=book)
    for account in accounts:
        make_reading(account, 202508, volume_l=30_000, taken_on=date(2025, 8, 25))
    by = make_user(RIGHT)
    options = {"period": str(PERIOD)}
    file = sheet_of([(account.account_no, "", 42, "2025-09-25") for account in accounts])
    checked = check_sheet(kind="gas.readings", file=file, name="a.csv", options=options, by=by)
    assert (checked.bad_rows, checked.new_rows) == (0, 4)
    same, other, closed, late = accounts
    make_reading(same, PERIOD, index_l=42_000, taken_on=date(2025, 9, 25))
    make_reading(other, PERIOD, index_l=41_000, taken_on=date(2025, 9, 24))
    type(closed).objects.filter(pk=closed.pk).update(state="closed")
    make_reading(late, 202510, index_l=60_000, taken_on=date(2025, 10, 5))
    done = commit_sheet(sheet_import=checked, skip_bad=True, by=by)
    assert (done.bad_rows, done.new_rows) == (1, 2)
    states = {
        account: sorted(Reading.objects.filter(account=account, period=PERIOD).values_list("index_l", "state"))
        for account in accounts
    }
    assert states[same] == [(42_000, Reading.State.ACCEPTED)]
    assert states[other] == [(41_000, Reading.State.ACCEPTED), (42_000, Reading.State.QUESTIONED)]
    assert states[closed] == []
    assert states[late] == [(42_000, Reading.State.ACCEPTED)]
    later = Reading.objects.get(account=late, period=202510)
    assert (later.previous_index_l, later.volume_l) == (42_000, 18_000)  # what rests on it was worked out again
