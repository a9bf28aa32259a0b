"""Rules with their evidence, violations, the people's side, the index of GB/T 22239."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.regime import actions, forms, queries
from mainstay.continuity.regime.library import clauses
from mainstay.continuity.regime.models import BreakGlass, Review, Rule, Violation
from mainstay.continuity.regime.rules import judge_rule
from mainstay.continuity.site.registry import MEASURES
from mainstay.continuity.site.rules.verdict import in_words
from mainstay.continuity.site.views_board import WORDS
from mainstay.core.door import rights
from mainstay.web.pages import Button, FormPage, Page, SignedRequest

TITLE, PEOPLE, INDEX = _("Management rules"), _("People and rights"), _("Index of GB/T 22239")
LIST, SIDE = "regime:rule_list", "regime:people"
SHOWN = 30


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _lines(rules: Sequence[Rule], known: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for rule, text, standing in queries.standings(rules):
        seen = judge_rule(standing, known, timezone.localdate())
        why = seen.zh if _chinese() else seen.en
        evidence = [(key, WORDS[known[key]]) for key in rule.evidence if key in known]
        facts = {"rule": rule, "text": text, "word": WORDS[seen.verdict], "why": why}
        found.append({**facts, "standing": standing, "evidence": evidence})
    return found


class RuleList(Page):
    """Every rule: in force, read, reviewed, proven."""

    title = TITLE
    right = queries.VIEW
    template_name = "regime/rules.html"
    actions = (
        Button(_("Enter rule"), "regime:rule_create", (), actions.SAVE, "plus"),
        Button(_("Enter the five drafts …"), "regime:drafts", (), actions.DRAFTS, "file-text"),
        Button(INDEX, "regime:index", (), queries.VIEW, "list-check"),
    )

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rules and the open cases."""
        known = queries.verdicts(timezone.now())
        cases = Violation.objects.select_related("rule", "by__person")[:SHOWN]
        return self.page(rows=_lines(list(Rule.objects.all()), known), cases=cases, may_settle=self.may(actions.SETTLE))


