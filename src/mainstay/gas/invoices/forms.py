"""What people enter about invoices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TitleForm(forms.Form):
    """What invoices are made out to."""

    name = forms.CharField(label=pgettext_lazy("invoice", "title"), max_length=120)
    tax_no = forms.CharField(
        label=_("tax number"),
        max_length=30,
        required=False,
        help_text=_("Firms need it; its last character is checked."),
    )
    address_phone = forms.CharField(label=_("address and phone"), max_length=160, required=False)
    bank_account = forms.CharField(label=_("bank and account"), max_length=160, required=False)
    send_to = forms.CharField(label=_("sent to (mail or phone)"), max_length=120, required=False)


class BillsForm(forms.Form):
    """Which bills go on the invoice."""

    bills = forms.MultipleChoiceField(label=_("Bills"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, bills: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bills"]
        field.choices = bills
        field.initial = [key for key, _title in bills[:1]]

    def clean_bills(self) -> list[tuple[int, int]]:
        """Period and seq of each."""
        pairs = (one.split("-") for one in self.cleaned_data["bills"])
        return [(int(period), int(seq)) for period, seq in pairs]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class WayForm(forms.Form):
    """How the customer got it."""

    way = forms.ChoiceField(
        label=_("Way"),
        choices=(
            ("print", _("printed at the counter")), ("mail", _("by mail")), ("sms", _("by text message")),
            ("wechat", _("by WeChat")), ("self", _("fetched by the customer")),
        ),
    )  # fmt: skip


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; gives a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file checked by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given]


class XmlForm(forms.Form):
    """XML files of invoices, as they came."""

    xml = FilesField(label=_("XML files"), widget=FilesInput(attrs={"accept": ".xml,text/xml"}))
