"""Faults of checklists and answers as sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.inspection.checklists.rules import Fault

FAULTS: dict[str, Any] = {
    "code_twice": _("The code %(item)s is used twice."),
    "bad_code": _("%(item)s is no code: a letter, then letters, digits, points and hyphens, at most 24."),
    "no_items": _("There are no items yet: add some."),
    "no_points": _("Points are deducted, but no part has full points: say how many each part has."),
    "bad_type": _("%(item)s has no type that is known."),
    "no_options": _("%(item)s is a choice without options: give at least one."),
    "limits_crossed": _("The lower limit of %(item)s is above its upper limit."),
    "limit_without_number": _("%(item)s has a limit, but no number is asked for."),
    "rule_without_date": _("%(item)s has a rule for a day, but no day is asked for."),
    "no_days": _("Say within how many days %(item)s must have been done."),
    "show_later": _("%(item)s is shown because of an item that does not come before it."),
    "unknown_item": _("%(item)s is no item of this checklist. Load the targets again."),
    "unanswered": _("%(item)s is not answered."),
    "no_photo": _("%(item)s needs a photo."),
    "no_finding": _("%(item)s fails: say what was found, or take a photo."),
}


def sentence(fault: Fault) -> Any:
    """A fault in words."""
    return FAULTS[fault.code] % {"item": fault.item}
