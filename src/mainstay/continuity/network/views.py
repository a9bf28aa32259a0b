"""The register of terminals: who belongs where, who was seen, who should not be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.network import actions, forms, queries
from mainstay.continuity.network.models import Terminal
from mainstay.continuity.network.tables import TerminalTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest

LIST = "network:terminal_list"
TITLE = _("Register of terminals")
IN_SHEET = Button(_("Import terminals"), "/sheets/new/network.terminals/", right=actions.IMPORT, icon="file-import")


class TerminalList(ListPage):
    """All devices, and strangers above them."""

    title = TITLE
    right = queries.VIEW
    model = Terminal
    table_class = TerminalTable
    template_name = "network/terminals.html"
    search_fields = ("name", "mac", "address", "place", "user", "purpose", "port")
    actions = (
        Button(_("Register terminal"), "network:terminal_create", (), actions.SAVE, "plus", True),
        IN_SHEET,
        Button(
            _("Import export of a switch"), "/sheets/new/network.sightings/", right=actions.SIGHTINGS, icon="upload"
        ),
    )
    first_use = FirstUse(
        _("No terminals yet"),
        _("Register every device that may be on the network; whatever else is seen there becomes an alarm."),
        actions[0],
    )

    def make_table(self, rows: Any) -> Any:
        """With when each was seen."""
        listed = list(rows)
        seen = queries.last_seen([one.mac for one in listed])
        for one in listed:
            one.seen = seen.get(one.mac)
        return super().make_table(listed)

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the strangers."""
        strangers = [] if extra.get("fragment") else queries.strangers(timezone.now())
        return super().context(strangers=strangers, may_save=self.may(actions.SAVE), **extra)


class TerminalDetail(DetailPage):
    """One device."""

    right = queries.VIEW
    model = Terminal

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the register."""
        return [(TITLE, reverse(LIST))]

    def badge(self) -> tuple[Any, str] | None:
        """Whether it was given up."""
        return (_("given up"), "grey") if self.subject.retired_on else None

    def get_actions(self) -> Sequence[Button]:
        """Change it, give it up."""
        pk = (self.subject.pk,)
        change = Button(_("Change terminal"), "network:terminal_change", pk, actions.SAVE, "edit")
        retire = Button(_("Give up terminal"), "network:terminal_retire", pk, actions.RETIRE, "ban", danger=True)
        return [change] if self.subject.retired_on else [change, retire]

    def facts(self) -> Sequence[Fact]:
        """Where it belongs."""
        one = self.subject
        return [
            Fact(_("kind"), one.get_kind_display()),
            Fact(_("standing place"), one.place),
            Fact(_("user"), one.user),
            Fact(_("purpose"), one.purpose),
            Fact(_("zone"), one.zone),
            Fact(_("address"), one.address, "code"),
            Fact(_("hardware address"), one.mac, "code", copy=True),
            Fact(_("switch port"), one.port),
            Fact(_("given up on"), one.retired_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """Where it was seen."""
        seen = [one for one in queries.sighted(timezone.now()) if one.mac == self.subject.mac]
        return [Section(_("Seen within a day"), template="network/seen.html", context={"seen": seen}, key="seen")]


class _Form(FormPage):
    """A device, new or there."""

    @cached_property
    def terminal(self) -> Terminal | None:
        """The device of the address; None for a new one."""
        return get_object_or_404(Terminal, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the register, or the device."""
        found: list[tuple[Any, str]] = [(TITLE, reverse(LIST))]
        return found if self.terminal is None else [*found, (self.terminal, self.terminal.get_absolute_url())]


class TerminalSave(_Form):
    """Register or change."""

    title = _("Register a terminal")
    right = actions.SAVE
    form_class = forms.TerminalForm
    submit_label = _("Save terminal")

    def initial(self) -> dict[str, Any]:
        """As it is; a stranger's addresses come with the link."""
        if self.terminal is None:
            return super().initial()
        return {name: getattr(self.terminal, name) for name in forms.TerminalForm.base_fields}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_terminal(terminal=self.terminal, by=self.request.user, **form.cleaned_data)


class TerminalRetire(_Form):
    """Give it up."""

    title = _("Give up a terminal")
    right = actions.RETIRE
    form_class = forms.RetireForm
    submit_label = _("Give up terminal")
    danger = True
    intro = _("From now on it is an alarm when this device is seen on the network.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Give it up."""
        assert self.terminal is not None  # noqa: S101 - the address has its key
        return actions.retire_terminal(terminal=self.terminal, by=self.request.user, **form.cleaned_data)
