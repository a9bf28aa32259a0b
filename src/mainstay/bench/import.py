"""Sheets of readings: rows a second from the file to the table, against reading and writing without a thought.

    ./mainstay bench import --rows 100000 [--xlsx] [--json]

A company with a year of readings; a sheet with one reading a meter is checked and imported through the actions that the
pages use. `seconds` are both acts from the first byte of the upload to the commit: the check with its preview and the
import, each with its audit row. The limit is measured in the same run: reading the file's bytes into rows, and COPY
(executemany on SQLite) of the very same rows into the same table with its indexes and constraints.

The company is built by a process of its own, so the highest memory is that of both acts alone. On SQLite part of it are
pages of the database file that the system lends and takes back: `mapped_mb`.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.core.access.models import User

READ_ON = 25  # day of the month


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench import", description=_("Measure the import of a sheet of readings"))
    made.add_argument("--rows", type=whole(), default=100_000, help=_("rows of the sheet, one for each account"))
    made.add_argument("--months", type=whole(), default=12, help=_("months of readings that are there before"))
    made.add_argument("--xlsx", action="store_true", help=_("a workbook instead of a CSV file"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, import, print; 0 when every row came in as it stands in the sheet."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("import") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from mainstay.kit.dates import local_today, period_of, previous_period

        say(_("Building {accounts} accounts …").format(accounts=f"{options.rows:,}"))
        period = previous_period(period_of(local_today()))
        builder = multiprocessing.get_context("fork").Process(
            target=build_company, args=(options.rows, options.months, period)
        )
        builder.start()
        builder.join()
        if builder.exitcode:
            return 1
        content, wanted = _sheet(period, xlsx=options.xlsx)
        found = {"database": name, "rows": options.rows, "kind": "xlsx" if options.xlsx else "csv"}
        found |= measure(content, wanted, period, options)
    _tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["differ"] == 0 else 1


def build_company(rows: int, months: int, period: int) -> None:
    """Make the tables, the accounts and their readings of the months before `period`."""
    from mainstay.bench.data import build
    from mainstay.bench.payments import make_tables
    from mainstay.kit.dates import add_months

    make_tables()
    build(rows, period=add_months(period, -months))
    _history(period, months)


def measure(content: bytes, wanted: int, period: int, options: argparse.Namespace) -> dict[str, Any]:
    """Import the sheet, then do the same without a thought; `differ` counts rows that are not as in the sheet."""
    from mainstay.core.access.batch import system_user
    from mainstay.core.sheets.actions import check_sheet, commit_sheet
    from mainstay.gas.readings.models import Reading

    by: User = system_user()
    _forget_peak()
    name = "readings.xlsx" if options.xlsx else "readings.csv"
    asked = {"period": str(period)}
    cpu_s = -time.process_time()
    checked, check_s = _timed(
        lambda: check_sheet(kind="gas.readings", file=io.BytesIO(content), name=name, options=asked, by=by)
    )
    _done, commit_s = _timed(lambda: commit_sheet(sheet_import=checked, skip_bad=True, by=by))
    cpu_s += time.process_time()
    memory = _memory_mb()  # before the limit holds its own rows
    rows = Reading.objects.filter(period=period)
    differ = abs(rows.count() - options.rows) + abs(sum(rows.values_list("index_l", flat=True)) - wanted)
    limit_s = _limit(content, period, xlsx=options.xlsx)
    seconds = check_s + commit_s
    return {
        "check_seconds": round(check_s, 3),
        "commit_seconds": round(commit_s, 3),
        "seconds": round(seconds, 3),
        "client_cpu_seconds": round(cpu_s, 3),
        "rows_per_s": round(options.rows / seconds),
        "limit_seconds": round(limit_s, 3),
        "ratio_to_limit": round(limit_s / seconds, 3),
        "peak_mb": memory["VmHWM"],
        "mapped_mb": memory["RssFile"],
        "differ": differ,
    }


def _forget_peak() -> None:
    """Let the highest memory of this process be what it is now; connections that were open give their pages back."""
    from django.db import connections

    connections.close_all()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _memory_mb() -> dict[str, int]:
    """The highest memory of this process (VmHWM), and what of its memory are pages of files (RssFile)."""
    lines = (line.partition(":") for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(value.split()[0]) // 1024 for name, _colon, value in lines if name in {"VmHWM", "RssFile"}}


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _history(period: int, months: int) -> None:
    """Repeat the first reading for the months after it, twenty cubic metres each, as a past."""
    from django.db import connection, transaction

    from mainstay.kit.dates import add_months

    columns = "account_id, installation_id, book_id, source, state, doubts, rollover, note, recorded_at"
    day = "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"
    with transaction.atomic(), connection.cursor() as cursor:
        for month in range(1 - months, 0):
            now, before = add_months(period, month), add_months(period, month - 1)
            cursor.execute(
                f"INSERT INTO readings_reading (period, seq, previous_on, taken_on, previous_index_l, index_l, "  # noqa: S608
                f"volume_l, {columns}) SELECT %s, 0, taken_on, {day}, index_l, index_l + 20000, 20000, {columns} "
                "FROM readings_reading WHERE period = %s",
                [now, _day(now), before],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _day(period: int) -> str:
    from mainstay.kit.dates import month_text

    return f"{month_text(period)}-{READ_ON}"


def _sheet(period: int, *, xlsx: bool) -> tuple[bytes, int]:
    """A sheet with every meter once, in the order of the books, and the sum of its indexes in litres."""
    from mainstay.gas.readings.models import Reading
    from mainstay.kit.dates import add_months

    chance = random.Random(7)  # noqa: S311
    last = Reading.objects.filter(period=add_months(period, -1))
    rows = [
        (number, (index_l + chance.randint(5, 40) * 1000) // 1000, _day(period))
        for number, index_l in last.order_by("account_id").values_list("account__account_no", "index_l")
    ]
    head = ("户号", "止码", "抄表日期")
    total = sum(index for _number, index, _day in rows) * 1000
    if xlsx:
        return _workbook([head, *rows]), total
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode("utf-8-sig"), total


def _workbook(rows: list[tuple[Any, ...]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return target.getvalue()


def _limit(content: bytes, period: int, *, xlsx: bool) -> float:
    """Seconds to read the file's bytes into rows, and to write the rows that are in the table into it once more."""
    from django.db import connection, transaction

    from mainstay.gas.readings.models import Reading
    from mainstay.kit.sqlkit import copy_rows

    columns = [field.column for field in Reading._meta.concrete_fields if field.column]
    rows = list(Reading.objects.filter(period=period).values_list(*columns))
    place = columns.index("period")
    again = [(*row[:place], period + 1, *row[place + 1 :]) for row in rows]
    _table, read_s = _timed(lambda: _read_only(content, xlsx))

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            copy_rows(cursor, Reading._meta.db_table, columns, again)

    return read_s + _timed(write)[1]


def _read_only(content: bytes, xlsx: bool) -> int:
    if xlsx:
        import python_calamine

        return len(python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python())
    return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))))


def _tell(found: dict[str, Any]) -> None:
    say(
        _("{rows} rows checked in {check} s and imported in {commit} s: {rate} rows/s").format(
            rows=f"{found['rows']:,}",
            check=found["check_seconds"],
            commit=found["commit_seconds"],
            rate=f"{found['rows_per_s']:,}",
        )
    )
    say(
        _("Limit (reading and writing only): {limit} s, ratio {ratio}; peak {peak} MB, {mapped} MB of it files").format(
            limit=found["limit_seconds"],
            ratio=found["ratio_to_limit"],
            peak=found["peak_mb"],
            mapped=found["mapped_mb"],
        )
    )
