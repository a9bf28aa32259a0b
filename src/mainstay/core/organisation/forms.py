"""Forms of units, people and posts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.kit.dates import local_today

DATE = {"type": "date"}
KINDS = [
    ("company", _("company")),
    ("branch", _("branch")),
    ("department", _("department")),
    ("section", _("section")),
    ("crew", _("crew")),
]


class UnitForm(forms.Form):
    """Names and kind of a unit."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="section")


class NewUnitForm(UnitForm):
    """A unit and where it belongs."""

    code = forms.CharField(label=_("Code"), max_length=20)
    parent = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("Below"), required=False)


class DayForm(forms.Form):
    """A day."""

    on = forms.DateField(label=_("From"), widget=forms.DateInput(DATE), initial=local_today)


class PersonForm(forms.Form):
    """Name and telephone."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class NewPersonForm(PersonForm):
    """Somebody new."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=20)
    joined_on = forms.DateField(label=_("Joined on"), widget=forms.DateInput(DATE), required=False, initial=local_today)


class PostForm(forms.Form):
    """A post in a unit."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("Unit"))


class AssignForm(forms.Form):
    """A person into a post."""

    person = forms.ModelChoiceField(Person.objects.filter(left_on=None), label=_("Person"))
    post = forms.ModelChoiceField(Post.objects.select_related("unit"), label=_("Post"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DATE), initial=local_today)
    until_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DATE), required=False)
