"""A wrong tariff put right: a whole company's bills cancelled and made again, beside the same rows merely copied.

./mainstay bench rebill --accounts 1000000 [--paid 50] [--json]

One period is billed and released and part of it paid; then every account is put on another plan and billed again,
first counted, then worked off, as the jobs of a rebilling do it. The limit is a copy of what was written into the same
tables, as `bench billing` has it.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.billing.models import Rebilling

GOAL_RATIO = 0.5
# What a rebilling writes in a company that was billed once: behind each bill its reversal and the new one.
WRITTEN = {
    "billing_bill": "seq > 0",
    "billing_chargeline": "seq > 0",
    "billing_openitem": "seq > 0",
    "ledger_posting": "document = 4 OR document = 1 AND document_no - document_no / 100000 * 100000 > 0",
    "payments_allocation": "payment_no IS NULL",
}
_OWED = "billing_openitem i JOIN customers_account a ON a.id = i.account_id WHERE i.account_id % 100 < {percent}"
_PAID = {
    "payments_payment (account_id, payment_no, kind, channel, serial, business_on, amount_fen, tender, advance_fen, "
    "unit_id, receipt_no, reason, by_id, at)": (
        "i.account_id, 1, 1, 'bank', 'bench', i.due_on, i.open_fen, 4, 0, a.unit_id, '', '', {by}, CURRENT_TIMESTAMP"
    ),
    "payments_allocation (account_id, period, seq, no, payment_no, amount_fen, business_on)": (
        "i.account_id, i.period, i.seq, 1, 1, i.open_fen, i.due_on"
    ),
    "ledger_posting (account_id, document, document_no, line, business_on, unit_id, debit, credit, amount_fen)": (
        "i.account_id, 2, 1, 1, i.due_on, a.unit_id, 1002, 1122, i.open_fen"
    ),
}


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, bill it, bill it again; 0 when all were made again and all balances."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("rebill") as name:
        from mainstay.bench.reports import billed_company
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        period = billed_company(options.accounts)
        found = {"database": name, "accounts": options.accounts, **measure(period, options.paid, name)}
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["done"] > 0 and not found["wrong"] else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench rebill", description=_("Measure a wrong tariff put right"))
    made.add_argument("--accounts", type=whole(), default=100_000, help=_("accounts to bill again"))
    made.add_argument("--paid", type=whole(0, 100), default=50, help=_("how many of a hundred bills are paid before"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure(period: int, paid: int, database: str) -> dict[str, Any]:
    """Count, work off, check, copy; all times in seconds of the wall clock."""
    from mainstay.bench.billing import limit, together

    pay(paid)
    one = planned(period)
    say(_("Counting …"))
    count_s, _peak = together(1, _count, one.pk)
    say(_("Cancelling and billing again …"))
    run_s, peak = together(1, _work, one.pk)
    one.refresh_from_db()
    found = {"done": one.accounts, "bills": one.bills, "wrong": wrong()}
    say(_("Copying the same rows …"))
    limit_s, rows = limit(1, database, WRITTEN)
    return {
        **found, "rows": rows, "accounts_per_s": round(one.accounts / run_s), "run_s": round(run_s, 2),
        "count_s": round(count_s, 2), "limit_s": round(limit_s, 2), "ratio_to_limit": round(limit_s / run_s, 3),
        "peak_mb": peak,
    }  # fmt: skip


def pay(percent: int) -> None:
    """Let part of the bills be paid, by sets: it is not what is measured."""
    from django.db import connection, transaction

    from mainstay.core.access.batch import system_user

    owed = _OWED.format(percent=percent)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in _PAID.items():
            chosen = columns.format(by=system_user().pk)
            cursor.execute(f"INSERT INTO {table} SELECT {chosen} FROM {owed} AND i.open_fen > 0")  # noqa: S608
        cursor.execute(f"DELETE FROM billing_openitem WHERE account_id % 100 < {percent} AND open_fen > 0")  # noqa: S608


def planned(period: int) -> Rebilling:
    """A rebilling of every bill of the period onto another plan, with its rows chosen."""
    from django.utils import timezone

    from mainstay.core.access.batch import system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.billing.batch_rebilling import choose
    from mainstay.gas.billing.models import BillingRun, Rebilling
    from mainstay.gas.tariffs.models import Plan

    run = BillingRun.objects.get(period=period)
    plan = Plan.objects.filter(category="residential", versions__isnull=False).order_by("id").distinct()[1]
    one = Rebilling.objects.create(
        unit=Unit.objects.order_by("path")[0], mode=Rebilling.Mode.AGAIN, from_period=period, to_period=period,
        run=run, plan=plan, reason="bench", business_on=run.due_on, by=system_user(), at=timezone.now(),
    )  # fmt: skip
    choose(one)
    return one


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _count(pk: int, _number: int) -> None:
    from mainstay.gas.billing import batch_rebilling
    from mainstay.gas.billing.models import Rebilling

    batch_rebilling.count(Rebilling.objects.get(pk=pk), _silent)


def _work(pk: int, _number: int) -> None:
    from mainstay.gas.billing import batch_rebilling
    from mainstay.gas.billing.models import Rebilling

    Rebilling.objects.filter(pk=pk).update(state=Rebilling.State.WORKING)
    one = Rebilling.objects.get(pk=pk)
    batch_rebilling.work(one, _silent)
    batch_rebilling.finish(one)


def wrong() -> list[str]:
    """What the checks of bills and ledger find."""
    from mainstay.core.checks import registered, run

    found = run([registered()["bills"], registered()["ledger"]])
    return [str(finding.text) for outcome in found for finding in outcome.findings][:5]


def tell(found: dict[str, Any]) -> None:
    """Print the figures for people."""
    for words, value in (
        (_("accounts a second, cancelled and billed again"), f"{found['accounts_per_s']:,}"),
        (_("ratio to that limit"), found["ratio_to_limit"]),
        (
            _("seconds of the work / of the limit / of the counting"),
            f"{found['run_s']} / {found['limit_s']} / {found['count_s']}",
        ),
        (_("rows written"), f"{found['rows']:,}"),
        (_("highest memory of a process, MB"), found["peak_mb"]),
        (_("what is wrong afterwards"), "; ".join(found["wrong"]) or "–"),
    ):
        say(f"  {words:<52} {value}")
