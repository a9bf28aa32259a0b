"""Lists of users, roles, grants and keys."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import ApiToken, Grant, Role, RoleRight, User
from mainstay.core.door import catalogue
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn, MoneyColumn


class UserTable(tables.Table):
    """Users."""

    username = CodeColumn(linkify=("access:user_detail", [tables.A("pk")]), verbose_name=_("log-in name"))
    person = tables.Column(accessor="person__name", verbose_name=_("person"), orderable=False)
    is_active = BadgeColumn(
        hues={True: "green", False: "red"}, words={True: _("may log in"), False: _("locked")}, verbose_name=_("state")
    )
    last_login = InstantColumn(verbose_name=_("last log-in"), orderable=False)

    class Meta:
        model = User
        fields = ("username", "person", "kind", "is_active", "last_login")
        order_by = "username"


class RoleTable(tables.Table):
    """Roles with how much they hold."""

    code = CodeColumn(linkify=("access:role_detail", [tables.A("pk")]))
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "name"), orderable=False)
    rights_count = CountColumn(verbose_name=_("rights"), orderable=False)
    grants_count = CountColumn(verbose_name=_("grants"), orderable=False)
    protected = BadgeColumn(
        hues={True: "amber", False: "grey"},
        words={True: _("administrator"), False: _("business")},
        verbose_name=_("kind"),
    )

    class Meta:
        model = Role
        fields = ("code", "name", "protected", "rights_count", "grants_count")
        order_by = "code"


class RightTable(tables.Table):
    """Rights of one role."""

    title = tables.Column(accessor="right", verbose_name=_("right"), orderable=False)
    right = CodeColumn(verbose_name=pgettext_lazy("thing", "name"), orderable=False)
    scope = tables.Column(orderable=False)
    limit_fen = MoneyColumn(verbose_name=_("limit (yuan)"), orderable=False)

    class Meta:
        model = RoleRight
        fields = ("title", "right", "scope", "limit_fen")

    def render_title(self, value: str) -> Any:
        """Show the words of the right."""
        spec = catalogue().get(value)
        return spec.title if spec else value


class GrantTable(tables.Table):
    """Who has a role."""

    receiver = tables.Column(accessor="pk", verbose_name=_("given to"), orderable=False)
    role = tables.Column(accessor="role__name", orderable=False, verbose_name=_("role"))
    unit = tables.Column(accessor="unit__name", orderable=False, verbose_name=_("unit"))
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    end = tables.Column(
        accessor="pk",
        linkify=("access:grant_end", [tables.A("pk")]),
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = Grant
        fields = ("receiver", "role", "unit", "from_on", "until_on", "end")

    def render_receiver(self, record: Grant) -> str:
        """Show the user, or the post with its unit."""
        return str(record.user) if record.user else f"{record.post.unit} {record.post}" if record.post else ""

    def render_end(self) -> Any:
        """Word of the link."""
        return _("End")


class TokenTable(tables.Table):
    """Keys of integrations."""

    user = tables.Column(accessor="user__username", orderable=False, verbose_name=_("user"))
    name = tables.Column(orderable=False)
    created_at = InstantColumn(verbose_name=_("since"), orderable=False)
    expires_on = DayColumn(orderable=False)
    revoked_at = InstantColumn(verbose_name=_("revoked"), orderable=False)
    revoke = tables.Column(
        accessor="pk",
        linkify=("access:token_revoke", [tables.A("pk")]),
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = ApiToken
        fields = ("name", "user", "created_at", "expires_on", "revoked_at", "revoke")

    def render_revoke(self) -> Any:
        """Word of the link."""
        return _("Revoke")
