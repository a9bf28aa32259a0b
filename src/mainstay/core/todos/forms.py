"""Forms of to-dos."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User


class AssignForm(forms.Form):
    """To whom."""

    to = forms.ModelChoiceField(
        User.objects.filter(is_active=True, kind=User.Kind.PERSON).select_related("person"), label=_("Person")
    )


class EmptyForm(forms.Form):
    """Nothing but the button."""
