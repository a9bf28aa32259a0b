"""A company of any size in a database, built by sets: what the benchmarks and the demonstration stand on.

Everything is made by arithmetic from the account's number and the seed, so the same call makes the same company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from mainstay.bench import names
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account, Area, Customer, Premise
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.gas.tariffs.models import Plan, Terms
from mainstay.kit.dates import add_months, first_day
from mainstay.kit.pinyin import initials
from mainstay.kit.sqlkit import copy_rows, refresh_statistics

PER_COMMUNITY = 1_500
PER_BRANCH = 100_000
ROOMS_OF_BUILDING, ROOMS_OF_ENTRANCE, ROOMS_OF_FLOOR = 72, 24, 4
FIRM_EVERY = 40
READ_DAY = 25
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: ids run from `first_account_id` without a gap, and so do those of the other tables."""

    accounts: int
    books: int
    branches: int
    first_account_id: int
    first_book_id: int
    period: int
    plan_ids: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Numbers that all tables of one build share."""

    accounts: int
    books_of: int
    seed: int
    period: int
    first: dict[str, int]
    unit_ids: list[int]
    plan_ids: dict[str, int]

    @property
    def books(self) -> int:
        return -(-self.accounts // self.books_of)

    @property
    def communities(self) -> int:
        return -(-self.accounts // PER_COMMUNITY)

    @property
    def started_on(self) -> date:
        """Day of the first index: the reading day of the period before."""
        return first_day(add_months(self.period, -1)) + timedelta(days=READ_DAY - 1)

    @property
    def read_on(self) -> date:
        return first_day(self.period) + timedelta(days=READ_DAY - 1)

    def book(self, number: int) -> int:
        return number // self.books_of

    def unit_id(self, number: int) -> int:
        """Branch of an account: whole books, in equal shares."""
        return self.unit_ids[self.book(number) * len(self.unit_ids) // self.books]


def build(
    accounts: int,
    *,
    books_of: int = 200,
    seed: int = 1,
    period: int = 202610,
    readings: bool = True,
    branches: Sequence[Unit] = (),
    plans: dict[str, int] | None = None,
) -> Built:
    """Build `accounts` active accounts with everything billing needs: customers, flats, meters, terms, books, readings.

    Accounts were opened on the 25th of the month before `period`; with `readings` each has one accepted reading of
    `period`. Tariff plans are those in the database, loaded from the library when there are none. Runs in its own
    transaction; on PostgreSQL as a superuser without row-by-row checks (the rows are right by construction).
    """
    layout = _layout(accounts, books_of, seed, period, unit_ids=[unit.pk for unit in branches], plans=plans)
    with _checks_off(), transaction.atomic(), connection.cursor() as cursor:
        for model, columns, rows in _tables(layout, readings):
            copy_rows(cursor, model._meta.db_table, columns, rows)
        _advance_sequences(cursor)
    refresh_statistics(*(model._meta.db_table for model, _columns, _rows in _tables(layout, readings)))
    return Built(
        accounts, layout.books, len(layout.unit_ids), layout.first["account"], layout.first["book"], period,
        layout.plan_ids,
    )  # fmt: skip


def _layout(
    accounts: int, books_of: int, seed: int, period: int, *, unit_ids: list[int], plans: dict[str, int] | None
) -> _Layout:
    models = {
        "area": Area, "customer": Customer, "premise": Premise, "account": Account, "meter": Meter,
        "installation": Installation, "book": Book,
    }  # fmt: skip
    first = {name: (model._default_manager.aggregate(top=Max("id"))["top"] or 0) + 1 for name, model in models.items()}
    first["taken"] = Area.objects.filter(kind=Area.Kind.COMMUNITY).count()
    return _Layout(accounts, books_of, seed, period, first, unit_ids or _branches(accounts), plans or _plans())


def _branches(accounts: int) -> list[int]:
    """Ids of the branches: those with the code of a benchmark, made when missing."""
    root, _made = Unit.objects.get_or_create(code="GAS", defaults={"name_zh": "城市燃气公司", "name_en": "City Gas"})
    Unit.objects.filter(pk=root.pk, path="").update(path=f"{root.pk}.")
    ids = []
    for number in range(1, max(2, -(-accounts // PER_BRANCH)) + 1):
        unit, _made = Unit.objects.get_or_create(
            code=f"GAS-{number:02d}",
            defaults={"name_zh": f"第{number}营业所", "name_en": f"Branch {number}", "parent": root, "kind": "branch"},
        )
        Unit.objects.filter(pk=unit.pk, path="").update(path=f"{root.pk}.{unit.pk}.")
        ids.append(unit.pk)
    return ids


def _plans() -> dict[str, int]:
    """Id of a plan for each category of account."""
    from mainstay.gas.tariffs.batch import store_library

    if not Plan.objects.exists():
        store_library()
    plans = list(Plan.objects.filter(versions__isnull=False).order_by("id").values_list("category", "id").distinct())
    found: dict[str, int] = {}
    for category, plan_id in plans:
        found.setdefault(category, plan_id)
    first = next(iter(found.values()))
    return {str(category): found.get(str(category), first) for category in Account.Category.values}


@contextmanager
def _checks_off() -> Iterator[None]:
    """Leave out row-by-row foreign keys and triggers while bulk rows go in, where the database allows it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0]:
                cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys = ON")
            else:
                cursor.execute("RESET session_replication_role")


