"""Looking at the rows of a sheet, and putting the good ones into staging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

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
from mainstay.gas.takeover.models import OldAccount, OldBill, OldDebt, Takeover
from mainstay.gas.tariffs import rules as tariffs
from mainstay.gas.tariffs.models import Plan
from mainstay.kit import pinyin
from mainstay.kit.dates import period_of
from mainstay.kit.sheets import Row, RowError, Sheet
from mainstay.kit.sqlkit import copy_rows, refresh_statistics

_KEYS = ("customer_id", "premise_id", "account_id", "meter_id")
ACCOUNT_COLUMNS = tuple(
    f.attname for f in OldAccount._meta.concrete_fields if f.attname not in {"id", *_KEYS}
)  # fmt: skip
DEBT_COLUMNS = ("takeover_id", "row", "account_no", "period", "seq", "amount_fen", "due_on")
BILL_COLUMNS = (
    "takeover_id", "row", "account_no", "period", "from_on", "to_on", "volume_l", "year_before_l", "amount_fen",
    "difference_fen", "size_fen", "reason", "ours_fen",
)  # fmt: skip
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
    initials: dict[str, str] = field(default_factory=dict)


def check_accounts(sheet: Sheet, takeover: Takeover, checked: Checked) -> None:
    """Find what each row means; faults go into `checked.errors`, rows of staging into `checked.payload`."""
    known = _known(sheet, takeover)
    first: dict[str, list[Any]] = {}
    customers: dict[str, int] = {}
    meters: dict[str, int] = {}
    places: dict[tuple[Any, ...], str] = {}
    found = []
    for row in sheet.rows:
        if row.errors:
            continue
        errors = _faults(row, known, meters)
        made = None if errors else _account(row, known, first, customers)
        if isinstance(made, RowError):
            errors, made = [made], None
        elif made is not None:
            errors = _twice(made, known, first, places)
        if errors or made is None:
            checked.errors[row.number] = errors
            continue
        meters[made[_METER]] = row.number
        found.append(made)
    checked.new, checked.payload = len(found), found


_AT = {name: place for place, name in enumerate(ACCOUNT_COLUMNS)}
_METER = _AT["meter_no"]
_PLACE = tuple(_AT[name] for name in ("area_id", "building", "entrance", "room", "address"))


def _known(sheet: Sheet, takeover: Takeover) -> Known:
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
    listed = sorted(numbers)
    found: set[str] = set()
    for begin in range(0, len(listed), 10_000):
        rows = model.objects.filter(**{f"{column}__in": listed[begin : begin + 10_000]})
        found |= set(rows.values_list(column, flat=True))
    return found


def _faults(row: Row, known: Known, meters: Mapping[str, int]) -> list[RowError]:
    """What is wrong with the values of a row by themselves."""
    values, found = row.values, []

    def wrong(column: str, text: str, **facts: Any) -> None:
        found.append(RowError(column, text % facts))

    _meter_faults(values, known, meters, wrong)
    number = values["account_no"]
    if len(number) > 12 or not number.isascii() or not number.isalnum():  # noqa: PLR2004  # width of the column
        wrong("account_no", _("An account number has 1 to 12 letters and digits."))
    elif number in known.account_nos:
        wrong("account_no", _("This account number is in use here already."))
    if values["read_on"] > known.takeover.on:
        wrong("read_on", _("The last reading lies after the first day here, %(day)s."), day=known.takeover.on)
    if values["opened_on"] > values["read_on"]:
        wrong("opened_on", _("The account was opened after its last reading."))
    persons = values.get("persons")
    if persons is not None and not 1 <= persons <= 99:  # noqa: PLR2004
        wrong("persons", _("Persons are 1 to 99."))
    if values["plan"] not in known.plans:
        wrong("plan", _("There is no tariff plan with this code or name."))
    if values["book"] not in known.books:
        wrong("book", _("There is no book with this code in this branch."))
    if values["community"] not in known.areas:
        wrong("community", _("There is no community of this name: create it first."))
    return found


def _meter_faults(
    values: Mapping[str, Any], known: Known, meters: Mapping[str, int], wrong: Callable[..., None]
) -> None:
    """What is wrong with number, dial and index of a meter."""
    meter = tidy_number(values["meter_no"])
    if not meter:
        wrong("meter_no", _("A meter number has 4 to 24 letters, digits or hyphens."))
    elif meter in known.meter_nos:
        wrong("meter_no", _("There is a meter with this number already."))
    elif meter in meters:
        wrong("meter_no", _("Row %(row)s has the same meter."), row=meters[meter])
    digits = values.get("digits") or 5
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        wrong("digits", _("A dial has 3 to 9 digits before the point."))
    elif not 0 <= values["index"] < 10**digits * 1000:
        wrong("index", _("This index is beyond the dial of %(digits)s digits."), digits=digits)


def _account(row: Row, known: Known, first: dict[str, list[Any]], customers: dict[str, int]) -> list[Any] | RowError:
    """The row of staging; a further meter of an account repeats the account's facts."""
    values = row.values
    book_id, unit_id, cycle = known.books[values["book"]]
    plan_id = known.plans[values["plan"]]
    version = _version(known, plan_id)
    if isinstance(version, RowError):
        return version
    version_id, rule = version
    year = _year(known, (plan_id, cycle, rule, values["opened_on"])) if values.get("year_volume") is not None else None
    number = values["account_no"]
    before = first.get(number)
    owner = values.get("customer_no") or ""
    customer_row = before[_AT["customer_row"]] if before else customers.setdefault(owner, row.number) if owner else 0
    area_id, district = known.areas[values["community"]][0]
    building, entrance, room = ((values.get(key) or "").strip().upper() for key in ("building", "entrance", "room"))
    address = values.get("address") or full_address(f"{district}{values['community']}", building, entrance, room)
    name = tidy_name(values["name"])
    initials = known.initials.get(name)
    if initials is None:
        initials = known.initials[name] = pinyin.initials(name)[:80]
    phone = values.get("phone") or ""
    return [
        known.takeover.pk, row.number, before[_AT["row"]] if before else row.number, customer_row or row.number, number,
        values.get("kind") or "person", name[:80], initials, phone[:20], phone_key(phone)[:20],
        (values.get("id_no") or "")[:30], area_id, building[:10], entrance[:10], room[:10], address[:160],
        values.get("category") or Account.Category.RESIDENTIAL, values.get("state") or Account.State.ACTIVE,
        values["opened_on"], unit_id, plan_id, version_id, values.get("persons") or 3, values.get("low_income_until"),
        bool(values.get("heating")), None, book_id, values.get("sequence") or row.number,
        tidy_number(values["meter_no"]),
        values.get("meter_kind") or Meter.Kind.DIAPHRAGM, (values.get("maker") or "")[:40], values.get("digits") or 5,
        values.get("verified_until"), values["index"], values["read_on"], year, values.get("year_volume"),
        0 if before else values.get("advance") or 0, 0 if before else values.get("deposit") or 0,
    ]  # fmt: skip


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
    for row in sheet.rows:
        if row.errors:
            continue
        values = row.values
        error = _no_account(values, numbers)
        if values["amount"] <= 0:
            error = RowError("amount", _("What is unpaid must be above zero; an advance belongs to the accounts."))
        elif values["period"] > last:
            error = RowError("period", _("This month is billed here, not by the old system."))
        if error:
            checked.errors[row.number] = [error]
            continue
        key = values["account_no"], values["period"]
        seqs[key] = seqs.get(key, -1) + 1
        found.append((takeover.pk, row.number, *key, seqs[key], values["amount"], values["due_on"]))
    checked.new, checked.payload = len(found), found


