"""What people enter about terminals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.network.models import Terminal
from mainstay.continuity.network.sheet import mac_of
from mainstay.continuity.site.queries import declared
from mainstay.kit.errors import Problem


class TerminalForm(forms.Form):
    """A device of the register."""

    name = forms.CharField(label=_("terminal"), max_length=40)
    kind = forms.ChoiceField(label=_("kind"), choices=Terminal.Kind.choices)
    mac = forms.CharField(
        label=_("hardware address"), max_length=24, help_text=_("In any notation: 00-1A-2B-3C-4D-5E.")
    )
    zone = forms.CharField(label=_("zone"), max_length=31)
    address = forms.GenericIPAddressField(
        label=_("address"), required=False, help_text=_("When filled in, another address is remarked on.")
    )
    port = forms.CharField(
        label=_("switch port"), max_length=40, required=False, help_text=_("When filled in, another port is an alarm.")
    )
    place = forms.CharField(label=_("standing place"), max_length=80)
    user = forms.CharField(label=_("user"), max_length=40, required=False)
    purpose = forms.CharField(label=_("purpose"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site := declared():
            choices = [(one.name, f"{one.name} {one.title}".strip()) for one in site.zones]
            self.fields["zone"] = forms.ChoiceField(label=_("zone"), choices=choices)

    def clean_mac(self) -> str:
        """In the one notation."""
        try:
            return mac_of(self.cleaned_data["mac"])
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class RetireForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
