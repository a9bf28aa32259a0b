"""The sheet of readings: account or meter number, index, date, note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.door import rights
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.gas.readings.actions import import_readings
from mainstay.gas.readings.batch import NewReading, NewVisit, weigh_readings
from mainstay.gas.readings.batch_sheet import Places, Plain, find_plain, load_sheet, place_rows, placed_books
from mainstay.gas.readings.filters import PeriodField
from mainstay.gas.readings.models import Reading, Visit
from mainstay.gas.readings.queries import installations_by_number
from mainstay.gas.readings.rules_words import doubt_words, is_about_the_date, refusal_sentence
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.sheets import Column, Kind, Row, RowError, Sheet
from mainstay.kit.sqlkit import lock_many

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "gas.readings.import_readings"
_REASONS = {  # as our own sheets write them, in both languages, and as devices shorten them
    "家中无人": "nobody", "无人": "nobody", "nobody at home": "nobody",
    "拒绝入户": "refused", "拒绝": "refused", "not let in": "refused",
    "表被遮挡或上锁": "blocked", "遮挡": "blocked", "上锁": "blocked", "meter is covered or locked": "blocked",
    "表盘看不清": "unreadable", "看不清": "unreadable", "dial cannot be read": "unreadable",
    "有危险：狗、燃气味、施工": "danger", "危险": "danger", "dangerous: dog, gas smell, works": "danger",
    "找不到表": "no_meter", "meter not found": "no_meter",
}  # fmt: skip
COLUMNS = (
    Column(
        "account_no", "户号", "Account no.", aliases=("用户编号", "用户号", "account", "account number"), required=False
    ),
    Column(
        "meter_no",
        "表号",
        "Meter no.",
        aliases=("燃气表号", "表具编号", "燃气表", "meter", "meter number"),
        required=False,
    ),
    Column(
        "index",
        "止码",
        "Index",
        Kind.VOLUME,
        aliases=("本次读数", "读数", "表底数", "reading"),
        blank=True,
        negative=True,
    ),
    Column("taken_on", "抄表日期", "Read on", Kind.DATE, aliases=("日期", "date"), blank=True),
    Column("note", "备注", "Note", aliases=("remark",), required=False),
    Column("reason", "未抄原因", "No access", Kind.CHOICE, aliases=("未抄到",), choices=_REASONS, required=False),
)


class Options(forms.Form):
    """The period the readings are for."""

    period = PeriodField(label=gettext_lazy("Period"), help_text=gettext_lazy("Month, like 2026-11."), max_length=8)


class _OtherBooks(Exception):
    """Meters hang in other books than those that are locked."""


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's meter and judge it as a reading of the period; writes nothing that lasts."""
    checked, period = Checked(), _period_of(options)
    strange = load_sheet(sheet)
    plain = _found_rows(sheet, period, user, final)
    rows = _rest(sheet, plain, strange, user, checked)
    shut = _unread(sheet, user, checked)
    found = weigh_readings(rows, period=period, by=user, source=Reading.Source.IMPORT, today=local_today())
    for number, first in plain.doubles.items():
        checked.errors[number] = [_double(first)]
    for number, wrong in found.refused:
        column = "taken_on" if is_about_the_date(wrong) else "index"
        checked.errors[number] = [RowError(column, refusal_sentence(wrong))]
    for number, verdict in found.verdicts.items():
        if verdict.questioned:
            words = ", ".join(str(word) for word in doubt_words(verdict.doubts))
            checked.remarks[number] = _("goes on the worklist: %(words)s") % {"words": words}
    found.plain, found.new, found.shut = plain.count, found.new + plain.count, shut
    checked.new, checked.already, checked.payload = found.new, found.already, found
    return checked


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Record the good rows; returns how many are new."""
    period = _period_of(sheet_import.options)
    return import_readings(sheet_import=sheet_import, found=checked.payload, period=period, by=by).new


def _found_rows(sheet: Sheet, period: int, user: User, final: bool) -> Plain:
    """Where the meters are and which rows are plain; before the commit once more, with their books locked."""
    ids = rights.unit_ids(user, RIGHT)
    units = None if ids is None else set(ids)
    known = sheet.notes.get("books") if final else None
    places = place_rows(units, by_meter=any(sheet.read["meter_no"]), books=known)
    if final:
        return _found_locked(places, period, placed_books(places) if known is None else known)
    plain = find_plain(period, local_today(), places, keep=False)
    sheet.notes["books"] = plain.books
    return plain


def _found_locked(places: Places, period: int, books: set[int]) -> Plain:
    """Lock the books that the rows should be in, look, and begin anew with more of them where some hang elsewhere.

    The locks of the first try are given back before: who takes locks beside others that he holds can wait in a ring.
    """
    try:
        with transaction.atomic():
            lock_many("readings.book", books)
            plain = find_plain(period, local_today(), replace(places, books=books))
            if plain.books <= books:
                return plain
            raise _OtherBooks
    except _OtherBooks:
        return _found_locked(places, period, books | plain.books)


def _rest(sheet: Sheet, plain: Plain, strange: Sequence[int], user: User, checked: Checked) -> list[NewReading]:
    """The rows that are not plain, ready to be weighed; errors of those without a meter go into `checked`."""
    places = {place.number: place.installation_id for place in plain.rest}
    wanted = places.keys() | set(plain.lost) | set(strange)
    rows = sheet.some(place for place, number in enumerate(sheet.numbers) if number in wanted) if wanted else []
    known = [_new_reading(row, places[row.number]) for row in rows if row.number in places]
    return known + prepared([row for row in rows if row.number not in places], user, checked)


def _unread(sheet: Sheet, user: User, checked: Checked) -> list[NewVisit]:
    """Rows without an index: visited in vain when they say why, else simply not read yet."""
    index, taken_on = sheet.read["index"], sheet.read["taken_on"]
    if None not in index and None not in taken_on:
        return []
    empty = [n for n, value in enumerate(index) if value is None or taken_on[n] is None]
    rows = [row for row in sheet.some(empty) if not row.errors]
    for row in rows:
        if row.values["index"] is not None:
            checked.errors[row.number] = [RowError("taken_on", _("This cell must be filled in."))]
        elif not row.values["reason"]:
            checked.remarks[row.number] = _("not read yet: nothing is imported")
            checked.skipped += 1
    found = []
    shut = [row for row in rows if row.values["index"] is None and row.values["reason"]]
    for one in prepared(shut, user, checked) if shut else []:
        values = sheet.some([sheet.numbers.index(one.number)])[0].values
        on = values["taken_on"] or local_today()
        found.append(NewVisit(one.installation_id, on, values["reason"], values.get("note") or ""))
        checked.remarks[one.number] = _("no access: %(reason)s") % {"reason": Visit.Reason(values["reason"]).label}
    return found


def _new_reading(row: Row, installation_id: int) -> NewReading:
    values = row.values
    return NewReading(installation_id, values["index"], values["taken_on"], row.number, values.get("note") or "")


def _double(first: int) -> RowError:
    return RowError("", _("Row %(row)s is about the same meter: keep one of them.") % {"row": first})


def prepared(rows: Sequence[Row], user: User, checked: Checked) -> list[NewReading]:
    """The rows whose meter is known and within the user's units; errors of the others go into `checked`."""
    by_account = installations_by_number("account_no", _numbers(rows, "account_no"))
    by_meter = installations_by_number("meter_no", _numbers(rows, "meter_no"))
    ids = rights.unit_ids(user, RIGHT)
    units = None if ids is None else set(ids)
    made, seen = [], dict[int, int]()
    for row in rows:
        found = _meter_of(row, by_account, by_meter, units)
        if isinstance(found, str):
            checked.errors[row.number] = [RowError("", found)]
        elif found in seen:
            checked.errors[row.number] = [_double(seen[found])]
        else:
            seen[found] = row.number
            made.append(_new_reading(row, found))
    return made


