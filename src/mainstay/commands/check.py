"""`mainstay check [NAME …]`: run the registered checks of the data."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.core.checks import Outcome

SHOWN = 20  # findings of one check printed for people; --json has all


def main(argv: list[str]) -> int:
    """Run all checks, or the named ones; 0 when nothing was found, 1 otherwise."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.core import checks

    known = checks.registered()
    if options.list:
        for one in known.values():
            say(f"{one.name:<20} {one.title}")
        return 0
    if missing := [name for name in options.names if name not in known]:
        say(_("Unknown check: {names}").format(names=", ".join(missing)), error=True)
        say(_("Known: {names}").format(names=", ".join(known)), error=True)
        return 2
    chosen = [known[name] for name in options.names] or list(known.values())
    outcomes = []
    for outcome in checks.run(chosen):
        _tell(outcome)
        outcomes.append(outcome)
    if options.json:
        say(json.dumps(_as_json(outcomes), ensure_ascii=False))
    return int(any(outcome.findings for outcome in outcomes))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay check", description=_("Check the data: audit chain, ledger and more"))
    made.add_argument("names", nargs="*", metavar="NAME", help=_("checks to run; without names, all of them"))
    made.add_argument("--list", action="store_true", help=_("list the checks and stop"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def _tell(outcome: Outcome) -> None:
    """Print one check's result and its first findings."""
    count = len(outcome.findings)
    word = _("{count} findings").format(count=count) if count else _("in order")
    say(f"{outcome.check.name:<16} {outcome.check.title} … {word} ({outcome.seconds:.1f} s)")
    for finding in outcome.findings[:SHOWN]:
        say(f"    {finding.subject} {finding.text}".rstrip() if finding.subject else f"    {finding.text}")
    if count > SHOWN:
        say("    " + _("… and {count} more").format(count=count - SHOWN))


def _as_json(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the whole result as one object."""
    return {
        "ok": not any(outcome.findings for outcome in outcomes),
        "checks": {
            outcome.check.name: {
                "seconds": round(outcome.seconds, 3),
                "findings": [{"subject": found.subject, "text": str(found.text)} for found in outcome.findings],
            }
            for outcome in outcomes
        },
    }
