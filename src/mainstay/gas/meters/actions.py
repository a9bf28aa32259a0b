"""Meters: registered, changed, hung up, taken down, exchanged, scrapped."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import PREPAID_KINDS, Installation, Meter
from mainstay.gas.meters.rules import tidy_number
from mainstay.gas.meters.states import METER
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock, lock_many
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

FEWEST_DIGITS, MOST_DIGITS = 3, 9
_OWN = ("kind", "maker", "made_on", "verified_until")
_MEASURES = ("digits", "factor_e4")


def _of_meter(meter: Meter, **_facts: Any) -> int | None:
    return meter.unit_id


def _of_place(installation: Installation, **_facts: Any) -> int:
    return int(installation.account.unit_id)


def _about_meter(meter: Meter, **_facts: Any) -> str:
    return f"meters.meter:{meter.pk}"


def _about_hung(installation: Installation, **_facts: Any) -> str:
    return f"meters.meter:{installation.meter_id}"


@action("gas.meters.register_meter", title=_("Register meter"), unit=lambda unit, **_facts: unit and unit.pk)
def register_meter(
    *,
    meter_no: str,
    unit: Unit | None,
    kind: str = Meter.Kind.DIAPHRAGM,
    maker: str = "",
    digits: int = 5,
    factor_e4: int = 10_000,
    made_on: date | None = None,
    verified_until: date | None = None,
    by: User,
) -> Meter:
    """Put a new meter into the store of a branch (None: the company's). Raises Problem: number taken or bad, dial."""
    meter = Meter(
        meter_no=_free_number(meter_no), unit=unit, kind=kind, maker=maker.strip(), digits=digits,
        factor_e4=factor_e4, made_on=made_on, verified_until=verified_until,
    )  # fmt: skip
    _check(meter)
    meter.save(force_insert=True)
    note_change(after=_facts(meter))
    return meter


@action("gas.meters.change_meter", title=_("Change meter"), unit=_of_meter, subject=_about_meter)
def change_meter(
    *,
    meter: Meter,
    meter_no: str,
    unit: Unit | None,
    kind: str,
    maker: str,
    digits: int,
    factor_e4: int,
    made_on: date | None,
    verified_until: date | None,
    by: User,
) -> Meter:
    """Correct what is known of a meter, note a new verification, hand it over to another store.

    Dial and factor stay once it has hung anywhere, because readings rest on them; the branch stays while it hangs.
    Raises Problem.
    """
    lock("meter", meter.pk)
    meter.refresh_from_db()
    before = _facts(meter)
    if (digits, factor_e4) != (meter.digits, meter.factor_e4) and meter.installations.exists():
        text = _("Readings rest on the dial and the factor of this meter: exchange it instead.")
        raise Problem(text, field="digits" if digits != meter.digits else "factor", code="hung_before")
    if (kind in PREPAID_KINDS) != (meter.kind in PREPAID_KINDS) and meter.installations.exists():
        text = _("Whether gas is paid before use stays with a meter that has hung: exchange it instead.")
        raise Problem(text, field="kind", code="hung_before")
    if meter.state == Meter.State.INSTALLED and (unit.pk if unit else None) != meter.unit_id:
        raise Problem(_("The meter hangs at an account: its branch is that of the account."), field="unit")
    if tidy_number(meter_no) != meter.meter_no:
        meter.meter_no = _free_number(meter_no)
    meter.unit, meter.kind, meter.maker, meter.digits, meter.factor_e4 = unit, kind, maker.strip(), digits, factor_e4
    meter.made_on, meter.verified_until = made_on, verified_until
    _check(meter)
    meter.save()
    note_change(before=before, after=_facts(meter))
    return meter


@action("gas.meters.scrap_meter", title=_("Scrap meter"), unit=_of_meter, subject=_about_meter)
def scrap_meter(*, meter: Meter, reason: str, by: User) -> Meter:
    """Take a meter out of use for good. Raises Problem unless it is in stock."""
    lock("meter", meter.pk)
    meter.refresh_from_db()
    METER.require(meter.state, Meter.State.SCRAPPED)
    meter.state = Meter.State.SCRAPPED
    meter.save(update_fields=["state"])
    note_change(before={"state": "stock"}, after={"state": "scrapped"}, reason=reason)
    return meter


@action(
    "gas.meters.install_meter",
    title=_("Install meter"),
    unit=lambda account, **_facts: account.unit_id,
    subject=_about_meter,
)
def install_meter(
    *,
    account: Account,
    meter: Meter,
    from_on: date,
    first_index_l: int = 0,
    master: Installation | None = None,
    seal_no: str = "",
    stays: bool = False,
    by: User,
) -> Installation:
    """Hang a meter at an account: counting begins at `first_index_l` (litres) on `from_on`.

    `master` is the master meter (总表) whose volume contains this one's. `stays`: it hangs there already and only
    changes its account, so its verification is nobody's question now. Raises Problem: not in stock, another branch's,
    verification over, bad day or index, account closed.
    """
    lock("meter", meter.pk)
    meter.refresh_from_db()
    METER.require(meter.state, Meter.State.INSTALLED)
    _check_place(account, meter)
    _check_start(meter, from_on, stays=stays)
    _check_index(meter, first_index_l, "first_index")
    _check_master(meter, master)
    hung = Installation.objects.create(
        account=account, meter=meter, from_on=from_on, first_index_l=first_index_l, master=master,
        seal_no=seal_no.strip()[:30] or None,
    )  # fmt: skip
    meter.state, meter.unit_id = Meter.State.INSTALLED, account.unit_id
    meter.save(update_fields=["state", "unit"])
    note_change(
        before={"state": "stock"},
        after={"state": "installed", "account": account.account_no, "from": f"{from_on}", "index_l": first_index_l},
    )
    return hung


@action("gas.meters.remove_meter", title=_("Remove meter"), unit=_of_place, subject=_about_hung)
def remove_meter(
    *, installation: Installation, until_on: date, last_index_l: int, reason: str, by: User
) -> Installation:
    """Take a meter down; its last index (litres) becomes its final reading, in the same transaction.

    The meter goes to the store of the account's branch. Readings answers "meter_taken_down" by recording the final
    reading; it raises Problem where that cannot be one. Raises Problem: taken down already, sub meters, day, index.
    """
    lock("meter", installation.meter_id)
    installation.refresh_from_db()
    meter = installation.meter
    if installation.until_on is not None:
        raise Problem(_("This meter was taken down already."), code="taken_down")
    subs = installation.subs.filter(until_on=None).values_list("meter__meter_no", flat=True)[:5]
    if subs:
        text = _("Sub meters hang below this one: %(numbers)s. Give them another master meter or remove them first.")
        raise Problem(text % {"numbers": ", ".join(subs)}, code="has_subs")
    if until_on < installation.from_on:
        since = _("The meter hangs here since %(day)s: give that day or a later one.") % {"day": installation.from_on}
        raise Problem(since, field="on", code="before_installation")
    _check_not_future(until_on, "on")
    _check_index(meter, last_index_l, "last_index")
    installation.until_on, installation.last_index_l = until_on, last_index_l
    installation.save(update_fields=["until_on", "last_index_l"])
    meter.state = Meter.State.STOCK
    meter.save(update_fields=["state"])
    answers("meter_taken_down", installation=installation, by=by)
    note_change(
        before={"state": "installed", "account": installation.account.account_no},
        after={"state": "stock", "until": f"{until_on}", "index_l": last_index_l},
        reason=reason,
    )
    return installation


@action(
    "gas.meters.exchange_meter",
    title=_("Exchange meter"),
    unit=_of_place,
    subject=lambda installation, **_facts: f"customers.account:{installation.account_id}",
)
def exchange_meter(
    *,
    installation: Installation,
    meter: Meter,
    on: date,
    last_index_l: int,
    first_index_l: int,
    reason: str,
    scrap_old: bool = False,
    by: User,
) -> Installation:
    """Hang `meter` in the place of another on one day: final index of the old, first index of the new (litres).

    Volumes of both add up in the bill. Sub meters move below the new one. Raises Problem as install and remove do,
    and then nothing is changed.
    """
    old = installation.meter
    lock_many("meter", [old.pk, meter.pk])
    if meter.pk == old.pk:
        raise Problem(_("This is the meter that hangs there now."), field="meter", code="same_meter")
    hung = install_meter(
        account=installation.account, meter=meter, from_on=on, first_index_l=first_index_l,
        master=installation.master, by=by,
    )  # fmt: skip
    installation.subs.filter(until_on=None).update(master=hung)
    remove_meter(installation=installation, until_on=on, last_index_l=last_index_l, reason=reason, by=by)
    if scrap_old:
        scrap_meter(meter=old, reason=reason, by=by)
    note_change(
        before={"meter_no": old.meter_no, "last_index_l": last_index_l},
        after={"meter_no": meter.meter_no, "first_index_l": first_index_l, "on": f"{on}"},
        reason=reason,
    )
    return hung


@action("gas.meters.set_master", title=_("Set master meter"), unit=_of_place, subject=_about_hung)
def set_master(*, installation: Installation, master: Installation | None, by: User) -> Installation:
    """Say which master meter's volume contains that of a sub meter; None: of no other. Raises Problem."""
    if installation.until_on is not None:
        raise Problem(_("This meter was taken down already."), code="taken_down")
    if master is not None and installation.subs.filter(until_on=None).exists():
        text = _("Sub meters hang below this one: it cannot be a sub meter itself.")
        raise Problem(text, field="master", code="has_subs")
    _check_master(installation.meter, master)
    before = installation.master.meter.meter_no if installation.master else None
    installation.master = master
    installation.save(update_fields=["master"])
    note_change(before={"master": before}, after={"master": master.meter.meter_no if master else None})
    return installation


def _free_number(text: str) -> str:
    number = tidy_number(text)
    if not number:
        raise Problem(_("A meter number has 4 to 24 letters, digits or hyphens."), field="meter_no", code="bad_number")
    if Meter.objects.filter(meter_no=number).exists():
        raise Problem(_("There is a meter with this number already."), field="meter_no", code="taken")
    return number


def _check(meter: Meter) -> None:
    if not FEWEST_DIGITS <= meter.digits <= MOST_DIGITS:
        raise Problem(_("A dial has 3 to 9 digits before the point."), field="digits", code="bad_digits")
    if meter.factor_e4 <= 0:
        raise Problem(_("The unit factor must be above 0."), field="factor", code="bad_factor")
    if meter.made_on and meter.verified_until and meter.verified_until <= meter.made_on:
        raise Problem(_("The verification ends before the meter was made: check both days."), field="verified_until")


def _check_place(account: Account, meter: Meter) -> None:
    if account.state == Account.State.CLOSED:
        raise Problem(_("This account is closed: no meter can be hung there."), field="account", code="closed")
    if meter.unit is not None and not account.unit.path.startswith(meter.unit.path):
        text = _("This meter lies in the store of %(unit)s: have it handed over first.") % {"unit": meter.unit}
        raise Problem(text, field="meter", code="other_store")


def _check_start(meter: Meter, from_on: date, *, stays: bool) -> None:
    _check_not_future(from_on, "on")
    last = meter.installations.exclude(until_on=None).order_by("-until_on").first()
    if last is not None and last.until_on is not None and from_on < last.until_on:
        hung = _("This meter hung elsewhere until %(day)s: give that day or a later one.") % {"day": last.until_on}
        raise Problem(hung, field="on", code="hung_elsewhere")
    if not stays and meter.verified_until and meter.verified_until < from_on:
        text = _("The verification of this meter ended on %(day)s: have it verified first.")
        raise Problem(text % {"day": meter.verified_until}, field="meter", code="not_verified")


def _check_not_future(on: date, field: str) -> None:
    if on > local_today():
        raise Problem(_("The day lies in the future: write it down when it is done."), field=field, code="future")


def _check_index(meter: Meter, index_l: int, field: str) -> None:
    if not 0 <= index_l < meter.dial_l:
        text = _("The dial of this meter goes to %(most)s m³ only.") % {"most": m3(meter.dial_l - 1000)}
        raise Problem(text, field=field, code="above_dial")


def _check_master(meter: Meter, master: Installation | None) -> None:
    if master is None:
        return
    if master.until_on is not None:
        raise Problem(_("The master meter was taken down: choose one that hangs."), field="master", code="taken_down")
    if master.meter_id == meter.pk:
        raise Problem(_("A meter cannot be its own master meter."), field="master", code="circle")
    if master.master_id is not None:
        text = _("%(number)s is a sub meter itself: choose its master meter.") % {"number": master.meter}
        raise Problem(text, field="master", code="is_sub")


def _facts(meter: Meter) -> dict[str, Any]:
    found = {name: getattr(meter, name) for name in ("meter_no", "unit_id", *_OWN, *_MEASURES)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}
