"""Builders for tests of late fees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mainstay.gas.billing.models import ChargeLine
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees.models import LateFeeRule
from mainstay.kit.dates import local_today
from tests.gas.make import make_account
from tests.gas.payments.make import make_bill


def make_rule(category: str = "residential", *, from_on: date = date(2000, 1, 1), ppm: int = 3_000, **more: Any) -> Any:
    """Terms of a class."""
    return LateFeeRule.objects.create(
        category=category, from_on=from_on, daily_ppm=ppm, notice="供气合同第十条", **more
    )


def make_late(days: int = 10, amount_fen: int = 10_000, *, account: Account | None = None, period: int = 202601) -> Any:
    """An account with a bill that was due `days` days ago."""
    account = account or make_account()
    bill = make_bill(account, period, amount_fen, due_on=local_today() - timedelta(days=days))
    ChargeLine.objects.create(
        account=account, period=period, seq=0, line=1, tier=1, volume_l=20_000, price_e4=amount_fen * 5,
        amount_fen=amount_fen, vat_fen=0, version=bill.version,
    )  # fmt: skip
    return account


def broken() -> list[str]:
    """What the check of the ledger finds wrong: nothing, as a rule."""
    from mainstay.core.checks import registered, run

    return [finding.text for outcome in run([registered()["ledger"]]) for finding in outcome.findings]
