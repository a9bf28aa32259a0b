"""Forms of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The sheet; the options of its kind are added in front."""

    file = forms.FileField(
        label=_("Sheet"),
        help_text=_("XLSX or CSV, at most 20 MB. Column titles may be Chinese or English, in any order."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": _("Choose the sheet to import.")},
    )

    def __init__(self, *args: Any, options: type[forms.Form], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.option_names = list(options.base_fields)
        self.fields = {**options.base_fields, **self.fields}

    def options(self) -> dict[str, Any]:
        """What the sheet itself does not say, as kept with the import."""
        return {name: self.cleaned_data[name] for name in self.option_names}


class CommitForm(forms.Form):
    """The decision to import."""

    skip_bad = forms.BooleanField(label=_("Leave out the rows with errors"), required=False)
