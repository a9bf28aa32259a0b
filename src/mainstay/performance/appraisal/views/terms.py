"""Pages of what appraisal goes by: criteria, grades, factors of posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.performance.appraisal import actions, forms
from mainstay.performance.appraisal.models import Criterion, GradeScheme
from mainstay.performance.appraisal.tables import CriterionTable
from mainstay.performance.appraisal.views.common import APP
from mainstay.web.pages import Button, FirstUse, FormPage, ListPage, SignedRequest

LIST = "appraisal:round_list"


class CriterionList(ListPage):
    """What is rated."""

    title = _("Criteria")
    right = f"{APP}.save_criterion"
    table_class = CriterionTable
    actions = (Button(_("Add criterion"), "appraisal:criterion_add", (), f"{APP}.save_criterion", "plus", True),)
    first_use = FirstUse(_("No criteria yet"), _("Ability and potential are rated by criteria."), actions[0])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the rounds."""
        return [(_("Appraisal rounds"), reverse(LIST))]

    def queryset(self) -> Any:
        """All of them."""
        return Criterion.objects.order_by("axis", "code")


class CriterionAdd(FormPage):
    """A new criterion."""

    title = _("Add criterion")
    right = f"{APP}.save_criterion"
    form_class = forms.CriterionForm
    submit_label = _("Add criterion")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_criterion(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the criteria."""
        return reverse("appraisal:criterion_list")


class SchemeSet(FormPage):
    """Grades from a day on."""

    title = _("Lay down grades")
    right = f"{APP}.set_scheme"
    form_class = forms.SchemeForm
    submit_label = _("Lay down grades")

    def initial(self) -> dict[str, Any]:
        """As they are now."""
        now = GradeScheme.objects.first()
        if now is None:
            return {}
        lines = []
        for band in now.grades:
            ratio = f"{band.ratio_bp / 100:g}" if band.ratio_bp else "-"
            lines.append(
                " ".join([band.grade, f"{band.from_e2 / 100:g}", ratio, str(band.pay_steps), *band.consequences])
            )
        return {"bands": "\n".join(lines), "fewest": now.fewest, "notice": now.notice}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Lay them down."""
        return actions.set_scheme(**form.values(), by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the rounds."""
        return reverse(LIST)


class FactorSet(FormPage):
    """What a post weighs."""

    title = _("Set post factor")
    right = f"{APP}.set_post_factor"
    form_class = forms.FactorForm
    submit_label = _("Set post factor")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Lay it down."""
        return actions.set_post_factor(**form.values(), by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the rounds."""
        return reverse(LIST)
