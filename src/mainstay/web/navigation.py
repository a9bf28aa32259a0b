"""The left menu, drawn once for all who have the same rights: only which entry is open differs from page to page."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from mainstay.core.door import rights
from mainstay.core.home import menu
from mainstay.web.pages.addresses import address

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.door.held import Held


def drawn_menu(user: User | None, path: str) -> SafeString:
    """Return the menu of a person as HTML, the entry of the page at `path` open; nothing for a stranger."""
    if user is None:
        return mark_safe("")
    where = get_language(), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), menu.version()
    return rights.held_by(user).made(("menu", *where), Menu).drawn(path)


class Menu:
    """The menu that some rights show, in one language."""

    def __init__(self, held: Held) -> None:
        found = ((section, _entries(items)) for section, items in menu.items_for(held.rights))
        self.sections = [(section, entries) for section, entries in found if entries]
        places = ((entry["url"], number) for number, (_s, entries) in enumerate(self.sections) for entry in entries)
        self.places = sorted(places, key=lambda place: -len(place[0]))
        self.closed = [self._section(number, "") for number in range(len(self.sections))]
        self.open: dict[str, str] = {}

    def drawn(self, path: str) -> SafeString:
        """Return the menu with the entry open whose address is the longest beginning of this path.

        A page that no entry leads to opens the section of its app; where there is none, the home page is open.
        """
        root = get_script_prefix()
        app = f"{root}{path.removeprefix(root).partition('/')[0]}/"
        own = ((url, number) for url, number in self.places if url != root and path.startswith(url))
        near = ((app, number) for url, number in reversed(self.places) if url != root and url.startswith(app))
        home = ((url, number) for url, number in self.places if url == root)
        found = next(chain(own, near, home), None)
        if found is None:
            return mark_safe("".join(self.closed))  # noqa: S308 - rendered templates
        url, number = found
        if url not in self.open:
            self.open[url] = self._section(number, url)
        pieces = [*self.closed[:number], self.open[url], *self.closed[number + 1 :]]
        return mark_safe("".join(pieces))  # noqa: S308 - rendered templates

    def _section(self, number: int, active: str) -> str:
        section, entries = self.sections[number]
        facts = {"section": section, "entries": entries, "active": active}
        return render_to_string("web/parts/menu_section.html", facts)


def _entries(items: list[menu.MenuItem]) -> list[dict[str, Any]]:
    """Titles and addresses; an entry whose part is not installed is left out."""
    found = [{"title": item.title, "url": address(item.url_name)} for item in items]
    return [entry for entry in found if entry["url"]]
