"""Kill the billing process again and again; afterwards every account has exactly one bill and the ledger balances.

./mainstay drill billing --kills 20 [--accounts 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.billing.models import BillingRun

LONGEST_S = 0.25
ACCOUNT_S = 30e-6  # billing one takes about half


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, kill its run many times, finish and prove it; 0 when all is well."""
    made = argparse.ArgumentParser("mainstay drill billing", description=_("Kill a billing run and prove it recovers"))
    made.add_argument("--kills", type=whole(0), default=20, help=_("how often the process is killed"))
    made.add_argument("--accounts", type=whole(), default=100_000, help=_("accounts to bill"))
    made.add_argument(
        "--workers", type=whole(), default=1, help=_("processes at once; each time all of them are killed")
    )
    made.add_argument("--seed", type=int, default=0, help=_("other moments"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    options = made.parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("drill") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        from mainstay.bench.billing import planned
        from mainstay.bench.data import build

        call_command("migrate", verbosity=0, interactive=False)
        run = planned(build(options.accounts).period)
        begun = time.monotonic()
        found = kill_and_finish(run, options.kills, options.workers, options.seed)
        found |= {"database": name, "accounts": options.accounts, "seconds": round(time.monotonic() - begun, 1)}
        found["wrong"] = wrong(run, options.accounts)
    say(_("{kills} kills, {hit} of them in the middle of work; {bills} bills").format(**found))
    for text in found["wrong"]:
        say(f"    {text}")
    say(
        _("Every account has exactly one bill, and the ledger balances.")
        if not found["wrong"]
        else _("Something is wrong.")
    )
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    return 1 if found["wrong"] else 0


def kill_and_finish(run: BillingRun, kills: int, workers: int = 1, seed: int = 0) -> dict[str, Any]:
    """Kill -9 a worker `kills` times at random moments of its work, then let one finish."""
    from mainstay.gas.billing.batch import finish_run, work_run
    from mainstay.gas.billing.models import Bill

    # So short that the work lasts for all kills, so long that they find it further on each time.
    longest_s = min(LONGEST_S, run.planned_accounts * ACCOUNT_S / max(kills, 1))
    hit = killed(_work, run.pk, kills, workers, seed, longest_s=(longest_s, longest_s, longest_s, 3 * longest_s))
    bills = Bill.objects.filter(run=run)
    found = {"kills": kills, "hit": hit, "workers": workers, "before": bills.count()}
    work_run(run)
    finish_run(run)
    run.refresh_from_db()
    return found | {"bills": bills.count()}


def killed(
    work: Callable[[int], None],
    key: int,
    kills: int,
    workers: int = 1,
    seed: int = 0,
    *,
    longest_s: Sequence[float] = (LONGEST_S,),
) -> int:
    """Begin `work(key)` in processes of their own and kill them, again and again; returns how often they were at it.

    The moments are random, up to so many seconds after the work began, in turn.
    """
    from django.db import connections

    dice, hit = random.Random(seed or None), 0  # noqa: S311  # moments, no secrets
    context = multiprocessing.get_context("fork")  # Django is ready here: each kill would wait a second for it
    for number in range(kills):
        connections.close_all()
        begin = context.Event()
        queue = context.Queue()
        group = [context.Process(target=_begun, args=(work, key, begin, queue)) for _worker in range(workers)]
        for process in group:
            process.start()
        for _process in group:
            queue.get(timeout=120)
        begin.set()
        time.sleep(dice.uniform(0, longest_s[number % len(longest_s)]))
        hit += any(process.is_alive() for process in group)
        for process in group:
            process.kill()
            process.join()
    return hit


def _begun(work: Callable[[int], None], key: int, begin: Any, queue: Any) -> None:
    queue.put("ready")
    begin.wait()
    work(key)


def _work(run_id: int) -> None:
    from mainstay.gas.billing.batch import work_run
    from mainstay.gas.billing.models import BillingRun

    # A short rest after each transaction spreads the work, so that every kill finds some.
    work_run(BillingRun.objects.get(pk=run_id), lambda _bills: time.sleep(0.005))


def wrong(run: BillingRun, accounts: int) -> list[str]:
    """Everything that does not hold after a run; empty when all is well."""
    from django.db import connection

    checks = {
        "accounts without exactly one bill": (
            "SELECT count(*) FROM (SELECT account_id FROM billing_bill WHERE run_id = %s GROUP BY account_id "
            "HAVING count(*) <> 1) x"
        ),
        "bills whose lines do not sum to them": (
            "SELECT count(*) FROM billing_bill b LEFT JOIN (SELECT account_id, period, seq, sum(amount_fen) AS a, "
            "sum(vat_fen) AS v FROM billing_chargeline GROUP BY account_id, period, seq) l "
            "ON l.account_id = b.account_id AND l.period = b.period AND l.seq = b.seq "
            "WHERE b.run_id = %s AND (coalesce(l.a, 0) <> b.amount_fen OR coalesce(l.v, 0) <> b.vat_fen)"
        ),
        "bills whose postings do not sum to them": (
            "SELECT count(*) FROM billing_bill b LEFT JOIN (SELECT account_id, document_no, sum(CASE WHEN debit = 1122 "
            "THEN amount_fen ELSE -amount_fen END) AS a FROM ledger_posting WHERE document = 1 "
            "GROUP BY account_id, document_no) p "
            "ON p.account_id = b.account_id AND p.document_no = CAST(b.period AS bigint) * 100000 + b.seq "
            "WHERE b.run_id = %s AND coalesce(p.a, 0) <> b.amount_fen"
        ),
        "bills without their open item": (
            "SELECT count(*) FROM billing_bill b LEFT JOIN billing_openitem o ON o.account_id = b.account_id "
            "AND o.period = b.period AND o.seq = b.seq WHERE b.run_id = %s AND coalesce(o.open_fen, 0) <> b.amount_fen"
        ),
        "books whose sums differ from their bills": (
            "SELECT count(*) FROM billing_runchunk c LEFT JOIN (SELECT run_id, book_id, count(*) AS n, "
            "sum(amount_fen) AS a FROM billing_bill GROUP BY run_id, book_id) b ON b.book_id = c.book_id "
            "AND b.run_id = c.run_id WHERE c.run_id = %s AND (c.done_at IS NULL OR coalesce(b.n, 0) <> c.bills "
            "OR coalesce(b.a, 0) <> c.amount_fen)"
        ),
    }
    found = []
    with connection.cursor() as cursor:
        for text, statement in checks.items():
            cursor.execute(statement, [run.pk])
            if count := cursor.fetchone()[0]:
                found.append(f"{text}: {count}")
    if run.bills != accounts or run.state != "computed":
        found.append(f"run: {run.state}, {run.bills} bills of {accounts}")
    return found
