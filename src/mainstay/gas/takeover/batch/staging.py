"""Looking at the rows of a sheet, and putting the good ones into staging."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.core.organisation.models import Unit
from mainstay.core.sheets.registry import Checked
from mainstay.gas.billing.batch import PlanBook
from mainstay.gas.customers.models import Account, Area
from mainstay.gas.customers.rules import full_address, phone_key, tidy_name
from mainstay.gas.meters.models import Meter
from mainstay.gas.meters.rules import tidy_number
from mainstay.gas.readings.models import Book
from mainstay.gas.takeover.batch.columns import ACCOUNTS
from mainstay.gas.takeover.models import OldAccount, OldBill, OldDebt, Takeover
from mainstay.gas.tariffs import rules as tariffs
from mainstay.gas.tariffs.models import Plan
from mainstay.kit import pinyin
from mainstay.kit.dates import period_of
from mainstay.kit.sheets import RowError, Sheet
from mainstay.kit.sqlkit import copy_rows, vendor

ACCOUNT_COLUMNS = tuple(field.attname for field in OldAccount._meta.concrete_fields if field.attname != "id")
DEBT_COLUMNS = ("takeover_id", "row", "account_no", "period", "seq", "amount_fen", "due_on")
BILL_COLUMNS = (
    "takeover_id", "row", "account_no", "period", "from_on", "to_on", "volume_l", "year_before_l", "amount_fen",
    "difference_fen", "size_fen", "reason", "ours_fen",
)  # fmt: skip
_PLANNED_BY = ("takeover_id", '"row"', "account_no")
MOST_DIGITS, FEWEST_DIGITS = 9, 3


@dataclass(slots=True)
class Known:
    """What rows are looked up in: areas, plans, books and numbers in use; and the tariff years worked out so far."""

    takeover: Takeover
    areas: dict[str, list[tuple[int, str]]]
    plans: dict[str, int]
    book: PlanBook
    books: dict[str, tuple[int, int, str]]
    account_nos: set[str]
    meter_nos: set[str]
    premises: set[tuple[Any, ...]]
    versions: dict[int, tuple[int, Any]] = field(default_factory=dict)
    years: dict[tuple[Any, ...], date] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, text: str) -> tuple[str, str]:
        """A name as it is kept, and its initials; many share one."""
        if text not in self.names:
            tidy = tidy_name(text)
            self.names[text] = tidy, pinyin.initials(tidy)[:80]
        return self.names[text]

    @property
    def basis(self) -> tuple[Any, ...]:
        """All that a check of the sheet rests on: while it is the same, so is what the check finds."""
        return (
            self.takeover.pk, self.takeover.on, self.areas, self.plans, self.book.plans, self.book.version_ids,
            self.books, self.account_nos, self.meter_nos, self.premises,
        )  # fmt: skip


class OldRow(NamedTuple):
    """A row of the sheet of accounts: number in the sheet, then its values in the order of `columns.ACCOUNTS`."""

    number: int
    account_no: str
    customer_no: str | None
    name: str
    kind: str | None
    phone: str | None
    id_no: str | None
    community: str
    building: str | None
    entrance: str | None
    room: str | None
    address: str | None
    category: str | None
    state: str | None
    opened_on: date
    plan: str
    persons: int | None
    low_income_until: date | None
    heating: bool | None
    book: str
    sequence: int | None
    meter_no: str
    meter_kind: str | None
    maker: str | None
    digits: int | None
    verified_until: date | None
    index_l: int
    read_on: date
    year_volume: int | None
    advance: int | None
    deposit: int | None


def good_rows(sheet: Sheet, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Number and values of the rows whose cells could be read, straight from the sheet's columns."""
    rows = zip(sheet.numbers, *(sheet.read[key] for key in keys), strict=True)
    return (row for row in rows if row[0] not in sheet.faults) if sheet.faults else rows


