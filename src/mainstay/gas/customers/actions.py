"""Customers, areas, premises and accounts: every write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account, Area, Customer, Premise
from mainstay.gas.customers.opening import opening_steps
from mainstay.gas.customers.queries import obstacles_of
from mainstay.gas.customers.rules import full_address, phone_key, tidy_name
from mainstay.gas.customers.states import ACCOUNT
from mainstay.kit import masking, pinyin
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

FIRST_NUMBER = 1_000_000_001
NUMBER_LENGTH = 10
EARLIEST_OPENING_DAYS = 3_660
_MASKS = {"name": masking.name, "phone": masking.phone, "id_no": masking.id_card, "address": masking.address}
_LIVE = (Account.State.APPLIED, Account.State.READY, Account.State.ACTIVE, Account.State.SUSPENDED)


def _of_account(account: Account, **_facts: Any) -> int:
    return int(account.unit_id)


def _about_account(account: Account, **_facts: Any) -> str:
    return f"customers.account:{account.pk}"


@action("gas.customers.create_customer", title=_("Create customer"), unit=lambda unit, **_facts: unit.pk)
def create_customer(
    *, unit: Unit, name: str, kind: str = "person", phone: str = "", id_no: str = "", by: User
) -> Customer:
    """Make a customer known, in the branch that serves him. Raises Problem when name or telephone make no sense."""
    customer = Customer(kind=kind, id_no=id_no.strip())
    _put_name(customer, name, phone)
    customer.save(force_insert=True)
    note_change(after={"kind": kind, "name": customer.shown_name})
    return customer


@action("gas.customers.change_customer", title=_("Change customer"), unit=_of_account, subject=_about_account)
def change_customer(*, account: Account, name: str, kind: str, phone: str, id_no: str, by: User) -> Customer:
    """Correct what is known of an account's customer; his other accounts show it too. Raises Problem."""
    lock("customer", account.customer_id)
    customer = Customer.objects.get(pk=account.customer_id)
    before = _of_customer(customer)
    customer.kind, customer.id_no = kind, id_no.strip()
    _put_name(customer, name, phone)
    customer.save(force_update=True)
    _note_differences(before, _of_customer(customer))
    return customer


def _put_name(customer: Customer, name: str, phone: str) -> None:
    """Set name and telephone together with the columns that are searched."""
    name, phone = tidy_name(name), phone.strip()
    if not name:
        raise Problem(_("Enter the customer's name."), field="name", code="name_missing")
    if phone and not phone_key(phone):
        raise Problem(_("A telephone number needs digits."), field="phone", code="phone")
    customer.name, customer.initials = name, pinyin.initials(name)[:80]
    customer.phone, customer.phone_reversed = phone, phone_key(phone)[:20]


def _of_customer(customer: Customer) -> dict[str, str]:
    return {"name": customer.name, "kind": customer.kind, "phone": customer.phone, "id_no": customer.id_no}


def _note_differences(before: dict[str, str], after: dict[str, str]) -> None:
    """Put what changed on record, personal data masked."""
    changed = [key for key in after if before[key] != after[key]]

    def shown(facts: dict[str, str]) -> dict[str, str]:
        return {key: _MASKS[key](facts[key]) if key in _MASKS else facts[key] for key in changed}

    note_change(before=shown(before), after=shown(after))


def _of_area(area: Area | None = None, unit: Unit | None = None, **_facts: Any) -> int | None:
    """An area is changed in the branch that serves it, a new one made in the branch that is to serve it."""
    if area is not None:
        return area.unit_id
    return unit.pk if unit else None


@action("gas.customers.create_area", title=_("Create area"), unit=_of_area)
def create_area(*, kind: str, name: str, parent: Area | None = None, unit: Unit | None = None, by: User) -> Area:
    """Make a district or community. Raises Problem when its name is taken or its parent is no district."""
    area = Area(kind=kind, parent=parent, unit=unit)
    _put_area(area, name)
    area.save(force_insert=True)
    note_change(after={"name": area.name, "kind": kind, "parent": parent.name if parent else None})
    return area


@action(
    "gas.customers.change_area",
    title=_("Change area"),
    unit=_of_area,
    subject=lambda area, **_facts: f"customers.area:{area.pk}",
)
def change_area(*, area: Area, name: str, parent: Area | None, by: User) -> Area:
    """Rename an area or hang it below another district; addresses keep their text. Raises Problem."""
    before = {"name": area.name, "parent": area.parent.name if area.parent else None}
    area.parent = parent
    _put_area(area, name)
    area.save(force_update=True)
    note_change(before=before, after={"name": area.name, "parent": parent.name if parent else None})
    return area


