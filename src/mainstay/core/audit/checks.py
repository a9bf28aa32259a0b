"""`mainstay check audit`: nobody has changed, removed or slipped in a row since it was sealed."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.core.audit import batch
from mainstay.core.checks import Finding, check

TEXTS = {
    "changed": _("Audit row %(row)s was changed after it was sealed"),
    "missing": _("Audit row %(row)s was removed after it was sealed"),
    "inserted": _("Audit row %(row)s was slipped in after its range was sealed"),
    "seal": _("Seal %(seal)s does not fit its rows"),
    "chain": _("Seal %(seal)s does not follow from the seal before it"),
    "export": _("The exported seal that ends with row %(row)s is missing or differs in the database"),
}


@check("audit", title=_("The audit log is as it was sealed"))
def audit_is_whole() -> Iterator[Finding]:
    """Recompute all seals, and compare them with the export in the data folder when there is one."""
    path = settings.DATA / "seals" / batch.FILE
    exported = batch.read_export(path) if path.exists() else None
    for found in batch.find_tampering(exported):
        yield finding_of(found)


def finding_of(found: batch.Tampering) -> Finding:
    """Return the words for a tampering, and the row it is about."""
    subject = f"audit.entry:{found.row_id}" if found.row_id is not None else f"audit.seal:{found.seal_id}"
    return Finding(TEXTS[found.kind] % {"row": found.row_id, "seal": found.seal_id}, subject)
