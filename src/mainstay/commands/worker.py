"""`mainstay worker`: take jobs from the queue in the database and do them."""

from __future__ import annotations

import argparse
import signal
import threading

from mainstay.commands.ready import django_ready
from mainstay.commands.words import _


def main(argv: list[str]) -> int:
    """Work until SIGTERM or Ctrl-C; the job in hand is finished or left so that another worker goes on with it."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.core.jobs.worker import work

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: stop.set())
    work(stop=stop, once=options.once)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    text = _("Run one more worker for jobs, on this or any other host")
    made = argparse.ArgumentParser("mainstay worker", description=text)
    made.add_argument("--once", action="store_true", help=_("do the jobs that wait now, then end"))
    return made
