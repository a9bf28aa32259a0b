"""What other apps of inspections add to records and packets: hazards made by failing items, and those still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.inspection.campaigns.models import Assignment, Inspection, Target

# after(inspection, results by item code, notices of the body, by) runs in the record's transaction; returns what the
# phone is told. of_targets(targets) gives, by target, what a packet or a page says of it.
After = Callable[["Inspection", Mapping[str, str], Sequence[Mapping[str, Any]], "User"], list[dict[str, Any]]]
OfTargets = Callable[[Sequence["Target"]], dict[int, list[dict[str, Any]]]]
_after: list[After] = []
_of_targets: dict[str, OfTargets] = {}
_sections: list[Callable[[Any, Any], Any]] = []


def register_after(function: After) -> None:
    """Let a function take part when a record is accepted."""
    if function not in _after:
        _after.append(function)


def after_record(
    inspection: Inspection, results: Mapping[str, str], notices: Sequence[Mapping[str, Any]], by: User
) -> list[dict[str, Any]]:
    """Run what follows from a record; returns the hazards as the phone is told."""
    return [line for function in _after for line in function(inspection, results, notices, by)]


def register_of_targets(name: str, function: OfTargets) -> None:
    """Let a function say something of targets under a name ("hazards")."""
    _of_targets[name] = function


def said_of(targets: Sequence[Target]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Return what other apps say of targets, by the target's key and their own name: constant queries."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {one.pk: {} for one in targets}
    for name, function in _of_targets.items():
        for key, lines in function(targets).items():
            found[key][name] = lines
    return found


def register_sections(function: Callable[[Any, Any], Any]) -> None:
    """Let a function add sections to the pages of a campaign, target or assignment: function(subject, user)."""
    if function not in _sections:
        _sections.append(function)


def sections_for(subject: Assignment | Any, user: Any) -> list[Any]:
    """Return the sections that other apps add to a page."""
    return [section for function in _sections for section in function(subject, user)]
