"""What changed, in the reader's words: names of fields, yuan instead of fen, states by name."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from mainstay.core.audit.queries import text_of
from mainstay.kit.money import yuan
from mainstay.kit.volume import m3

_UNIT = re.compile(r"\s*[（(][^()（）]*[)）]$")
_PRICE_E4 = 10_000
# What acts note besides the columns of the thing itself.
KNOWN = {
    "account": _l("account"), "account_no": _l("account number"), "advance_fen": _l("advance"),
    "amount_fen": _l("amount"), "balance": _l("balance"), "bills": _l("bills"),
    "business_on": _l("business date"), "code": _l("code"), "deposit_fen": _l("deposit"), "from": _l("from"),
    "index_l": _l("index"), "kind": _l("kind"), "meter_no": _l("meter number"), "name": _l("name"),
    "number": _l("number"), "on": _l("date"), "period": _l("period"), "persons": _l("persons"),
    "reason": _l("reason"), "receipt_no": _l("receipt number"), "rows": _l("rows"), "state": _l("state"),
    "tender": _l("way of paying"), "until": _l("until"), "volume_l": _l("volume"),
}  # fmt: skip


def changes_of(subject: Any, changes: list[tuple[str, Any, Any]]) -> list[str]:
    """One text for each change of a thing: "state: begun → done"; what was not there before only as it is now."""
    found = []
    for name, before, after in changes:
        field = _field(subject, name)
        now, then = _value(field, name, after), _value(field, name, before)
        found.append(f"{_label(field, name)}: {now}" if before is None else f"{_label(field, name)}: {then} → {now}")
    return found


def _field(subject: Any, name: str) -> Field[Any, Any] | None:
    """The column of the thing that a change is about, if it is one."""
    meta = getattr(subject, "_meta", None)
    try:
        found = meta.get_field(name) if meta else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _label(field: Field[Any, Any] | None, name: str) -> str:
    if field is not None and str(field.verbose_name) != name.replace("_", " "):
        return _UNIT.sub("", str(field.verbose_name))
    return str(KNOWN.get(name, name))


def _value(field: Field[Any, Any] | None, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan(value)
    if isinstance(value, int) and name.endswith("_l"):
        return f"{m3(value)} m³"
    if isinstance(value, int) and name.endswith("_e4"):
        return f"{value // _PRICE_E4}.{value % _PRICE_E4:04d}"
    named = isinstance(value, str | int) and field is not None and field.choices
    choices = dict(field.flatchoices) if named and field is not None else {}
    return str(choices[value]) if named and value in choices else text_of(value)