def _advance_sequences(cursor: Any) -> None:
    models = [apps.get_model(label) for label in (
        "customers.Area", "customers.Customer", "customers.Premise", "customers.Account", "meters.Meter",
        "meters.Installation", "readings.Book",
    )]  # fmt: skip
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)


def _tables(layout: _Layout, readings: bool) -> list[tuple[Any, Sequence[str], Iterator[Row]]]:
    tables: list[tuple[Any, str, Callable[[_Layout], Iterator[Row]]]] = [
        (Area, "id kind name initials parent_id", _areas),
        (Customer, "id kind name initials phone phone_reversed id_no", _customers),
        (Premise, "id area_id building entrance room address", _premises),
        (Account, "id account_no customer_id premise_id unit_id category state opened_on note version", _accounts),
        (Meter, "id meter_no maker kind digits factor_e4 made_on verified_until state unit_id", _meters),
        (Installation, "id account_id meter_id from_on first_index_l", _installations),
        (Terms, "account_id from_on plan_id persons low_income heating contract_price_e4", _terms),
        (Book, "id code name unit_id cycle", _books),
        (BookEntry, "account_id book_id sequence", _entries),
    ]
    if readings:
        columns = (
            "account_id installation_id period seq book_id taken_on index_l previous_on previous_index_l volume_l "
            "source state doubts rollover note recorded_at"
        )
        tables.append((Reading, columns, _readings))
    return [(model, columns.split(), rows(layout)) for model, columns, rows in tables]


def _areas(layout: _Layout) -> Iterator[Row]:
    first, taken = layout.first["area"], layout.first["taken"]
    for number, name in enumerate(names.DISTRICTS):
        known = "" if first == 1 else f"{first}"
        yield first + number, "district", name + known, initials(name), None
    for number in range(layout.communities):
        name = names.community(taken + number)
        yield (
            first + len(names.DISTRICTS) + number, "community", name, initials(name),
            first + number % len(names.DISTRICTS),
        )  # fmt: skip


def _customers(layout: _Layout) -> Iterator[Row]:
    first = layout.first["customer"]
    for number in range(layout.accounts):
        phone = names.phone(number, layout.seed)
        if _is_firm(number):
            name = names.firm(first + number)
            yield first + number, "firm", name, initials(name), phone, phone[::-1], ""
        else:
            name, letters = names.person(names.mixed(number, layout.seed + 7))
            yield first + number, "person", name, letters, phone, phone[::-1], ""


