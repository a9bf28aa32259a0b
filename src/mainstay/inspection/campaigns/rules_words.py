"""What a record lacks, as sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.inspection.checklists.rules import Fault
from mainstay.inspection.checklists.rules_words import FAULTS as OF_ANSWERS

FAULTS: dict[str, Any] = {
    **OF_ANSWERS,
    "few_inspectors": _("More inspectors have to sign."),
    "no_companion": _("Somebody of the inspected unit has to sign, or his refusal is noted."),
    "no_refusal_reason": _("Say why the accompanying person does not sign."),
    "no_witness": _("A refusal to sign needs a witness who signs."),
    "signed_twice": _("Somebody signed twice in the same part."),
}


def sentence(fault: Fault) -> Any:
    """A fault in words."""
    return FAULTS[fault.code] % {"item": fault.item}
