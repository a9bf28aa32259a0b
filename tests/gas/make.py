"""Small builders of gas data for tests: straight into the tables, with sensible values for what a test does not say."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account, Area, Customer, Premise
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.gas.tariffs.models import Plan, Terms, Version
from mainstay.kit.dates import first_day, last_day
from mainstay.kit.pinyin import initials

OPENED = date(2024, 1, 1)
_next = count(1)

BEIJING_RESIDENTIAL = {
    "effective": "2018-07-10",
    "year_starts": "01-01",
    "tiers": [{"upto": 350, "price": "2.61"}, {"upto": 500, "price": "2.83"}, {"price": "4.23"}],
}


def make_unit(name: str = "城东营业所", *, parent: Unit | None = None) -> Unit:
    """A unit at the root, or below `parent`, with its path set."""
    unit = Unit.objects.create(code=f"U{next(_next)}", name_zh=name, name_en="East branch", parent=parent)
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    return unit


def make_user(*rights: str, unit: Unit | None = None, scope: str = "all", limit_fen: int | None = None) -> User:
    """A user with a role of its own that holds `rights` at `unit`."""
    number = next(_next)
    user = User(username=f"gas{number}")  # other builders count users of their own
    user.set_password("Quiet-river-42")
    user.save()
    if rights:
        role = Role.objects.create(code=f"role{number}", name_zh=f"角色{number}")
        RoleRight.objects.bulk_create(
            RoleRight(role=role, right=right, scope=scope, limit_fen=limit_fen) for right in rights
        )
        Grant.objects.create(role=role, user=user, unit=unit or make_unit("总公司"), from_on=OPENED)
    return user


def make_area(name: str = "阳光花园", *, parent: Area | None = None) -> Area:
    """A community, found again by its name."""
    found = Area.objects.filter(name=name, parent=parent).first()  # get_or_create would make a savepoint each time
    return found or Area.objects.create(name=name, parent=parent, kind=Area.Kind.COMMUNITY, initials=initials(name))


def make_customer(name: str = "李明", *, phone: str = "", kind: str = "person") -> Customer:
    """A customer with the search columns filled as the actions fill them."""
    customer = _customer(name, phone, kind)
    customer.save()
    return customer


def _customer(name: str, phone: str, kind: str = "person") -> Customer:
    return Customer(kind=kind, name=name, initials=initials(name), phone=phone, phone_reversed=phone[::-1])


def make_premise(area: Area | None = None, *, building: str = "", entrance: str = "1", room: str = "") -> Premise:
    """A flat; its room is unique unless given."""
    premise = _premise(area or make_area(), building, entrance, room)
    premise.save()
    return premise


def _premise(area: Area, building: str = "", entrance: str = "1", room: str = "") -> Premise:
    number = next(_next)
    building, room = building or str(number // 100 + 1), room or str(100 + number)
    address = f"{area.name}{building}栋{entrance}单元{room}室"
    return Premise(area=area, building=building, entrance=entrance, room=room, address=address)


def make_plan(
    code: str = "", *, category: str = "residential", effective_on: date = date(2018, 7, 10), data: Any = None
) -> Plan:
    """A tariff plan with one version, by default Beijing's published residential prices."""
    code = code or f"plan{next(_next)}"
    plan = Plan.objects.create(code=code, name_zh=code, name_en=code, category=category)
    Version.objects.create(
        plan=plan, effective_on=effective_on, notice="发改价格〔2018〕1号", data=data or BEIJING_RESIDENTIAL
    )
    return plan


def make_book(unit: Unit | None = None, *, reader: User | None = None, cycle: str = "monthly") -> Book:
    """An empty book."""
    number = next(_next)
    return Book.objects.create(
        code=f"B{number:04d}", name=f"抄表册{number}", unit=unit or make_unit(), reader=reader, cycle=cycle
    )


def make_meter(*, digits: int = 5, **values: Any) -> Meter:
    """A meter in stock."""
    meter = _meter(digits=digits, **values)
    meter.save()
    return meter


def _meter(**values: Any) -> Meter:
    return Meter(meter_no=f"20240{next(_next):07d}", **values)


