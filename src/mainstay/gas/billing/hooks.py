"""What other parts do with new bills, in the same transaction: the ledger posts them, payments settles advances.

Billing lies left of both, so they register here; billing never imports them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Cursor(Protocol):
    """What a hook may use of the cursor it is given; statements use %s for parameters on both databases."""

    @property
    def rowcount(self) -> int:
        """Rows touched by the last statement."""
        ...

    def execute(self, statement: str, parameters: Any = ...) -> Any:
        """Run one statement."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Rows of the last SELECT."""
        ...


AfterBills = Callable[[Cursor, str], None]
ACCRUED = "billing_work_accrued"
"""The table that holds late fees which a run accrued and which are documents only now: posted once already, in sum."""


@dataclass(frozen=True, slots=True)
class _Hook:
    order: int
    name: str
    function: AfterBills
    collectable_only: bool


_hooks: list[_Hook] = []


def after_bills(order: int, function: AfterBills, *, collectable_only: bool = False) -> None:
    """Register `function(cursor, table)`; lower `order` runs first. Registering it again changes nothing.

    With `collectable_only` it is not called for bills of a run, which cannot be collected before the run's release.

    `table` is a temporary table with one row per new bill: the columns of billing_bill (`account_id, period, seq,
    kind, run_id, unit_id, amount_fen, vat_fen, issued_on, due_on, business_on, refers_seq, …`). Bills, charge lines
    and open items are in their tables already. Work by sets: a billing run calls this once per chunk. In the table
    named ACCRUED are late fees whose revenue was posted before.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    if all(hook.name != name for hook in _hooks):
        _hooks.append(_Hook(order, name, function, collectable_only))
        _hooks.sort(key=lambda hook: (hook.order, hook.name))


def run_after_bills(cursor: Cursor, table: str, *, collectable: bool) -> None:
    """Call every hook in order (the engine does this after inserting bills)."""
    for hook in _hooks:
        if collectable or not hook.collectable_only:
            hook.function(cursor, table)


AfterRelease = Callable[[Any], Any]
_release_hooks: list[AfterRelease] = []


def after_release(function: AfterRelease) -> None:
    """Register `function(run)`, called by a job after a run was released; it must be harmless to repeat."""
    if function not in _release_hooks:
        _release_hooks.append(function)


def run_after_release(run: Any) -> None:
    """Call what others do once a run's bills can be collected."""
    for function in _release_hooks:
        function(run)
