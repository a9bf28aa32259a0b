"""The supplies now, their course, times on battery, whether the yearly test is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.power.models import Discharge, Outage, Sample
from mainstay.continuity.power.rules import State, forecast, judge
from mainstay.continuity.site.queries import declared
from mainstay.continuity.site.rules.declaration import Ups
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen
from mainstay.core.door import register_right

VIEW = register_right("continuity.power.view_power", _("View the power supply"))
FRESH = timedelta(minutes=3)
YEAR = timedelta(days=366)
SOON = timedelta(days=30)
DAY = timedelta(days=1)


def state_of_sample(sample: Sample | None) -> State:
    """A sample as a state; none says nothing."""
    if sample is None:
        return State((), None, None, None, None)
    return State(tuple(sample.status.split()), sample.charge, sample.load, sample.runtime_s, None)


@dataclass(frozen=True, slots=True)
class Supply:
    """A supply on the page: its newest sample and verdict, seconds until it is empty by the line of its charge."""

    ups: Ups
    sample: Sample | None
    seen: Seen
    empty_in_s: int | None


def supplies(now: datetime) -> list[Supply]:
    """Every declared supply as it is: a query or two for each."""
    site = declared()
    found = []
    for ups in site.ups if site else ():
        sample = Sample.objects.filter(ups=ups.name, at__gte=now - FRESH).order_by("-at").first()
        state = state_of_sample(sample)
        left = empty_in(ups.name, now) if state.on_battery else None
        found.append(Supply(ups, sample, judge(ups.name, state, ups.runtime_s, ups.design_load), left))
    return found


def empty_in(name: str, now: datetime) -> int | None:
    """Seconds until a supply's charge is gone, by its course since it went on battery: two queries."""
    outage = Outage.objects.filter(open=True).first()
    if outage is None:
        return None
    rows = Sample.objects.filter(ups=name, at__gte=outage.began_at, charge__isnull=False).order_by("at")
    return forecast([(round((one.at - outage.began_at).total_seconds()), one.charge or 0) for one in rows])


def look(now: datetime) -> Iterable[Seen]:
    """The probe of supplies."""
    found = [one.seen for one in supplies(now)]
    return found or [Seen("supply", UNKNOWN, "no supply is declared", "尚未声明电源")]


def look_at_tests(now: datetime) -> Iterable[Seen]:
    """The probe of discharge tests: every supply has passed one within a year."""
    site = declared()
    for ups in site.ups if site else ():
        newest = Discharge.objects.filter(ups=ups.name).order_by("-began_at").first()
        name = f"discharge test {ups.name}"
        if newest is None:
            yield Seen(name, RED, "was never made; plan one", "从未做过放电试验；请安排")
        elif not newest.passed:
            yield Seen(
                name, RED, "was not passed; mend the battery and test again", "未通过；请更换电池后重测", f"{newest}"
            )
        elif now - newest.began_at > YEAR:
            yield Seen(name, RED, "is older than a year", "已超过一年", f"{newest.began_at:%Y-%m-%d}")
        elif now - newest.began_at > YEAR - SOON:
            yield Seen(name, AMBER, "is due within a month", "一个月内到期", f"{newest.began_at:%Y-%m-%d}")
        else:
            yield Seen(name, GREEN, figure=f"{newest.began_at:%Y-%m-%d}")


def course(name: str, since: datetime, until: datetime, most: int = 240) -> list[Sample]:
    """Samples of a time, thinned to so many: one query."""
    rows = list(Sample.objects.filter(ups=name, at__gte=since, at__lte=until).order_by("at"))
    return rows[:: max(1, -(-len(rows) // most))]
