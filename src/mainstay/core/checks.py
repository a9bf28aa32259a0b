"""Checks of the data that `mainstay check` runs: each app registers its own.

    @check("ledger", title=_("Every posting balances"))
    def ledger_balances() -> Iterator[Finding]: ...

A check only reads. It lives in the app's `checks.py`, which is found by its name, as Django finds `admin.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a translated text for people, and the row it is about (`billing.bill:17`)."""

    text: Any
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A named reading check; `title` is a lazy translated text."""

    name: str
    title: Any
    find: Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found, in how many seconds."""

    check: Check
    findings: list[Finding]
    seconds: float


_checks: dict[str, Check] = {}


def check(name: str, *, title: Any) -> Callable[[Callable[[], Iterable[Finding]]], Callable[[], Iterable[Finding]]]:
    """Register a function as the check `name`; a name taken by another function is a mistake (ValueError)."""

    def register(find: Callable[[], Iterable[Finding]]) -> Callable[[], Iterable[Finding]]:
        taken = _checks.get(name)
        if taken and (taken.find.__module__, taken.find.__qualname__) != (find.__module__, find.__qualname__):
            raise ValueError(f"check {name!r} is already {taken.find.__module__}.{taken.find.__qualname__}")
        _checks[name] = Check(name, title, find)
        return find

    return register


def registered() -> dict[str, Check]:
    """Return every check by name, in the order of names."""
    autodiscover_modules("checks")
    return dict(sorted(_checks.items()))


def run(checks: Iterable[Check]) -> Iterator[Outcome]:
    """Run checks one after the other; one that breaks down is a finding itself, never a silent pass."""
    for one in checks:
        begun = time.monotonic()
        try:
            findings = list(one.find())
        except Exception as error:
            text = _("The check itself broke down: {error}").format(error=f"{type(error).__name__}: {error}")
            findings = [Finding(text)]
        yield Outcome(one, findings, time.monotonic() - begun)
