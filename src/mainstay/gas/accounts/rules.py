"""What becomes of the difference between a master meter and its sub meters. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def outcome_of(rule: str, master_l: int | None, subs_l: int, missing: Sequence[str]) -> str:
    """ "waiting" while a reading is missing, "negative" when the sub meters measured more, else what the rule says.

    Litres; `rule` is "billed" or "reported"; `missing` names the meters without a reading that counts.
    """
    if master_l is None or missing:
        return "waiting"
    if master_l < subs_l:
        return "negative"
    return rule
