"""Taking over from an old system: rows a second from the sheet to everything real, against reading and writing alone.

    ./mainstay bench takeover --rows 100000 [--json]

A branch with its books; a sheet with a meter a row and one with a last bill each are checked, staged, compared and made
real as the pages do it. The limit is measured in the same run: reading the sheet's bytes into rows, and COPY
(executemany on SQLite) of the staged rows once more.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.takeover.models import Takeover

A_BOOK = 500
PLAN = "Beijing/residential"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench takeover", description=_("Measure taking over from an old system"))
    made.add_argument("--rows", type=whole(), default=100_000, help=_("rows of the sheet, one for each account"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Take a branch over in a database of its own; 0 when every account is there and every bill compared equal."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("takeover") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        found = {"database": name, "rows": options.rows, **measure(options.rows)}
    say(
        _("{rows} accounts checked and staged in {stage} s, compared in {trial} s, made real in {real} s").format(
            rows=f"{options.rows:,}", stage=found["stage_seconds"], trial=found["trial_seconds"],
            real=found["real_seconds"],
        )
    )  # fmt: skip
    say(
        _("Limit (reading and writing only): {limit} s, ratio {ratio}").format(
            limit=found["limit_seconds"], ratio=found["ratio_to_limit"]
        )
    )
    if options.json:
        say(json.dumps(found))
    return 0 if found["differ"] == 0 else 1


def measure(rows: int) -> dict[str, Any]:
    """Load, compare, make real; `differ` counts accounts that are missing and bills that are not equal."""
    from mainstay.core.access.batch import system_user
    from mainstay.gas.customers.models import Account
    from mainstay.gas.takeover.actions import try_billing
    from mainstay.gas.takeover.batch.real import make_rows
    from mainstay.kit.dates import local_today

    by = system_user()
    takeover = _branch(rows)
    accounts, bills = _sheets(takeover, rows)
    stage_s = _timed(lambda: _load(takeover, "accounts", accounts)) + _timed(lambda: _load(takeover, "bills", bills))
    trial_s = _timed(lambda: try_billing(takeover=takeover, by=by))
    limit_s = _limit(takeover, accounts)
    real_s = _timed(lambda: _in_transaction(lambda: make_rows(takeover, local_today(), by.pk)))
    takeover.refresh_from_db()
    return {
        "stage_seconds": round(stage_s, 2), "trial_seconds": round(trial_s, 2), "real_seconds": round(real_s, 2),
        "limit_seconds": round(limit_s, 2), "ratio_to_limit": round(limit_s / (stage_s + real_s), 3),
        "differ": abs(Account.objects.count() - rows) + takeover.differing,
    }  # fmt: skip


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _in_transaction(work: Callable[[], Any]) -> Any:
    from django.db import transaction

    with transaction.atomic():
        return work()


def _branch(rows: int) -> Takeover:
    """A branch with books, a community and the published tariffs."""
    from mainstay.core.access.batch import system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.customers.models import Area
    from mainstay.gas.readings.models import Book
    from mainstay.gas.takeover.actions import begin
    from mainstay.gas.tariffs.batch import store_library
    from mainstay.kit.dates import local_today

    store_library()
    unit = Unit.objects.create(code="T", name_zh="城北营业所", path="")
    unit.path = f"{unit.pk}."
    unit.save(update_fields=["path"])
    Area.objects.create(kind="community", name="阳光花园", initials="yghy")
    books = range(rows // A_BOOK + 1)
    Book.objects.bulk_create(Book(code=f"T{n:05d}", name=f"T{n:05d}", unit=unit) for n in books)
    return begin(name="旧收费系统", unit=unit, on=local_today(), by=system_user())


def _sheets(takeover: Takeover, rows: int) -> tuple[bytes, bytes]:
    """The sheets of accounts and of last bills as CSV."""
    read_on = takeover.on - timedelta(days=20)
    from_on = read_on - timedelta(days=30)
    accounts: list[tuple[Any, ...]] = [
        ("户号", "户名", "电话", "小区", "楼栋", "房号", "开户日期", "价格方案", "抄表册", "表号", "最后止码",
         "最后抄表日期", "年累计气量", "预存余额")
    ]  # fmt: skip
    bills: list[tuple[Any, ...]] = [("户号", "账期", "上次抄表日期", "本次抄表日期", "气量", "期前年累计", "金额")]
    for n in range(rows):
        number = f"8{n:08d}"
        accounts.append(
            (number, f"周{chr(0x4E00 + n % 500)}", f"139{n:08d}", "阳光花园", n // 100 + 1, n % 100 + 101, "2019-05-01",
             PLAN, f"T{n // A_BOOK:05d}", f"OLD{n:08d}", n % 9000, read_on, 120, "12.50" if n % 10 == 0 else "")
        )  # fmt: skip
        bills.append((number, f"{read_on:%Y-%m}", from_on, read_on, 20, 100, "52.20"))
    return _csv(accounts), _csv(bills)


def _csv(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _load(takeover: Takeover, what: str, content: bytes) -> None:
    from mainstay.core.access.batch import system_user
    from mainstay.core.sheets.actions import check_sheet, commit_sheet

    by = system_user()
    facts: dict[str, Any] = {
        "kind": f"gas.takeover.{what}",
        "name": f"{what}.csv",
        "options": {"takeover": str(takeover.pk)},
    }
    commit_sheet(sheet_import=check_sheet(**facts, file=io.BytesIO(content), by=by), by=by)


def _limit(takeover: Takeover, content: bytes) -> float:
    """Seconds to read the sheet's bytes into rows, and to write the staged rows into staging once more."""
    from django.db import connection, transaction

    from mainstay.gas.takeover.models import OldAccount
    from mainstay.kit.sqlkit import copy_rows

    columns = [field.column for field in OldAccount._meta.concrete_fields if field.column not in {None, "id"}]
    names = [str(column) for column in columns]
    rows = [(takeover.pk, -row[1], *row[2:]) for row in OldAccount.objects.values_list(*names)]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            copy_rows(cursor, OldAccount._meta.db_table, names, rows)
            transaction.set_rollback(True)

    text = content.decode("utf-8-sig")
    return _timed(lambda: list(csv.reader(io.StringIO(text, newline="")))) + _timed(write)
