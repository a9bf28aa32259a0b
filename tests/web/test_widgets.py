"""Fields drawn in Python are those Django's templates draw."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from mainstay.web import widgets

HOSTILE = "<b a=\"1\" c='2'>&"
CHOICES = [
    ("", "---"), (1, _("Search")), (HOSTILE, HOSTILE), (dt.date(2026, 11, 1), dt.date(2026, 11, 1)), (1234567, 1234567),
    (HOSTILE + "group", [("x", "in a group"), ("y", mark_safe("safe &amp; sound"))]), (True, True), (None, None),
]  # fmt: skip
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(), "text"), (forms.TextInput({"class": HOSTILE, "data-n": 7}), HOSTILE), (forms.TextInput(), None),
    (forms.TextInput({"required": True, "disabled": False, "title": _("Search")}), ""), (forms.NumberInput(), 1234567),
    (forms.NumberInput({"step": 0.01}), 12345.5), (forms.DateInput({"type": "date"}), dt.date(2026, 11, 1)),
    (forms.DateTimeInput(), dt.datetime(2026, 11, 1, 12)), (forms.TimeInput(), dt.time(12)), (forms.HiddenInput(), 0),
    (forms.PasswordInput(), "secret"), (forms.PasswordInput(render_value=True), "secret"), (forms.EmailInput(), "a@b"),
    (forms.URLInput(), "http://x/?a=1&b"), (forms.CheckboxInput(), True), (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "yes"), (forms.Select(choices=CHOICES), 1), (forms.Select(choices=CHOICES), "y"),
    (forms.Select({"class": HOSTILE}, CHOICES), HOSTILE), (forms.Select(choices=CHOICES), None),
    (forms.SelectMultiple(choices=CHOICES), [1, "x"]), (forms.NullBooleanSelect(), True),
    (forms.Textarea(), HOSTILE), (forms.RadioSelect(choices=CHOICES), 1), (forms.Select(), None),
    (forms.CheckboxSelectMultiple(choices=CHOICES), [1]), (forms.SplitDateTimeWidget(), dt.datetime(2026, 11, 1, 12)),
    (forms.FileInput(), None), (forms.MultipleHiddenInput(), [1, HOSTILE]),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
def test_a_widget_is_what_django_makes_of_it(widget: forms.Widget, value: Any, language: str) -> None:
    with translation.override(language):
        drawn = widget.render(HOSTILE, value, {"id": "id_x", "aria-label": HOSTILE}, renderer=widgets.Renderer())
        wanted = widget.render(HOSTILE, value, {"id": "id_x", "aria-label": HOSTILE}, renderer=DjangoTemplates())
    assert drawn == wanted


def test_the_site_draws_its_forms_so() -> None:
    assert isinstance(get_default_renderer(), widgets.Renderer)


def test_a_choice_with_a_template_of_its_own_keeps_it() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    made = Own(choices=[(1, "one")])
    assert made.render("n", 1, renderer=widgets.Renderer()) == made.render("n", 1, renderer=DjangoTemplates())


@pytest.mark.parametrize(("required", "choices", "drawn"), [
    (True, [("", "---"), (1, "one")], ["1"]), (True, [("", "---"), (1, "one"), (2, "two")], ["", "1", "2"]),
    (False, [("", "---"), (1, "one")], ["", "1"]), (True, [(1, "one"), (2, "two")], ["1", "2"]),
])  # fmt: skip
def test_a_choice_that_must_be_made_is_made_where_there_is_but_one(
    required: bool, choices: list[Any], drawn: list[str]
) -> None:
    widget = forms.Select(choices=choices)
    widget.is_required = required
    assert re.findall(r'<option value="(.*?)"', widget.render("n", None, renderer=widgets.Renderer())) == drawn