def _put_area(area: Area, name: str) -> None:
    area.name = "".join(name.split())
    area.initials = pinyin.initials(area.name)[:60]
    if not area.name:
        raise Problem(_("Enter the name of the area."), field="name", code="name_missing")
    if area.parent and (area.parent.kind != Area.Kind.DISTRICT or area.parent_id == area.pk):
        raise Problem(_("An area lies in a district. Choose a district."), field="parent", code="no_district")
    same = Area.objects.filter(parent=area.parent, name=area.name).exclude(pk=area.pk)
    if same.exists():
        raise Problem(_("There is already an area of this name here."), field="name", code="taken")


@action("gas.customers.create_premise", title=_("Create address"), unit=lambda unit, **_facts: unit.pk)
def create_premise(
    *, unit: Unit, area: Area, building: str = "", entrance: str = "", room: str = "", address: str = "", by: User
) -> Premise:
    """Make an address, or return the one that is there. Without `address` it is written from its parts."""
    wanted = Premise(area=area)
    _put_place(wanted, area, (building, entrance, room), address)
    same = Premise.objects.filter(
        area=area, building=wanted.building, entrance=wanted.entrance, room=wanted.room, address=wanted.address
    )
    premise = same.first()
    if premise is None:
        wanted.save(force_insert=True)
        premise = wanted
    note_change(after={"area": area.name, "address": masking.address(premise.address)})
    return premise


@action("gas.customers.change_premise", title=_("Change address"), unit=_of_account, subject=_about_account)
def change_premise(
    *, account: Account, area: Area, building: str, entrance: str, room: str, address: str, by: User
) -> Premise:
    """Correct the address of an account; other accounts of the same flat show it too. Raises Problem."""
    premise = Premise.objects.get(pk=account.premise_id)
    before = premise.address
    _put_place(premise, area, (building, entrance, room), address)
    same = Premise.objects.filter(area=area, building=premise.building, entrance=premise.entrance, room=premise.room)
    if same.filter(address=premise.address).exclude(pk=premise.pk).exists():
        raise Problem(_("Another premise has exactly this address. Check building and room."), code="taken")
    premise.save(force_update=True)
    note_change(before={"address": masking.address(before)}, after={"address": masking.address(premise.address)})
    return premise


def _put_place(premise: Premise, area: Area, parts: tuple[str, str, str], address: str) -> None:
    """Set community, parts (building, entrance, room) and the address as written."""
    premise.area = area
    premise.building, premise.entrance, premise.room = (one.strip().upper() for one in parts)
    premise.address = address.strip() or usual_address(premise)


def usual_address(premise: Premise) -> str:
    """The address as it is written when nobody writes another: district, community, building, entrance, room."""
    area = premise.area
    community = f"{area.parent.name if area.parent else ''}{area.name}"
    return full_address(community, premise.building, premise.entrance, premise.room)


@action("gas.customers.open_account", title=_("Open account"), unit=lambda unit, **_facts: unit.pk)
def open_account(
    *,
    unit: Unit,
    customer: Customer | Mapping[str, Any],
    premise: Premise | Mapping[str, Any],
    category: str,
    opened_on: date,
    parts: Mapping[str, Mapping[str, Any]],
    note: str = "",
    counts_from: date | None = None,
    by: User,
) -> Account:
    """Open an account that can be read and billed at once: all of it, or nothing.

    `customer` and `premise` are rows, or the arguments of `create_customer` and `create_premise`. `parts` holds the
    data of every registered opening step by its key (billing terms, meter, book). Raises Problem.
    """
    missing = [step for step in opening_steps() if step.key not in parts]
    if missing:
        raise Problem(_("“%(step)s” is missing.") % {"step": missing[0].title}, code="incomplete")
    _check_day(opened_on)
    if not isinstance(customer, Customer):
        customer = create_customer(**{**customer, "unit": unit}, by=by)
    if not isinstance(premise, Premise):
        premise = create_premise(**{**premise, "unit": unit}, by=by)
    _check_free(premise)
    account = Account.objects.create(
        account_no=_next_number(), customer=customer, premise=premise, unit=unit, category=category,
        state=Account.State.ACTIVE, opened_on=opened_on, counts_from=counts_from, note=note.strip(),
    )  # fmt: skip
    for step in opening_steps():
        step.apply(account, parts[step.key], by)
    answers("account_moved", account=account, before="", reason="", until_on=None, by=by)
    note_change(after={"account_no": account.account_no, "category": category, "opened_on": opened_on.isoformat()})
    return account


def _check_day(opened_on: date) -> None:
    today = local_today()
    if opened_on > today:
        raise Problem(_("This day is still to come. Open the account from today."), field="opened_on", code="future")
    if opened_on < today - timedelta(days=EARLIEST_OPENING_DAYS):
        raise Problem(_("This day is more than ten years ago. Check the year."), field="opened_on", code="too_early")


def _check_free(premise: Premise) -> None:
    """Refuse a second account at a flat while the first one lives; two clerks at once wait for each other here."""
    lock("premise", premise.pk)
    there = Account.objects.filter(premise=premise, state__in=_LIVE).first()
    if there is not None:
        text = _("Account %(number)s is open at this address. Check the address, or close that account first.")
        raise Problem(text % {"number": there.account_no}, field="room", code="premise_taken")


