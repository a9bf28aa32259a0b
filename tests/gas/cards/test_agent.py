"""The simulated agent over real HTTP: what a maker's agent must do."""

from __future__ import annotations

import json
import threading
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from mainstay.gas.cards.agent import Cards, make_server

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def agent(tmp_path):
    """An agent with one card; gives a function that asks it."""
    server = make_server(Cards(tmp_path / "card.json"), port=0, origin=SITE)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(path: str, body: object = None, origin: str = SITE) -> tuple[int, dict]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{server.server_port}{path}", data=data, headers={"Origin": origin})
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    yield ask
    server.shutdown()
    server.server_close()


def test_a_write_counts_once(agent) -> None:
    assert agent("/v1/status") == (200, {"agent": "1", "reader": "simulated", "card": True})
    card = agent("/v1/read", {})[1]
    wanted = {"order": "IC1", "card_no": card["card_no"], "purchases": 0, "volume_l": 20_000}
    for _time in range(2):  # asked again, it adds nothing
        assert agent("/v1/write", wanted) == (200, {**card, "purchases": 1, "volume_l": 20_000, "last_order": "IC1"})
    assert agent("/v1/write", {**wanted, "order": "IC2"}) == (409, {"error": "count"})
    assert agent("/v1/write", {**wanted, "order": "IC2", "card_no": "1"}) == (409, {"error": "other_card"})


def test_only_the_site_is_answered(agent) -> None:
    assert agent("/v1/read", {}, origin="http://elsewhere.example")[0] == 403
    assert agent("/v1/nothing", {})[0] == 404
