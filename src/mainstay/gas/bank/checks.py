"""`mainstay check bank`: the journal of banks, payments and settlements agree."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.checks import Finding, check
from mainstay.gas.bank.batch import truth


@check("bank", title=gettext_lazy("Journal of banks, payments and settlements agree"))
def bank_agrees() -> Iterator[Finding]:
    """Compare set by set; what is wrong is named by its key."""
    texts = {
        "entry": _("journal {key}: answered as accepted, but its payment is not there"),
        "payment": _("payment {key}: taken over a bank line, but not in the journal"),
        "reversal": _("journal {key}: a reversal whose payment was not given back"),
        "settlement": _("settlement {key}: posted otherwise than recorded"),
    }
    for kind, text in texts.items():
        for key in truth.wrong(kind):
            yield Finding(text.format(key=key), f"bank.entry:{key}"[:80])
