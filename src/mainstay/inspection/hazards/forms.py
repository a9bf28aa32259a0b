"""What people enter about hazards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns.forms import DayField
from mainstay.inspection.hazards.filters import LEVELS
from mainstay.inspection.hazards.models import Hazard, Notice
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan


class YuanField(forms.CharField):
    """Yuan as people write them; gives fen, None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "class": "ms-num"}))
        super().__init__(max_length=16, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Fen."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class FivePartsForm(forms.Form):
    """Responsible person, funds and precautions have to be said of a serious hazard."""

    def __init__(self, *args: Any, serious: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("duty", "funds_fen", "plan") if serious else ():
            self.fields[name].required = True


class PlanForm(FivePartsForm):
    """The five parts."""

    duty = forms.CharField(label=_("Responsible person"), max_length=60)
    measures = forms.CharField(label=_("Measures"), max_length=500, widget=forms.Textarea({"rows": 3}))
    funds_fen = YuanField(label=_("Funds (yuan)"))
    planned_on = DayField(label=_("Planned end"))
    plan = forms.CharField(
        label=_("Precautions meanwhile"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; gives a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Files({"accept": "image/*,application/pdf", "multiple": True}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class ReportForm(FivePartsForm):
    """What was done."""

    measures = forms.CharField(label=_("What was done"), max_length=500, widget=forms.Textarea({"rows": 3}))
    done_on = DayField(label=_("Done on"), initial=local_today)
    duty = forms.CharField(label=_("Responsible person"), max_length=60, required=False)
    funds_fen = YuanField(label=_("Funds (yuan)"))
    plan = forms.CharField(label=_("Precautions meanwhile"), max_length=500, required=False)
    pictures = FilesField(label=_("Photos before and after"), required=False)


class ExtendForm(forms.Form):
    """More time."""

    until_on = DayField(label=_("New deadline"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RecheckForm(forms.Form):
    """A verdict."""

    good = forms.ChoiceField(
        label=_("Verdict of the recheck"),
        choices=[("yes", _("put right")), ("no", _("send back"))],
        widget=forms.RadioSelect,
    )
    note_text = forms.CharField(label=_("What you saw"), max_length=500, widget=forms.Textarea({"rows": 3}))


class LevelForm(forms.Form):
    """Another level."""

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class NoticeForm(forms.Form):
    """A notice about hazards of one target."""

    hazards = forms.ModelMultipleChoiceField(
        Hazard.objects.none(), label=_("Hazards"), widget=forms.CheckboxSelectMultiple
    )
    deadline_on = DayField(label=_("Deadline"))
    measures = forms.CharField(label=_("Required measures"), max_length=500, required=False)

    def __init__(self, *args: Any, hazard: Hazard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = Hazard.objects.filter(target=hazard.target, campaign=hazard.campaign, state=Hazard.State.FOUND)
        self.fields["hazards"].queryset = same.select_related("target")  # type: ignore[attr-defined]
        self.fields["hazards"].label_from_instance = _labelled  # type: ignore[attr-defined]


def _labelled(hazard: Hazard) -> str:
    return f"{hazard.item_code} {hazard.finding}"


class ServeForm(forms.Form):
    """Proof of service."""

    served = forms.ChoiceField(label=_("Served"), choices=Notice.Served.choices)
    received_by = forms.CharField(label=_("Received by"), max_length=60, required=False)
    receipt_refused = forms.BooleanField(label=_("Refused to receive"), required=False)
    witness = forms.CharField(label=_("Witness"), max_length=60, required=False)


class ClockForm(forms.Form):
    """A time for a level."""

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    days = forms.IntegerField(label=_("Days to put it right"), min_value=1, max_value=365)
    accept_days = forms.IntegerField(label=_("Days to answer a report"), min_value=1, max_value=90, initial=10)
    from_on = DayField(label=_("From"), initial=local_today)
    basis = forms.CharField(label=_("Basis"), max_length=120, required=False)


class SupplyForm(forms.Form):
    """Stop supply, or not."""

    stop = forms.ChoiceField(
        label=_("Supply"),
        choices=[("no", _("supply goes on")), ("yes", _("supply is stopped"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""
