"""The pages of meters."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.gas.meters.queries import VIEW
from tests.gas.make import make_account, make_meter
from tests.pages.battery import Page, Rows, battery


def stored(unit: Unit) -> dict[str, Any]:
    return {"pk": make_meter(unit=unit).pk}


def hanging(unit: Unit) -> dict[str, Any]:
    meter = make_account(unit=unit).installations.get().meter
    meter.verified_until = "2025-01-01"
    meter.save()
    return {"pk": meter.pk}


def place(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit).installations.get().pk}


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit).pk}


TestMeters = battery(
    Page("meters:meter_list", VIEW, Rows(hanging)),
    Page("meters:due_list", VIEW, Rows(hanging)),
    Page("meters:meter_detail", VIEW, hanging),
    Page("meters:meter_register", "gas.meters.register_meter"),
    Page("meters:meter_change", "gas.meters.change_meter", stored),
    Page("meters:meter_scrap", "gas.meters.scrap_meter", stored),
    Page("meters:meter_install", "gas.meters.install_meter", stored),
    Page("meters:meter_remove", "gas.meters.remove_meter", place),
    Page("meters:meter_exchange", "gas.meters.exchange_meter", place),
    Page("meters:meter_master", "gas.meters.set_master", place),
    Page("meters:account_meters", VIEW, account),
    Page("meters:account_install", "gas.meters.install_meter", account),
)