def check_bills(sheet: Sheet, takeover: Takeover, checked: Checked) -> None:
    """Last bills of accounts that are staged."""
    numbers = _staged(takeover)
    found = []
    for row in sheet.rows:
        if row.errors:
            continue
        values = row.values
        error = _no_account(values, numbers)
        if values["to_on"] <= values["from_on"]:
            error = RowError("to_on", _("The bill ends before it begins."))
        if error:
            checked.errors[row.number] = [error]
            continue
        found.append((
            takeover.pk, row.number, values["account_no"], values["period"], values["from_on"], values["to_on"],
            values["volume"], values.get("year_before") or 0, values["amount"], 0, 0, "waiting", None,
        ))  # fmt: skip
    checked.new, checked.payload = len(found), found


def _staged(takeover: Takeover) -> set[str]:
    return set(OldAccount.objects.filter(takeover=takeover).values_list("account_no", flat=True))


def _no_account(values: Mapping[str, Any], numbers: set[str]) -> RowError | None:
    if values["account_no"] in numbers:
        return None
    return RowError("account_no", _("This account is not in the sheet of accounts."))


def stage(model: type[OldAccount | OldDebt | OldBill], takeover: Takeover, rows: Sequence[Sequence[Any]]) -> int:
    """Put rows into staging in the place of those of an earlier sheet; returns how many."""
    columns = {OldAccount: ACCOUNT_COLUMNS, OldDebt: DEBT_COLUMNS, OldBill: BILL_COLUMNS}[model]
    model.objects.filter(takeover=takeover).delete()
    with connection.cursor() as cursor:
        staged = copy_rows(cursor, model._meta.db_table, columns, rows)
    # Without knowing how many rows came, a planner would walk through all of them for each of them.
    refresh_statistics(model._meta.db_table)
    return staged


__all__ = ["check_accounts", "check_bills", "check_debts", "stage"]
