"""The card desk in a real browser with the simulated agent: sold once, and resumed after the reader failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from mainstay.gas.cards.agent import Cards, make_server

pytestmark = pytest.mark.browser
AGENT = "http://127.0.0.1:18630"
SEED = """
import django; django.setup()
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


@pytest.fixture(scope="module")
def desk(live_site, tmp_path_factory):
    """A clerk with an open shift at the live site, and a customer who buys gas by card."""
    script = tmp_path_factory.mktemp("cards") / "seed.py"
    root = os.fspath(pytest.importorskip("tests.support.site").ROOT)
    paths = {"PYTHONPATH": f"{root}/src{os.pathsep}{root}", "DJANGO_SETTINGS_MODULE": "mainstay.config.settings"}
    script.write_text(SEED)
    done = subprocess.run(
        [sys.executable, os.fspath(script)], env={**live_site.environment, **paths}, cwd=root, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_sold_once_and_resumed(open_page, live_site, desk, tmp_path) -> None:
    cookie, account = desk
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
        page.wait_for_selector("#cd-price:not([disabled])")
        failing.append(True)
        page.fill("#cd-volume", "20")
        page.keyboard.press("Enter")
        page.wait_for_selector("#cd-pay-row:not([hidden])")
        assert page.text_content("#cd-sum") == "40.00 · 20 m³"
        page.fill("#cd-received", "50")
        page.click("#cd-pay")
        page.wait_for_selector(".cd-told.cd-amber")
        assert cards.load()["purchases"] == 0
        failing.clear()
        page.goto(f"/cards/accounts/{account}/")  # the clerk begins again: the order is there, paid
        page.wait_for_selector("#cd-write:not([hidden])")
        assert page.is_disabled("#cd-price")
        page.click("#cd-write")
        page.wait_for_selector(".cd-told.cd-green")
        card = cards.load()
        assert (card["purchases"], card["volume_l"]) == (1, 20_000)
        assert card["last_order"] == page.text_content("#cd-number")
    finally:
        server.shutdown()
        server.server_close()
    assert json.loads(cards.path.read_text())["purchases"] == 1
