"""`mainstay card-sim`: a simulated agent of a card reader on this machine, with one card in it."""

from __future__ import annotations

import argparse
from pathlib import Path

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say


def main(argv: list[str]) -> int:
    """Answer pages of the site until Ctrl-C; the card stays in its file."""
    from mainstay.gas.cards.agent import Cards, make_server

    options = parser().parse_args(argv)
    cards = Cards(Path(options.card))
    if options.card_no:
        new = {"card_no": options.card_no, "purchases": 0, "volume_l": 0, "last_order": ""}
        cards.save(new)  # not a model: a file
    server = make_server(cards, port=options.port, origin=options.site)
    say(_("Card reader on http://127.0.0.1:{port} for {site}").format(port=server.server_port, site=options.site))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay card-sim", description=_("Play a card reader, to try card sales"))
    made.add_argument("--port", type=whole(0, 65_535), default=18630, help=_("port on the loopback address"))
    made.add_argument("--site", default="http://127.0.0.1:8000", help=_("address of the site whose pages may ask"))
    made.add_argument("--card", default="card.json", metavar="FILE", help=_("file that holds the card"))
    made.add_argument("--card-no", default="", metavar="NUMBER", help=_("put a new card with this number in"))
    return made
