"""Readings on their way in over the API: whose meter is meant, what was sent before, and recording by sets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field

from mainstay.core.access.models import User
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed, unit_ids
from mainstay.gas.customers.api import no_account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.actions import record_reading
from mainstay.gas.readings.actions_list import record_reading_list
from mainstay.gas.readings.batch import NewReading
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries import installations_by_number
from mainstay.gas.readings.rules_words import refusal_sentence
from mainstay.kit.api import Day, Incoming, Number, Period, Text, Volume
from mainstay.kit.dates import period_of
from mainstay.kit.errors import Problem
from mainstay.kit.volume import parse_m3

RECORD = "gas.readings.record_reading"
RECORD_LIST = "gas.readings.record_readings"
SOURCES = {"reader": Reading.Source.READER, "self": Reading.Source.SELF, "remote": Reading.Source.REMOTE}
Content = tuple[int, int, date]  # installation, index in litres, day: what a client_key stands for
Group = tuple[int, int, int, int]  # round, unit, period, source
Outcome = Reading | Problem


class ReadingIn(Incoming):
    """An index read off a meter: name the account or, where it has several meters, the meter."""

    client_key: UUID = Field(description=_n("Made by the sender, one for each reading: sending it again is harmless."))
    account_no: Number | None = None
    meter_no: Number | None = None
    index_m3: Volume
    taken_on: Day
    period: Period | None = Field(None, description=_n("Year and month; by default those of `taken_on`."))
    source: Literal["remote", "reader", "self"] = "remote"
    note: Annotated[Text, Field(max_length=120)] = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """A row with its meter found."""

    row: ReadingIn
    installation: Installation
    index_l: int

    @property
    def content(self) -> Content:
        """What the row's key stands for."""
        return self.installation.pk, self.index_l, self.row.taken_on

    @property
    def period(self) -> int:
        """The period said, else that of the day."""
        return self.row.period or period_of(self.row.taken_on)


class Arrivals:
    """Rows of one request; meters and earlier keys are looked up once for all of them."""

    def __init__(self, user: User, right: str, rows: Sequence[ReadingIn]) -> None:
        self.user, self.right = user, right
        self.by_account = installations_by_number("account_no", {r.account_no for r in rows if r.account_no})
        self.by_meter = installations_by_number("meter_no", {r.meter_no for r in rows if r.meter_no})
        ids = {one[0] for listed in (*self.by_account.values(), *self.by_meter.values()) for one in listed}
        meters = Installation.objects.select_related("account", "meter").filter(pk__in=ids)
        self.installations = {one.pk: one for one in meters}
        accounts = {one.account_id for one in self.installations.values()}
        sent = Reading.objects.filter(account__in=accounts, client_key__in=[row.client_key for row in rows])
        self.sent = {one.client_key: one for one in sent.select_related("account", "installation__meter")}

    def meant(self, row: ReadingIn) -> Meant:
        """Find the meter of a row; Problem when there is none, or several."""
        if not row.account_no and not row.meter_no:
            raise Problem(_("Give an account number or a meter number."), field="account_no", code="no_meter")
        places = self.by_meter.get(row.meter_no, []) if row.meter_no else self.by_account.get(row.account_no or "", [])
        fitting = [one for one in places if not row.account_no or one[2] == row.account_no]
        if not fitting or (len(fitting) > 1 and not self.reaches(fitting[0][1])):
            raise self.nothing(row)
        if len(fitting) > 1:
            text = _("Account %(no)s has several meters; give the meter number.")
            raise Problem(text % {"no": row.account_no}, field="meter_no", code="several_meters")
        return Meant(row, self.installations[fitting[0][0]], parse_m3(row.index_m3, field="index_m3"))

    def sent_before(self, one: Meant) -> Reading | None:
        """Return the reading that was recorded under the row's key; Problem when that was another one."""
        earlier = self.sent.get(one.row.client_key)
        if earlier is None or not self.reaches(one.installation.account.unit_id):
            return None
        if (earlier.installation_id, earlier.index_l, earlier.taken_on) != one.content:
            raise key_used()
        return earlier

    def reaches(self, unit_id: int) -> bool:
        """Tell whether the right reaches a unit."""
        ids = unit_ids(self.user, self.right)
        return ids is None or unit_id in ids

    def nothing(self, row: ReadingIn) -> Exception:
        """The answer for what does not exist, or not for this token."""
        if not allowed(self.user, self.right):
            return Refused(self.right, _("This token has no right to do this."))
        if not row.meter_no:
            return no_account(row.account_no or "")
        text = _("There is no meter %(no)s in use.")
        return Problem(text % {"no": row.meter_no}, field="meter_no", code="not_found")


def key_used() -> Problem:
    """The answer for a key that stands for another reading."""
    text = _("This client_key was used for another reading. Nothing was recorded; use a new key.")
    return Problem(text, field="client_key", code="key_used")


