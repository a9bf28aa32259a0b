"""The parts of the suite and their apps, in the order in which an app may import those before it.

A company switches on the parts it needs (`MAINSTAY_PARTS`): a gas company all of them, a property company
`performance` and `inspection`, a bank `inspection` alone. Parts meet through providers only, so any choice works.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

ALL = "all"
PARTS: dict[str, tuple[str, ...]] = {
    "gas": (
        "customers",
        "meters",
        "tariffs",
        "readings",
        "billing",
        "ledger",
        "payments",
        "latefees",
        "bank",
        "invoices",
        "cards",
        "accounts",
        "takeover",
        "arrears",
        "reports",
    ),
    "performance": ("plans", "tracking", "posts", "appraisal"),
    "inspection": ("checklists", "campaigns", "hazards", "bulletins", "patrols", "phone"),
    "continuity": (
        "site",
        "standby",
        "backup",
        "network",
        "antivirus",
        "power",
        "machineroom",
        "regime",
        "incidents",
        "alarms",
    ),
}


def apps(chosen: Iterable[str]) -> list[str]:
    """Return the apps of the chosen parts. Raises ImproperlyConfigured for a part that does not exist."""
    wanted = {name.strip() for name in chosen} - {""}
    if ALL in wanted:
        wanted = set(PARTS)
    if unknown := sorted(wanted - set(PARTS)):
        raise ImproperlyConfigured(
            f"MAINSTAY_PARTS names {', '.join(unknown)}; the parts are {', '.join(PARTS)}. "
            f"MAINSTAY_PARTS 里没有这个子系统：{'、'.join(unknown)}。"
        )
    return [f"mainstay.{part}.{app}" for part, names in PARTS.items() if part in wanted for app in names]
