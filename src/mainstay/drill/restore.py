"""Restore the newest off-site copy from nothing and compare it with the seals of the live data; record the seconds.

./mainstay drill restore [--to MOMENT] [--json]
"""

from __future__ import annotations

import argparse

from mainstay.commands import backup, restore
from mainstay.commands.ready import django_ready
from mainstay.commands.words import _
from mainstay.kit.errors import Problem


def main(argv: list[str]) -> int:
    """Run the drill; 0 when what was restored is what was sealed and no repository is damaged."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.continuity.backup import batch, declared
    from mainstay.core.access.batch import system_user

    by, moment = system_user(), restore.moment_of(options.to)
    place = declared.place()
    if place:
        from mainstay.continuity.backup import pgbackrest

        if lacking := pgbackrest.lacking(place):
            raise Problem(_("This drill needs: {names}").format(names="; ".join(lacking)), code="lacking")
        found = batch.drill_postgresql(place, by, moment)
    else:
        if not options.no_copy and moment is None:
            for one in batch.copy_everywhere(by):
                backup.tell(one)
        found = batch.drill(by, moment)
    good, failed = _("The copy is good: it was restored and is what was sealed."), _("The drill failed.")
    return backup.close(found, options.json, good, failed)


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    made = argparse.ArgumentParser("mainstay drill restore", description=_("Prove that the last copy can be restored"))
    made.add_argument("--to", default="latest", metavar="MOMENT", help=_("the state to restore (default: the latest)"))
    made.add_argument("--no-copy", action="store_true", help=_("use the copies that are there, make no new one"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made
