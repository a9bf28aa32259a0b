"""What is kept of a template follows from the named values and the language, and from nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from mainstay.web.templatetags import kept


def rendered(template: Template, **facts: Any) -> str:
    return str(template.render(Context(facts)))


def test_nothing_but_the_named_values_gets_in() -> None:
    made = Template(
        "{% kept name=who.name %}{{ name }}|{{ who }}|{{ csrf_token }}|{{ request }}{% endkept %}{{ who.name }}"
    )
    for name in ("Li", "Wang", "Li"):
        facts = {"who": {"name": name}, "csrf_token": name, "request": RequestFactory().get(f"/{name}")}
        assert rendered(made, **facts) == f"{name}|||{name}"


def test_a_value_that_differs_in_kind_only_is_another_one() -> None:
    made = Template("{% kept v=value %}{{ v }}{% endkept %}")
    values = (1, True, "1", "True", "<b>", mark_safe("<b>"), None, "None", 0, False, "")
    for _twice in range(2):
        assert [rendered(made, value=value) for value in values] == [
            "1", "True", "1", "True", "&lt;b&gt;", "<b>", "None", "None", "0", "False", "",
        ]  # fmt: skip


def test_each_language_has_its_own() -> None:
    made = Template('{% kept %}{% translate "Search" %}{% endkept %}')
    for _twice in range(2):
        for language, word in (("en", "Search"), ("zh-hans", "搜索")):
            with translation.override(language):
                assert rendered(made) == word


def test_rows_and_lists_are_refused() -> None:
    made = Template("{% kept v=value %}{{ v }}{% endkept %}")
    with pytest.raises(TemplateSyntaxError):
        rendered(made, value=["a"])
    with pytest.raises(TemplateSyntaxError):
        Template("{% kept value %}{% endkept %}")


def test_the_number_of_renderings_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    made = Template("{% kept v=value %}{{ v }}{% endkept %}")
    assert [rendered(made, value=number) for number in range(10)] == [str(number) for number in range(10)]
    [node] = made.nodelist.get_nodes_by_type(kept.Kept)
    assert isinstance(node, kept.Kept)
    assert len(node.made) <= 3
