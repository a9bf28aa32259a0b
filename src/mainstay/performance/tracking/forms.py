"""What people enter while they track."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.performance.plans.forms import (
    DATE,
    PeopleField,
    PeriodField,
    PersonField,
    ShareField,
    UnitField,
    ValueField,
)  # fmt: skip
from mainstay.performance.tracking.models import Action, RolloutGoal, Session

AREA = forms.Textarea({"rows": 4})
KINDS = [(kind.value, kind.label) for kind in (Action.Kind.MEASURE, Action.Kind.IMPROVEMENT)]


class ActionForm(forms.Form):
    """An action: what, by whom, until when, checked by whom."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    title = forms.CharField(label=_("What is done"), max_length=160)
    result = forms.CharField(label=_("Promised result"), max_length=300)
    steps = forms.CharField(label=_("Steps"), required=False, widget=AREA)
    unit = UnitField(label=_("Unit"))
    owner = PersonField(label=_("Owner"))
    checker = PersonField(label=_("Checker"), help_text=_("Somebody else than the owner."))
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput(DATE))


class StepForm(ActionForm):
    """An action whose kind is known."""

    kind = None  # type: ignore[assignment]


class DecisionForm(forms.Form):
    """A decision of a session."""

    title = forms.CharField(label=_("What is done"), max_length=160)
    result = forms.CharField(label=_("Promised result"), max_length=300)
    owner = PersonField(label=_("Owner"))
    checker = PersonField(label=_("Checker"), help_text=_("Somebody else than the owner."))
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput(DATE))


class FinishForm(forms.Form):
    """What came of an action."""

    outcome = forms.CharField(label=_("What came of it"), max_length=300)
    file = forms.FileField(label=_("Evidence"), required=False)


class CheckForm(forms.Form):
    """The checker's word."""

    good = forms.TypedChoiceField(
        label=_("Verdict"),
        choices=[("yes", _("the promised result is there")), ("no", _("something is missing"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    verdict = forms.CharField(label=_("Remark"), max_length=300, required=False)


class ActualForm(forms.Form):
    """What a target reached."""

    period = PeriodField("year", "quarter", "month", label=pgettext_lazy("plan", "Period"))
    value = ValueField(label=_("Value reached"))
    note = forms.CharField(label=_("Reason or remark"), max_length=300, required=False)
    file = forms.FileField(label=_("Evidence"), required=False)


class EventForm(ActualForm):
    """The same where the target's rule asks for events."""

    plus = ShareField(label=_("Plus points"), required=False)
    minus = ShareField(label=_("Minus points"), required=False)
    veto = forms.BooleanField(label=_("A veto event has happened"), required=False)


class FetchForm(forms.Form):
    """Which period."""

    period = PeriodField("month", "quarter", "year", label=pgettext_lazy("plan", "Period"))


class SessionForm(forms.Form):
    """A session to come."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    unit = UnitField(label=_("Unit"))
    period = PeriodField(label=_("Period looked at"))
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(DATE))
    host = PersonField(label=_("Host"))
    recorder = PersonField(label=_("Recorder"), help_text=_("Somebody else than the host; follows up the decisions."))
    reporters = PeopleField(label=_("Who reports"))
    others = PeopleField(label=_("Who else is there"), required=False)


class ReportForm(forms.Form):
    """What a reporter said."""

    cause = forms.CharField(label=_("Why there is a gap"), required=False, widget=AREA)
    outlook = forms.CharField(label=_("Results of the next period"), required=False, widget=AREA)
    questions = forms.CharField(label=_("Questions and answers"), required=False, widget=AREA)


class MinutesForm(forms.Form):
    """Minutes, and lessons of a review."""

    minutes = forms.CharField(label=_("Minutes"), widget=forms.Textarea({"rows": 10}))
    lessons = forms.CharField(label=_("Lessons"), required=False, widget=AREA)


class CoachingForm(forms.Form):
    """What was talked over."""

    person = PersonField(label=_("With whom"))
    unit = UnitField(label=_("Unit"))
    text = forms.CharField(label=_("What was talked over"), widget=AREA)
    agreed = forms.CharField(label=_("Agreed next step"), max_length=300, required=False)


class WorkPlanForm(forms.Form):
    """A department's plan."""

    unit = UnitField(label=_("Unit"))
    period = PeriodField(label=pgettext_lazy("plan", "Period"))
    summary = forms.CharField(label=_("What matters in this period"), widget=AREA)


class RolloutForm(forms.Form):
    """The frame of a roll-out plan."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    unit = UnitField(label=_("Unit"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DATE))
    until_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DATE))


class GoalForm(forms.Form):
    """A gap and the goal that closes it."""

    r = forms.TypedChoiceField(label=_("Which R"), choices=RolloutGoal.R.choices, coerce=int)
    gap_zh = forms.CharField(label=_("Gap"), max_length=300)
    gap_en = forms.CharField(label=_("Gap in English"), max_length=400, required=False)
    goal_zh = forms.CharField(label=_("Goal"), max_length=300)
    goal_en = forms.CharField(label=_("Goal in English"), max_length=400, required=False)
    kind = forms.ChoiceField(label=_("Stated as"), choices=RolloutGoal.Kind.choices)
    aim = ValueField(label=_("Number aimed at"), required=False)


class WeighForm(forms.Form):
    """How far a goal is."""

    reached = ValueField(label=_("Number reached"), required=False)
    verdict = forms.CharField(label=_("How far it is"), max_length=300, required=False)