def make_installation(
    account: Account, *, from_on: date = OPENED, first_index_l: int = 0, digits: int = 5, meter: Meter | None = None
) -> Installation:
    """A meter hung at an account."""
    meter = meter or _meter(digits=digits)
    meter.state, meter.unit_id = Meter.State.INSTALLED, account.unit_id
    meter.save()
    return Installation.objects.create(account=account, meter=meter, from_on=from_on, first_index_l=first_index_l)


def make_account(*, premise: Premise | None = None, **facts: Any) -> Account:
    """An account that can be read and billed: customer, premise, meter, terms and a place in a book."""
    return make_accounts(1, premises=[premise] if premise else None, **facts)[0]


def make_accounts(
    count: int,
    *,
    plan: Plan | None = None,
    unit: Unit | None = None,
    book: Book | None = None,
    name: str = "李明",
    phone: str = "",
    persons: int = 3,
    low_income: bool = False,
    heating: bool = False,
    category: str = "residential",
    state: str = "active",
    opened_on: date = OPENED,
    first_index_l: int = 0,
    digits: int = 5,
    premises: list[Premise] | None = None,
    contract_price_e4: int | None = None,
) -> list[Account]:
    """Accounts of one book and plan, each with a customer, a premise and a meter of its own; any number as quickly."""
    unit = unit or (book.unit if book else make_unit())
    book = book or make_book(unit)
    customers = Customer.objects.bulk_create(_customer(name, phone) for _number in range(count))
    if premises is None:
        area = make_area()
        premises = Premise.objects.bulk_create(_premise(area) for _number in range(count))
    accounts = Account.objects.bulk_create(
        Account(
            account_no=f"{next(_next):010d}",
            customer=customer,
            premise=premise,
            unit=unit,
            category=category,
            state=state,
            opened_on=opened_on,
        )
        for customer, premise in zip(customers, premises, strict=True)
    )
    meters = Meter.objects.bulk_create(
        _meter(digits=digits, state=Meter.State.INSTALLED, unit_id=unit.pk) for _number in range(count)
    )
    Installation.objects.bulk_create(
        Installation(account=account, meter=meter, from_on=opened_on, first_index_l=first_index_l)
        for account, meter in zip(accounts, meters, strict=True)
    )
    plan = plan or make_plan(category=category)
    Terms.objects.bulk_create(
        Terms(
            account=account,
            from_on=opened_on,
            plan=plan,
            persons=persons,
            low_income=low_income,
            heating=heating,
            contract_price_e4=contract_price_e4,
        )
        for account in accounts
    )
    BookEntry.objects.bulk_create(BookEntry(account=account, book=book, sequence=next(_next)) for account in accounts)
    return accounts


def make_reading(
    account: Account,
    period: int,
    *,
    index_l: int | None = None,
    volume_l: int | None = None,
    taken_on: date | None = None,
    state: int = Reading.State.ACCEPTED,
    source: int = Reading.Source.READER,
    installation: Installation | None = None,
    doubts: int = 0,
) -> Reading:
    """A reading after the account's last accepted one: say the index or the volume (default 20 m³)."""
    installation = installation or account.installations.get(until_on=None)
    known = list(Reading.objects.filter(account=account, installation=installation))
    accepted = [one for one in known if one.state == Reading.State.ACCEPTED]
    before = max(accepted, key=lambda one: (one.taken_on, one.period), default=None)
    previous_on = before.taken_on if before else installation.from_on
    previous_l = before.index_l if before else installation.first_index_l
    if index_l is None:
        index_l = previous_l + (20_000 if volume_l is None else volume_l)
    taken_on = taken_on or min(last_day(period), first_day(period) + timedelta(days=27))
    seq = sum(one.period == period for one in known)
    return Reading.objects.create(
        account=account,
        installation=installation,
        period=period,
        seq=seq,
        book_id=account.book_entry.book_id,
        taken_on=taken_on,
        index_l=index_l,
        previous_on=previous_on,
        previous_index_l=previous_l,
        volume_l=index_l - previous_l,
        source=source,
        state=state,
        doubts=doubts,
        recorded_at=timezone.now(),
    )
