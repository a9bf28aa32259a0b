"""Forms of decisions."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ApproveForm(forms.Form):
    """A remark."""

    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class RejectForm(forms.Form):
    """The reason."""

    note = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The person who asked will read it."))


class EmptyForm(forms.Form):
    """Nothing but the button."""
