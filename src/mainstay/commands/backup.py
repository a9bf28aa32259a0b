"""`mainstay backup`: copy the data into every repository."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.continuity.backup.pgbackrest import Place
    from mainstay.continuity.backup.rules import Outcome


def main(argv: list[str]) -> int:
    """Back up; 0 when every repository got its copy."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.continuity.backup import batch, declared
    from mainstay.core.access.batch import system_user

    by, place = system_user(), declared.place()
    found = batch.copy_software(by) if options.software else batch.copy_everywhere(by)
    if place and not options.software:
        found += _postgresql(place, options, by)
    elif not options.software and not any(one.kind == "backup" for one in found):
        say(_("The PostgreSQL itself was not copied: declare repositories (mainstay site) or use pg_dump."), error=True)
    if options.verify:
        found += batch.read_through(by)
    return close(found, options.json)


def parser() -> argparse.ArgumentParser:
    """Return the parser of `backup`."""
    made = argparse.ArgumentParser("mainstay backup", description=_("Copy the data into every repository"))
    made.add_argument("--software", action="store_true", help=_("copy the software and its configuration instead"))
    made.add_argument("--verify", action="store_true", help=_("afterwards read every repository through"))
    made.add_argument(
        "--type", choices=("incr", "diff", "full"), default="incr", help=_("PostgreSQL: how much (default incr)")
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def _postgresql(place: Place, options: Any, by: Any) -> list[Outcome]:
    from mainstay.continuity.backup import actions, pgbackrest

    if lacking := pgbackrest.lacking(place):
        raise Problem(
            _("PostgreSQL was not copied. This needs: {names}").format(names="; ".join(lacking)), code="lacking"
        )
    found = [pgbackrest.back_up(place, name, options.type) for name in place.repositories]
    for one in found:
        actions.record_proof(outcome=one, by=by)
    return found


def close(found: list[Outcome], as_json: bool, good: str = "", failed: str = "") -> int:
    """Tell every outcome, then what they come to, the JSON object last; 1 when one of them is not fine."""
    from mainstay.continuity.backup import work

    for one in found:
        tell(one)
    fine = bool(found) and all(one.fine for one in found)
    if words := good if fine else failed:
        say(words)
    if as_json:
        say(json.dumps({"fine": fine, "outcomes": [json.loads(work.told(one)) for one in found]}, ensure_ascii=False))
    return 0 if fine else 1


def tell(one: Outcome) -> None:
    """An outcome as a line, what is wrong below it."""
    from django.utils.translation import gettext

    from mainstay.continuity.backup.models import Proof
    from mainstay.continuity.backup.queries import WORDS

    title = str(Proof.Kind(str(one.kind)).label)
    text = _("{kind}, {repository}: {label} {size:,} bytes in {seconds:.1f} s")
    line = text.format(kind=title, repository=one.repository, label=one.label, size=one.size, seconds=one.seconds)
    say(("  " if one.fine else "! ") + line)
    for finding in one.findings:
        say("    " + gettext(str(WORDS[finding.word])) % {"about": finding.about})
