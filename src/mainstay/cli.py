"""The verbs of the product as one table; `mainstay VERB …` loads only the module of its verb.

Exit codes of every verb: 0 done and well, 1 done and something was found or failed, 2 called wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from mainstay import __version__
from mainstay.commands.words import _, say
from mainstay.commands.words import gettext_noop as noop

Main = Callable[[list[str]], int]


@dataclass(frozen=True, slots=True)
class Verb:
    """One word of the command line: `target` is module:function, called with the words after the verb.

    `settings` tells whether the verb reads the environment's settings, which are then checked first.
    """

    name: str
    target: str
    summary: str
    settings: bool = True

    def load(self) -> Main:
        """Import the verb's module and return its function."""
        module, function = self.target.split(":")
        main: Main = getattr(import_module(module), function)
        return main


VERBS = (
    Verb("demo", "mainstay.demo:main", noop("Show the product: a fictitious gas company, ready to use")),
    Verb("serve", "mainstay.commands.serve:main", noop("Run the site: web server and one worker")),
    Verb("worker", "mainstay.commands.worker:main", noop("Run one more worker for jobs, on this or any other host")),
    Verb("bank", "mainstay.commands.bank:main", noop("Listen on the bank lines (front-end processor)")),
    Verb("bank-sim", "mainstay.commands.bank_sim:main", noop("Play a bank with faults, to try a line"), settings=False),
    Verb("card-sim", "mainstay.commands.card_sim:main", noop("Play a card reader, to try card sales"), settings=False),
    Verb("check", "mainstay.commands.check:main", noop("Check the data: audit chain, ledger and more")),
    Verb(
        "doctor", "mainstay.commands.doctor:main", noop("Check this machine: Python, database, fonts, rights, settings")
    ),
    Verb("backup", "mainstay.commands.backup:main", noop("Copy the data into every repository")),
    Verb("restore", "mainstay.commands.restore:main", noop("Bring back the data as it was at a moment")),
    Verb("rate", "mainstay.gas.tariffs.rate_command:main", noop("Price gas volumes by a tariff file"), settings=False),
    Verb(
        "raters",
        "mainstay.performance.appraisal.raters_command:main",
        noop("Tell how strict each rater is, from a file of ratings"),
        settings=False,
    ),
    Verb(
        "site",
        "mainstay.commands.site_verb:main",
        noop("The site as declared: its files, what differs, its authority for phones"),
    ),
    Verb("carry", "mainstay.commands.carry:main", noop("Carry signatures by hand from the outer to the inner network")),
    Verb("bench", "mainstay.commands.group:bench", noop("Measure speed on this machine")),
    Verb("drill", "mainstay.commands.group:drill", noop("Break something on purpose and prove that it recovers")),
    Verb(
        "test",
        "mainstay.commands.develop:test",
        noop("Run every test and quality gate (in a checkout)"),
        settings=False,
    ),
    Verb("manage", "mainstay.commands.manage:main", noop("Run a management command of Django")),
)


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0
    if words[0] in {"-V", "--version", "version"}:
        say(f"Mainstay {__version__}")
        return 0
    verb = next((verb for verb in VERBS if verb.name == words[0]), None)
    if verb is None:
        say(_("Unknown verb: {verb}").format(verb=words[0]) + "\n\n" + usage(), error=True)
        return 2
    try:
        return _run(verb, words[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def usage() -> str:
    """Return the list of verbs, one line each."""
    wide = max(len(verb.name) for verb in VERBS)
    lines = [f"  {verb.name:<{wide}}  {_(verb.summary)}" for verb in VERBS]
    head = _("Usage: mainstay VERB [options]      mainstay VERB --help")
    return "\n".join([head, "", *lines])


def _run(verb: Verb, words: list[str]) -> int:
    """Refuse misspelt settings, then run the verb; a problem the user can mend is one line, not a trace."""
    from mainstay.kit.errors import CalledWrongly, Problem

    if verb.settings and (unknown := _unknown_settings()):
        say(_("Unknown settings in the environment: {names}").format(names=", ".join(unknown)), error=True)
        say(_("`mainstay doctor --settings` lists those that exist."), error=True)
        if verb.name != "doctor":
            return 2
    try:
        return verb.load()(words)
    except Problem as problem:
        say(str(problem), error=True)
        return 2 if isinstance(problem, CalledWrongly) else 1
    except OSError as problem:
        if problem.filename is None:
            raise
        say(f"{problem.filename}: {problem.strerror}", error=True)
        return 1
    except Exception as problem:
        if not _about_settings(problem):
            raise
        say(_("A setting cannot be used: {problem}").format(problem=problem), error=True)
        return 2


def _about_settings(problem: Exception) -> bool:
    """Whether Django found a setting wrong; verbs that do without Django must not load it for this."""
    known = sys.modules.get("django.core.exceptions")
    return known is not None and isinstance(problem, known.ImproperlyConfigured)


def _unknown_settings() -> list[str]:
    """Return the `MAINSTAY_*` names of the environment that mean nothing."""
    from mainstay.config.env import unknown_names

    return unknown_names()