def record_one(user: User, row: ReadingIn) -> tuple[Reading, bool]:
    """Record a reading, or find the one recorded before; tells whether it is new. Raises Problem, Refused."""
    arrivals = Arrivals(user, RECORD, [row])
    one = arrivals.meant(row)
    earlier = arrivals.sent_before(one)
    if earlier is not None:
        return earlier, False
    try:
        reading = record_reading(
            installation=one.installation,
            index_l=one.index_l,
            taken_on=row.taken_on,
            period=row.period,
            source=SOURCES[row.source],
            note=row.note,
            client_key=row.client_key,
            by=user,
        )
    except Refused:
        if allowed(user, RECORD) and not arrivals.reaches(one.installation.account.unit_id):
            raise arrivals.nothing(row) from None
        raise
    reading.account, reading.installation = one.installation.account, one.installation
    return reading, not reading.repeated


def record_list(user: User, rows: Sequence[ReadingIn]) -> tuple[list[Outcome], set[int]]:
    """Record rows, by sets of one branch and period; a row that is refused does not stop the others.

    Returns what became of each row (its reading, or the Problem), and the numbers of the rows that are new.
    Raises Refused when the user has the right nowhere.
    """
    arrivals = Arrivals(user, RECORD_LIST, rows)
    outcomes: dict[int, Outcome] = {}
    groups, twins = _sorted(arrivals, rows, outcomes)
    for key in sorted(groups):
        outcomes |= _record_group(arrivals, key, groups[key])
    new = {
        number
        for number, found in outcomes.items()
        if isinstance(found, Reading) and found.client_key == rows[number].client_key and _fresh(arrivals, found)
    }
    outcomes |= {number: outcomes[first] for number, first in twins.items()}
    return [outcomes[number] for number in range(len(rows))], new


def _fresh(arrivals: Arrivals, reading: Reading) -> bool:
    return reading.client_key not in arrivals.sent


def _sorted(
    arrivals: Arrivals, rows: Sequence[ReadingIn], outcomes: dict[int, Outcome]
) -> tuple[dict[Group, dict[int, Meant]], dict[int, int]]:
    """Put rows into groups that can be recorded at once; those that need not be get their outcome here.

    A meter comes once in a group, further readings of it in later rounds. Returns also which rows repeat an earlier.
    """
    groups: dict[Group, dict[int, Meant]] = defaultdict(dict)
    twins: dict[int, int] = {}
    keys: dict[UUID, tuple[int, Content]] = {}
    rounds: Counter[tuple[int, int]] = Counter()
    for number, row in enumerate(rows):
        try:
            one = arrivals.meant(row)
            earlier = arrivals.sent_before(one)
            first, content = keys.setdefault(row.client_key, (number, one.content))
            if content != one.content:
                raise key_used()
        except Problem as problem:
            outcomes[number] = problem
            continue
        if earlier is not None:
            outcomes[number] = earlier
        elif first != number:
            twins[number] = first
        else:
            turn = (one.installation.pk, one.period)
            groups[rounds[turn], one.installation.account.unit_id, one.period, SOURCES[row.source]][number] = one
            rounds[turn] += 1
    return groups, twins


def _record_group(arrivals: Arrivals, key: Group, group: dict[int, Meant]) -> dict[int, Outcome]:
    _round, unit_id, period, source = key
    rows = [
        NewReading(one.installation.pk, one.index_l, one.row.taken_on, number, one.row.note, one.row.client_key)
        for number, one in group.items()
    ]
    try:
        found = record_reading_list(unit_id=unit_id, rows=rows, period=period, source=source, by=arrivals.user)
    except Refused:
        if not allowed(arrivals.user, RECORD_LIST) or arrivals.reaches(unit_id):
            raise
        return {number: _as_problem(arrivals.nothing(one.row)) for number, one in group.items()}
    except Problem as problem:
        if len(group) == 1:
            return dict.fromkeys(group, problem)
        # One of them stops the set (its later period is billed, say): each by itself, then.
        return {number: _record_group(arrivals, key, {number: one})[number] for number, one in group.items()}
    outcomes: dict[int, Outcome] = {
        number: Problem(refusal_sentence(why), field="index", code="refused") for number, why in found.refused
    }
    stored = _stored(group, period)
    return outcomes | {number: stored[one.content] for number, one in group.items() if number not in outcomes}


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    raise error


def _stored(group: dict[int, Meant], period: int) -> dict[Content, Reading]:
    """The readings of a group as they are now, by content; the newest where there are two alike."""
    meters = {one.installation.pk: one.installation for one in group.values()}
    accounts = {one.account_id for one in meters.values()}
    rows = Reading.objects.filter(account__in=accounts, installation__in=list(meters), period=period).order_by("seq")
    found: dict[Content, Reading] = {}
    for reading in rows:
        reading.installation = meters[reading.installation_id]
        reading.account = reading.installation.account
        found[reading.installation_id, reading.index_l, reading.taken_on] = reading
    return found
