"""`mainstay bank`: listen on the bank lines."""

from __future__ import annotations

import argparse

from mainstay.commands.numbers import whole
from mainstay.commands.ready import django_ready
from mainstay.commands.site import open_migrations
from mainstay.commands.words import _, say


def main(argv: list[str]) -> int:
    """Serve the lines in use until SIGTERM or Ctrl-C; what is in hand is finished first."""
    options = parser().parse_args(argv)
    django_ready()
    from django.db import connection

    from mainstay.gas.bank import library
    from mainstay.gas.bank.front import run
    from mainstay.gas.bank.models import Line

    if options.make_key:
        say(
            _("The key is in {path}; give it to the bank by a safe way.").format(
                path=library.make_key(options.make_key)
            )
        )
        return 0
    if count := open_migrations():
        text = _("The database lacks {count} migrations. Run `./mainstay manage migrate`, then start again.")
        say(text.format(count=count), error=True)
        return 1

    def ready(lines: list[Line]) -> None:
        for line in lines:
            say(_("Listening for {line} at {host}:{port}").format(line=line, host=line.host, port=line.port))

    money = options.workers or (2 if connection.vendor == "postgresql" else 1)
    if not run(money=money, ready=ready):
        say(_("No bank line is in use. Add a bank and a line on the pages first."), error=True)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bank", description=_("Listen on the bank lines (front-end processor)"))
    made.add_argument("--workers", type=whole(0), default=0, help=_("threads that post; by default 2, on SQLite 1"))
    made.add_argument(
        "--make-key", metavar="CODE", default="", help=_("draw a key for a bank, say where it is, and end")
    )
    return made
