"""What people enter about papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.campaigns.models import Organiser


class PaperForm(forms.Form):
    """Title and texts of a draft."""

    title = forms.CharField(label=_("Title of the paper"), max_length=120)

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in paper.blocks:
            rows = max(3, min(14, 2 + one["text"].count("\n") + len(one["text"]) // 60))
            self.fields[f"text_{one['key']}"] = forms.CharField(
                label=one["title"], required=False, max_length=8000, widget=forms.Textarea({"rows": rows})
            )

    def texts(self) -> dict[str, str]:
        """The texts by the keys of their parts."""
        marked = {name: value for name, value in self.cleaned_data.items() if name.startswith("text_")}
        return {name.removeprefix("text_"): value for name, value in marked.items()}


class SealForm(forms.Form):
    """For whom one seals."""

    organiser = forms.ModelChoiceField(Organiser.objects.none(), label=_("Organisation that seals"), empty_label=None)

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = paper.campaign.organisers.select_related("unit")
        self.fields["organiser"].queryset = rows  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """For which unit one acknowledges."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Inspected unit"), empty_label=None)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""
