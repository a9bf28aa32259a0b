"""What is wrong with a field of an API request, in words people know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

SOURCES = {"body", "query", "path", "header", "cookie", "form", "file"}
_TEXTS = {
    "missing": _n("This field is missing."),
    "extra_forbidden": _n("There is no such field; check its name."),
    "string_type": _n("This must be a text in quotes."),
    "string_unicode": _n("This is not valid Unicode text."),
    "string_pattern_mismatch": _n("This is not written as it must be; see the description of the field."),
    "string_too_long": _n("This text is too long."),
    "string_too_short": _n("This text is too short."),
    "too_long": _n("These are too many rows; send them in parts."),
    "too_short": _n("Send at least one row."),
    "list_type": _n("This must be a list."),
    "uuid_type": _n("This must be a UUID."),
    "uuid_parsing": _n("This must be a UUID."),
    "json_invalid": _n("The body is not valid JSON."),
    "model_attributes_type": _n("This must be an object with fields."),
    "dict_type": _n("This must be an object with fields."),
}
_KINDS = {
    "date": _n("This must be a date like 2026-11-23."),
    "int": _n("This must be a whole number."),
    "bool": _n("This must be true or false."),
}


def in_words(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return field and sentence of each error that pydantic found, in the active language."""
    return [{"field": _place(error["loc"]), "message": _sentence(error)} for error in errors]


def _place(loc: Iterable[Any]) -> str:
    """Name the field as the sender knows it: "readings.3.index_m3", without our own parameter names."""
    parts = [str(part) for part in loc]
    if parts and parts[0] in SOURCES:
        parts = parts[2:] if parts[0] == "body" and len(parts) > 1 else parts[1:]
    return ".".join(parts)


def _sentence(error: Mapping[str, Any]) -> str:
    kind, facts = str(error["type"]), error.get("ctx") or {}
    if kind == "missing" and not _place(error["loc"]):
        return _("The request has no body: send JSON, with its Content-Length.")
    if kind in {"literal_error", "enum"}:
        values = str(facts.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return _("This must be one of: %(values)s.") % {"values": values}
    if kind == "greater_than_equal":
        return _("This must be at least %(limit)s.") % {"limit": facts.get("ge")}
    if kind == "less_than_equal":
        return _("This must be at most %(limit)s.") % {"limit": facts.get("le")}
    text = _TEXTS.get(kind) or _KINDS.get(kind.partition("_")[0])
    return _(text) if text else _("This value is not accepted.")
