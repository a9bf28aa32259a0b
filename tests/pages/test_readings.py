"""Pages of books, readings and sheet imports."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.core.sheets.actions import check_sheet
from mainstay.gas.readings.models import Reading
from tests.gas import make
from tests.pages.battery import Page, Rows, battery

VIEW = "gas.readings.view_readings"
IMPORT = "gas.readings.import_readings"


def book(unit: Unit) -> dict[str, Any]:
    one = make.make_book(unit)
    for _each in range(2):
        make.make_reading(make.make_account(book=one), 202610)
    return {"pk": one.pk}


def reading(unit: Unit) -> dict[str, Any]:
    account = make.make_account(book=make.make_book(unit))
    make.make_reading(account, 202609)
    one = make.make_reading(account, 202610, state=Reading.State.QUESTIONED, doubts=8)
    return {"account_id": account.pk, "installation_id": one.installation_id, "period": 202610, "seq": one.seq}


def account(unit: Unit) -> dict[str, Any]:
    one = make.make_account(book=make.make_book(unit))
    make.make_reading(one, 202610)
    return {"pk": one.pk}


def meter(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_account(book=make.make_book(unit)).installations.get().pk}


def sheet(unit: Unit) -> dict[str, Any]:
    one = make.make_account(book=make.make_book(unit), opened_on=date(2025, 1, 1))
    lines = f"户号,止码,抄表日期\r\n{one.account_no},12,2026-10-20\r\n0,1,2026-10-20\r\n"
    by = make.make_user(IMPORT, unit=unit, scope="subtree")
    found = check_sheet(
        kind="gas.readings", file=io.BytesIO(lines.encode()), name="抄表.csv", options={"period": "202610"}, by=by
    )
    return {"pk": found.pk}


def kind(_unit: Unit) -> dict[str, Any]:
    return {"kind": "gas.readings"}


TestReadings = battery(
    Page("readings:book_list", VIEW, Rows(book), query="?period=2026-10"),
    Page("readings:book_detail", VIEW, book, query="?period=2026-10"),
    Page("readings:book_create", "gas.readings.create_book", by_unit=False),
    Page("readings:book_change", "gas.readings.change_book", book),
    Page("readings:book_entry", "gas.readings.record_reading", book, query="?period=2026-10"),
    Page("readings:book_estimate", "gas.readings.estimate_book", book),
    Page("readings:board", VIEW, Rows(book), query="?period=2026-10"),
    Page("readings:phone_file", "gas.readings.record_readings", by_unit=False),
    Page("readings:book_map", VIEW, book, query="?period=2026-10"),
    Page("readings:plan", "gas.readings.plan_period", by_unit=False),
    Page("readings:book_assign", "gas.readings.assign_task", book, query="?period=2026-10"),
    Page("readings:worklist", VIEW, Rows(reading)),
    Page("readings:worklist_accept", "gas.readings.accept_reading", Rows(reading), query="?all=1", by_unit=False),
    Page("readings:worklist_again", "gas.readings.set_aside_reading", Rows(reading), query="?all=1", by_unit=False),
    Page("readings:worklist_correct", "gas.readings.correct_reading", Rows(reading), query="?all=1", by_unit=False),
    Page("readings:reading_detail", VIEW, reading),
    Page("readings:reading_accept", "gas.readings.accept_reading", reading),
    Page("readings:reading_correct", "gas.readings.correct_reading", reading),
    Page("readings:reading_again", "gas.readings.set_aside_reading", reading),
    Page("readings:account_readings", VIEW, account),
    Page("readings:account_place", "gas.readings.place_account", account),
    Page("readings:meter_estimate", "gas.readings.estimate_reading", meter),
)

TestSheets = battery(
    Page("sheets:import_list", None, Rows(sheet), extra=(IMPORT,)),
    Page("sheets:import_upload", IMPORT, kind, by_unit=False),
    Page("sheets:import_detail", None, sheet, extra=(IMPORT,)),
    Page("sheets:import_commit", None, sheet, extra=(IMPORT,)),
)
