"""The registry of the left menu (主菜单) and of the few facts the page header shows.

Apps register entries in their `AppConfig.ready`; the web shell asks `items_for(rights)`. The registry is
plain data: no models, no templates.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """A first-level entry: a word with an icon; shown when the user may see one of its items."""

    key: str
    title: Any
    icon: str
    order: int


@dataclass(frozen=True)
class MenuItem:
    """A second-level entry. `right` None means every person who is logged in."""

    key: str
    title: Any
    url_name: str
    right: str | None
    section: str
    icon: str = ""
    order: int = 100


SECTIONS: dict[str, Section] = {}
ITEMS: dict[str, MenuItem] = {}
FACTS: dict[str, Callable[[Any], Any]] = {}
_registrations = 0


def version() -> int:
    """Return a number that is another one after every registration: what is made of the entries is kept with it."""
    return _registrations


def _count() -> None:
    global _registrations  # noqa: PLW0603 - the one number beside the registry
    _registrations += 1


def register_section(section: Section) -> Section:
    """Add or replace a first-level entry."""
    SECTIONS[section.key] = section
    _count()
    return section


def register(item: MenuItem) -> MenuItem:
    """Add a second-level entry; registering the same key again replaces it."""
    ITEMS[item.key] = item
    _count()
    return item


def register_fact(name: str, provider: Callable[[Any], Any]) -> None:
    """Let the shell show a fact. Known names: `company_name`, `todo_count`; the provider gets the user."""
    FACTS[name] = provider


def fact(name: str, user: Any, default: Any = None) -> Any:
    """Return a registered fact for the user, or the default when no app provides it."""
    provider = FACTS.get(name)
    return default if provider is None else provider(user)


def items_for(rights: Container[str]) -> list[tuple[Section, list[MenuItem]]]:
    """Return the sections in order, each with the items that these rights show; empty ones are left out."""
    seen: dict[str, list[MenuItem]] = {}
    for item in sorted(ITEMS.values(), key=lambda entry: (entry.order, entry.key)):
        if item.right is None or item.right in rights:
            seen.setdefault(item.section, []).append(item)
    known = [SECTIONS.get(key) or Section(key, key, "list", 999) for key in seen]
    return [(section, seen[section.key]) for section in sorted(known, key=lambda entry: (entry.order, entry.key))]


for _section in (
    Section("work", _("My work"), "home", 10),
    Section("counter", _("Counter"), "cash-register", 20),
    Section("customers", _("Customers"), "users", 30),
    Section("meters", _("Meters"), "gauge", 40),
    Section("readings", _("Readings"), "checklist", 50),
    Section("tariffs", _("Tariffs"), "scale", 60),
    Section("billing", _("Billing"), "file-invoice", 70),
    Section("ledger", _("Ledger"), "book", 80),
    Section("reports", _("Reports"), "chart-bar", 90),
    Section("organisation", _("Organisation"), "building", 200),
    Section("system", _("System"), "settings", 300),
):
    register_section(_section)