def _next_number() -> str:
    """The account number after the highest of its form; openings wait for each other here, so none is given twice."""
    lock("account_no", 0)
    ours = Account.objects.filter(account_no__regex=rf"^1[0-9]{{{NUMBER_LENGTH - 1}}}$")
    last = ours.order_by("-account_no").values_list("account_no", flat=True).first()
    return str(int(last) + 1 if last else FIRST_NUMBER)


@action("gas.customers.change_account", title=_("Change account"), unit=_of_account, subject=_about_account)
def change_account(*, account: Account, category: str, note: str, by: User) -> Account:
    """Correct the kind of use or the note. Prices follow the billing terms, not this."""
    lock("account", account.pk)
    account.refresh_from_db()
    before = {"category": account.category, "note": account.note}
    account.category, account.note = category, note.strip()
    account.version += 1
    account.save(update_fields=["category", "note", "version"])
    note_change(before=before, after={"category": category, "note": account.note})
    return account


@action("gas.customers.suspend_account", title=_("Suspend account"), unit=_of_account, subject=_about_account)
def suspend_account(*, account: Account, reason: str, until_on: date | None = None, by: User) -> Account:
    """Stop an account: it is left out of billing runs until it is restored (foreseen for `until_on`).

    Raises Problem unless it is active, and for a day that is past.
    """
    if until_on is not None and until_on <= local_today():
        raise Problem(_("Give a day to come, or leave it empty."), field="until_on", code="past")
    return _become(account, Account.State.SUSPENDED, reason, by, until_on)


@action("gas.customers.restore_account", title=_("Restore account"), unit=_of_account, subject=_about_account)
def restore_account(*, account: Account, reason: str, by: User) -> Account:
    """Let a suspended account go on. Raises Problem unless it is suspended."""
    return _become(account, Account.State.ACTIVE, reason, by)


@action("gas.customers.close_account", title=_("Close account"), unit=_of_account, subject=_about_account)
def close_account(*, account: Account, closed_on: date, reason: str, despite: Sequence[str] = (), by: User) -> Account:
    """End an account for good on a day; its number is never given again.

    Other parts are asked what stands in the way ("obstacles_to_close"). Raises Problem for the first thing that must be
    done before, or that may stay but is not named in `despite`; nothing closes without saying what stays.
    """
    standing = [one for one in obstacles_of(account) if not (one.key in despite and one.may_stay)]
    if standing:
        raise Problem(standing[0].text, code=standing[0].key)
    if account.opened_on and closed_on < account.opened_on:
        raise Problem(_("The account was opened later than this day."), field="on", code="before_opening")
    account.closed_on = closed_on
    closed = _become(account, Account.State.CLOSED, reason, by)
    note_change(after={"closed_on": closed_on.isoformat(), "despite": sorted(despite)}, reason=reason)
    return closed


def _become(account: Account, state: str, reason: str, by: User, until_on: date | None = None) -> Account:
    """Change the state, tell other parts ("account_moved": before, after, reason), note it."""
    lock("account", account.pk)
    closed_on = account.closed_on
    account.refresh_from_db()
    before = account.state
    if before not in ACCOUNT.hues:
        raise Problem(_("This account is neither active nor suspended."), code="wrong_state")
    ACCOUNT.require(before, state)
    account.state, account.closed_on = state, closed_on
    account.version += 1
    account.save(update_fields=["state", "closed_on", "version"])
    note_change(before={"state": before}, after={"state": state}, reason=reason)
    answers("account_moved", account=account, before=before, reason=reason, until_on=until_on, by=by)
    return account


@action("gas.customers.set_difference", title=_("Set what a master meter is for"), unit=_of_account,
        subject=_about_account)  # fmt: skip
def set_difference(*, account: Account, difference: str | None, by: User) -> Account:
    """Say what happens with the difference of the account's master meter and the sub meters below it.

    "billed": the account pays the difference; "reported": it is only listed; None: the account is billed as any other.
    """
    lock("account", account.pk)
    account.refresh_from_db()
    before = account.difference
    account.difference = Account.Difference(difference) if difference else None
    account.version += 1
    account.save(update_fields=["difference", "version"])
    note_change(before={"difference": before}, after={"difference": difference})
    return account


@action("gas.customers.reveal_personal_data", title=_("Show personal data"), unit=_of_account, subject=_about_account)
def reveal_personal_data(*, account: Account, facts: tuple[str, ...], by: User) -> dict[str, str]:
    """Return any of name, phone, id_no and address of an account in full; the look is on record. Raises Problem."""
    values = {
        "name": account.customer.name,
        "phone": account.customer.phone,
        "id_no": account.customer.id_no,
        "address": account.premise.address,
    }
    if not set(facts) <= set(values):
        raise Problem(_("There is no such fact to show."), code="no_such_fact")
    note_change(after={"shown": list(facts)})
    return {fact: values[fact] for fact in facts}
