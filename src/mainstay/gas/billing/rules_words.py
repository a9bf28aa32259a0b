"""Why a bill is what it is, in sentences for the customer at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.gas.tariffs.rules_words import reasons
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.gas.billing.queries import BillStory


def why(story: BillStory) -> list[str]:
    """Sentences: the notice behind the price, the counter of the tariff year, the household, what else changed it."""
    bill = story.bill
    text = _("Prices of “%(plan)s” by notice %(notice)s, in force since %(day)s.")
    facts = {"plan": bill.version.plan, "notice": bill.version.notice, "day": bill.version.effective_on}
    told = [text % facts if bill.version.notice else _("Prices of “%(plan)s”, in force since %(day)s.") % facts]
    if story.bands:
        text = _("Used since the tariff year began on %(day)s: %(before)s m³ before this bill, %(after)s m³ with it.")
        counters = {"before": m3(bill.year_before_l), "after": m3(bill.year_after_l)}
        told.append(text % {"day": bill.year_start_on, **counters} + _tier_reached(story))
    if len(story.bands) > 1:
        household = ngettext(
            "The household counts %(count)d person.", "The household counts %(count)d persons.", bill.persons
        )
        told.append(household % {"count": bill.persons})
    return told + reasons(story.facts)


def _tier_reached(story: BillStory) -> str:
    """Where this bill ends and how far it is to the next price."""
    used = [band for band in story.bands if band["used_l"] > 0]
    if not used:
        return ""
    last = used[-1]
    if last["left_l"] is None or not last["tier"]:
        return ""
    text = _(" It ends in tier %(tier)s, %(left)s m³ below the next price.")
    return text % {"tier": last["tier"], "left": m3(last["left_l"])}
