"""The antivirus centre: how old signatures are, what was carried in, what waits, which carriers may bring it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.antivirus import actions, forms, package, queries
from mainstay.continuity.antivirus.models import Carried, Client, Medium
from mainstay.continuity.antivirus.rules import judge_age
from mainstay.web.pages import Button, FormPage, Page, SignedRequest

TITLE = _("Antivirus centre")
WORDS = {"green": (_("in order"), "green"), "amber": (_("look at it"), "amber"), "red": (_("too old"), "red")}
SHOWN = 20


class Centre(Page):
    """Everything on one page."""

    title = TITLE
    right = queries.VIEW
    template_name = "antivirus/centre.html"
    actions = (
        Button(_("Take package …"), "antivirus:take", (), actions.TAKE, "package", True),
        Button(_("Register carrier …"), "antivirus:medium_create", (), actions.REGISTER, "plus"),
        Button(_("Import reports of clients"), "/sheets/new/antivirus.clients/", right=actions.REPORT, icon="upload"),
    )

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Clients by age, packages that wait and were taken, carriers."""
        now = timezone.now()
        rows = [(one, WORDS[judge_age(one.name, one.signatures_at, now).verdict]) for one in Client.objects.all()]
        language = get_language() or "zh"
        waiting = [(one, one.refused.told(language) if one.refused else "") for one in queries.waiting()]
        key = queries.public_key()
        return self.page(
            clients=rows,
            old=sum(word[1] == "red" for _one, word in rows),
            waiting=waiting,
            taken=Carried.objects.select_related("medium", "by__person")[:SHOWN],
            media=Medium.objects.filter(retired_on=None),
            sequence=package.last_sequence(queries.store()),
            folder=queries.folder(),
            fingerprint=package.fingerprint(key) if key.exists() else "",
            may_retire=self.may(actions.RETIRE),
        )


class _Form(FormPage):
    """A form below the centre."""

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the centre."""
        return [(TITLE, reverse("antivirus:centre"))]


class Take(_Form):
    """Take a package that lies in the folder."""

    title = _("Take a carried package")
    right = actions.TAKE
    form_class = forms.TakeForm
    submit_label = _("Take package")
    success_message = _("Taken. Clients fetch it at their next look, within the hour.")
    intro = _("The package is verified byte by byte and the carrier is scanned. Then all of it is served, or nothing.")

    def form_kwargs(self) -> dict[str, Any]:
        """The packages that are good."""
        good = [(one.path, one.manifest) for one in queries.waiting() if one.manifest]
        return {"packages": [(str(path), f"{path.name} (№ {found.sequence})") for path, found in good]}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Take it."""
        return actions.take_package(**form.cleaned_data, by=self.request.user)


class MediumCreate(_Form):
    """Register a carrier."""

    title = _("Register a carrier")
    right = actions.REGISTER
    form_class = forms.MediumForm
    submit_label = _("Register carrier")
    intro = _("A second person agrees before it may bring anything in.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """File it for the second person."""
        return actions.register_medium(**form.cleaned_data, by=self.request.user)


class MediumRetire(_Form):
    """Give a carrier up."""

    title = _("Give up a carrier")
    right = actions.RETIRE
    form_class = forms.RetireForm
    submit_label = _("Give up carrier")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Give it up."""
        medium = get_object_or_404(Medium, pk=self.kwargs["pk"])
        return actions.retire_medium(medium=medium, by=self.request.user, **form.cleaned_data)
