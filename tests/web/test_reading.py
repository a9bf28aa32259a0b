"""What is worked out once a column gives the same as the library and Django give cell by cell."""

from __future__ import annotations

from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django.db.models import Model
from django.template import Context
from django.test.utils import isolate_apps
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person
from mainstay.web.pages import BadgeColumn
from mainstay.web.pages.addresses import place
from mainstay.web.pages.reading import UNKNOWN, reader_of
from mainstay.web.pages.rows import body
from mainstay.web.pages.words import choice_words
from tests.web.test_rows import BY_TEMPLATE

PERSON = Person(pk=7, staff_no="7", name="<b>")
USERS = [User(pk=3, username="a&b", kind="person", person=PERSON), User(pk=4, username="bare", kind="odd")]


class UserTable(tables.Table):
    """Choices, relations that are empty, methods, links by key, words that are not choices."""

    username = tables.Column(linkify=("access:user_detail", [tables.A("pk")]))
    kind = tables.Column()
    shown = tables.Column(accessor="get_kind_display")
    badge = BadgeColumn(accessor="kind", hues={"person": "green"})
    name = tables.Column(accessor="person__name", linkify=lambda record: record.person_id and f"/p/{record.pk}?a=1&b=2")
    staff = tables.Column(
        accessor="person__staff_no", default="none", attrs={"a": {"class": "x"}},
        linkify=("access:user_detail", [tables.A("pk")]),
    )  # fmt: skip
    method = tables.Column(accessor="is_authenticated")
    called = tables.Column(accessor="get_username")
    missing = tables.Column(accessor="person__nothing", linkify=lambda record: "/never/")

    class Meta:
        row_attrs = {"data-pk": "all"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rows_of_models_are_the_same(language: str) -> None:
    with translation.override(language):
        expected = BY_TEMPLATE.render(Context({"table": UserTable(USERS)}))
        found = body(UserTable(USERS), Context({}))
    assert found.replace("\n    <tr", "<tr") == expected
    assert "&lt;b&gt;" in found and reverse("access:user_detail", args=[3]) in found and "odd" in found


def test_words_follow_the_language() -> None:
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words = choice_words(User, "kind")
            assert words is not None
            found.append(words["person"])
            assert words["person"] == User(kind="person").get_kind_display()
    assert found[0] != found[1]


@isolate_apps("mainstay.web")
def test_a_model_s_own_words_are_left_to_it() -> None:
    class Own(Model):
        kind = User._meta.get_field("kind").clone()

        class Meta:
            app_label = "web"

        def get_kind_display(self) -> str:
            return "own"

    assert choice_words(Own, "kind") is None
    assert choice_words(User, "username") is None and choice_words(User, "nothing") is None


def test_what_is_no_plain_way_is_left_to_the_library() -> None:
    assert reader_of(User, tables.A("grants__pk")) is None
    assert reader_of(SimpleNamespace, tables.A("x")) is None
    methods, missing = reader_of(User, tables.A("get_username")), reader_of(User, tables.A("nothing"))
    assert methods is not None and methods(USERS[0]) is UNKNOWN
    assert missing is not None and missing(USERS[0]) is UNKNOWN
    by_key = reader_of(dict, tables.A("user__person__name"))
    assert by_key is not None
    assert by_key({"user": USERS[0]}) == "<b>" and by_key({"user": USERS[1]}) is None and by_key({}) is UNKNOWN
    assert by_key({"user__person__name": 5}) == 5


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        ("payments:payment_detail", (12, 3)), ("billing:bill_detail", (1, 202611, 0)), ("home:workbench", ()),
        ("customers:account_detail", (10**12,)),
    ],
)  # fmt: skip
def test_places_are_what_reverse_gives(view: str, arguments: tuple[int, ...]) -> None:
    for _time in range(2):
        assert place(view, *arguments) == reverse(view, args=arguments)


def test_places_of_other_things_go_through_reverse() -> None:
    assert place("access:user_detail", "3") == reverse("access:user_detail", args=["3"])
    for view, argument in (("access:user_detail", "no number"), ("access:user_detail", -1), ("nowhere", 1)):
        with pytest.raises(NoReverseMatch):
            place(view, argument)


def test_a_related_row_is_read_as_it_is() -> None:
    read = reader_of(User, tables.A("person"))
    assert read is not None and read(USERS[0]) is PERSON and read(USERS[1]) is None
