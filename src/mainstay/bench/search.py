"""The search for accounts, at any number of accounts.

    ./mainstay bench search --accounts 1000000 [--json]

Searches for what a clerk types, taken from accounts spread over the whole company, once as a person who may see all
branches and once as a person of one branch.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mainstay.bench.figures import milliseconds
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

GOAL_MS = 50.0
LEAST = 400  # two books: with fewer a branch has no accounts


@dataclass(slots=True)
class Kind:
    """One kind of search: what it is called, the text typed for an account, and the seconds each search took."""

    key: str
    title: str
    text: Callable[[Account, str], str]
    seconds: list[float] = field(default_factory=list)


def kinds() -> list[Kind]:
    """Return the kinds of search; each makes its text from an account and its meter number."""
    return [
        Kind("account_no", _("by account number"), lambda account, _meter: account.account_no),
        Kind(
            "account_no_beginning", _("by the first 7 digits of an account number"), lambda a, _meter: a.account_no[:7]
        ),
        Kind("meter_no", _("by meter number"), lambda _account, meter: meter),
        Kind("meter_no_beginning", _("by the first 5 digits of a meter number"), lambda _account, meter: meter[:5]),
        Kind("name", _("by name"), lambda account, _meter: account.customer.name),
        Kind("surname", _("by surname"), lambda account, _meter: account.customer.name[:1]),
        Kind("initials", _("by pinyin initials"), lambda account, _meter: account.customer.initials),
        Kind("initials_two", _("by two initials"), lambda account, _meter: account.customer.initials[:2]),
        Kind("phone", _("by telephone"), lambda account, _meter: account.customer.phone),
        Kind(
            "phone_tail", _("by the last 4 digits of a telephone"), lambda account, _meter: account.customer.phone[-4:]
        ),
        Kind("address", _("by address"), lambda account, _meter: account.premise.address),
        Kind("address_pieces", _("by community, building and room"), _pieces),
        Kind("community", _("by community"), lambda account, _meter: account.premise.area.name),
        Kind(
            "word_and_room", _("by a part of the community's name and room"), lambda a, m: _pieces(a, m)[:2] + _room(a)
        ),
        Kind("name_in_community", _("by name and community"), _name_and_community),
        Kind("nothing", _("by a name that nobody has"), lambda account, _meter: account.customer.name + "龘"),
    ]


def _pieces(account: Account, _meter: str) -> str:
    premise = account.premise
    return f"{premise.area.name} {premise.building}-{premise.room}"


def _room(account: Account) -> str:
    return f" {account.premise.building}-{account.premise.room}"


def _name_and_community(account: Account, _meter: str) -> str:
    return f"{account.customer.name} {account.premise.area.name}"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench search", description=_("Measure the search for accounts"))
    made.add_argument("--accounts", type=whole(LEAST), default=100_000, help=_("accounts to search among"))
    made.add_argument("--searches", type=whole(), default=200, help=_("searches of each kind"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, search, print; 0 when every search found its account."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("search") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        from mainstay.bench.data import build

        call_command("migrate", verbosity=0, interactive=False)
        say(_("Building {accounts} accounts …").format(accounts=f"{options.accounts:,}"))
        built = build(options.accounts, readings=False)
        found = measure(built.first_account_id, options)
        found = {"database": name, "accounts": options.accounts, **found}
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if not found["missed"] else 1


def measure(first_id: int, options: argparse.Namespace) -> dict[str, Any]:
    """Search as somebody who sees all and as somebody of one branch."""
    from mainstay.bench.search_people import person_of

    found: dict[str, Any] = {"goal_ms": GOAL_MS, "missed": 0, "searches": {}}
    dice = random.Random(options.accounts)  # noqa: S311  # any accounts will do
    for whose, user, unit_id in person_of():
        mine = list(_samples(first_id, options, dice, unit_id))
        for kind in kinds():
            found["missed"] += search_for(kind, mine, user)
            found["searches"][f"{kind.key}/{whose}"] = {"title": kind.title, **figures(kind.seconds)}
    found["worst_p95_ms"] = max(one["p95_ms"] for one in found["searches"].values())
    return found


def _samples(
    first_id: int, options: argparse.Namespace, dice: random.Random, unit_id: int | None
) -> Iterator[tuple[Account, str]]:
    """Accounts spread over the company, or over one branch, with their meters' numbers."""
    from mainstay.gas.customers.models import Account

    rows = Account.objects.select_related("customer", "premise__area")
    low, high = first_id, first_id + options.accounts
    if unit_id is not None:
        ids = Account.objects.filter(unit=unit_id).order_by("account_no").values_list("pk", flat=True)
        low, high = ids[0], ids.reverse()[0] + 1
    wanted = dice.sample(range(low, high), min(options.searches, high - low))
    for account in rows.filter(pk__in=wanted).order_by("?"):
        yield account, account.installations.get(until_on=None).meter.meter_no


def search_for(kind: Kind, samples: list[tuple[Account, str]], user: User) -> int:
    """Search once for each sample; return how many whole numbers and addresses did not find their account."""
    from mainstay.gas.customers.queries import search_accounts

    missed = 0
    for account, meter_no in samples:
        text = kind.text(account, meter_no)
        begun = time.perf_counter()
        hits = search_accounts(user, text)
        kind.seconds.append(time.perf_counter() - begun)
        certain = kind.key in {"account_no", "meter_no", "phone", "address", "name_in_community"}
        missed += certain and account not in hits
    return missed


def figures(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and longest, in milliseconds."""
    shares = {"p50_ms": 50, "p95_ms": 95, "max_ms": 100}
    return {name: milliseconds(seconds, percent, 2) for name, percent in shares.items()}


def tell(found: dict[str, Any]) -> None:
    """Print the figures as lines."""
    say("  " + _("milliseconds: median, 95th percentile, longest").rjust(78))
    for key, one in found["searches"].items():
        say(f"  {key:<38} {one['p50_ms']:>10} {one['p95_ms']:>10} {one['max_ms']:>10}   {one['title']}")
    worst = _("worst 95th percentile: {search} ms; goal {goal} ms")
    say("  " + worst.format(search=found["worst_p95_ms"], goal=found["goal_ms"]))
    if found["missed"]:
        say("  " + _("searches that missed their account: {missed}").format(missed=found["missed"]), error=True)
