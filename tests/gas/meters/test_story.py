"""A meter's life as a clerk writes it down, with readings and bills: hung, read, exchanged, read, billed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.gas.billing.actions import bill_account
from mainstay.gas.readings.models import Reading
from tests.gas.make import make_account, make_meter, make_reading, make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHTS = tuple(f"gas.meters.{verb}" for verb in (
    "view_meter", "register_meter", "install_meter", "remove_meter", "exchange_meter", "scrap_meter", "change_meter",
    "set_master",
))  # fmt: skip


@pytest.fixture
def browser(client: Client) -> Client:
    clerk = make_user(*RIGHTS, "gas.customers.view_account")
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


def post(browser: Client, name: str, pk: int | None = None, **data: Any) -> Any:
    return browser.post(reverse(f"meters:{name}", args=[] if pk is None else [pk]), data)


def test_volumes_of_both_meters_add_up_in_the_bill(browser: Client) -> None:
    account = make_account()
    old = account.installations.get()
    make_reading(account, 202602, index_l=100_000)
    new = make_meter()
    data = {"on": "2026-03-10", "last_index": "112.5", "meter": new.meter_no, "first_index": "3", "reason": "到期"}
    assert post(browser, "meter_exchange", old.pk, **data).status_code == 302
    final = Reading.objects.get(account=account, installation=old, period=202603)
    assert (final.index_l, final.volume_l, final.source, final.state) == (
        112_500, 12_500, Reading.Source.EXCHANGE, Reading.State.ACCEPTED,
    )  # fmt: skip
    hung = new.installations.get()
    make_reading(account, 202603, index_l=23_000, installation=hung)
    bill = bill_account(account=account, period=202603, by=make_user("gas.billing.bill_account"))
    assert bill.volume_l == 12_500 + 20_000
    tab = browser.get(reverse("meters:account_meters", args=[account.pk]), HTTP_HX_REQUEST="true").content.decode()
    assert new.meter_no in tab and old.meter.meter_no in tab and "<html" not in tab


def test_what_readings_refuse_keeps_the_form_and_changes_nothing(browser: Client) -> None:
    account = make_account()
    old = account.installations.get()
    make_reading(account, 202602, index_l=100_000, taken_on=date(2026, 2, 20))
    data = {"on": "2026-02-10", "last_index": "112", "reason": "拆"}
    response = post(browser, "meter_remove", old.pk, **data)
    assert response.status_code == 422 and 'value="112"' in response.content.decode()
    assert "before the last reading" in response.context["form"].errors["on"][0]
    old.refresh_from_db()
    assert old.until_on is None and Reading.objects.filter(account=account).count() == 1


def test_from_the_store_to_the_scrap_heap(browser: Client) -> None:
    account = make_account()
    data = {"meter_no": "ab 1234", "kind": "ic_card", "digits": "5", "factor": "1.0000", "maker": "北川", "unit": ""}
    done = post(browser, "meter_register", **data)
    assert done.status_code == 302
    pk = int(done["Location"].strip("/").split("/")[-1])
    assert "AB1234" in browser.get(done["Location"]).content.decode()
    placed = {"account": account.account_no, "on": "2026-03-01", "first_index": "0.25", "master": ""}
    assert post(browser, "meter_install", pk, **placed).status_code == 302
    hung = account.installations.get(meter=pk)
    assert hung.first_index_l == 250
    main = account.installations.exclude(pk=hung.pk).get()
    assert post(browser, "meter_master", hung.pk, master=main.meter.meter_no).status_code == 302
    assert post(browser, "meter_remove", main.pk, on="2026-03-02", last_index="1", reason="x").status_code == 422
    removed = {"on": "2026-03-02", "last_index": "1", "reason": "拆"}
    assert post(browser, "meter_remove", hung.pk, **removed).status_code == 302
    again = {"meter": "AB1234", "on": "2026-03-03", "first_index": "1"}
    assert post(browser, "account_install", account.pk, **again).status_code == 302
    later = account.installations.get(meter=pk, until_on=None)
    assert post(browser, "meter_remove", later.pk, on="2026-03-04", last_index="1", reason="拆").status_code == 302
    assert post(browser, "meter_scrap", pk, reason="坏").status_code == 302
    page = browser.get(reverse("meters:meter_detail", args=[pk])).content.decode()
    assert "scrapped" in page and page.count(account.account_no) >= 2


def test_numbers_of_other_branches_are_not_known(client: Client) -> None:
    mine, other = make_unit(), make_unit()
    client.force_login(make_user(*RIGHTS, unit=mine, scope="unit"))
    account, foreign = make_account(unit=mine), make_meter(unit=other)
    response = post(client, "account_install", account.pk, meter=foreign.meter_no, on="2026-03-01", first_index="0")
    assert "meter" in response.context["form"].errors
    stored = make_meter(unit=mine)
    elsewhere = make_account(unit=other)
    data = {"account": elsewhere.account_no, "on": "2026-03-01", "first_index": "0"}
    assert "account" in post(client, "meter_install", stored.pk, **data).context["form"].errors


def test_export_is_what_is_seen(browser: Client) -> None:
    account = make_account()
    meter = account.installations.get().meter
    meter.verified_until = date(2026, 1, 1)
    meter.save()
    sheet = browser.get(reverse("meters:due_list"), {"export": "csv"}).getvalue().decode("utf-8-sig")
    head, row = sheet.strip().splitlines()
    assert head.startswith("Meter number,") and meter.meter_no in row and "2026-01-01" in row and "***" in row
    listed = browser.get(reverse("meters:meter_list"), {"export": "csv", "q": meter.meter_no[:8]}).getvalue().decode()
    assert account.account_no in listed
