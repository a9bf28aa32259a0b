"""The story the demonstration tells: a company, two years, and one month's main job, each step timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.apps import apps
from django.db import transaction
from rich.console import Console
from rich.table import Table

from mainstay.commands.words import _
from mainstay.core import checks
from mainstay.core.access.models import User
from mainstay.demo import arrears, bank, company, fourr, history, life, mainjob, service
from mainstay.kit.dates import add_months, local_today, period_of
from mainstay.kit.progress import progress

YEARS_OF_HISTORY = 2
Step = tuple[str, str, float]
T = TypeVar("T")


class Teller:
    """Runs steps, says them aloud, remembers how long each took."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.steps: list[Step] = []

    def step(self, title: str, work: Callable[[], str]) -> None:
        """Run one step; `work` returns what became of it in one line."""
        self.console.print(f"[bold]{title}[/bold]")
        began = time.perf_counter()
        result = work()
        self.steps.append((title, result, time.perf_counter() - began))
        self.console.print(f"  {result}")


def tell(accounts: int, console: Console) -> list[Step]:
    """Load what is not there yet and run the main job of this month; returns the steps with their seconds."""
    teller = Teller(console)
    now = period_of(local_today())
    first = add_months(now, -12 * YEARS_OF_HISTORY)
    teller.step(_("Company: units, roles, people, tariffs"), _company)
    if apps.is_installed("mainstay.performance.appraisal"):
        teller.step(_("Posts: descriptions, processes, qualifications"), _posts)
        teller.step(_("Last year's appraisal"), _appraisal)
    teller.step(
        _("Customers, meters, books"),
        lambda: _("{count:,} accounts").format(count=history.open_accounts(accounts, first)),
    )
    teller.step(_("Two years of readings, bills and payments"), lambda: _past(first, now))
    for title, work in mainjob.steps(now):
        teller.step(title, work)
    teller.step(_("Service centre: cases, a contract"), _service)
    teller.step(_("Accounts that leave, easier terms, who pays late"), _life)
    teller.step(_("Finance: a month closed"), lambda: life.close_first_month(first))
    teller.step(_("Arrears: rounds of dunning, promises, a stop order"), _arrears)
    teller.step(_("Bank line: a day of messages, a reconciliation"), bank.tell)
    if fourr.switched_on():
        teller.step(_("4R of a service company: contracts, values, sessions"), _fourr)
    teller.step(_("Inspection of all cash vaults: two campaigns"), _inspections)
    if apps.is_installed("mainstay.continuity.regime"):
        teller.step(_("Operational safety: terminals, signatures, power, rules"), _safety)
    return teller.steps


def _safety() -> str:
    from mainstay.demo import safety

    with transaction.atomic():
        return safety.tell()


def _service() -> str:
    with transaction.atomic():
        return service.tell()


def _life() -> str:
    with transaction.atomic():
        return life.tell()


def _arrears() -> str:
    with transaction.atomic():
        return arrears.tell()


def _fourr() -> str:
    with transaction.atomic():
        return _("{count} signed contracts").format(count=fourr.load())


def _company() -> str:
    with transaction.atomic():
        return _("{count} people, every role has a log-in").format(count=company.load_company())


def _posts() -> str:
    from mainstay.demo.responsibility import load_responsibility

    with transaction.atomic():
        return _("{count} job descriptions in force").format(count=load_responsibility())


def _appraisal() -> str:
    from mainstay.demo.appraised import load_appraisal

    with transaction.atomic():
        return _("{count} people appraised").format(count=load_appraisal())


def _inspections() -> str:
    from mainstay.demo.inspection import load_inspections

    with transaction.atomic():
        targets, found = load_inspections()
    return _("{targets} inspections, {found} hazards; the bulletin waits for the second seal").format(
        targets=targets, found=found
    )


def _past(first: int, now: int) -> str:
    months = history.months(first, now)
    bills = 0
    with progress(_("Months")) as bar:
        for done, period in enumerate(months):
            bar.update(done, len(months), str(period))
            bills += history.live_through(period)
        bar.update(len(months), len(months))
    return _("{months} months, {bills:,} bills").format(months=len(months), bills=bills)


def findings() -> list[str]:
    """What the product's own checks of the data find: nothing, or lines to show."""
    return [str(finding.text) for outcome in checks.run(checks.registered().values()) for finding in outcome.findings]


def log_ins() -> Table:
    """The log-ins of the demonstration, one of each role."""
    secret = company.password()
    table = Table(title=_("Log-ins of the demonstration (password of all: {password})").format(password=secret))
    for title in (_("log-in"), _("name"), _("post")):
        table.add_column(title)
    for user in User.objects.filter(kind=User.Kind.PERSON).select_related("person"):
        holding = user.person.holdings.select_related("post").first() if user.person else None
        table.add_row(user.username, str(user), holding.post.name if holding else "")
    return table
