"""The pieces a page is declared from: buttons, facts, sections, steps, log lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.core.door import rights


def act_on(act: Any, thing: Any) -> str:
    """Return the heading of a form: what is done, and to what."""
    return _("%(act)s: %(thing)s") % {"act": act, "thing": thing}


LONG = 45  # bytes: 15 Chinese characters, which are as wide as two or three Latin ones


@dataclass(frozen=True)
class Button:
    """Something the person can do: verb and object as label, an address, and the right it needs.

    `url` is an address, or a url name with `args`. `method="post"` makes a small form of it (for acts without
    further input); acts that need a reason lead to a form page instead. `primary`: at most one a page.
    `key` is the keyboard key that presses it, printed on it.
    """

    label: Any
    url: str
    args: tuple[Any, ...] = ()
    right: str | None = None
    icon: str = ""
    primary: bool = False
    danger: bool = False
    method: str = "get"
    key: str = ""
    new_tab: bool = False

    @property
    def href(self) -> str:
        """Return the address; url names are resolved."""
        return self.url if self.url.startswith(("/", "?", "#")) else reverse(self.url, args=self.args)


def usable(buttons: Sequence[Button], user: Any) -> list[Button]:
    """Return the buttons the user has the right to press."""
    return [button for button in buttons if button.right is None or rights.allowed(user, button.right)]


@dataclass(frozen=True)
class Fact:
    """One labelled value. `kind`: text, money (fen), volume (litres), price (e4), date, instant, code, badge.

    With `reveal_url` the value is shown masked, and a button posts to that address; the answer (a fragment)
    takes its place. The action behind the address writes the audit row.
    """

    label: Any
    value: Any
    kind: str = "text"
    href: str = ""
    reveal_url: str = ""
    hue: str = "grey"
    copy: bool = False

    @property
    def is_long(self) -> bool:
        """Tell whether the value is a text that takes the room of two."""
        return isinstance(self.value, str) and len(self.value.encode()) > LONG


@dataclass(frozen=True)
class Section:
    """A part of a detail page: facts, or a table, or a template, or an address loaded when it becomes visible."""

    title: Any
    facts: Sequence[Fact] = ()
    table: Any = None
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    key: str = ""
    count: int | None = None
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class Step:
    """A step of a steps bar. `state`: done, current, todo, or stopped."""

    title: Any
    state: str = "todo"
    note: Any = ""


@dataclass(frozen=True)
class LogLine:
    """A line of the operation log (操作日志): when, who, what, and the change in words."""

    at: Any
    who: Any
    what: Any
    note: Any = ""
    refused: bool = False


@dataclass(frozen=True)
class FirstUse:
    """The face of a list that has no rows yet: what it is for, and the button that makes the first one."""

    title: Any
    text: Any
    button: Button | None = None

    @property
    def buttons(self) -> Sequence[Button]:
        """The button, for those who may press it."""
        return [self.button] if self.button else []


@dataclass(frozen=True)
class BatchAction:
    """An act on the chosen rows of a list.

    `run(request, queryset)` calls the action and returns what happened as a translated text, or a response.
    """

    key: str
    label: Any
    run: Callable[[Any, Any], Any]
    right: str | None = None
    icon: str = ""
    primary: bool = False
    danger: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a result page tells: done or waiting or failed, in words, with facts and the next actions."""

    title: Any
    text: Any = ""
    hue: str = "green"
    facts: Sequence[Fact] = ()
    buttons: Sequence[Button] = ()


LogProvider = Callable[[Any, Any], Sequence[LogLine]]
_log_provider: list[LogProvider] = []


def register_log_provider(provider: LogProvider) -> None:
    """Tell detail pages where the operation log of a subject comes from: provider(subject, user)."""
    _log_provider[:] = [provider]


def log_of(subject: Any, user: Any) -> Sequence[LogLine]:
    """Return the operation log lines of a subject, newest first."""
    return _log_provider[0](subject, user) if _log_provider else ()
