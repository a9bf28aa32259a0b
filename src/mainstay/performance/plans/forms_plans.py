"""Forms of contracts, targets, indicators, charters and budgets."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Post
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.plans.forms import (
    DATE,
    PeriodField,
    PersonField,
    ShareField,
    UnitField,
    ValueField,
    YuanField,
)
from mainstay.performance.plans.models import BudgetAccount, Contract, ContractTemplate, Indicator, Target
from mainstay.performance.plans.rules import check_rule

AREA = forms.Textarea({"rows": 4})
BUSINESS_DATE = pgettext_lazy("plan", "Business date")


class RuleField(forms.CharField):
    """A scoring rule as data."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 3, "class": "ms-code", "spellcheck": "false"}))
        kwargs.setdefault("label", _("Scoring rule"))
        super().__init__(max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Data as text."""
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        """A rule that can score, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            rule = json.loads(text)
            check_rule(rule)
        except ValueError:
            raise forms.ValidationError(_('This is no rule: write it as data, such as {"kind": "ratio"}.')) from None
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None
        return rule


class ContractForm(forms.Form):
    """Who answers to whom for which period."""

    period = PeriodField("year", "quarter", label=pgettext_lazy("plan", "Period"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Contract.Kind.choices, initial="person")
    unit = UnitField(label=_("Unit"))
    person = PersonField(label=_("Party B"))
    party_a = PersonField(label=_("Party A"))


class TargetForm(forms.Form):
    """One promise."""

    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("Indicator"))
    weight = ShareField(label=_("Weight (%)"))
    base = ValueField(label=_("Base value"), required=False)
    threshold = ValueField(label=_("Threshold value"), required=False)
    target = ValueField(label=_("Target value"))
    challenge = ValueField(label=_("Challenge value"), required=False)
    duty = forms.CharField(label=_("From the duty"), max_length=200, required=False)
    rule = RuleField(required=False, help_text=_("Empty: the indicator's usual rule."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.queryset = Indicator.objects.current(local_today())


class BackingForm(forms.Form):
    """What stands behind a target."""

    measures = forms.CharField(label=pgettext_lazy("plan", "Measures"), required=False, widget=AREA)
    resources = forms.CharField(label=_("Resources needed"), required=False, widget=AREA)
    risks = forms.CharField(label=_("Risks and what is done about them"), required=False, widget=AREA)


class ContributeForm(forms.Form):
    """Which target is carried, and with which share."""

    parent = forms.ModelChoiceField(Target.objects.none(), label=_("Carries the target"))
    share = ShareField(label=_("Share of this target (%)"), initial="100")
    covers = ShareField(
        label=_("Answers for so much of the parent (%)"),
        required=False,
        help_text=_("Only where values do not add up, such as rates."),
    )

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = parents
        field.label_from_instance = lambda one: f"{one.contract.unit} · {one.indicator} ({one.contract.period})"


AMENDED = (
    ("target_e4", _("target")),
    ("threshold_e4", _("threshold")),
    ("challenge_e4", _("challenge")),
    ("weight_bp", _("weight (%)")),
)


class AmendForm(forms.Form):
    """New values and weights of the targets, a field for each value that was agreed, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreed: dict[str, tuple[int, str]] = {}
        for target in targets:
            for field, word in AMENDED:
                value = getattr(target, field)
                if value is None:
                    continue
                kind, unit = (ShareField, "") if field == "weight_bp" else (ValueField, f" ({target.indicator.unit})")
                name = f"t{target.pk}_{field}"
                self.fields[name] = kind(label=f"{target.indicator}{unit} · {word}", initial=value)
                self.agreed[name] = (target.pk, field)
        self.order_fields([*self.agreed, "reason"])

    def changes(self) -> list[dict[str, Any]]:
        """What the action takes."""
        return [
            {"target": pk, "field": field, "after": self.cleaned_data[name]}
            for name, (pk, field) in self.agreed.items()
        ]


class TemplateForm(forms.Form):
    """A template's name."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)


class ApplyForm(forms.Form):
    """For whom a template makes drafts."""

    template = forms.ModelChoiceField(ContractTemplate.objects.all(), label=_("Template"))
    period = PeriodField("year", "quarter", label=pgettext_lazy("plan", "Period"))
    unit = UnitField(label=_("For unit and below"))
    post_name = forms.CharField(
        label=_("Only posts whose name contains"), max_length=40, required=False, help_text=_("Empty: all posts.")
    )


class YearForm(forms.Form):
    """A year to lay out."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    weeks = forms.BooleanField(label=_("With weeks"), required=False)


class IndicatorForm(forms.Form):
    """An indicator."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    formula_zh = forms.CharField(label=pgettext_lazy("plan", "Formula in Chinese words"), max_length=300)
    formula_en = forms.CharField(
        label=pgettext_lazy("plan", "Formula in English words"), max_length=300, required=False
    )
    unit_zh = forms.CharField(label=_("Unit of measure (Chinese)"), max_length=20)
    unit_en = forms.CharField(label=_("Unit of measure (English)"), max_length=30, required=False)
    direction = forms.ChoiceField(label=_("Direction"), choices=Indicator.Direction.choices)
    combine = forms.ChoiceField(label=_("Value of a year from its parts"), choices=Indicator.Combine.choices)
    source = forms.CharField(label=_("Data source"), max_length=200, required=False)
    provider = forms.CharField(
        label=_("Answered by"), max_length=60, required=False, help_text=_("Name of a value that another part knows.")
    )
    verifier = forms.ModelChoiceField(Post.objects.select_related("unit"), label=_("Verifying post"), required=False)
    duty = forms.CharField(label=_("From the duty"), max_length=200, required=False)
    rule = RuleField(required=False, help_text=_("Empty: in proportion to the target, at most 120."))


class TermsForm(forms.Form):
    """The company's terms."""

    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DATE))
    amend_limit = ShareField(label=_("Change of a target a quarter (%)"), initial="10")
    notice = forms.CharField(label=pgettext_lazy("plan", "Notice"), max_length=120)


class CharterForm(forms.Form):
    """A charter's words."""

    contract = forms.ModelChoiceField(Contract.objects.filter(kind="company"), label=_("Contract of the company"))
    preamble_zh = forms.CharField(label=_("Preamble in Chinese"), widget=AREA)
    preamble_en = forms.CharField(label=_("Preamble in English"), widget=AREA, required=False)


class PublishForm(forms.Form):
    """Until when it must be read."""

    acknowledge_by = forms.DateField(label=_("To be acknowledged by"), widget=forms.DateInput(DATE))


class BudgetForm(forms.Form):
    """What a unit may spend."""

    unit = UnitField(label=_("Unit"))
    account = forms.ModelChoiceField(BudgetAccount.objects.all(), label=_("Budget account"))
    period = PeriodField("year", "quarter", "month", label=pgettext_lazy("plan", "Period"))
    amount = YuanField(label=_("Budget (yuan)"))


class MoneyForm(forms.Form):
    """An amount, what for, when."""

    amount = YuanField(label=_("Amount (yuan)"))
    text = forms.CharField(label=_("What for"), max_length=200)
    on = forms.DateField(
        label=pgettext_lazy("plan", "Business date"), widget=forms.DateInput(DATE), initial=local_today
    )


class AccountForm(forms.Form):
    """A budget account."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    income = forms.BooleanField(label=_("Income"), required=False)
    hard = forms.BooleanField(label=_("Never beyond the budget, not even with approval"), required=False)


class ReleaseForm(forms.Form):
    """Why money is set free."""

    on = forms.DateField(
        label=pgettext_lazy("plan", "Business date"), widget=forms.DateInput(DATE), initial=local_today
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
