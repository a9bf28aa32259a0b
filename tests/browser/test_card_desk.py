"""The card desk in a real browser with the simulated agent: sold once, and resumed after the reader failed."""

from __future__ import annotations

import json
import threading
from urllib.parse import urlsplit

import pytest

from mainstay.gas.cards.agent import Cards, make_server

pytestmark = pytest.mark.browser
AGENT = "http://127.0.0.1:18630"
SEED = """
import itertools, tests.gas.make as make, tests.gas.payments.make as paying
make._next, paying._next = itertools.count(843000), itertools.count(50)
from django.test import Client
from tests.gas.cards.make import make_buyer, make_seller
account = make_buyer(name="王芳")
clerk, _shift = make_seller(account)
client = Client()
client.force_login(clerk)
print(client.cookies["sessionid"].value, account.pk)
"""
LEFT = """
import itertools, tests.gas.make as make, tests.gas.payments.make as paying
make._next, paying._next = itertools.count(844000), itertools.count(70)
from django.test import Client
from mainstay.gas.cards.actions import pay_order, report_read
from mainstay.kit.dates import local_today
from tests.gas.cards.make import after, draft, make_buyer, make_seller
account = make_buyer(name="赵建国")
installation = account.installations.get()
type(installation.meter).objects.filter(pk=installation.meter_id).update(kind="ic_card")
clerk, _shift = make_seller(
    account, "gas.cards.buy_from_advance", "gas.cards.view_order", "gas.meters.exchange_meter",
    "gas.meters.install_meter", "gas.meters.remove_meter",
)
order = pay_order(order=draft(account, clerk, 32), tender=1, by=clerk)
report_read(order=order, card=after(order), by=clerk)
meter = make.make_meter(kind="ic_card", unit=account.unit)
client = Client()
client.force_login(clerk)
print(client.cookies["sessionid"].value, account.pk, installation.pk, meter.meter_no)
"""


def test_sold_once_and_resumed(open_page, live_site, tmp_path) -> None:
    cookie, account = live_site.ask(SEED)
    cards = Cards(tmp_path / "card.json")
    server = make_server(cards, port=0, origin=live_site.url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = open_page("desktop", allow=("request to another host: " + AGENT, "ERR_FAILED", "Failed to load", "CORS"))
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])
    failing = []

    def to_agent(route):
        if failing and route.request.url.endswith("/v1/write"):
            route.abort()  # the reader fails: paid, but not written
        else:
            path = urlsplit(route.request.url).path
            route.continue_(url=f"http://127.0.0.1:{server.server_port}{path}")

    try:
        page.route(f"{AGENT}/**", to_agent)
        page.goto(f"/cards/accounts/{account}/")
        page.wait_for_selector("#cd-volume:focus")
        failing.append(True)
        page.keyboard.type("20")
        page.keyboard.press("Enter")
        page.wait_for_selector("#cd-pay-row:not([hidden])")
        assert page.text_content("#cd-sum") == "40.00 · 20 m³"
        page.fill("#cd-received", "50")
        assert page.text_content("#cd-change") == "找零 10.00"
        page.keyboard.press("F8")
        page.wait_for_selector(".cd-told.cd-amber")
        assert cards.load()["purchases"] == 0
        failing.clear()
        page.goto(f"/cards/accounts/{account}/")  # the clerk begins again: the order is there, paid
        page.wait_for_selector("#cd-write:not([hidden])")
        assert page.is_disabled("#cd-price")
        page.wait_for_selector("#cd-write:focus")
        page.keyboard.press("F8")
        page.wait_for_selector(".cd-told.cd-green")
        page.wait_for_selector("#cd-orders td :text('已确认')")  # the list tells the same
        card = cards.load()
        assert (card["purchases"], card["volume_l"]) == (1, 20_000)
        assert card["last_order"] == page.text_content("#cd-number")
    finally:
        server.shutdown()
        server.server_close()
    assert json.loads(cards.path.read_text())["purchases"] == 1


def test_gas_left_on_an_exchanged_meter_comes_onto_the_new_card(open_page, live_site, tmp_path):
    cookie, account, hung, number = live_site.ask(LEFT)
    cards = Cards(tmp_path / "card.json")
    cards.save({"card_no": "80007777", "purchases": 0, "volume_l": 0, "last_order": ""})  # the new meter's card
    server = make_server(cards, port=0, origin=live_site.url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = open_page("desktop", allow=("request to another host: " + AGENT, "ERR_FAILED", "Failed to load", "CORS"))
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])

    def to_agent(route):
        route.continue_(url=f"http://127.0.0.1:{server.server_port}{urlsplit(route.request.url).path}")

    try:
        page.route(f"{AGENT}/**", to_agent)
        page.goto(f"/meters/places/{hung}/exchange/")
        page.fill("[name=meter]", number)
        page.fill("[name=last_index]", "29")
        page.fill("[name=first_index]", "0")
        page.fill("[name=reason]", "到期换表")
        page.click(".ms-form-actions button.btn-primary")
        page.wait_for_url(f"**/cards/accounts/{account}/")  # straight to what is left to do
        page.wait_for_selector("#cd-from-advance:not([disabled])")
        assert "8.00" in page.text_content("#cd-advance")  # 3 m³ are left: 2 at 3 yuan, 1 at 2
        page.keyboard.press("F9")
        page.wait_for_selector(".cd-told.cd-green")
        assert cards.load()["volume_l"] == 3_000
        assert page.text_content("#cd-sum") == "8.00 · 3 m³"
        assert page.is_hidden("#cd-advance")
        paper = page.get_attribute("#cd-print", "href")
        assert paper.startswith("/cards/")
        assert paper.endswith("/paper/")
        page.keyboard.press("F4")
        page.wait_for_selector(".cd-told:not(:empty)", state="hidden")
    finally:
        server.shutdown()
        server.server_close()
