"""`mainstay check ledger`: documents are posted with their amounts, narrow tables say what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.checks import Finding, check
from mainstay.gas.ledger import batch

_SUBJECTS = {"closed": "ledger.voucher:", "accrued": "organisation.unit:"}


@check("ledger", title=gettext_lazy("Bills, payments, open items and advances agree with the ledger"))
def ledger_agrees() -> Iterator[Finding]:
    """Compare set by set; what is wrong is named by its key."""
    texts = {
        "bill": _("bill {key}: posted {found}, billed {expected} (fen)"),
        "vat": _("bill {key}: VAT posted {found}, billed {expected} (fen)"),
        "payment": _("payment {key}: posted {found}, received {expected} (fen)"),
        "receivable": _("account {key}: {found} open, {expected} receivable in the ledger (fen)"),
        "accrued": _("branch {key}: late fees of {found} accrued, {expected} in the ledger (fen)"),
        "allocation": _("bill {key}: {found} open, {expected} after its allocations (fen)"),
        "advance": _("account {key}: advance {found}, {expected} in the ledger (fen)"),
        "orphan": _("posting {key} has no document"),
        "closed": _("posting {key} lies on a closed day that its voucher does not have (fen: {found}, {expected})"),
    }
    for kind, text in texts.items():
        for key, found, expected in batch.differences(kind):
            subject = _SUBJECTS.get(kind, "customers.account:") + key.split("/")[0]
            yield Finding(text.format(key=key, found=found, expected=expected), subject)
