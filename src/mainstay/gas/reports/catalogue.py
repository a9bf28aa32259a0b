"""The reports there are, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `key` is its address and the name of its menu entry."""

    key: str
    title: Any


READING = Report("reading_rate", _("Reading rate"))
COLLECTION = Report("collection_rate", _("Collection rate"))
AGEING = Report("ageing", _("Ageing of debts"))
DEBTORS = Report("top_debtors", _("Greatest debtors"))
DEPOSITS = Report("deposits", _("Ageing of deposits"))
TAKINGS = Report("takings", _("Daily takings"))
SUPPLY = Report("supply", _("Supply and sale"))
TIERS = Report("tiers", _("Gas by tier"))
CHANNELS = Report("channels", _("Takings by channel"))
REPORTS = (READING, COLLECTION, AGEING, DEBTORS, DEPOSITS, TAKINGS, CHANNELS, TIERS, SUPPLY)
