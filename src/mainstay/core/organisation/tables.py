"""Lists of people, posts and holdings."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Holding, Person, Post
from mainstay.web.pages import CodeColumn, CountColumn, DayColumn


class PersonTable(tables.Table):
    """People with the posts they hold today."""

    staff_no = CodeColumn(linkify=("organisation:person_detail", [tables.A("pk")]))
    posts = tables.Column(empty_values=(), verbose_name=_("posts"), orderable=False)
    joined_on = DayColumn(orderable=False)
    left_on = DayColumn(orderable=False)

    class Meta:
        model = Person
        fields = ("staff_no", "name", "posts", "joined_on", "left_on")
        order_by = "staff_no"

    def render_posts(self, record: Person) -> str:
        """Show unit and post of every holding in force (prefetched by the page)."""
        return "、".join(f"{one.post.unit} {one.post}" for one in getattr(record, "current_holdings", [])) or "–"


class PostTable(tables.Table):
    """Posts of a unit."""

    code = CodeColumn(orderable=False)
    name = tables.Column(accessor="name", orderable=False, verbose_name=pgettext_lazy("thing", "name"))
    people = CountColumn(orderable=False, verbose_name=_("people"))

    class Meta:
        model = Post
        fields = ("code", "name", "people")


class HoldingTable(tables.Table):
    """Posts of a person, past and present."""

    unit = tables.Column(accessor="post__unit__name", orderable=False, verbose_name=_("unit"))
    post = tables.Column(accessor="post__name", orderable=False, verbose_name=_("post"))
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    end = tables.Column(
        accessor="pk",
        linkify=("organisation:holding_end", [tables.A("pk")]),
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = Holding
        fields = ("unit", "post", "from_on", "until_on", "end")

    def render_end(self) -> Any:
        """Word of the link."""
        return _("End")
