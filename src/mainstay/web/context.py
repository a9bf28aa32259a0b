"""Facts every page shows around its content."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from mainstay import __version__
from mainstay.core.home import menu

THEMES = ("light", "dark", "auto")
DENSITIES = ("compact", "normal", "touch")


def address(name: str) -> str:
    """Return the address of a url name, or an empty text when that part is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...], default: str) -> str:
    """Return a display choice from its cookie; anything unknown is the default."""
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else default


def menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu for this person: sections with their items, each with address and whether it is open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    sections = []
    for section, items in menu.items_for(user):
        entries = [{"title": item.title, "url": address(item.url_name)} for item in items]
        entries = [entry for entry in entries if entry["url"]]
        if entries:
            facts = {"title": section.title, "icon": section.icon, "items_list": entries}
            sections.append(facts | ({"only": entries[0]} if len(entries) == 1 else {}))
    _mark_active(sections, request.path)
    return sections


def _mark_active(sections: list[dict[str, Any]], path: str) -> None:
    """Mark the entry whose address is the longest beginning of this path, and its section."""
    entries = [(entry, section) for section in sections for entry in section["items_list"]]
    fitting = [(entry, section) for entry, section in entries if path.startswith(entry["url"])]
    if fitting:
        entry, section = max(fitting, key=lambda pair: len(pair[0]["url"]))
        entry["active"] = section["active"] = True


def header_fact(name: str, user: Any, default: Any) -> Any:
    """Return a fact of the header; when the database cannot tell, the page is shown without it."""
    try:
        return menu.fact(name, user, default)
    except DatabaseError as error:
        structlog.get_logger().warning("header fact failed", fact=name, error=repr(error))
        return default


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `shell`: language, theme, density, menu, company name, to-do count and the addresses of the frame.

    What asks the database is lazy, so that fragments and error pages do not pay for it.
    """
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "shell": {
            "version": __version__,
            "language": language,
            "html_lang": "zh-CN" if language.startswith("zh") else language,
            "languages": settings.LANGUAGES,
            "theme": chosen(request, "theme", THEMES, "light"),
            "density": chosen(request, "density", DENSITIES, "normal"),
            "menu_closed": request.COOKIES.get("menu") == "closed",
            "menu": SimpleLazyObject(lambda: menu_of(request)),
            "company": SimpleLazyObject(lambda: header_fact("company_name", known, "")),
            "todo_count": SimpleLazyObject(lambda: header_fact("todo_count", known, 0)),
            "home_url": address("home:workbench") or "/",
            "search_url": address("home:search"),
            "todos_url": address("todos:todo_list"),
            "profile_url": address("access:profile"),
            "password_url": address("access:password_change"),
            "logout_url": address("access:logout"),
            "login_url": address("access:login"),
            "language_url": address("set_language"),
            "request_id": getattr(request, "request_id", ""),
        }
    }