def check_accounts(sheet: Sheet, known: Known, checked: Checked) -> None:
    """Find what each row means; faults go into `checked.errors`, rows of staging into `checked.payload`."""
    first: dict[str, list[Any]] = {}
    customers: dict[str, int] = {}
    meters: dict[str, int] = {}
    places: dict[tuple[Any, ...], str] = {}
    found = []
    for row in map(OldRow._make, good_rows(sheet, [column.key for column in ACCOUNTS])):
        meter_no = tidy_number(row.meter_no)
        errors = _faults(row, meter_no, known, meters)
        made = None if errors else _account(row, meter_no, known, first, customers)
        if isinstance(made, RowError):
            errors, made = [made], None
        elif made is not None:
            errors = _twice(made, known, first, places)
        if errors or made is None:
            checked.errors[row.number] = errors
            continue
        meters[meter_no] = row.number
        found.append(made)
    checked.new, checked.payload = len(found), found


_AT = {name: place for place, name in enumerate(ACCOUNT_COLUMNS)}
_PLACE = tuple(_AT[name] for name in ("area_id", "building", "entrance", "room", "address"))


def look_up(sheet: Sheet, takeover: Takeover) -> Known:
    """What is there of all that the rows name."""
    areas: dict[str, list[tuple[int, str]]] = {}
    for key, name, parent in Area.objects.values_list("pk", "name", "parent__name"):
        areas.setdefault(name, []).append((key, parent or ""))
    plans: dict[str, int] = {}
    for key, code, zh in Plan.objects.values_list("pk", "code", "name_zh"):
        plans |= {code: key, zh: key}
    units = Unit.objects.filter(path__startswith=takeover.unit.path).values("pk")
    books = {
        code: (key, unit, cycle)
        for key, code, unit, cycle in Book.objects.filter(unit__in=units).values_list("pk", "code", "unit_id", "cycle")
    }
    live = Account.objects.exclude(state=Account.State.CLOSED).values_list(
        "premise__area_id", "premise__building", "premise__entrance", "premise__room", "premise__address"
    )
    wanted = {one[0][0] for name in _texts(sheet, "community") if (one := areas.get(name))}
    return Known(
        takeover, areas, plans, PlanBook(), books, _in_use(Account, "account_no", _texts(sheet, "account_no")),
        _in_use(Meter, "meter_no", {tidy_number(text) for text in _texts(sheet, "meter_no")}),
        set(live.filter(premise__area__in=wanted)),
    )  # fmt: skip


def _texts(sheet: Sheet, key: str) -> set[str]:
    return {value for value in sheet.read.get(key, ()) if isinstance(value, str)}


