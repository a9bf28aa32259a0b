"""What people enter about incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.incidents.models import Incident
from mainstay.continuity.incidents.queries import VIEW
from mainstay.continuity.site.registry import MEASURES
from mainstay.core.access.models import User
from mainstay.core.access.queries import who_may

MOMENT, DAY = {"type": "datetime-local"}, {"type": "date"}
LONG = forms.Textarea({"rows": 3})


def _this_minute() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)


def _measures() -> list[tuple[str, Any]]:
    return [("", _("none of them")), *((key, f"{key} {one.title}") for key, one in MEASURES.items())]


class IncidentForm(forms.Form):
    """What happened."""

    title = forms.CharField(label=_("what went wrong"), max_length=100)
    kind = forms.ChoiceField(label=_("kind"), choices=Incident.Kind.choices)
    grade = forms.TypedChoiceField(
        label=_("grade"), choices=Incident.Grade.choices, coerce=int, initial=4,
        help_text=_("How soon it has to be over: I within 1 hour, II 4, III 24, IV 72."),
    )  # fmt: skip
    began_at = forms.DateTimeField(
        label=_("began at"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), initial=_this_minute
    )
    noticed_at = forms.DateTimeField(
        label=_("noticed at"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), required=False,
        help_text=_("From then on its time runs. Empty: now."),
    )  # fmt: skip
    touched = forms.CharField(
        label=_("what it touched"), max_length=300, required=False, widget=LONG,
        help_text=_("Systems, data, customers, and for how long."),
    )  # fmt: skip
    measure = forms.ChoiceField(label=_("measure"), choices=_measures, required=False)


class StepForm(forms.Form):
    """What was done, when."""

    text = forms.CharField(label=_("what was done"), max_length=500, widget=LONG)
    at = forms.DateTimeField(
        label=_("at"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), required=False,
        help_text=_("Empty: now."),
    )  # fmt: skip


class EndForm(forms.Form):
    """Since when it is over, and why it happened."""

    over_at = forms.DateTimeField(
        label=_("over since"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), initial=_this_minute
    )
    cause = forms.CharField(label=_("cause"), max_length=500, widget=LONG)


class CloseForm(forms.Form):
    """What follows from it."""

    conclusion = forms.CharField(label=_("conclusion"), max_length=500, widget=LONG)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class FollowUpForm(forms.Form):
    """What, who, until when."""

    what = forms.CharField(label=_("what has to follow"), max_length=200)
    who = forms.ModelChoiceField(User.objects.none(), label=_("by whom"))
    due_on = forms.DateField(label=_("until"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = who_may(VIEW)  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    """What was done."""

    result = forms.CharField(label=_("result"), max_length=300, widget=LONG)
