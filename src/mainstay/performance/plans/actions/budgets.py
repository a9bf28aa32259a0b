"""Budgets: set, committed, spent; beyond the budget only with a second person's approval, and before it happens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.models import BudgetAccount, BudgetEntry, BudgetLine
from mainstay.performance.plans.rules.budget import beyond_fen

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.door.spec import FourEyes
    from mainstay.core.organisation.models import Unit
    from mainstay.performance.plans.models import Period


def _unit(line: BudgetLine | None = None, unit: Unit | None = None, **facts: Any) -> int | None:
    entry = facts.get("commitment")
    if line is None and isinstance(entry, BudgetEntry):
        line = entry.line
    return line.unit_id if line else unit.pk if unit else None


def _about(line: BudgetLine | None = None, **facts: Any) -> str:
    entry = facts.get("commitment")
    pk = line.pk if line else entry.line_id if isinstance(entry, BudgetEntry) else 0
    return f"plans.budgetline:{pk}"


def _second(line: BudgetLine, amount_fen: int, commitment: BudgetEntry | None = None, **_facts: Any) -> FourEyes:
    """Whether an expense waits for a second person: when it would pass the budget of an account that may be passed."""
    line.refresh_from_db()
    over = beyond_fen(line.free_fen, amount_fen, commitment.amount_fen if commitment else 0)
    return "always" if over and line.limited and not line.account.hard else "never"


@action("performance.plans.save_budget_account", title=_("Create or change a budget account"))
def save_budget_account(
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    income: bool = False,
    hard: bool = False,
    account: BudgetAccount | None = None,
    by: User,
) -> BudgetAccount:
    """Create or change an account; `hard`: its budget is never passed. Raises Problem: code taken."""
    code = code.strip().upper()
    if BudgetAccount.objects.filter(code=code).exclude(pk=account.pk if account else 0).exists():
        raise Problem(_("This code is taken. Choose another."), field="code", code="code_taken")
    found = account or BudgetAccount()
    found.code, found.name_zh, found.name_en = code, name_zh.strip(), name_en.strip()
    found.income, found.hard = income, hard
    found.save()
    note_change(after={"code": code, "income": income, "hard": hard})
    return found


@action("performance.plans.set_budget", title=_("Set a budget"), unit=_unit)
def set_budget(*, unit: Unit, account: BudgetAccount, period: Period, amount_fen: int, by: User) -> BudgetLine:
    """Set what a unit may spend (or shall earn) on an account in a period, in fen. Raises Problem: too low."""
    if amount_fen < 0:
        raise Problem(_("A budget is zero or more."), field="amount", code="below_zero")
    lock("plans.budget", unit.pk)
    line = BudgetLine.objects.filter(unit=unit, account=account, period=period).first()
    before = line.amount_fen if line else None
    line = line or BudgetLine(unit=unit, account=account, period=period)
    bound = line.committed_fen + line.actual_fen - line.allowance_fen
    if not account.income and amount_fen < bound:
        text = _("%(bound)s yuan are committed or spent already: the budget cannot be lower.")
        raise Problem(text % {"bound": yuan(bound)}, field="amount", code="bound")
    line.amount_fen, line.limited = amount_fen, not account.income
    line.save()
    note_change(before={"fen": before}, after={"fen": amount_fen, "account": account.code, "period": period.code})
    return line


@action("performance.plans.commit_money", title=_("Commit money of a budget"), unit=_unit, subject=_about,
        amount=lambda amount_fen, **_facts: amount_fen, four_eyes=_second)  # fmt: skip
def commit_money(*, line: BudgetLine, amount_fen: int, text: str, on: date, by: User) -> BudgetEntry:
    """Bind money for an order or contract. Beyond the budget it waits for a second person; refused on hard accounts."""
    beyond = _check(line, amount_fen, text)
    line.committed_fen += amount_fen
    facts = {"amount_fen": amount_fen, "text": text.strip()[:200], "business_on": on}
    return _enter(line, by, kind=BudgetEntry.Kind.COMMIT, beyond=beyond, **facts)


@action("performance.plans.spend_money", title=_("Enter an actual amount"), unit=_unit, subject=_about,
        amount=lambda amount_fen, **_facts: amount_fen, four_eyes=_second)  # fmt: skip
def spend_money(
    *, line: BudgetLine, amount_fen: int, text: str, on: date, commitment: BudgetEntry | None = None, by: User
) -> BudgetEntry:
    """Enter what was spent or earned; with `commitment` what was bound for it is released first. Raises Problem."""
    if commitment is not None:
        _release(line, commitment, on, by)
    beyond = _check(line, amount_fen, text)
    line.actual_fen += amount_fen
    facts = {"amount_fen": amount_fen, "text": text.strip()[:200], "business_on": on, "commitment": commitment}
    return _enter(line, by, kind=BudgetEntry.Kind.ACTUAL, beyond=beyond, **facts)


@action("performance.plans.release_commitment", title=_("Release a commitment"), unit=_unit, subject=_about)
def release_commitment(*, commitment: BudgetEntry, on: date, reason: str, by: User) -> BudgetEntry:
    """Set money free that is no longer needed. Raises Problem: not a commitment, released already."""
    line = commitment.line
    lock("plans.budget", line.unit_id)
    line.refresh_from_db()
    entry = _release(line, commitment, on, by, reason)
    line.save()
    note_change(after={"released_fen": commitment.amount_fen}, reason=reason)
    return entry


def _release(line: BudgetLine, commitment: BudgetEntry, on: date, by: User, reason: str = "") -> BudgetEntry:
    if commitment.kind != BudgetEntry.Kind.COMMIT or commitment.line_id != line.pk:
        raise Problem(_("This is no commitment of this budget."), field="commitment", code="other")
    if commitment.uses.filter(kind=BudgetEntry.Kind.RELEASE).exists():
        raise Problem(_("This commitment was released already."), field="commitment", code="released")
    line.refresh_from_db()
    line.committed_fen -= commitment.amount_fen
    line.save()
    return BudgetEntry.objects.create(
        line=line, kind=BudgetEntry.Kind.RELEASE, amount_fen=commitment.amount_fen, business_on=on,
        text=reason or commitment.text, commitment=commitment, by=by, at=timezone.now(),
    )  # fmt: skip


def _check(line: BudgetLine, amount_fen: int, text: str) -> int:
    """Lock the line; return by how much the expense goes beyond it, once that is allowed."""
    lock("plans.budget", line.unit_id)
    line.refresh_from_db()
    if amount_fen <= 0:
        raise Problem(_("Give an amount above zero."), field="amount", code="not_positive")
    if not text.strip():
        raise Problem(_("Say what the money is for."), field="text", code="empty")
    over = beyond_fen(line.free_fen, amount_fen) if line.limited else 0
    if over and line.account.hard:
        words = _("Only %(free)s yuan are left of this budget, and it may not be passed. Nothing was booked.")
        raise Problem(words % {"free": yuan(max(line.free_fen, 0))}, field="amount", code="beyond")
    line.allowance_fen += over
    return over


def _enter(line: BudgetLine, by: User, *, beyond: int, **facts: Any) -> BudgetEntry:
    line.save()
    note_change(after={"kind": facts["kind"], "fen": facts["amount_fen"], "beyond_fen": beyond})
    return BudgetEntry.objects.create(line=line, beyond=bool(beyond), by=by, at=timezone.now(), **facts)
