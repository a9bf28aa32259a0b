"""Versions of a plan: from a file, from the last version, changed, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.gas.tariffs import actions, forms, queries, rules
from mainstay.gas.tariffs.models import Plan, Version
from mainstay.gas.tariffs.rules_words import problem
from mainstay.gas.tariffs.views.plans import ADD, LIST
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.web.pages import FormPage, SignedRequest


class _PlanForm(FormPage):
    """A form about one plan."""

    @cached_property
    def plan(self) -> Plan:
        """The plan, or 404."""
        return get_object_or_404(Plan, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which plan."""
        return f"{self.title} · {self.plan.name}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the plan."""
        return [(_("Tariff plans"), reverse(LIST)), (self.plan.name, self.plan.get_absolute_url())]

    def success(self, result: Any) -> Any:
        """Back to the plan."""
        return self.plan.get_absolute_url()


class VersionUpload(_PlanForm):
    """Versions out of a tariff file."""

    title = _("Version from a file")
    right = ADD
    form_class = forms.FileForm
    template_name = "tariffs/upload.html"
    submit_label = _("Add version")

    def form_kwargs(self) -> dict[str, Any]:
        """The plan tells which part of the file is meant."""
        return {"plan": self.plan}

    def initial(self) -> dict[str, Any]:
        """The last version as text, to be changed."""
        last = self.plan.versions.order_by("effective_on").last()
        if last is None:
            return {}
        try:
            return {"text": queries.file_text(self.plan, queries.stored_data(last))}
        except rules.TariffError:
            return {}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Add what is new."""
        return actions.add_versions(plan=self.plan, versions=form.versions, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Say how many were new."""
        messages.success(self.request, _now("New versions: %(count)s.") % {"count": result})
        return self.plan.get_absolute_url()


class VersionNew(_PlanForm):
    """New numbers in the shape of the last version."""

    title = _("New version")
    right = ADD
    form_class = forms.NumbersForm
    submit_label = _("Add version")
    success_message = _("The version is added.")
    intro = _("Everything else is taken over from the last version. For another number of tiers use a file.")

    @cached_property
    def base(self) -> Version:
        """The last version, or 404 when there is none."""
        last = self.plan.versions.order_by("effective_on").last()
        if last is None:
            raise Http404
        return last

    def form_kwargs(self) -> dict[str, Any]:
        """What it begins with."""
        return {"data_of": regular(self.base)}

    def initial(self) -> dict[str, Any]:
        """The day after tomorrow's prices at the earliest; the notice is new."""
        return {"effective_on": max(next_month(local_today()), self.base.effective_on + timedelta(days=1))}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Add it."""
        versions = [form.cleaned_data["version"]]
        return actions.add_versions(plan=self.plan, versions=versions, by=self.request.user)


class _VersionForm(_PlanForm):
    """A form about one version on which no bill rests."""

    @cached_property
    def version(self) -> Version:
        """The version, or 404."""
        return get_object_or_404(Version.objects.select_related("plan"), pk=self.kwargs["pk"])

    @cached_property
    def plan(self) -> Plan:
        """Its plan."""
        return self.version.plan

    def get_title(self) -> Any:
        """What is done to which version."""
        return f"{self.title} · {self.plan.name} {self.version.effective_on}"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Say at once when bills rest on it."""
        if queries.is_used(self.version):
            text = _("Bills rest on this version: it stays as it is. Add a version with a later day.")
            raise Problem(text, code="used")
        return super().get(request, *args, **kwargs)


class VersionChange(_VersionForm):
    """Other numbers for a version."""

    title = _("Change version")
    right = "gas.tariffs.change_version"
    form_class = forms.NumbersForm
    submit_label = _("Save version")

    def form_kwargs(self) -> dict[str, Any]:
        """What it begins with."""
        return {"data_of": regular(self.version)}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"effective_on": self.version.effective_on, "notice": self.version.notice}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        data = form.cleaned_data["version"]
        return actions.change_version(version=self.version, data=data, by=self.request.user)


class VersionWithdraw(_VersionForm):
    """Take a version back."""

    title = _("Withdraw version")
    right = "gas.tariffs.withdraw_version"
    form_class = forms.ReasonForm
    submit_label = _("Withdraw version")
    danger = True
    intro = _("The version before it holds on. No bill rests on this one.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Withdraw it."""
        plan = self.plan  # kept: the version is gone afterwards
        actions.withdraw_version(version=self.version, **form.cleaned_data, by=self.request.user)
        return plan


def regular(version: Version) -> dict[str, Any]:
    """A version's data in its regular form. Raises Problem when it cannot be read."""
    try:
        return queries.stored_data(version)
    except rules.TariffError as error:
        raise problem(error) from error


def next_month(day: date) -> date:
    """The first of the next month, on which new prices usually begin."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
