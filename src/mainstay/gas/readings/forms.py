"""Forms of books and readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.readings.filters import PeriodField
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.readings.queries import units_with_books
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.volume import m3, parse_m3


class VolumeField(forms.CharField):
    """Cubic metres as people write them, in litres."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """Litres."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_m3(text, negative=True)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        """Cubic metres of litres; text as it was typed."""
        return m3(value, thousands=False) if isinstance(value, int) else value


def _day() -> forms.DateField:
    return forms.DateField(
        label=_("Read on"), initial=local_today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _reason() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=120, validators=[MinLengthValidator(2)])


class ReasonForm(forms.Form):
    """Why."""

    reason = _reason()


class CorrectManyForm(forms.Form):
    """What several meters really show, and why: one line for each reading."""

    def __init__(self, *args: Any, readings: Sequence[Reading], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readings = {f"index_{'_'.join(map(str, one.pk))}": one for one in readings}
        text = _("%(account)s: read as %(index)s m³ on %(day)s, before it %(before)s m³")
        for name, one in self.readings.items():
            facts = {"account": one, "index": m3(one.index_l), "day": one.taken_on, "before": m3(one.previous_index_l)}
            self.fields[name] = VolumeField(label=text % facts, required=False)
        self.fields["reason"] = _reason()

    @property
    def corrected(self) -> list[tuple[Reading, int]]:
        """Readings with the index typed beside them, in litres."""
        typed = ((one, self.cleaned_data.get(name)) for name, one in self.readings.items())
        return [(one, index_l) for one, index_l in typed if index_l is not None]

    def clean(self) -> Any:
        """At least one."""
        if not self.errors and not self.corrected:
            raise forms.ValidationError(_("Enter at least one index."))
        return self.cleaned_data


class CorrectForm(forms.Form):
    """What the meter really shows."""

    index = VolumeField(label=_("Index (m³)"), max_length=16)
    taken_on = _day()
    reason = _reason()


class EstimateForm(forms.Form):
    """For which period and day, and why."""

    period = PeriodField(label=_("Period"), help_text=_("Month, like 2026-11."))
    taken_on = _day()
    reason = _reason()


class EntryForm(forms.Form):
    """One line of the entry page."""

    index = VolumeField(label=_("Index (m³)"), max_length=16)
    taken_on = forms.DateField()
    period = PeriodField()


class BookForm(forms.Form):
    """A book; `user` and `right` decide which branches can be chosen."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    unit = forms.ModelChoiceField(label=_("Branch"), queryset=Unit.objects.none())
    reader = forms.ModelChoiceField(label=_("Reader"), queryset=User.objects.none(), required=False)
    cycle = forms.ChoiceField(label=_("Cycle"), choices=Book.Cycle.choices)

    def __init__(self, *args: Any, user: User, right: str, book: Book | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = rights.unit_ids(user, right)
        units = Unit.objects.filter(closed_on=None)
        self.fields["unit"].queryset = units if ids is None else units.filter(pk__in=ids)  # type: ignore[attr-defined]
        people = User.objects.filter(kind=User.Kind.PERSON, is_active=True).select_related("person")
        self.fields["reader"].queryset = people.order_by("username")  # type: ignore[attr-defined]
        if book is not None:
            del self.fields["code"], self.fields["unit"]


class PlaceForm(forms.Form):
    """Into which book, and where in it."""

    book = forms.CharField(label=_("Book"), max_length=20, help_text=_("Code of a book of this branch."))
    sequence = forms.IntegerField(
        label=_("Place in the book"), required=False, min_value=1, help_text=_("Empty: at the end.")
    )

    def __init__(self, *args: Any, unit: Unit | None = None, place: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = place.unit if place is not None else unit

    def clean_book(self) -> Book:
        """The book itself."""
        books = Book.objects.filter(code=self.cleaned_data["book"].strip())
        book = books.filter(unit=self.unit).first() if self.unit else books.first()
        if book is None:
            raise forms.ValidationError(_("There is no book with this code in this branch."))
        return book


def _readers() -> Any:
    people = User.objects.filter(kind=User.Kind.PERSON, is_active=True).select_related("person")
    return people.order_by("username")


class PlanForm(forms.Form):
    """Which branch, which period, and from when on books without an earlier day are spread."""

    unit = forms.ModelChoiceField(label=_("Branch"), queryset=Unit.objects.none())
    period = PeriodField(label=_("Period"), help_text=_("Month, like 2026-11."))
    first_on = forms.DateField(
        label=_("First day"),
        help_text=_("Books without a task before are planned one a day for each reader from here on."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with_books(user, right).filter(closed_on=None)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who reads a book in a period, and when."""

    period = PeriodField(label=_("Period"), help_text=_("Month, like 2026-11."))
    reader = forms.ModelChoiceField(label=_("Reader"), queryset=User.objects.none(), required=False)
    planned_on = forms.DateField(
        label=_("Planned for"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = _readers()  # type: ignore[attr-defined]


class PhoneFileForm(forms.Form):
    """What a phone has saved."""

    file = forms.FileField(
        label=_("File of the phone"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose the file that the phone has saved.")},
    )
