"""What people enter about plans: people by number or name, values, shares, money."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Person, Unit
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan
from mainstay.performance.plans.models import Period
from mainstay.performance.plans.rules.amounts import number_text, parse_number

DATE = {"type": "date"}
_SPLIT = re.compile(r"[,，;；、\n]+")


class ParsedField(forms.CharField):
    """Text that becomes a number; `read` raises Problem for what is none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "ms-num"}))
        super().__init__(max_length=30, **kwargs)

    def read(self, text: str) -> int:
        """The number in the field's own whole unit."""
        raise TypeError("a kind of number says how it is read")

    def clean(self, value: Any) -> Any:
        """The number, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.read(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class ValueField(ParsedField):
    """An indicator's value: gives 1/10000 of its unit."""

    def read(self, text: str) -> int:
        """Four decimals."""
        return parse_number(text)

    def prepare_value(self, value: Any) -> Any:
        """A number from the database as people write it."""
        return number_text(value).replace(",", "") if isinstance(value, int) else value


class ShareField(ParsedField):
    """Per cent: gives basis points; points with two decimals are read the same way."""

    def read(self, text: str) -> int:
        """Two decimals."""
        return parse_number(text, decimals=2)

    def prepare_value(self, value: Any) -> Any:
        """A number from the database as people write it."""
        return number_text(value, decimals=2).replace(",", "") if isinstance(value, int) else value


class YuanField(ParsedField):
    """An amount in yuan: gives fen."""

    def read(self, text: str) -> int:
        """Fen."""
        return parse_yuan(text)

    def prepare_value(self, value: Any) -> Any:
        """A number from the database as people write it."""
        return number_text(value, decimals=2).replace(",", "") if isinstance(value, int) else value


class PersonField(forms.CharField):
    """Somebody who works here, by staff number or whole name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Staff number or name."))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        """The person, None for nothing."""
        text = super().clean(value)
        return find_person(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """A person as number and name."""
        return f"{value.staff_no} {value.name}" if isinstance(value, Person) else value


class PeopleField(forms.CharField):
    """Several people, by staff number or whole name, parted by commas or lines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 3}))
        kwargs.setdefault("help_text", _("Staff numbers or names, parted by commas or lines."))
        super().__init__(max_length=4000, **kwargs)

    def clean(self, value: Any) -> Any:
        """The people in their order, each once."""
        names = [name.strip() for name in _SPLIT.split(super().clean(value)) if name.strip()]
        return list({person.pk: person for person in map(find_person, names)}.values())


def find_person(text: str) -> Person:
    """Return the person of a staff number, a name, or both ("HT0007 Name"). Raises ValidationError with what to do."""
    here = Person.objects.filter(left_on=None)
    first = text.split(maxsplit=1)[0]
    found = list(here.filter(staff_no=first)[:1]) or list(here.filter(name=text.strip())[:6])
    if not found:
        raise forms.ValidationError(_("Nobody here is called “%(text)s”: give the staff number.") % {"text": text})
    if len(found) > 1:
        numbers = ", ".join(person.staff_no for person in found)
        text = _("Several people have this name: give the staff number (%(numbers)s).") % {"numbers": numbers}
        raise forms.ValidationError(text)
    return found[0]


class UnitField(forms.ModelChoiceField):
    """A unit that is not closed; the page narrows the choice to what the person's right reaches."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.filter(closed_on=None), **kwargs)


class PeriodField(forms.ModelChoiceField):
    """A period that is not closed."""

    def __init__(self, *kinds: str, **kwargs: Any) -> None:
        rows = Period.objects.exclude(state=Period.State.CLOSED)
        super().__init__(rows.filter(kind__in=kinds) if kinds else rows, **kwargs)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""
