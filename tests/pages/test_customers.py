"""The pages of customers: the battery, the account page's tabs, opening in steps."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mainstay.core.audit.models import Entry
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import VIEW_ACCOUNT, VIEW_AREA
from mainstay.kit.dates import local_today
from tests.core.make import make_unit, make_user
from tests.gas.make import make_account, make_area, make_book, make_meter, make_plan
from tests.pages.battery import Page, Rows, battery, signed_in

OPEN = "gas.customers.open_account"
REVEAL = "gas.customers.reveal_personal_data"


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit).pk}


def fact(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit, phone="13900001111").pk, "fact": "phone"}


def suspended(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit, state="suspended").pk}


def area(unit: Unit) -> dict[str, Any]:
    found = make_area(f"小区{unit.pk}")
    found.unit = unit
    found.save()
    return {"pk": found.pk}


TestCustomers = battery(
    Page("customers:account_list", VIEW_ACCOUNT, Rows(account)),
    Page("customers:account_list", VIEW_ACCOUNT, Rows(account), query="?q=李"),
    Page("customers:account_list", VIEW_ACCOUNT, Rows(account), query="?state=active"),
    Page("customers:account_detail", VIEW_ACCOUNT, account),
    Page("customers:account_reveal", REVEAL, fact, method="post"),
    Page("customers:account_change", "gas.customers.change_account", account),
    Page("customers:customer_change", "gas.customers.change_customer", account, extra=(REVEAL,), pins=False),
    Page("customers:premise_change", "gas.customers.change_premise", account, extra=(REVEAL,), pins=False),
    Page("customers:account_suspend", "gas.customers.suspend_account", account),
    Page("customers:account_restore", "gas.customers.restore_account", suspended),
    Page("customers:account_open", OPEN),
    Page("customers:area_list", VIEW_AREA, Rows(area), by_unit=False),
    Page("customers:area_create", "gas.customers.create_area"),
    Page("customers:area_change", "gas.customers.change_area", area),
)


@pytest.fixture
def unit(db: None) -> Unit:
    return make_unit()


def person(unit: Unit, *rights: str) -> Client:
    return signed_in(make_user(rights=dict.fromkeys(rights, ("subtree", None)), unit=unit))


def test_personal_data_is_masked_until_it_is_asked_for(unit: Unit) -> None:
    shown = make_account(unit=unit, name="欧阳明月", phone="13900001111")
    client = person(unit, VIEW_ACCOUNT, REVEAL)
    for address in (reverse("customers:account_list"), shown.get_absolute_url(), "/search/?q=欧阳明月"):
        text = client.get(address).content.decode()
        assert "13900001111" not in text
        assert "欧阳明月" not in text.replace('value="欧阳明月"', "")
        assert shown.premise.address not in text
    reveal = reverse("customers:account_reveal", args=[shown.pk, "phone"])
    assert client.get(reveal).status_code == 405
    assert "13900001111" in client.post(reveal).content.decode()
    assert Entry.objects.get(action=REVEAL, outcome="done").after == {"shown": ["phone"]}
    assert client.post(reverse("customers:account_reveal", args=[shown.pk, "password"])).status_code == 422


def test_nobody_sees_the_button_who_may_not_press_it(unit: Unit) -> None:
    shown = make_account(unit=unit, phone="13900001111")
    text = person(unit, VIEW_ACCOUNT).get(shown.get_absolute_url()).content.decode()
    assert "hx-post" not in text


def test_opening_the_form_of_a_customer_is_a_look(unit: Unit) -> None:
    shown = make_account(unit=unit, phone="13900001111")
    client = person(unit, "gas.customers.change_customer", REVEAL)
    address = reverse("customers:customer_change", args=[shown.pk])
    assert "13900001111" in client.get(address).content.decode()
    assert Entry.objects.filter(action=REVEAL, outcome="done").count() == 1
    without = person(unit, "gas.customers.change_customer")
    assert without.get(address).status_code == 403


def test_tabs_come_from_the_parts_the_person_may_see(unit: Unit) -> None:
    shown = make_account(unit=unit)
    few = person(unit, VIEW_ACCOUNT).get(shown.get_absolute_url()).content.decode()
    assert "?section=overview" in few and "?section=bills" not in few
    more = person(unit, VIEW_ACCOUNT, "gas.billing.view_bill", "gas.meters.view_meter", "gas.payments.view_payment")
    text = more.get(shown.get_absolute_url()).content.decode()
    tabs = [text.index(f"?section={key}") for key in ("overview", "meters", "bills", "payments")]
    assert tabs == sorted(tabs)
    inside = more.get(shown.get_absolute_url() + "?section=bills", headers={"HX-Request": "true"}).content.decode()
    assert reverse("billing:account_bills", args=[shown.pk]) in inside
    assert "<html" not in inside


def test_the_search_box_finds_accounts(unit: Unit) -> None:
    shown = make_account(unit=unit, name="欧阳明月")
    text = person(unit, VIEW_ACCOUNT).get("/search/?q=oymy").content.decode()
    assert shown.get_absolute_url() in text
    assert shown.get_absolute_url() not in person(make_unit(), VIEW_ACCOUNT).get("/search/?q=oymy").content.decode()


def test_communities_are_suggested(unit: Unit) -> None:
    make_area("阳光花园")
    text = person(unit, OPEN).get(reverse("customers:area_options"), {"community": "yg"}).content.decode()
    assert '<option value="阳光花园">' in text


def steps(unit: Unit) -> dict[str, dict[str, Any]]:
    make_area("阳光花园")
    return {
        "customer": {"kind": "person", "name": "欧阳明月", "phone": "13900001111"},
        "place": {
            "community": "ygh", "building": "3", "entrance": "1", "room": "501", "unit": unit.pk,
            "category": "residential", "opened_on": local_today().isoformat(),
        },
        "terms": {"plan": make_plan().pk, "persons": 3},
        "meter": {"meter_no": make_meter(unit=unit).meter_no, "first_index": "12.5", "kind": "diaphragm", "digits": 5},
        "book": {"book": make_book(unit).code},
    }  # fmt: skip


def test_an_account_is_opened_in_steps(unit: Unit) -> None:
    client, address = person(unit, OPEN, VIEW_ACCOUNT), reverse("customers:account_open")
    for key, data in steps(unit).items():
        wrong = client.post(f"{address}?step={key}", {"nothing": "1"})
        assert wrong.status_code == 422, key
        response = client.post(f"{address}?step={key}", data)
        assert response.status_code == 302, (key, response.content.decode()[-3000:])
    check = client.get(f"{address}?step=check").content.decode()
    assert "欧阳明月" in check and "阳光花园" in check and "12.5" in check
    assert not Account.objects.exists()
    response = client.post(f"{address}?step=check")
    opened = Account.objects.get()
    assert response["Location"] == opened.get_absolute_url()
    assert opened.installations.get().first_index_l == 12_500
    assert client.get(opened.get_absolute_url()).status_code == 200


def test_a_known_customer_is_found_by_an_account_of_his(unit: Unit) -> None:
    known = make_account(unit=unit, name="欧阳明月", phone="13900001111")
    client, address = person(unit, OPEN, VIEW_ACCOUNT), reverse("customers:account_open")
    twice = {"kind": "person", "name": "欧阳明月", "phone": "139 0000 1111"}
    answer = client.post(address, twice)
    assert answer.status_code == 422 and known.account_no in answer.content.decode()
    assert client.post(address, {**twice, "another": "on"}).status_code == 302
    client.post(address, {"discard": "1"})
    assert known.account_no in client.get(f"{address}?existing={known.account_no}").content.decode()
    data = {**steps(unit), "customer": {"kind": "person", "existing": known.account_no}}
    for key, values in data.items():
        client.post(f"{address}?step={key}", values)
    client.post(f"{address}?step=check")
    assert Account.objects.exclude(pk=known.pk).get().customer == known.customer


def test_another_branch_s_customer_is_not_found(unit: Unit) -> None:
    elsewhere = make_account(unit=make_unit("城西分公司"))
    client = person(unit, OPEN)
    answer = client.post(reverse("customers:account_open"), {"kind": "person", "existing": elsewhere.account_no})
    assert answer.status_code == 422


def test_changes_through_the_forms(unit: Unit) -> None:
    mine = make_account(unit=unit)
    rights = ("change_account", "change_customer", "change_premise", "suspend_account", "restore_account")
    client = person(unit, VIEW_ACCOUNT, REVEAL, *(f"gas.customers.{name}" for name in rights))
    sent: dict[str, dict[str, Any]] = {
        "account_change": {"category": "commercial", "note": "前门"},
        "customer_change": {"kind": "firm", "name": "欧阳饭店", "phone": "", "id_no": ""},
        "premise_change": {"community": mine.premise.area.name, "building": "9", "room": "901"},
        "account_suspend": {"reason": "停业"},
        "account_restore": {"reason": "开业"},
    }
    for name, data in sent.items():
        response = client.post(reverse(f"customers:{name}", args=[mine.pk]), data)
        assert response.status_code == 302, (name, response.content.decode()[-2000:])
    mine = Account.objects.get(pk=mine.pk)
    assert (mine.category, mine.note, mine.customer.name, mine.state) == ("commercial", "前门", "欧阳饭店", "active")
    assert mine.premise.room == "901"
    log = client.get(mine.get_absolute_url()).content.decode()
    assert "停业" in log


def test_days_are_filled_in_so_that_browsers_show_them(unit: Unit) -> None:
    client, address = person(unit, OPEN), reverse("customers:account_open")
    client.post(address, {"kind": "person", "name": "欧阳明月"})
    for language in ("zh-hans", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert f'value="{local_today().isoformat()}"' in client.get(address).content.decode()
