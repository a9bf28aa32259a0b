"""What people enter about checklists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.checklists.models import ChecklistItem, ChecklistSection, ChecklistVersion
from mainstay.inspection.checklists.rules import Option, in_units, thousandths
from mainstay.inspection.checklists.tables import TYPE_WORDS

DATE_RULES = [("", _("none")), ("until", _("must not be over")), ("within", _("at most so many days back"))]
HUNDRED = 100


class NewChecklistForm(forms.Form):
    """A checklist's code and names."""

    code = forms.CharField(label=_("Code"), max_length=24)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)


class VersionForm(forms.Form):
    """How a draft is scored."""

    scoring = forms.ChoiceField(label=_("Scoring"), choices=ChecklistVersion.Scoring.choices)
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)


class SectionForm(forms.Form):
    """A part."""

    code = forms.CharField(label=_("Code"), max_length=24)
    zh = forms.CharField(label=_("Chinese words"), max_length=200)
    en = forms.CharField(label=_("English words"), max_length=240, required=False)
    points = forms.DecimalField(
        label=_("Full points"),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        initial=0,
        help_text=_("Only where points are deducted: what the part is worth; more is never lost."),
    )
    scale = forms.DecimalField(
        label=_("Scale of deductions"),
        min_value=0,
        max_digits=6,
        decimal_places=4,
        initial=1,
        help_text=_("The sum of a part's deductions is multiplied by this, 0.42 say."),
    )

    def facts(self) -> dict[str, Any]:
        """The cleaned data as the action takes it."""
        data = dict(self.cleaned_data)
        return {
            "code": data["code"],
            "zh": data["zh"],
            "en": data["en"],
            "points_e2": int(data["points"] * HUNDRED),
            "scale_e4": int(data["scale"] * 10_000),
        }


class LimitField(forms.CharField):
    """A limit with at most three decimals; gives thousandths, None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "class": "ms-num"}))
        super().__init__(max_length=16, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Thousandths."""
        text = super().clean(value)
        found = thousandths(text)
        if text and found is None:
            raise forms.ValidationError(_("Write a number with at most three decimals, like 0.5."))
        return found


class ItemForm(forms.Form):
    """An item."""

    section = forms.ModelChoiceField(ChecklistSection.objects.none(), label=_("Part"))
    code = forms.CharField(label=_("Code"), max_length=24)
    zh = forms.CharField(label=_("Chinese words"), max_length=200)
    en = forms.CharField(label=_("English words"), max_length=240, required=False)
    types = forms.MultipleChoiceField(
        label=_("Kind"), choices=list(TYPE_WORDS.items()), widget=forms.CheckboxSelectMultiple, initial=["pass_fail"]
    )
    severity = forms.ChoiceField(
        label=_("Hazard when it fails"), choices=ChecklistItem.Severity.choices, initial="general"
    )
    basis = forms.CharField(label=_("Basis"), max_length=200, required=False, help_text=_("Standard, law or practice."))
    requirement_zh = forms.CharField(label=_("Requirement in Chinese"), max_length=300, required=False)
    requirement_en = forms.CharField(label=_("Requirement in English"), max_length=300, required=False)
    days = forms.IntegerField(
        label=_("Days to put it right"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_("Empty: as usual for its level."),
    )
    photo = forms.BooleanField(label=_("Photo needed whatever the result"), required=False)
    minimum = LimitField(label=_("Lower limit"))
    maximum = LimitField(label=_("Upper limit"))
    unit = forms.CharField(label=_("Unit of measure"), max_length=12, required=False)
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line: code | Chinese | English. A line that begins with ! makes the item fail."),
    )
    date_rule = forms.ChoiceField(label=_("Rule for the day"), choices=DATE_RULES, required=False)
    date_days = forms.IntegerField(label=_("Days back"), min_value=1, max_value=3650, required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=100, initial=1)
    points = forms.DecimalField(label=_("Points deducted"), min_value=0, max_digits=6, decimal_places=2, initial=0)
    show_item = forms.CharField(label=_("Shown after item"), max_length=24, required=False)
    show_value = forms.CharField(
        label=_("Shown when it is"),
        max_length=24,
        required=False,
        help_text=_("pass, fail, na or the code of an option"),
    )

    def __init__(self, *args: Any, version: ChecklistVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = version.sections.all()  # type: ignore[attr-defined]

    def clean_options(self) -> tuple[Option, ...]:
        """The options of the lines."""
        found = []
        for line in str(self.cleaned_data["options"]).splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.strip().lstrip("!").split("|")]
            if not parts[0]:
                raise forms.ValidationError(_("Each line needs a code: code | Chinese | English."))
            zh = parts[1] if len(parts) > 1 else parts[0]
            english = parts[2] if len(parts) > 2 else zh  # noqa: PLR2004  # the third part
            found.append(Option(parts[0], zh, english, line.strip().startswith("!")))
        return tuple(found)

    def facts(self) -> dict[str, Any]:
        """The cleaned data as fields of an item."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "section"}
        data["types"] = tuple(data["types"])
        data["minimum_e3"], data["maximum_e3"] = data.pop("minimum"), data.pop("maximum")
        data["points_e2"] = int(data.pop("points") * HUNDRED)
        return data


def item_initial(item: ChecklistItem) -> dict[str, Any]:
    """An item as its form shows it."""
    same = (
        "section",
        "code",
        "zh",
        "en",
        "types",
        "severity",
        "basis",
        "requirement_zh",
        "requirement_en",
        "days",
        "photo",
        "unit",
        "date_rule",
        "date_days",
        "weight",
        "show_item",
        "show_value",
    )
    lines = [f"{'!' if one['bad'] else ''}{one['code']} | {one['zh']} | {one['en']}" for one in item.options]
    return {
        **{name: getattr(item, name) for name in same},
        "minimum": in_units(item.minimum_e3),
        "maximum": in_units(item.maximum_e3),
        "points": item.points_e2 / HUNDRED,
        "options": "\n".join(lines),
    }


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""


class FormFileForm(forms.Form):
    """An XLSForm."""

    file = forms.FileField(label=_("XLSForm workbook (.xlsx)"))
