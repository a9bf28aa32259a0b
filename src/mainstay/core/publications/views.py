"""Pages of publications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.publications import actions, forms, queries, rules
from mainstay.core.publications.filters import PublicationFilter
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.core.publications.states import PUBLICATION
from mainstay.core.publications.tables import PublicationTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest, steps_of

LIST = "publications:publication_list"
DETAIL = "publications:publication_detail"
SHOWN = 100  # names of people who have not read, on one page


class PublicationList(ListPage):
    """Rules, charters, notices."""

    title = _("Publications")
    table_class = PublicationTable
    filterset_class = PublicationFilter
    search_fields = ("code", "title_zh", "title_en")
    actions = (Button(_("Write text"), "publications:publication_create", (), queries.EDIT, "plus", True),)
    first_use = FirstUse(_("Nothing is published yet"), _("Rules and notices that people must read appear here."))

    def queryset(self) -> Any:
        """What this person may read."""
        return queries.visible_to(self.request.user).select_related("unit").order_by("code", "-version")


class PublicationDetail(DetailPage):
    """One text to read and acknowledge."""

    def queryset(self) -> Any:
        """What this person may read."""
        return queries.visible_to(self.request.user).select_related("unit")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Publications"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = PUBLICATION.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a text."""
        return steps_of(PUBLICATION.path, self.subject.state)

    @cached_property
    def read_at(self) -> Any:
        """Return when this person acknowledged the text, if so."""
        mine = Acknowledgement.objects.filter(publication=self.subject, user=self.request.user)
        return mine.values_list("at", flat=True).first()

    def get_actions(self) -> Sequence[Button]:
        """Acknowledge; for writers also the rest."""
        text, pk = self.subject, (self.subject.pk,)
        if text.state == Publication.State.DRAFT:
            return [
                Button(_("Publish"), "publications:publish", pk, "core.publications.publish", primary=True),
                Button(_("Change draft"), "publications:publication_change", pk, queries.EDIT, "edit"),
            ]
        if text.state != Publication.State.PUBLISHED:
            return []
        read = [Button(_("I have read this"), "publications:acknowledge", pk, icon="check", primary=True)]
        return [
            *(read if self.read_at is None else []),
            Button(_("Remind"), "publications:remind", pk, "core.publications.remind", "bell"),
            Button(_("Withdraw text"), "publications:supersede", pk, "core.publications.supersede", danger=True),
        ]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        text = self.subject
        return [
            Fact(_("Code"), f"{text.code} · {text.version}", "code"),
            Fact(_("For unit and below"), text.unit),
            Fact(_("Published at"), text.published_at, "instant"),
            Fact(_("Acknowledge by"), text.acknowledge_by, "date"),
            Fact(_("You acknowledged"), self.read_at, "instant"),
        ]

    def sections(self) -> Sequence[Section]:
        """The text; for writers who has read it."""
        blocks = rules.blocks_of(self.subject.body)
        found = [Section(_("Text"), template="publications/text.html", context={"blocks": blocks})]
        writer = rights.reaching(self.request.user, queries.EDIT, unit_id=self.subject.unit_id, owner_id=None)
        if writer and self.subject.state == Publication.State.PUBLISHED:
            missing = list(queries.missing_readers(self.subject)[: SHOWN + 1])
            context = {
                "counts": queries.counts_by_unit(self.subject),
                "missing": missing[:SHOWN],
                "more": len(missing) > SHOWN,
            }
            found.append(Section(_("Who has read it"), template="publications/readers.html", context=context))
        return found


class TextForm(FormPage):
    """A form about one text."""

    form_class: type[BaseForm] = forms.EmptyForm
    verb = ""

    @cached_property
    def publication(self) -> Publication:
        """Return the text, or 404."""
        return get_object_or_404(queries.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name it."""
        return f"{self.title}: {self.publication}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Do it."""
        return getattr(actions, self.verb)(publication=self.publication, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the text."""
        return reverse(DETAIL, args=[self.publication.pk])


class Create(FormPage):
    """A new draft."""

    title = _("Write text")
    right = queries.EDIT
    form_class = forms.NewTextForm
    submit_label = _("Save draft")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.edit_publication(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the draft."""
        return reverse(DETAIL, args=[result.pk])


class Change(TextForm):
    """Change a draft."""

    title = _("Change draft")
    right = queries.EDIT
    form_class = forms.TextForm
    submit_label = _("Save draft")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("title_zh", "title_en", "kind", "unit", "body", "acknowledge_by")
        return {name: getattr(self.publication, name) for name in names}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        text = self.publication
        return actions.edit_publication(code=text.code, publication=text, **form.cleaned_data, by=self.request.user)


class Publish(TextForm):
    """Publish a draft."""

    title = _("Publish")
    right = "core.publications.publish"
    verb = "publish"
    submit_label = _("Publish text")


class Supersede(TextForm):
    """Take out of force."""

    title = _("Withdraw text")
    right = "core.publications.supersede"
    verb = "supersede"
    form_class = forms.ReasonForm
    submit_label = _("Withdraw text")
    danger = True


class Remind(TextForm):
    """Remind those who are missing."""

    title = _("Remind")
    right = "core.publications.remind"
    verb = "remind"
    submit_label = _("Send reminders")


class Acknowledge(TextForm):
    """Note that one has read it."""

    title = _("Acknowledge")
    verb = "acknowledge"
    submit_label = _("I have read this")
