"""The local agent of a card reader (本地读写卡代理), simulated: HTTP on the loopback address, cards in a file.

A maker's reader speaks through a small program on the clerk's own machine. The browser asks it; the agent knows nothing
of money. Every answer is JSON. What a maker's agent must do is what this one does:

GET  /v1/status  {"agent": "…", "reader": "…", "card": true}
POST /v1/read    {} → {"card_no": "…", "purchases": 3, "volume_l": 40000, "last_order": "…"}
POST /v1/write   {"order": "…", "card_no": "…", "purchases": 3, "volume_l": 20000} → the card as read after the write

A write names the order and the count it expects on the card; a card with another count is not written (409). A write
that was done already for this order answers with the card as it is, and adds nothing.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

VERSION = "1"


class Cards:
    """The card in the simulated reader, kept in a file so that it survives the agent."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, Lock()
        if not path.exists():
            self.save({"card_no": "80001234", "purchases": 0, "volume_l": 0, "last_order": ""})

    def load(self) -> dict[str, Any] | None:
        """The card in the reader; None when there is none."""
        card: dict[str, Any] | None = json.loads(self.path.read_text(encoding="utf-8"))
        return card

    def save(self, card: dict[str, Any] | None) -> None:
        """Put a card in."""
        self.path.write_text(json.dumps(card), encoding="utf-8")

    def write(self, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Add gas for an order; status and answer as the agent gives them."""
        with self.lock:
            card = self.load()
            if card is None:
                return 404, {"error": "no_card"}
            if card["card_no"] != wanted.get("card_no"):
                return 409, {"error": "other_card"}
            if card["last_order"] == wanted.get("order"):
                return 200, card
            if card["purchases"] != wanted.get("purchases"):
                return 409, {"error": "count"}
            card = {
                **card, "purchases": card["purchases"] + 1, "volume_l": card["volume_l"] + int(wanted["volume_l"]),
                "last_order": str(wanted["order"]),
            }  # fmt: skip
            self.save(card)
            return 200, card


def make_server(cards: Cards, *, port: int, origin: str) -> ThreadingHTTPServer:
    """An agent on the loopback address that answers pages of `origin` only ("http://127.0.0.1:8000")."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: dict[str, Any] | None = None) -> None:
            content = json.dumps(body).encode() if body is not None else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            self.send_header("Access-Control-Allow-Private-Network", "true")
            self.end_headers()
            self.wfile.write(content)

        def foreign(self) -> bool:
            return self.headers.get("Origin", origin) != origin

        def do_OPTIONS(self) -> None:
            self.answer(403 if self.foreign() else 204)

        def do_GET(self) -> None:
            if self.foreign() or self.path != "/v1/status":
                return self.answer(404, {"error": "not_found"})
            return self.answer(200, {"agent": VERSION, "reader": "simulated", "card": cards.load() is not None})

        def do_POST(self) -> None:
            if self.foreign():
                return self.answer(403, {"error": "origin"})
            size = min(int(self.headers.get("Content-Length", 0)), 65_536)
            sent = json.loads(self.rfile.read(size) or b"{}")
            if self.path == "/v1/read":
                card = cards.load()
                return self.answer(404, {"error": "no_card"}) if card is None else self.answer(200, card)
            if self.path == "/v1/write":
                return self.answer(*cards.write(sent))
            return self.answer(404, {"error": "not_found"})

        def log_message(self, *_facts: Any) -> None:
            """Say nothing: card numbers are nobody's log line."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