def _premises(layout: _Layout) -> Iterator[Row]:
    first, first_area = layout.first["premise"], layout.first["area"] + len(names.DISTRICTS)
    taken = layout.first["taken"]
    for community in range(layout.communities):
        name = names.DISTRICTS[community % len(names.DISTRICTS)] + names.community(taken + community)
        below = community * PER_COMMUNITY
        for flat in range(min(PER_COMMUNITY, layout.accounts - below)):
            building, rest = divmod(flat, ROOMS_OF_BUILDING)
            entrance, rest = divmod(rest, ROOMS_OF_ENTRANCE)
            floor, door = divmod(rest, ROOMS_OF_FLOOR)
            room = (floor + 1) * 100 + door + 1
            address = f"{name}{building + 1}栋{entrance + 1}单元{room}室"
            yield (
                first + below + flat, first_area + community, str(building + 1), str(entrance + 1), str(room), address,
            )  # fmt: skip


def _accounts(layout: _Layout) -> Iterator[Row]:
    first, customer, premise = (layout.first[name] for name in ("account", "customer", "premise"))
    for number in range(layout.accounts):
        yield (
            first + number, f"{1_000_000_000 + first + number}", customer + number, premise + number,
            layout.unit_id(number), _category(number), "active", layout.started_on, "", 0,
        )  # fmt: skip


def _meters(layout: _Layout) -> Iterator[Row]:
    first = layout.first["meter"]
    for number in range(layout.accounts):
        made_on = date(2018 + number % 6, 1 + number % 12, 1)
        digits = 7 if _is_firm(number) else 5
        kind = "industrial" if digits == 7 else "diaphragm"  # noqa: PLR2004
        yield (
            first + number, f"{made_on.year}{first + number:08d}", "北川仪表", kind, digits, 10_000, made_on,
            made_on.replace(year=made_on.year + 10), "installed", layout.unit_id(number),
        )  # fmt: skip


def _installations(layout: _Layout) -> Iterator[Row]:
    first, account, meter = (layout.first[name] for name in ("installation", "account", "meter"))
    for number in range(layout.accounts):
        yield first + number, account + number, meter + number, layout.started_on, _index_before(layout, number)


def _terms(layout: _Layout) -> Iterator[Row]:
    account, plans = layout.first["account"], layout.plan_ids
    for number in range(layout.accounts):
        persons = 3 if number % 9 else 5 + number % 2
        yield account + number, layout.started_on, plans[_category(number)], persons, number % 97 == 0, False, None


def _books(layout: _Layout) -> Iterator[Row]:
    first = layout.first["book"]
    for number in range(layout.books):
        unit_id = layout.unit_id(number * layout.books_of)
        yield first + number, f"B{first + number:06d}", f"第{first + number}册", unit_id, "monthly"


def _entries(layout: _Layout) -> Iterator[Row]:
    account, book = layout.first["account"], layout.first["book"]
    for number in range(layout.accounts):
        yield account + number, book + layout.book(number), (number % layout.books_of + 1) * 10


def _readings(layout: _Layout) -> Iterator[Row]:
    account, installation, book = (layout.first[name] for name in ("account", "installation", "book"))
    started_on, read_on = layout.started_on, layout.read_on
    recorded_at = datetime(read_on.year, read_on.month, read_on.day, 8, tzinfo=UTC)
    for number in range(layout.accounts):
        before, volume = _index_before(layout, number), _volume(layout, number)
        yield (
            account + number, installation + number, layout.period, 0, book + layout.book(number), read_on,
            before + volume, started_on, before, volume, 1, 3, 0, False, "", recorded_at,
        )  # fmt: skip


def _is_firm(number: int) -> bool:
    return number % FIRM_EVERY == FIRM_EVERY - 1


def _category(number: int) -> str:
    if not _is_firm(number):
        return "residential"
    return "institution" if number // FIRM_EVERY % 3 == 0 else "commercial"


def _index_before(layout: _Layout, number: int) -> int:
    """First index in litres: somewhere in a meter's life, whole cubic metres as dials are read."""
    return names.mixed(number, layout.seed + 11) % 3_000 * 1000


def _volume(layout: _Layout, number: int) -> int:
    """Volume of the month in litres: flats 0–60 m³, most near 25; firms up to 6,000 m³."""
    one = names.mixed(number, layout.seed + 13)
    return one % 6_001 * 1000 if _is_firm(number) else (one % 31 + (one >> 8) % 31) * 1000
