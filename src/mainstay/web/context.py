"""Facts every page shows around its content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import get_language

from mainstay import __version__
from mainstay.core.home import menu
from mainstay.web.navigation import drawn_menu
from mainstay.web.pages.addresses import address

THEMES = ("light", "dark", "auto")
ADDRESSES = {
    "home_url": "home:workbench",
    "search_url": "home:search",
    "todos_url": "todos:todo_list",
    "profile_url": "access:profile",
    "password_url": "access:password_change",
    "logout_url": "access:logout",
    "login_url": "access:login",
    "language_url": "set_language",
}
DENSITIES = ("compact", "normal", "touch")


def chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...], default: str) -> str:
    """Return a display choice from its cookie; anything unknown is the default."""
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else default


def header_fact(name: str, user: Any, default: Any) -> Any:
    """Return a fact of the header; when the database cannot tell, the page is shown without it."""
    try:
        return menu.fact(name, user, default)
    except DatabaseError as error:
        structlog.get_logger().warning("header fact failed", fact=name, error=repr(error))
        return default


class Shell(dict[str, Any]):
    """What the shell shows; what asks the database is asked when a template first looks at it."""

    def __init__(self, facts: dict[str, Any], asked: dict[str, Callable[[], Any]]) -> None:
        super().__init__(facts)
        self.asked = asked

    def __missing__(self, name: str) -> Any:
        self[name] = self.asked[name]()
        return self[name]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `shell`: language, theme, density, menu, company name, to-do count and the addresses of the frame.

    What asks the database is lazy, so that fragments and error pages do not pay for it.
    """
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    language = get_language() or settings.LANGUAGE_CODE
    facts = {
        "version": __version__,
        "language": language,
        "html_lang": "zh-CN" if language.startswith("zh") else language,
        "languages": settings.LANGUAGES,
        "theme": chosen(request, "theme", THEMES, "light"),
        "density": chosen(request, "density", DENSITIES, "normal"),
        "menu_closed": request.COOKIES.get("menu") == "closed",
        "request_id": getattr(request, "request_id", ""),
        **{name: address(view) for name, view in ADDRESSES.items()},
    }
    facts["home_url"] = facts["home_url"] or "/"
    asked = {
        "menu": lambda: drawn_menu(known, request.path),
        "company": lambda: header_fact("company_name", known, ""),
        "todo_count": lambda: header_fact("todo_count", known, 0),
    }
    return {"shell": Shell(facts, asked)}
