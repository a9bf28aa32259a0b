"""Reads of budgets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.core.organisation.queries import units_visible_to
from mainstay.performance.plans.models import BudgetEntry, BudgetLine
from mainstay.performance.plans.rules.budget import forecast_fen

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mainstay.core.access.models import User

VIEW_BUDGET = register_right("performance.plans.view_budget", _("View budgets"))
VIEW_CHARTER = register_right("performance.plans.view_charter", _("View charters in preparation"))


def lines_for(user: User, right: str = VIEW_BUDGET) -> QuerySet[BudgetLine]:
    """Budget lines of the units a right reaches, with what lists show of them."""
    rows = BudgetLine.objects.filter(unit__in=units_visible_to(user, right))
    return rows.select_related("unit", "account", "period")


def forecast_of(line: BudgetLine, today: date) -> int:
    """Where a line will end, in fen, when money goes on as it went so far."""
    period = line.period
    days = (period.until_on - period.from_on).days + 1
    gone = min(max((today - period.from_on).days + 1, 0), days)
    return forecast_fen(line.actual_fen, line.committed_fen, gone * 10_000 // days)


def open_commitments(line: BudgetLine) -> list[BudgetEntry]:
    """The commitments of a line that are neither settled nor released: one query."""
    rows = line.entries.filter(kind=BudgetEntry.Kind.COMMIT)
    return list(rows.exclude(uses__kind=BudgetEntry.Kind.RELEASE).order_by("business_on", "id"))
