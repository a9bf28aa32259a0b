"""What people enter about carriers and packages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.antivirus.models import Medium


class MediumForm(forms.Form):
    """A carrier."""

    label = forms.CharField(label=_("label"), max_length=40, help_text=_("As it stands on the carrier itself."))
    serial = forms.CharField(label=_("serial number"), max_length=60, required=False)
    keeper = forms.CharField(label=_("keeper"), max_length=40)


class RetireForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class TakeForm(forms.Form):
    """Which package, by which carrier."""

    path = forms.ChoiceField(label=_("package"))
    medium = forms.ModelChoiceField(Medium.objects.none(), label=_("carrier"))

    def __init__(self, *args: Any, packages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = packages  # type: ignore[attr-defined]
        self.fields["medium"].queryset = Medium.objects.filter(retired_on=None)  # type: ignore[attr-defined]