Found = Mapping[str, list[tuple[int, int, str, str]]]


def _meter_of(row: Row, by_account: Found, by_meter: Found, units: set[int] | None) -> int | str:
    """The installation of a row, or what is wrong in words."""
    account_no, meter_no = row.values.get("account_no"), row.values.get("meter_no")
    if not account_no and not meter_no:
        return _("Give the account number or the meter number.")
    found = by_meter.get(meter_no, []) if meter_no else by_account.get(account_no, [])  # type: ignore[arg-type]
    if units is not None:
        found = [one for one in found if one[1] in units]
    if not found:
        return _("No meter in use with this number in your units.")
    if len(found) > 1:
        return _("This account has several meters: give the meter number.")
    if account_no and meter_no and found[0][2] != account_no:
        return _("This meter hangs at account %(number)s.") % {"number": found[0][2]}
    return found[0][0]


def _numbers(rows: Sequence[Row], key: str) -> set[str]:
    return {row.values[key] for row in rows if row.values.get(key)}


def _period_of(options: Mapping[str, Any]) -> int:
    return int(options.get("period") or period_of(local_today()))


KIND = ImportKind(
    "gas.readings",
    gettext_lazy("Meter readings"),
    RIGHT,
    COLUMNS,
    check,
    commit,
    Options,
    gettext_lazy(
        "One row a meter: account number or meter number, index in m³, date. Nothing counts before you import."
    ),
)
