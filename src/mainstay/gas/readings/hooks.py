"""What readings does for other apps: the final reading of a meter that is taken down, a tab, a step of opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.customers.queries import Obstacle
from mainstay.gas.readings.batch import NewReading, record_readings
from mainstay.gas.readings.forms import PlaceForm
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries import VIEW
from mainstay.gas.readings.queries_before import billed_accounts
from mainstay.gas.readings.rules import Refusal
from mainstay.gas.readings.rules_words import refusal_sentence
from mainstay.kit.dates import local_today, next_period, period_of
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account
    from mainstay.gas.meters.models import Installation


@provide("meter_taken_down")
def final_reading(*, installation: Installation, by: User) -> Any:
    """Record the last index of a meter as a reading of the month it was taken down in, or the next if that is billed.

    A meter at an account that is in no book has never been read and needs none. Raises Problem when the index cannot be
    a reading; then the meter is not taken down either.
    """
    if not hasattr(installation.account, "book_entry") or installation.until_on is None:
        return None
    of_meter = Reading.objects.filter(account=installation.account_id, installation=installation)
    if of_meter.filter(taken_on__gt=installation.until_on).exclude(state=Reading.State.SET_ASIDE).exists():
        raise Problem(refusal_sentence(Refusal.BEFORE_LAST), field="on", code="refused")
    period = period_of(installation.until_on)
    while billed_accounts({installation.account_id}, period):
        period = next_period(period)
    row = NewReading(installation.pk, installation.last_index_l or 0, installation.until_on, note=str(_("last index")))
    found = record_readings([row], period=period, by=by, source=Reading.Source.EXCHANGE, today=local_today())
    if found.refused:
        raise Problem(refusal_sentence(found.refused[0][1]), field="last_index", code="refused")
    return found


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "readings" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("readings:account_readings", args=[account.pk])
    return {"key": "readings", "title": _("Readings"), "url": url, "order": 30}


@provide("warnings_of_account")
def warnings_of_account(*, account: Account, user: User) -> list[tuple[str, Any]]:
    """A line when a reading of the account waits for a decision: (hue, text)."""
    waiting = Reading.objects.filter(account=account, state=Reading.State.QUESTIONED).exists()
    return [("amber", _("A reading of this account is questioned."))] if waiting else []


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """Readings that nobody has decided about."""
    if not Reading.objects.filter(account=account, state=Reading.State.QUESTIONED).exists():
        return []
    text = _("A reading of this account is questioned: accept or correct it first.")
    return [Obstacle("questioned", text, url=reverse("readings:worklist"))]


def place_form() -> type[PlaceForm]:
    """The form of the step "book" of an opening."""
    return PlaceForm


def place(account: Account, data: Any, by: User) -> None:
    """Put a new account into its book."""
    from mainstay.gas.readings.actions import place_account

    place_account(account=account, book=data["book"], sequence=data.get("sequence"), by=by)
