"""What people enter about banks, lines, files and differences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.gas.bank.library import layout_choices
from mainstay.gas.bank.models import Bank, Line
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan

DAY = forms.DateInput(attrs={"type": "date"})


class YuanField(forms.CharField):
    """An amount in yuan as people write it; gives fen, None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "ms-num"}))
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Fen."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class BankForm(forms.Form):
    """A bank and what is agreed with it."""

    code = forms.CharField(
        label=_("code"), max_length=12, help_text=_("Letters and digits; payments and keys name it.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"), empty_label=None)
    layout = forms.ChoiceField(label=_("layout"), choices=layout_choices)
    mac_method = forms.ChoiceField(label=_("authentication"), choices=Bank.Method.choices)
    amount_rule = forms.ChoiceField(label=_("amount"), choices=Bank.AmountRule.choices)
    limit_payment_fen = YuanField(label=_("Most of one payment (yuan)"), required=False)
    limit_account_fen = YuanField(label=_("Most of one account a day (yuan)"), required=False)
    limit_day_fen = YuanField(label=_("Most of the bank a day (yuan)"), required=False)
    rate_bank = forms.IntegerField(label=_("requests a minute"), min_value=1, initial=60_000)
    rate_account = forms.IntegerField(label=_("requests a minute for one account"), min_value=1, initial=30)
    fee_each_fen = YuanField(label=_("Fee of a payment (yuan)"), initial="0.00")
    fee_e4 = forms.IntegerField(label=_("fee in 1/10000 of the amount"), min_value=0, initial=0)
    active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, *args: Any, units: Any, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units
        self.fields["code"].disabled = fixed_code


class LineForm(forms.ModelForm):
    """An address to listen at."""

    class Meta:
        model = Line
        fields = (
            "name", "host", "port", "header", "tpdu", "longest", "peers", "tls", "sign_on", "idle_seconds",
            "frame_seconds", "active",
        )  # fmt: skip

    def validate_constraints(self) -> None:
        """The action tells a taken address in its own words."""


class StatementForm(forms.Form):
    """A bank's file of a day."""

    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("bank"), empty_label=None)
    business_on = forms.DateField(label=_("business date"), widget=DAY)
    file = forms.FileField(
        label=_("Bank's file"), help_text=_("As the bank sent it; its layout is the one of the bank's messages.")
    )

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bank"]
        field.queryset = banks


class SettleForm(forms.Form):
    """How a difference is settled, and what was found out."""

    way = forms.ChoiceField(label=_("settled by"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("What was found out"), max_length=200)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["way"]
        field.choices = ways


class SettlementForm(forms.Form):
    """What a bank paid over."""

    collected_on = forms.DateField(label=_("collected on"), widget=DAY)
    amount = YuanField(label=_("Collected (yuan)"))
    fee = YuanField(label=_("Fee kept (yuan)"), initial="0.00")
    reference = forms.CharField(label=_("bank reference"), max_length=40)


class CutForm(forms.Form):
    """Which day is cut: the open one, shown to be confirmed."""

    business_on = forms.DateField(label=_("business date"), widget=DAY)


class AgreementForm(forms.Form):
    """A customer's word."""

    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("bank"), empty_label=None)
    account_no = forms.CharField(label=_("account number"), max_length=20)
    agreement_no = forms.CharField(label=_("agreement number"), max_length=30)
    payer = forms.CharField(label=_("payer"), max_length=60)
    card_tail = forms.CharField(label=_("last four digits of the bank card"), max_length=4, required=False)
    from_on = forms.DateField(label=_("valid from"), widget=DAY)

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bank"]
        field.queryset = banks


class EndForm(forms.Form):
    """When an agreement ends."""

    until_on = forms.DateField(label=_("valid until"), widget=DAY)


class BatchForm(forms.Form):
    """Which bank is asked."""

    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("bank"), empty_label=None)

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bank"]
        field.queryset = banks


class ReturnForm(forms.Form):
    """What came back."""

    file = forms.FileField(label=pgettext_lazy("withholding", "Returned file"))
