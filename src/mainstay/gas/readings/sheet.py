"""The sheet of readings: account or meter number, index, date, note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.door import rights
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.gas.readings.actions import import_readings
from mainstay.gas.readings.batch import NewReading, lock_books, weigh_readings
from mainstay.gas.readings.filters import PeriodField
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries import installations_by_number
from mainstay.gas.readings.rules_words import doubt_words, refusal_sentence
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.sheets import Column, Kind, Row, RowError, Sheet

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "gas.readings.import_readings"
_ACCOUNT = ("用户编号", "用户号", "account", "account number")  # the last one and the next ones: our own exports
_METER = ("燃气表号", "表具编号", "燃气表", "meter", "meter number")
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
    Column("index", "止码", "Index", Kind.VOLUME, aliases=("本次读数", "读数", "表底数", "reading"), negative=True),
    Column("taken_on", "抄表日期", "Read on", Kind.DATE, aliases=("日期", "date")),
    Column("note", "备注", "Note", aliases=("remark",), required=False),
)


class Options(forms.Form):
    """The period the readings are for."""

    period = PeriodField(label=gettext_lazy("Period"), help_text=gettext_lazy("Month, like 2026-11."), max_length=8)


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's meter and judge it as a reading of the period; writes nothing."""
    checked = Checked()
    rows = prepared(sheet, user, checked)
    if final:
        lock_books(rows)
    found = weigh_readings(rows, period=_period_of(options), by=user, source=Reading.Source.IMPORT, today=local_today())
    for number, wrong in found.refused:
        checked.errors[number] = [RowError("index", refusal_sentence(wrong))]
    for number, verdict in found.verdicts.items():
        if verdict.questioned:
            words = ", ".join(str(word) for word in doubt_words(verdict.doubts))
            checked.remarks[number] = _("goes on the worklist: %(words)s") % {"words": words}
    checked.new, checked.already, checked.payload = found.new, found.already, found
    return checked


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Record the good rows; returns how many are new."""
    period = _period_of(sheet_import.options)
    return import_readings(sheet_import=sheet_import, found=checked.payload, period=period, by=by).new


def prepared(sheet: Sheet, user: User, checked: Checked) -> list[NewReading]:
    """The rows whose meter is known and within the user's units; errors of the others go into `checked`."""
    good = [row for row in sheet.rows if not row.errors]
    by_account = installations_by_number("account_no", _numbers(good, "account_no"))
    by_meter = installations_by_number("meter_no", _numbers(good, "meter_no"))
    ids = rights.unit_ids(user, RIGHT)
    units = None if ids is None else set(ids)
    rows, seen = [], dict[int, int]()
    for row in good:
        found = _meter_of(row, by_account, by_meter, units)
        if isinstance(found, str):
            checked.errors[row.number] = [RowError("", found)]
        elif found in seen:
            text = _("Row %(row)s is about the same meter: keep one of them.") % {"row": seen[found]}
            checked.errors[row.number] = [RowError("", text)]
        else:
            seen[found] = row.number
            values = row.values
            rows.append(NewReading(found, values["index"], values["taken_on"], row.number, values.get("note") or ""))
    return rows


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
