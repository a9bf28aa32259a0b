"""The pair on one screen, and moving the application on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.queries import declared
from mainstay.continuity.site.rules import DeclarationError
from mainstay.continuity.standby import actions, forms, queries
from mainstay.continuity.standby.observe import DOWN, PAIR, SINGLE, observe
from mainstay.web.pages import Button, FormPage, Page, SignedRequest

MODES = {
    PAIR: (_("Two servers"), "green", _("Each server takes over at once when the other fails.")),
    SINGLE: (_("One server"), "amber", _("It works, but a further failure stops it or loses data.")),
    DOWN: (_("Out of service"), "red", _("Payments and look-ups do not work now.")),
}
UNPROTECTED = {
    "no-database": _("No database accepts writes. Look at the log of mainstay-patroni on both servers."),
    "no-application": _("Nobody runs the application. Look at the log of mainstay-role on both servers."),
    "no-copy": _("There is no second copy of the data: what is written now exists on one server only. Mend the other."),
    "no-journal": _("No off-site host receives the journal now. Look at mainstay-journal there, and at the line."),
    "votes": _(
        "One of the three votes is missing: at the next failure nobody takes over. Look at mainstay-etcd there."
    ),
    "no-spare": _("The other server is not ready to run the application: it would have to be started first."),
}
DATABASE_WORDS = {
    "leader": (_("accepts writes"), "green"),
    "sync": (_("copy in step"), "green"),
    "replica": (_("copy behind"), "amber"),
    "": (_("does not answer"), "red"),
}
APPLICATION_WORDS = {
    "holder": (_("runs it"), "green"),
    "ready": (_("ready to take over"), "green"),
    "": (_("not ready"), "red"),
}
REASONS = {
    "start": _("first start"),
    "vacant": _("the other server fell silent or gave it away"),
    "database": _("database moved on purpose"),
    "refused": _("move of the database refused by its watchman"),
}
TROUBLES = {
    "not-whole": _("not begun: the pair was not whole"),
    "votes": _("the votes did not answer"),
    "not-moved": _("the database did not move in time"),
    "lost": _("acknowledged writes are gone"),
    "slow": _("slower than 3 s"),
}


class State(Page):
    """Two servers or one, who runs what, what is not protected."""

    title = _("Mutual standby")
    right = queries.VIEW
    template_name = "standby/state.html"
    actions = (
        Button(_("Switch the application …"), "standby:switch", right=actions.SWITCH, icon="arrows-sort"),
        Button(_("Switch the database …"), "standby:switch_database", right=actions.SWITCH_BASE, icon="database"),
        Button(_("Rehearse …"), "standby:rehearse", right=actions.REHEARSE, icon="refresh"),
        Button(_("Plan rehearsals …"), "standby:plan", right=actions.PLAN, icon="calendar"),
    )

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask the hosts and show what they say."""
        try:
            site = declared()
        except DeclarationError as error:
            return self.page(error=error.told(get_language() or "zh"))
        if site is None:
            return self.page(place=settings.SITE_FILE)
        found = observe(site)
        word, hue, text = MODES[found.mode]
        return self.page(
            status=200,
            state=found,
            mode={"word": word, "hue": hue, "text": text},
            alerts=[UNPROTECTED[one] for one in found.unprotected],
            rows=[_row(one) for one in found.members],
            witness=site.voters()[2].name,
            rehearsals=[(one, TROUBLES.get(one.trouble, one.trouble)) for one in queries.rehearsals()],
            next_rehearsal=queries.next_rehearsal(),
            rehearse_days=site.database.rehearse_days,
            moves=[(one, REASONS.get(one.reason, one.reason)) for one in queries.history(site) or ()],
        )


def _row(member: Any) -> dict[str, Any]:
    """A server in words."""
    database = member.database if member.running else ""
    return {
        "member": member,
        "application": APPLICATION_WORDS[member.application],
        "database": DATABASE_WORDS[database],
    }


class Switch(FormPage):
    """Move the application to the other server on purpose."""

    title = _("Switch the application")
    right = actions.SWITCH
    form_class: type[BaseForm] = forms.SwitchForm
    submit_label = _("Switch the application")
    success_message = _("Asked for. The other server takes over within seconds; look at who runs it.")
    intro = _(
        "For maintenance, or to move back after a failure. A second person agrees first. The site pauses for a moment."
    )
    danger = True

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the state."""
        return [(_("Mutual standby"), reverse("standby:state"))]

    def form_kwargs(self) -> dict[str, Any]:
        """The two servers."""
        try:
            site = declared()
        except DeclarationError:
            site = None
        return {"servers": [host.name for host in site.pair()] if site else []}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """File it for the second person."""
        return actions.switch_application(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the state."""
        return reverse("standby:state")


class SwitchDatabase(Switch):
    """Move the database to the other server on purpose."""

    title = _("Switch the database")
    right = actions.SWITCH_BASE
    submit_label = _("Switch the database")
    success_message = _("Asked for. The other server accepts writes within seconds; look at who does.")
    intro = _(
        "For maintenance, or to move back after a failure. A second person agrees first. Nothing acknowledged is lost; "
        "payments pause for about two seconds."
    )

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """File it for the second person."""
        return actions.switch_database(**form.cleaned_data, by=self.request.user)


class Rehearse(Switch):
    """Move the database there and back, and measure it."""

    title = _("Rehearse the switch")
    right = actions.REHEARSE
    form_class: Any = forms.RehearseForm
    submit_label = _("Rehearse the switch")
    success_message = _("Asked for. What was measured appears here in two minutes or so.")
    intro = _(
        "The database moves to the other server and back while a program writes. The longest pause and the writes that "
        "were lost go on record. A second person agrees first."
    )

    def form_kwargs(self) -> dict[str, Any]:
        """None."""
        return {}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """File it for the second person."""
        return actions.rehearse_switch(**form.cleaned_data, by=self.request.user)


class Plan(Rehearse):
    """Say how often the switch is rehearsed."""

    title = _("Plan rehearsals")
    right = actions.PLAN
    form_class = forms.PlanForm
    submit_label = _("Plan rehearsals")
    success_message = _("Noted.")
    intro = _("At the hour it is now, so choose a quiet one: payments pause for about two seconds, twice.")
    danger = False

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Note it."""
        return actions.plan_rehearsals(**form.cleaned_data, by=self.request.user)