class RuleDetail(Page):
    """One rule."""

    right = queries.VIEW
    template_name = "regime/rule.html"

    @cached_property
    def rule(self) -> Rule:
        """The rule of the address."""
        return get_object_or_404(Rule, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Its code and title."""
        text = queries.texts([self.rule]).get(self.rule.code)
        return f"{self.rule.code} {text.title if text else ''}".strip()

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the rules."""
        return [(TITLE, reverse(LIST))]

    def get_actions(self) -> Sequence[Button]:
        """Its text, review, change, report."""
        pk, text = (self.rule.pk,), queries.texts([self.rule]).get(self.rule.code)
        found = [
            Button(_("Report violation"), "regime:report", pk, actions.REPORT, "flag"),
            Button(_("Record review"), "regime:review", pk, actions.REVIEW, "clipboard-check"),
            Button(_("Change rule"), "regime:rule_change", pk, actions.SAVE, "edit"),
        ]
        if text:
            found.insert(0, Button(_("Read text"), "publications:publication_detail", (text.pk,), None, "book", True))
        return found

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """How it stands and what was broken."""
        row = _lines([self.rule], queries.verdicts(timezone.now()))[0]
        cases = self.rule.violations.select_related("rule", "by__person")
        return self.page(row=row, cases=cases, measures=MEASURES, may_settle=self.may(actions.SETTLE))


class Index(Page):
    """Which evidence serves which clause."""

    title = INDEX
    right = queries.VIEW
    template_name = "regime/index.html"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the rules."""
        return [(TITLE, reverse(LIST))]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Clause by clause."""
        known = queries.verdicts(timezone.now())
        rows = [
            (one, one.zh if _chinese() else one.en, [(MEASURES[key], WORDS[known[key]]) for key in one.measures])
            for one in clauses()
        ]
        return self.page(rows=rows)


class People(Page):
    """Reviews of rights, emergency rights."""

    title = PEOPLE
    right = queries.VIEW
    template_name = "regime/people.html"
    actions = (
        Button(_("Record review of rights"), "regime:review_rights", (), actions.RIGHTS, "user-check", True),
        Button(_("Emergency right …"), "regime:break_glass", (), actions.GLASS, "lock-open", danger=True),
        Button(_("Rights matrix"), "access:matrix", (), "core.access.view_roles", "table"),
    )

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What the probe sees, and the records."""
        found, chinese = queries.look_at_people(timezone.now()), _chinese()
        seen = [
            (in_words(one.subject, chinese), one.figure, WORDS[one.verdict], one.zh if chinese else one.en)
            for one in found
        ]
        return self.page(
            seen=seen,
            reviews=Review.objects.select_related("by__person")[:SHOWN],
            held=BreakGlass.objects.select_related("user__person", "role")[:SHOWN],
            may_end=rights.allowed(self.request.user, actions.END),
        )


class _Form(FormPage):
    """A form below the rules, or below one."""

    @cached_property
    def rule(self) -> Rule | None:
        """The rule of the address."""
        return get_object_or_404(Rule, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list, or the rule."""
        found: list[tuple[Any, str]] = [(TITLE, reverse(LIST))]
        return found if self.rule is None else [*found, (self.rule, self.rule.get_absolute_url())]

    def success(self, result: Any) -> str:
        """To the rule, or the list."""
        return self.rule.get_absolute_url() if self.rule else reverse(LIST)


class Drafts(_Form):
    """Enter the five rules."""

    title = _("Enter the five named rules as drafts")
    right = actions.DRAFTS
    form_class = forms.DraftsForm
    submit_label = _("Enter drafts")
    intro = _("Each becomes a draft publication that you edit and publish. What is there already stays.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Enter them."""
        return actions.enter_drafts(by=self.request.user, **form.cleaned_data)


class RuleSave(_Form):
    """Enter or change."""

    title = _("Change a management rule")
    right = actions.SAVE
    form_class = forms.RuleForm
    submit_label = _("Save rule")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = forms.RuleForm.base_fields
        return {name: getattr(self.rule, name) for name in names} if self.rule else super().initial()

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_rule(rule=self.rule, by=self.request.user, **form.cleaned_data)


class RuleReview(_Form):
    """Record a review."""

    title = _("Review a management rule")
    right = actions.REVIEW
    form_class = forms.NoteForm
    submit_label = _("Record review")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Record it."""
        assert self.rule is not None  # noqa: S101 - the address has its key
        return actions.review_rule(rule=self.rule, by=self.request.user, **form.cleaned_data)


class Report(_Form):
    """Report a violation."""

    title = _("Report a violation of a rule")
    right = actions.REPORT
    form_class = forms.ViolationForm
    submit_label = _("Report violation")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Open the case."""
        assert self.rule is not None  # noqa: S101 - the address has its key
        return actions.report_violation(rule=self.rule, by=self.request.user, **form.cleaned_data)


class Settle(FormPage):
    """Settle a case."""

    title = _("Settle a violation")
    right = actions.SETTLE
    form_class = forms.SettleForm
    submit_label = _("Settle violation")

    @cached_property
    def case(self) -> Violation:
        """The case of the address."""
        return get_object_or_404(Violation.objects.select_related("rule"), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below its rule."""
        return [(TITLE, reverse(LIST)), (self.case.rule, self.case.rule.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Settle it."""
        return actions.settle_violation(violation=self.case, by=self.request.user, **form.cleaned_data)

    def success(self, result: Any) -> str:
        """To the rule."""
        return self.case.rule.get_absolute_url()


class _Side(FormPage):
    """A form below the people's side."""

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below it."""
        return [(PEOPLE, reverse(SIDE))]

    def success(self, result: Any) -> str:
        """Back."""
        return reverse(SIDE)


class ReviewRights(_Side):
    """Record a review of rights."""

    title = _("Review everybody's rights")
    right = actions.RIGHTS
    form_class = forms.RightsForm
    submit_label = _("Record review of rights")
    intro = _("Go through the rights matrix first: what does a post no longer need? Each quarter one review is due.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Record it."""
        return actions.review_rights(by=self.request.user, **form.cleaned_data)


class Glass(_Side):
    """Give a role for hours."""

    title = _("Give a role for hours in an emergency")
    right = actions.GLASS
    form_class = forms.GlassForm
    submit_label = _("Ask for emergency right")
    danger = True
    intro = _("A second person agrees. The board is red while it lasts; it ends by itself.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """File it for the second person."""
        return actions.break_glass(by=self.request.user, **form.cleaned_data)


class GlassEnd(_Side):
    """Take it back."""

    title = _("End an emergency right")
    right = actions.END
    form_class = forms.EmptyForm
    submit_label = _("End emergency right")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Take it back."""
        glass = get_object_or_404(BreakGlass, pk=self.kwargs["pk"])
        return actions.end_break_glass(glass=glass, by=self.request.user)
