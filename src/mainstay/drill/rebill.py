"""Kill a rebilling again and again; afterwards every account has exactly one bill that holds, and the ledger balances.

./mainstay drill rebill --kills 20 [--accounts 20000] [--json]
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.billing.models import Rebilling

# Of every account: its bill, the reversal of it and the new one, and nothing else.
_CHAINS = """
    SELECT count(*) FROM (
        SELECT account_id FROM billing_bill GROUP BY account_id
        HAVING count(*) <> 3 OR sum(CASE WHEN kind = 1 THEN 1 ELSE 0 END) <> 1
            OR sum(CASE WHEN kind = 3 THEN 1 ELSE 0 END) <> 1 OR sum(CASE WHEN kind = 4 THEN 1 ELSE 0 END) <> 1
            OR sum(CASE WHEN kind = 4 THEN 0 ELSE amount_fen END) <> 0
    ) x"""


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, kill its rebilling many times, prove it; 0 when all is well."""
    made = argparse.ArgumentParser("mainstay drill rebill", description=_("Kill a rebilling and prove it recovers"))
    made.add_argument("--kills", type=whole(0), default=20, help=_("how often the process is killed"))
    made.add_argument("--accounts", type=whole(), default=20_000, help=_("accounts to bill again"))
    made.add_argument("--seed", type=int, default=0, help=_("other moments"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    options = made.parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("rebilldrill") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        from mainstay.bench.rebill import pay, planned
        from mainstay.bench.reports import billed_company

        call_command("migrate", verbosity=0, interactive=False)
        period = billed_company(options.accounts)
        pay(50)
        one = planned(period)
        begun = time.monotonic()
        found = kill_and_finish(one, options.kills, options.seed)
        found |= {"database": name, "accounts": options.accounts, "seconds": round(time.monotonic() - begun, 1)}
        found["wrong"] = wrong(one, options.accounts)
    say(_("{kills} kills, {hit} of them in the middle of work; {bills} bills").format(**found))
    for text in found["wrong"]:
        say(f"    {text}")
    right = _("Every account has exactly one bill, and the ledger balances.")
    say(right if not found["wrong"] else _("Something is wrong."))
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    return 1 if found["wrong"] else 0


def kill_and_finish(one: Rebilling, kills: int, seed: int = 0) -> dict[str, Any]:
    """Count, kill -9 the work `kills` times at random moments, then let it finish."""
    from mainstay.drill.billing import killed
    from mainstay.gas.billing import batch_rebilling
    from mainstay.gas.billing.models import Rebilling

    batch_rebilling.count(one, lambda _done, _total: None)
    Rebilling.objects.filter(pk=one.pk).update(state=Rebilling.State.WORKING)
    one.refresh_from_db()
    hit = killed(_work, one.pk, kills, seed=seed)
    batch_rebilling.work(one, lambda _done, _total: None)
    batch_rebilling.finish(one)
    one.refresh_from_db()
    return {"kills": kills, "hit": hit, "bills": one.bills}


def _work(pk: int) -> None:
    from mainstay.gas.billing import batch_rebilling
    from mainstay.gas.billing.models import Rebilling

    # Small parts with a rest after each spread the work, so that every kill finds some.
    batch_rebilling.AT_ONCE = 50
    batch_rebilling.work(Rebilling.objects.get(pk=pk), lambda _done, _total: time.sleep(0.005))


def wrong(one: Rebilling, accounts: int) -> list[str]:
    """Everything that does not hold after a rebilling; empty when all is well."""
    from django.db import connection

    from mainstay.bench.rebill import wrong as by_checks

    found = by_checks()
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS)
        if count := cursor.fetchone()[0]:
            found.append(f"accounts without exactly one bill that holds: {count}")
    if one.bills != accounts or one.state != "done":
        found.append(f"rebilling: {one.state}, {one.bills} bills of {accounts}")
    return found
