"""`mainstay bank-sim`: play a bank over a line, with faults, and print what it believes at the end."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from mainstay.commands.numbers import whole
from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.gas.bank.simulator.play import FAULTS

if TYPE_CHECKING:
    from mainstay.gas.bank.simulator import Outcome

SHARE = 200  # of a thousand payments, where a fault is named without a number


def main(argv: list[str]) -> int:
    """Play a scenario against a front-end processor; 0 when every answer was one that may come."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.gas.bank import library
    from mainstay.gas.bank.rules.framing import Framing
    from mainstay.gas.bank.rules.mac import mac_function
    from mainstay.gas.bank.simulator import Player, Scenario, WireFacts
    from mainstay.kit.dates import local_today

    key = _key_of(options)
    facts = WireFacts(
        options.host,
        options.port,
        library.adapter(options.layout),
        mac_function(options.mac, key),
        Framing(options.header, options.tpdu, options.longest),
        tls=_tls(options),
    )
    faults = {} if options.plain else dict(options.faults) or FAULTS
    scenario = Scenario(options.messages, options.lines, options.seed, faults)
    day = dt.date.fromisoformat(options.business_on) if options.business_on else local_today()
    accounts = Path(options.accounts).read_text().split()
    outcome = asyncio.run(Player(facts, scenario, day, accounts).play())
    if options.statement:
        _write_statement(options, outcome, day)
    say(json.dumps(outcome.summary(), ensure_ascii=False))
    return 1 if outcome.wrong else 0


def _key_of(options: argparse.Namespace) -> bytes:
    """The key of the line. Raises Problem where it is missing or none."""
    from mainstay.gas.bank.rules.mac import KEY_BYTES, NONE
    from mainstay.kit.errors import Problem

    if options.mac == NONE:
        return b""
    if not options.key:
        raise Problem(_("Give the key of the line with --key FILE, or --mac none for a line without one."))
    try:
        key = bytes.fromhex(Path(options.key).read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Problem(_("{path} holds no key: 32 hexadecimal digits.").format(path=options.key))
    return key


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls:
        return None
    context = ssl.create_default_context(cafile=options.ca or None)
    context.check_hostname = False  # lines are called by address
    if not options.ca:
        context.verify_mode = ssl.CERT_NONE
    return context


def _write_statement(options: argparse.Namespace, outcome: Outcome, day: dt.date) -> None:
    from mainstay.gas.bank import library
    from mainstay.gas.bank.rules.statements import write_statement

    layout = library.layouts()[options.layout]["statement"]
    Path(options.statement).write_bytes(write_statement(layout, day, outcome.statement()))


def fault(text: str) -> tuple[str, int]:
    """Read NAME or NAME=N: a fault and in how many of a thousand payments it happens."""
    name, given, share = text.partition("=")
    if name not in FAULTS:
        raise argparse.ArgumentTypeError(_("There is no fault {name}.").format(name=name))
    if given and not share.isdecimal():
        raise argparse.ArgumentTypeError(_("{text} is not NAME=N.").format(text=text))
    return name, int(share) if given else SHARE


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bank-sim", description=_("Play a bank with faults, to try a line"))
    made.add_argument("accounts", help=_("file with account numbers, each used once"))
    made.add_argument("--host", default="127.0.0.1", help=_("address of the front-end processor"))
    made.add_argument("--port", type=whole(0, 65_535), required=True, help=_("its port"))
    made.add_argument("--layout", default="iso8583", help=_("layout of the messages"))
    made.add_argument("--header", default="2b", choices=["2b", "4b", "4a"], help=_("length header"))
    made.add_argument("--tpdu", action="store_true", help=_("put a TPDU before each message"))
    made.add_argument("--longest", type=whole(), default=4096, help=_("longest message in bytes"))
    methods = ["sm4-cmac", "aes-cmac", "x9.19", "none"]
    made.add_argument("--mac", default="sm4-cmac", choices=methods, help=_("method of authentication"))
    made.add_argument("--key", default="", help=_("file with the key of the line"))
    made.add_argument("--tls", action="store_true", help=_("speak TLS"))
    made.add_argument("--ca", default="", help=_("certificate of the authority to trust"))
    made.add_argument("--messages", type=whole(), default=1_000, help=_("about how many messages"))
    made.add_argument("--lines", type=whole(), default=8, help=_("connections at once"))
    made.add_argument("--seed", type=int, default=1, help=_("another seed plays another day"))
    made.add_argument("--business-on", default="", metavar="DATE", help=_("business date, by default today"))
    made.add_argument("--plain", action="store_true", help=_("no faults"))
    words = _("only these faults, each in so many of a thousand payments: {names}").format(names=", ".join(FAULTS))
    made.add_argument("--faults", nargs="+", default=[], type=fault, metavar="NAME[=N]", help=words)
    made.add_argument("--statement", default="", metavar="FILE", help=_("write the bank's file of the day here"))
    return made
