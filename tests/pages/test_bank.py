"""The pages of the bank link."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.gas.bank.actions import cut_day, make_withholding, save_agreement, take_payments
from mainstay.gas.bank.models import Bank, Difference, LineState, Statement
from mainstay.gas.bank.queries import VIEW_DAYS, VIEW_JOURNAL, VIEW_LINES, VIEW_WITHHOLDING
from mainstay.kit.dates import local_today
from tests.gas.bank.make import make_bank, make_debtor, make_line, pay, system
from tests.pages.battery import Page, Rows, battery


def bank(unit: Unit) -> dict[str, Any]:
    return {"pk": make_bank(unit).pk}


def line(unit: Unit) -> dict[str, Any]:
    made = make_line(make_bank(unit))
    LineState.objects.create(line=made, state="signed_on", connections=1, messages=7, seen_at=timezone.now())
    return {"pk": made.pk}


def of_line(unit: Unit) -> dict[str, Any]:
    return {"line": line(unit)["pk"]}


def of_bank(unit: Unit) -> dict[str, Any]:
    return {"bank": make_bank(unit).pk}


def entry(unit: Unit) -> dict[str, Any]:
    made = make_bank(unit)
    call = pay(made, make_debtor(unit=unit))
    take_payments(bank=made, calls=[call], by=system())
    return {"bank": made.pk, "day": made.business_on.isoformat(), "serial": call.message.serial}


def statement(unit: Unit) -> Statement:
    made = Bank.objects.get(pk=entry(unit)["bank"])
    cut_day(bank=made, business_on=made.business_on, by=system())
    found = Statement.objects.create(
        bank=made, business_on=local_today(), name="bank.txt", sha256=f"{made.pk:064d}", rows=1, amount_fen=100,
        by=system(), at=timezone.now(),
    )  # fmt: skip
    Difference.objects.create(
        bank=made, business_on=found.business_on, serial="X1", statement=found, kind="bank_only", bank_fen=100,
        at=timezone.now(),
    )  # fmt: skip
    return found


def difference(unit: Unit) -> dict[str, Any]:
    return {"pk": Difference.objects.get(statement=statement(unit)).pk}


def agreement(unit: Unit) -> dict[str, Any]:
    made, account = make_bank(unit), make_debtor(unit=unit)
    facts = {"agreement_no": f"A{account.pk}", "payer": "李明", "from_on": dt.date(2026, 1, 1)}
    return {"pk": save_agreement(bank=made, account=account, by=system(), **facts).pk}


def batch(unit: Unit) -> dict[str, Any]:
    from mainstay.gas.bank.models import Agreement

    made = Agreement.objects.get(pk=agreement(unit)["pk"]).bank
    return {"pk": make_withholding(bank=made, by=system()).pk}


ACTS_ON_BANKS = (
    VIEW_DAYS, "gas.bank.save_bank", "gas.bank.save_line", "gas.bank.cut_day", "gas.bank.record_settlement",
)  # fmt: skip
TestBank = battery(
    Page("bank:line_list", VIEW_LINES, Rows(line)),
    Page("bank:line_detail", VIEW_LINES, line, extra=("gas.bank.save_line",)),
    Page("bank:line_create", "gas.bank.save_line", of_bank),
    Page("bank:line_change", "gas.bank.save_line", of_line, extra=(VIEW_LINES,)),
    Page("bank:bank_list", VIEW_LINES, Rows(bank), extra=("gas.bank.save_bank",)),
    Page("bank:bank_detail", VIEW_LINES, bank, extra=ACTS_ON_BANKS),
    Page("bank:bank_create", "gas.bank.save_bank", by_unit=False),
    Page("bank:bank_change", "gas.bank.save_bank", bank),
    Page("bank:bank_cut", "gas.bank.cut_day", bank),
    Page("bank:settlement_create", "gas.bank.record_settlement", bank),
    Page("bank:entry_list", VIEW_JOURNAL, Rows(entry)),
    Page("bank:entry_detail", VIEW_JOURNAL, entry),
    Page("bank:day_list", VIEW_DAYS, Rows(statement), extra=("gas.bank.reconcile",)),
    Page("bank:statement_list", VIEW_DAYS, Rows(statement), extra=("gas.bank.reconcile",)),
    Page("bank:statement_create", "gas.bank.reconcile", by_unit=False),
    Page("bank:statement_detail", VIEW_DAYS, lambda unit: {"pk": statement(unit).pk}),
    Page("bank:difference_list", VIEW_DAYS, Rows(statement)),
    Page("bank:difference_detail", VIEW_DAYS, difference, extra=("gas.bank.settle_difference",)),
    Page("bank:difference_settle", "gas.bank.settle_difference", difference),
    Page("bank:withholding_list", VIEW_WITHHOLDING, Rows(batch)),
    Page("bank:withholding_create", "gas.bank.make_withholding", by_unit=False),
    Page("bank:withholding_detail", VIEW_WITHHOLDING, batch, extra=("gas.bank.take_return",)),
    Page("bank:withholding_return", "gas.bank.take_return", batch),
    Page("bank:agreement_list", VIEW_WITHHOLDING, Rows(agreement)),
    Page("bank:agreement_create", "gas.bank.save_agreement", by_unit=False),
    Page("bank:agreement_end", "gas.bank.end_agreement", agreement),
)
