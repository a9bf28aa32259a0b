"""What people enter about rounds, ratings, grades, interviews and rewards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Post, Unit
from mainstay.core.publications.models import Publication
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan
from mainstay.performance.appraisal.models import Appraisal, Criterion, Round
from mainstay.performance.appraisal.rules import LEVELS
from mainstay.performance.plans.models import Period
from mainstay.performance.posts.forms import day, text
from mainstay.performance.posts.models import Qualification

E2, BP = 100, 10_000
BANDS_HELP = _(
    "One grade a line, best first: grade, points from, highest share in per cent or -, pay steps, consequences "
    "(promotion, post_change, training, improvement, career)."
)


class EmptyForm(forms.Form):
    """Nothing but the button."""


class YuanField(forms.CharField):
    """An amount of money as people write it; gives fen."""

    def clean(self, value: Any) -> int | None:
        """Fen, None for nothing."""
        given = super().clean(value)
        if not given:
            return None
        try:
            return parse_yuan(given)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class RoundForm(forms.Form):
    """A new round."""

    period = forms.ModelChoiceField(Period.objects.filter(kind__in=["year", "quarter"]), label=_("Period"))
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("For unit and below"))
    policy = forms.ModelChoiceField(
        Publication.objects.filter(state="published"),
        label=_("Performance policy"),
        help_text=_("Whoever appraises must have acknowledged it."),
    )
    training = forms.ModelChoiceField(
        Qualification.objects.filter(kind="training"),
        label=_("Training raters must have"),
        help_text=_("Whoever appraises must hold it."),
    )


class ShareForm(forms.Form):
    """For how many people a second rater is drawn."""

    share = forms.IntegerField(
        label=_("Share of each rater's people (%)"), min_value=1, max_value=100, initial=25,
        help_text=_("A quarter already helps; 100 % makes severity clearest."),
    )  # fmt: skip


class RatingForm(forms.Form):
    """A level and an incident for each criterion."""

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[one.code] = forms.TypedChoiceField(
                label=f"{one.get_axis_display()} · {one.name}",
                choices=[(level, str(level)) for level in LEVELS],
                coerce=int,
                widget=forms.RadioSelect,
                help_text=one.anchors,
            )
            self.fields[f"{one.code}_incident"] = text(
                _("Incident for “%(name)s”") % {"name": one.name}, 2, required=False
            )

    def values(self) -> dict[str, Any]:
        """As the action takes it."""
        data = self.cleaned_data
        return {
            "levels": {one.code: data[one.code] for one in self.criteria},
            "incidents": {one.code: data[f"{one.code}_incident"] for one in self.criteria},
        }


class GradeForm(forms.Form):
    """Another grade, with the reason."""

    grade = forms.ChoiceField(label=_("Grade"))
    reason = text(_("Reason"), 3, max_length=300)

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [band.grade for band in appraisal.round.scheme.grades]
        self.fields["grade"].choices = [(grade, grade) for grade in grades]  # type: ignore[attr-defined]


class InterviewForm(forms.Form):
    """What was said."""

    held_on = day(_("Held on"), required=False)
    successes = text(_("Successes"), 3)
    to_improve = text(_("To improve"), 3)
    training = text(_("Training needed"), 2, required=False)
    own_view = text(_("The person's own view"), 2, required=False)
    help_wanted = text(_("Help wanted"), 2, required=False)
    career = text(_("Career plan"), 2, required=False)
    next_steps = text(_("Next steps"), 3)


class CareerForm(forms.Form):
    """Where to, and by which steps."""

    goal = text(_("Career goal"), 3)
    post = forms.ModelChoiceField(
        Post.objects.select_related("unit").order_by("unit__path", "code"), label=_("Post aimed at"), required=False
    )
    train = forms.BooleanField(label=_("Plan the trainings that are missing for this post"), required=False)
    steps = text(_("Agreed steps"), 4)
    review_on = day(_("Looked at again on"))


class AppealForm(forms.Form):
    """What somebody objects to."""

    text = text(_("What do you object to?"), 6)


class DecisionForm(GradeForm):
    """The answer to an objection."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("no", _("the result stays")), ("yes", _("the objection is upheld"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = text(_("Answer"), 4)
    reason = None  # type: ignore[assignment]
    field_order = ("upheld", "grade", "answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].required = False
        self.fields["grade"].help_text = _("Counts when the objection is upheld.")


class PoolForm(forms.Form):
    """A sum to divide."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("For unit and below"))
    pool_fen = YuanField(label=_("Pool (yuan)"), max_length=20, widget=forms.TextInput({"inputmode": "decimal"}))

    def __init__(self, *args: Any, one: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.filter(path__startswith=one.unit.path, closed_on=None)
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]


class EffectForm(forms.Form):
    """From when."""

    on = day(_("Effective from"))


class CriterionForm(forms.Form):
    """A criterion."""

    code = forms.CharField(label=_("Code"), max_length=20)
    axis = forms.ChoiceField(label=_("Axis"), choices=Criterion.Axis.choices)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    anchors = text(_("What the levels mean"), 5, required=False)


class SchemeForm(forms.Form):
    """Grades and what they lead to."""

    from_on = day(_("From"))
    notice = forms.CharField(label=_("Notice"), max_length=120)
    bands = text(_("Grades"), 6, help_text=BANDS_HELP)
    fewest = forms.IntegerField(label=_("Ratios from so many people on"), min_value=1, initial=20)
    mean_cap = forms.DecimalField(
        label=_("Highest mean of a unit (points)"), required=False, min_value=0, max_digits=6, decimal_places=2
    )

    def clean_bands(self) -> list[dict[str, Any]]:
        """Return the lines as data."""
        found = []
        for number, line in enumerate(self.cleaned_data["bands"].splitlines(), 1):
            parts = line.replace("，", " ").replace(",", " ").split()
            if not parts:
                continue
            try:
                grade, points, ratio, steps, *kinds = parts
                ratio_bp = None if ratio in {"-", "–"} else int(Decimal(ratio) * E2)
                found.append(
                    {
                        "grade": grade,
                        "from_e2": int(Decimal(points) * E2),
                        "ratio_bp": ratio_bp,
                        "pay_steps": int(steps),
                        "consequences": kinds,
                    }
                )
            except (ValueError, ArithmeticError):
                wrong = _("Line %(number)s is not understood. Write it like: A 95 10 1 promotion") % {"number": number}
                raise forms.ValidationError(wrong) from None
        return found

    def values(self) -> dict[str, Any]:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        cap = data.pop("mean_cap")
        return {**data, "mean_cap_e2": None if cap is None else int(cap * E2)}


class FactorForm(forms.Form):
    """What a post weighs."""

    post = forms.ModelChoiceField(Post.objects.select_related("unit"), label=_("Post"))
    factor = forms.DecimalField(label=_("Factor"), min_value=Decimal("0.01"), max_value=Decimal(10), decimal_places=4)
    from_on = day(_("From"), required=False)
    notice = forms.CharField(label=_("Notice"), max_length=120)

    def values(self) -> dict[str, Any]:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        data["factor_bp"] = int(data.pop("factor") * BP)
        return data
