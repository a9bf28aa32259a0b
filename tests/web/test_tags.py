"""Numbers, dates and states as they are shown; the menu; the storage of static files."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from mainstay.core.door.held import Held
from mainstay.core.home import menu
from mainstay.web import context
from mainstay.web.navigation import drawn_menu
from mainstay.web.pages import steps_of
from mainstay.web.templatetags import mainstay as tags


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-50, "−0.50"), (None, "–")]
)
def test_money(fen: int | None, shown: str) -> None:
    assert f">{shown}<" in tags.money(fen)
    assert ("ms-negative" in tags.money(fen)) == (fen is not None and fen < 0)


@pytest.mark.parametrize(("litres", "shown"), [(0, "0"), (43500, "43.5"), (-1000, "−1"), (1234567890, "1,234,567.89")])
def test_volume(litres: int, shown: str) -> None:
    assert f">{shown}<" in tags.volume(litres)


@pytest.mark.parametrize(("e4", "shown"), [(26100, "2.61"), (26125, "2.6125"), (30000, "3.00"), (-1, "−0.0001")])
def test_price(e4: int, shown: str) -> None:
    assert f">{shown}<" in tags.price(e4)


def test_instants_are_shown_in_local_time() -> None:
    at = datetime(2026, 11, 22, 17, 5, 9, tzinfo=UTC)
    assert ">2026-11-23 01:05<" in tags.instant(at)
    assert ">2026-11-23<" in tags.day(at)
    assert ">2026-01-02<" in tags.day(date(2026, 1, 2))


def test_a_badge_has_a_word_and_an_icon_and_is_escaped() -> None:
    html = tags.badge("<b>", "red")
    assert "&lt;b&gt;" in html
    assert "<svg" in html


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError):
        tags.icon("no-such-icon")


def test_steps_before_the_state_are_done() -> None:
    path = [("a", "A"), ("b", "B"), ("c", "C")]
    assert [step.state for step in steps_of(path, "b")] == ["done", "current", "todo"]
    assert [step.state for step in steps_of(path, "c")] == ["done", "done", "done"]
    assert [step.state for step in steps_of(path, "b", stopped=True)] == ["done", "stopped", "todo"]
    assert [step.state for step in steps_of(path, "off")] == ["todo", "todo", "todo"]


def test_the_menu_hides_what_the_person_may_not_see_and_marks_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "ITEMS", {})
    menu.register(menu.MenuItem("a", "List", "test:list", "test.view", "billing"))
    menu.register(menu.MenuItem("b", "Form", "test:form", "test.add", "billing", order=50))
    menu.register(menu.MenuItem("c", "Steps", "test:steps", "test.no", "ledger"))
    person: Any = SimpleNamespace(_held=Held({"test.view": (), "test.add": ()}, {}))
    with translation.override("en"):
        drawn, elsewhere = drawn_menu(person, "/test/list/7/"), drawn_menu(person, "/test/")
    section = re.compile(r"<details open>.*?<span>Billing</span>.*</details>", re.DOTALL)
    assert section.fullmatch(drawn.strip())
    entries = re.findall(r'<a href="([^"]+)"( aria-current="page")?>(\w+)</a>', drawn)
    assert [(title, bool(active)) for _url, active, title in entries] == [("Form", False), ("List", True)]
    assert "aria-current" not in elsewhere
    assert "<details open>" in elsewhere, "no entry leads to this page: the section of its app is open"
    assert drawn_menu(None, "/test/list/7/") == ""


def test_display_choices_come_from_cookies_and_nothing_else_gets_in() -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": "dark", "density": '"><script>'}
    assert context.chosen(request, "theme", context.THEMES, "light") == "dark"
    assert context.chosen(request, "density", context.DENSITIES, "normal") == "normal"
