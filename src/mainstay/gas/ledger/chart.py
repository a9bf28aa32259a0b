"""The chart of the sub-ledger (会计科目表): the codes that postings use, after 《企业会计准则—应用指南》."""

from __future__ import annotations

from typing import Any

CASH = 1001
BANK = 1002
CLEARING = 1012
CHEQUES = 1013
RECEIVABLE = 1122
ACCRUED = 1221
DIFFERENCES = 1901
ADVANCE = 2203
VAT = 2221
DEPOSITS = 2241
UNIDENTIFIED = 2242
TRANSFERS = 3001
OPENING = 3002
REVENUE = 6001
OTHER_REVENUE = 6051
LATE_FEES = 6301
BANK_CHARGES = 6603
WRITE_OFF = 6702

# What a bill of some kind (billing.models.Bill.Kind) is posted against, where it is not gas revenue.
OF_BILL_KIND = {11: LATE_FEES, 12: LATE_FEES, 15: WRITE_OFF}

CHART: tuple[tuple[int, str, str, str], ...] = (
    (CASH, "debit", "库存现金", "Cash in hand"),
    (BANK, "debit", "银行存款", "Cash at bank"),
    (CLEARING, "debit", "其他货币资金", "Card and QR clearing"),
    (CHEQUES, "debit", "其他货币资金—待清算支票", "Cheques to be cleared"),
    (RECEIVABLE, "debit", "应收账款", "Receivables"),
    (ACCRUED, "debit", "其他应收款—应计违约金", "Late fees accrued"),
    (DIFFERENCES, "debit", "待处理财产损溢", "Differences to be cleared up"),
    (ADVANCE, "credit", "合同负债—预收燃气款", "Advances from customers"),
    (VAT, "credit", "应交税费—应交增值税（销项税额）", "Output VAT"),
    (DEPOSITS, "credit", "其他应付款—押金", "Deposits held"),
    (UNIDENTIFIED, "credit", "其他应付款—待查款项", "Money to be identified"),
    (TRANSFERS, "credit", "清算往来—用户间结转", "Transfers between accounts"),
    (OPENING, "credit", "期初余额结转", "Balances taken over"),
    (REVENUE, "credit", "主营业务收入", "Gas revenue"),
    (OTHER_REVENUE, "credit", "其他业务收入", "Other revenue"),
    (LATE_FEES, "credit", "营业外收入—违约金", "Late fees"),
    (BANK_CHARGES, "debit", "财务费用—手续费", "Bank charges"),
    (WRITE_OFF, "debit", "信用减值损失", "Bad debt written off"),
)


def ensure_chart(ledger_account: Any) -> None:
    """Create the accounts of the chart that `ledger_account` (the model, also a historical one) does not have yet."""
    known = set(ledger_account.objects.values_list("code", flat=True))
    ledger_account.objects.bulk_create(
        ledger_account(code=code, side=side, name_zh=zh, name_en=en)
        for code, side, zh, en in CHART
        if code not in known
    )