def _in_use(model: Any, column: str, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that a table has; one statement, and one parameter, however many they are."""
    given = {
        "postgresql": "SELECT json_array_elements_text(CAST(%s AS json))",
        "sqlite": "SELECT value FROM json_each(%s)",
    }[vendor()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH given(number) AS ({given}) SELECT t.{column} FROM given g "  # noqa: S608
            f"JOIN {model._meta.db_table} t ON t.{column} = g.number",
            [json.dumps(sorted(numbers))],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def _faults(row: OldRow, meter_no: str, known: Known, meters: Mapping[str, int]) -> list[RowError]:
    """What is wrong with the values of a row by themselves."""
    found: list[RowError] = []

    def wrong(column: str, text: str, **facts: Any) -> None:
        found.append(RowError(column, text % facts))

    _meter_faults(row, meter_no, known, meters, wrong)
    number = row.account_no
    if len(number) > 12 or not number.isascii() or not number.isalnum():  # noqa: PLR2004  # width of the column
        wrong("account_no", _("An account number has 1 to 12 letters and digits."))
    elif number in known.account_nos:
        wrong("account_no", _("This account number is in use here already."))
    if row.read_on > known.takeover.on:
        wrong("read_on", _("The last reading lies after the first day here, %(day)s."), day=known.takeover.on)
    if row.opened_on > row.read_on:
        wrong("opened_on", _("The account was opened after its last reading."))
    if row.persons is not None and not 1 <= row.persons <= 99:  # noqa: PLR2004
        wrong("persons", _("Persons are 1 to 99."))
    if row.plan not in known.plans:
        wrong("plan", _("There is no tariff plan with this code or name."))
    if row.book not in known.books:
        wrong("book", _("There is no book with this code in this branch."))
    if row.community not in known.areas:
        wrong("community", _("There is no community of this name: create it first."))
    return found


def _meter_faults(
    row: OldRow, meter_no: str, known: Known, meters: Mapping[str, int], wrong: Callable[..., None]
) -> None:
    """What is wrong with number, dial and index of a meter."""
    if not meter_no:
        wrong("meter_no", _("A meter number has 4 to 24 letters, digits or hyphens."))
    elif meter_no in known.meter_nos:
        wrong("meter_no", _("There is a meter with this number already."))
    elif meter_no in meters:
        wrong("meter_no", _("Row %(row)s has the same meter."), row=meters[meter_no])
    digits = row.digits or 5
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        wrong("digits", _("A dial has 3 to 9 digits before the point."))
    elif not 0 <= row.index_l < 10**digits * 1000:
        wrong("index", _("This index is beyond the dial of %(digits)s digits."), digits=digits)


def _account(
    row: OldRow, meter_no: str, known: Known, first: dict[str, list[Any]], customers: dict[str, int]
) -> list[Any] | RowError:
    """The row of staging; a further meter of an account repeats the account's facts."""
    book_id, unit_id, cycle = known.books[row.book]
    plan_id = known.plans[row.plan]
    version = _version(known, plan_id)
    if isinstance(version, RowError):
        return version
    version_id, rule = version
    year = _year(known, (plan_id, cycle, rule, row.opened_on)) if row.year_volume is not None else None
    before = first.get(row.account_no)
    owner = row.customer_no or ""
    customer_row = before[_AT["customer_row"]] if before else customers.setdefault(owner, row.number) if owner else 0
    area_id, district = known.areas[row.community][0]
    building, entrance, room = _short(row.building), _short(row.entrance), _short(row.room)
    address = row.address or full_address(f"{district}{row.community}", building, entrance, room)
    name, initials = known.name(row.name)
    phone = row.phone or ""
    return [
        known.takeover.pk, row.number, before[_AT["row"]] if before else row.number, customer_row or row.number,
        row.account_no, row.kind or "person", name[:80], initials, phone[:20], phone_key(phone)[:20],
        (row.id_no or "")[:30], area_id, building[:10], entrance[:10], room[:10], address[:160],
        row.category or Account.Category.RESIDENTIAL, row.state or Account.State.ACTIVE, row.opened_on, unit_id,
        plan_id, version_id, row.persons or 3, row.low_income_until, bool(row.heating), None, book_id,
        row.sequence or row.number, meter_no, row.meter_kind or Meter.Kind.DIAPHRAGM, (row.maker or "")[:40],
        row.digits or 5, row.verified_until, row.index_l, row.read_on, year, row.year_volume,
        0 if before else row.advance or 0, 0 if before else row.deposit or 0,
    ]  # fmt: skip


def _short(text: str | None) -> str:
    """A part of an address as it is kept."""
    return text.strip().upper() if text else ""


def _twice(
    made: list[Any], known: Known, first: dict[str, list[Any]], places: dict[tuple[Any, ...], str]
) -> list[RowError]:
    """Remember the account and its address; tell when another account lives there."""
    number = made[_AT["account_no"]]
    if number in first:
        return []
    place = tuple(made[one] for one in _PLACE)
    if place in known.premises:
        return [RowError("address", _("An account is open here at this address already."))]
    other = places.get(place)
    if other is not None:
        return [RowError("address", _("Account %(number)s has the same address.") % {"number": other})]
    first[number] = made
    places[place] = number
    return []


def _version(known: Known, plan_id: int) -> tuple[int, Any] | RowError:
    """The version in force on the first day here, with its key."""
    if plan_id not in known.versions:
        try:
            rule = known.book.plans[plan_id].version_on(known.takeover.on)
        except (KeyError, tariffs.TariffError):
            return RowError("plan", _("This tariff plan has no usable price on the first day here."))
        known.versions[plan_id] = known.book.version_id(plan_id, rule.effective_on), rule
    return known.versions[plan_id]


def _year(known: Known, key: tuple[Any, ...]) -> date:
    """The tariff year that the volume of the year belongs to."""
    _plan, cycle, rule, opened_on = key
    anchored = rule.year_start.kind == "account"
    short = (*key[:2], opened_on if anchored else None)
    if short not in known.years:
        anchor = tariffs.MonthDay(opened_on.month, opened_on.day) if anchored else None
        last = known.takeover.on - timedelta(days=1)
        known.years[short] = tariffs.tariff_year(rule, last, group=cycle, anchor=anchor)[0]
    return known.years[short]


def check_debts(sheet: Sheet, takeover: Takeover, checked: Checked) -> None:
    """Unpaid bills of accounts that are staged."""
    numbers = _staged(takeover)
    last = period_of(takeover.on - timedelta(days=1))
    seqs: dict[tuple[str, int], int] = {}
    found = []
    for number, account_no, period, amount, due_on in good_rows(sheet, ("account_no", "period", "amount", "due_on")):
        error = _no_account(account_no, numbers)
        if amount <= 0:
            error = RowError("amount", _("What is unpaid must be above zero; an advance belongs to the accounts."))
        elif period > last:
            error = RowError("period", _("This month is billed here, not by the old system."))
        if error:
            checked.errors[number] = [error]
            continue
        key = account_no, period
        seqs[key] = seqs.get(key, -1) + 1
        found.append((takeover.pk, number, *key, seqs[key], amount, due_on))
    checked.new, checked.payload = len(found), found


def check_bills(sheet: Sheet, takeover: Takeover, checked: Checked) -> None:
    """Last bills of accounts that are staged."""
    numbers, key = _staged(takeover), takeover.pk
    columns = ("account_no", "period", "from_on", "to_on", "volume", "year_before", "amount")
    found = []
    for number, account_no, period, from_on, to_on, volume, before, amount in good_rows(sheet, columns):
        error = _no_account(account_no, numbers)
        if to_on <= from_on:
            error = RowError("to_on", _("The bill ends before it begins."))
        if error:
            checked.errors[number] = [error]
            continue
        found.append(
            (key, number, account_no, period, from_on, to_on, volume, before or 0, amount, 0, 0, "waiting", None)
        )
    checked.new, checked.payload = len(found), found


def _staged(takeover: Takeover) -> set[str]:
    return set(OldAccount.objects.filter(takeover=takeover).values_list("account_no", flat=True))


def _no_account(account_no: str, numbers: set[str]) -> RowError | None:
    if account_no in numbers:
        return None
    return RowError("account_no", _("This account is not in the sheet of accounts."))


def stage(model: type[OldAccount | OldDebt | OldBill], takeover: Takeover, rows: Sequence[Sequence[Any]]) -> int:
    """Put rows into staging in the place of those of an earlier sheet; returns how many."""
    columns = {OldAccount: ACCOUNT_COLUMNS, OldDebt: DEBT_COLUMNS, OldBill: BILL_COLUMNS}[model]
    model.objects.filter(takeover=takeover).delete()
    with connection.cursor() as cursor:
        staged = copy_rows(cursor, model._meta.db_table, columns, rows)
        # Without knowing how many rows came, a planner would walk through all of them for each of them.
        known = f" ({', '.join(_PLANNED_BY)})" if vendor() == "postgresql" else ""
        cursor.execute(f"ANALYZE {model._meta.db_table}{known}")
    return staged


__all__ = ["check_accounts", "check_bills", "check_debts", "look_up", "stage"]
