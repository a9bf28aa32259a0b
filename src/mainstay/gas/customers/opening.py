"""What belongs to opening an account beyond customer and address: each app that knows a part of it adds a step.

Billing terms, the meter and the place in a book are made by the apps that own them, in the account's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.customers.models import Account


@dataclass(frozen=True)
class Place:
    """What is settled before the further steps: the branch, the kind of use, the day."""

    unit: Unit
    category: str
    opened_on: date


@dataclass(frozen=True)
class OpeningStep:
    """A part of an opening.

    `form()` returns the form class; it takes a keyword `place` (a Place) besides the usual arguments. `apply` gets the
    new account (state active, opened), the form's cleaned data (`data`) and `by`, and calls the app's own actions.
    """

    key: str
    title: Any
    form: Callable[[], Any]
    apply: Callable[[Account, Mapping[str, Any], User], object]
    order: int = 100


_steps: dict[str, OpeningStep] = {}


def register_step(step: OpeningStep) -> OpeningStep:
    """Add a step; registering the same key again replaces it."""
    _steps[step.key] = step
    return step


def opening_steps() -> list[OpeningStep]:
    """Return the steps in order."""
    return sorted(_steps.values(), key=lambda one: (one.order, one.key))
