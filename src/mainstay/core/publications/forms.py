"""Forms of publications."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit

KINDS = [("rule", _("rule")), ("charter", _("charter")), ("duty", _("job description")), ("notice", _("notice"))]


class TextForm(forms.Form):
    """A draft."""

    title_zh = forms.CharField(label=_("Chinese title"), max_length=120)
    title_en = forms.CharField(label=_("English title"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="notice")
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("For unit and below"))
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea({"rows": 16}),
        help_text=_("“# ” begins a heading, “- ” a list item; empty lines part paragraphs."),
    )
    acknowledge_by = forms.DateField(
        label=_("To be acknowledged by"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty: nobody has to acknowledge it."),
    )


class NewTextForm(TextForm):
    """A draft with its code."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("The next version has the same code."))
    field_order = ("code",)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""
