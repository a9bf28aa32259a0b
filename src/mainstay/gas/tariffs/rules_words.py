"""Tariffs in words: errors of the rules, and the reasons behind an amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mainstay.gas.tariffs.rules import TariffError, yuan_e4
from mainstay.kit.errors import Problem
from mainstay.kit.volume import m3


def told(error: TariffError) -> str:
    """The text of a tariff error in the reader's language."""
    return error.zh if (get_language() or "zh").startswith("zh") else error.en


def problem(error: TariffError, field: str | None = None) -> Problem:
    """A tariff error as a Problem, by default at the field it names."""
    return Problem(told(error), field=field or error.field, code=error.code)


def reason(fact: Mapping[str, Any]) -> str:
    """A sentence for one fact of a rating or a schedule (`Fact.as_dict()`); "" for facts the numbers already tell."""
    found = _REASONS.get(fact["code"])
    return found(fact) if found else ""


def reasons(facts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sentences for several facts, each once; parts of a period tell their season themselves."""
    listed = list(facts)
    parts = any(fact["code"] == "part" for fact in listed)
    kept = [fact for fact in listed if not (parts and fact["code"] == "season")]
    return [text for text in dict.fromkeys(map(reason, kept)) if text]


def season_name(name: str | None) -> str:
    """The season's name in the reader's language where it is one of the usual ones."""
    usual = {
        "peak": pgettext("season", "peak"),
        "off-peak": pgettext("season", "off-peak"),
        "heating": pgettext("season", "heating"),
    }
    return usual.get(name or "", name or "")


def _household(fact: Mapping[str, Any]) -> str:
    # The number of persons in the fact is cut at what still makes a difference: it is not always that of the household.
    return _("Households of more than %(over)s persons have wider tiers.") % {"over": fact["over"]}


def _partial_year(fact: Mapping[str, Any]) -> str:
    return _("Gas was used in %(months)s months of the tariff year only: the tiers are in proportion.") % fact


def _free_month(fact: Mapping[str, Any]) -> str:
    return _("Low income: %(volume)s m³ of this period are free.") % {"volume": m3(fact["volume_l"])}


def _free_year(fact: Mapping[str, Any]) -> str:
    return _("Low income: the first %(volume)s m³ of the tariff year are free.") % {"volume": m3(fact["volume_l"])}


def _flat(fact: Mapping[str, Any]) -> str:
    return _("Low income: %(price)s yuan/m³ in all tiers.") % {"price": yuan_e4(fact["price_e4"])}


def _contract(fact: Mapping[str, Any]) -> str:
    return _("Agreed price: %(price)s yuan/m³.") % {"price": yuan_e4(fact["price_e4"])}


def _season(fact: Mapping[str, Any]) -> str:
    return _("Season: %(name)s.") % {"name": season_name(fact["name"])}


def _part(fact: Mapping[str, Any]) -> str:
    prices = f"{fact['version']} {season_name(fact['season'])}".strip()
    text = _("%(from)s to %(to)s: %(volume)s m³ at the prices of %(prices)s.")
    return text % {**fact, "volume": m3(fact["volume_l"]), "prices": prices}


def _energy(fact: Mapping[str, Any]) -> str:
    names = {"volume": m3(fact["volume_l"]), "energy": m3(fact["energy_m"]), "unit": fact["unit"]}
    return _("%(volume)s m³ are %(energy)s %(unit)s.") % names


def _heating(_fact: Mapping[str, Any]) -> str:
    return _("Heats with gas: tiers of heating households.")


_REASONS = {
    "household": _household,
    "partial_year": _partial_year,
    "free_volume_month": _free_month,
    "free_volume_year": _free_year,
    "flat_price": _flat,
    "contract_price": _contract,
    "heating": _heating,
    "season": _season,
    "part": _part,
    "energy": _energy,
}
