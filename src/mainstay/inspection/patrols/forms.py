"""What people enter about patrols."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person, Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.inspection.campaigns.models import Target
from mainstay.inspection.checklists.models import Checklist
from mainstay.inspection.patrols.models import Patrol
from mainstay.kit.dates import local_today


class DayField(forms.DateField):
    """A day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class PatrolForm(forms.Form):
    """A patrol: points and people are typed by code and staff number, one a line, in the order of the way."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("unit in charge"))
    rhythm = forms.ChoiceField(label=_("how often"), choices=Patrol.Rhythm.choices)
    anchor = forms.IntegerField(
        label=_("weekday or day of the month"), min_value=1, max_value=28, initial=1,
        help_text=_("On which a round begins: weekly 1 (Monday) to 7, monthly 1 to 28. Daily rounds ignore it."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("days to walk it"), min_value=1, max_value=28, initial=1, help_text=_("Afterwards the round is missed.")
    )
    checklists = forms.ModelMultipleChoiceField(Checklist.objects.none(), label=_("checklists"))
    targets = forms.CharField(
        label=_("Points, by code"), widget=forms.Textarea({"rows": 5}),
        help_text=_("One code a line, in the order of the way. Each has a QR label to print on its own page."),
    )  # fmt: skip
    leader = forms.CharField(label=_("in charge of the rounds"), max_length=20, help_text=_("Staff number."))
    walkers = forms.CharField(
        label=_("Others who walk"), widget=forms.Textarea({"rows": 3}), required=False,
        help_text=_("One staff number a line."),
    )  # fmt: skip
    from_on = DayField(label=_("From"), initial=local_today)
    until_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.right = user, right
        self.fields["unit"].queryset = units_visible_to(user, right).filter(closed_on=None)  # type: ignore[attr-defined]
        in_force = Checklist.objects.filter(versions__state="published").distinct()
        self.fields["checklists"].queryset = in_force  # type: ignore[attr-defined]

    def clean_targets(self) -> list[Target]:
        """The rooms, in their order; or which code is none."""
        return self._found("targets", Target.objects.filter(kind="room", closed_on=None), "code")

    def clean_leader(self) -> Person:
        """The person, or what to do."""
        found: Person = self._found("leader", Person.objects.all(), "staff_no")[0]
        return found

    def clean_walkers(self) -> list[Person]:
        """The persons, or which number is none."""
        return self._found("walkers", Person.objects.all(), "staff_no")

    def _found(self, name: str, rows: Any, key: str) -> list[Any]:
        codes = list(dict.fromkeys(str(self.cleaned_data[name]).replace(",", " ").replace("，", " ").split()))
        known = {getattr(one, key): one for one in rows.filter(**{f"{key}__in": codes})}
        if strange := [code for code in codes if code not in known]:
            raise forms.ValidationError(_("Not known here: %(codes)s") % {"codes": "、".join(strange[:5])})
        return [known[code] for code in codes]

    def clean(self) -> dict[str, Any]:
        """Daily rounds have neither a weekday nor more than a day."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("rhythm") == Patrol.Rhythm.DAILY:
            facts |= {"anchor": 1, "days": 1}
        return facts


class PauseForm(forms.Form):
    """Why no rounds are walked."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing to enter."""
