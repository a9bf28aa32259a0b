"""Pays bills over and over through the site's address and writes down what was acknowledged.

`python -m mainstay.drill.standby.payer HOST PORT COMPANY LOG THREADS`. Each payment has its own key; a request without
answer is sent again under that key until it is acknowledged, as a bank's or wallet's server does. One line per
acknowledgement: moment (monotonic), key.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

TIMEOUT_S, REST_S, PACE_S = 1.5, 0.2, 0.1
BOOKED = (http.HTTPStatus.OK, http.HTTPStatus.CREATED)


class Payer(threading.Thread):
    """One line of payments."""

    def __init__(self, number: int, address: tuple[str, int], company: dict[str, Any], log: TextIO) -> None:
        super().__init__(daemon=True)
        self.number, self.address, self.company, self.log = number, address, company, log
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """For ever."""
        accounts = self.company["accounts"][self.number :: self.company["threads"]]
        for turn, account in enumerate(itertools.cycle(accounts)):
            key = f"drill-{self.number}-{turn}"
            while not self.pay(account, key):
                time.sleep(REST_S)
            self.log.write(f"{time.monotonic():.4f} {key}\n")
            self.log.flush()
            time.sleep(PACE_S)

    def pay(self, account: str, key: str) -> bool:
        """Send one payment; True when it is acknowledged."""
        body = json.dumps({"account_no": account, "amount": "1.00", "tender": "transfer"})
        headers = {
            "Authorization": f"Bearer {self.company['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT_S)
            self.connection.request("POST", "/api/v1/payments/", body, headers)
            answer = self.connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return False
        if answer.status in BOOKED:
            return True
        if answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            sys.stderr.write(f"{answer.status} {said[:200]!r}\n")
        return False

    def close(self) -> None:
        """Drop the connection; the next payment opens another."""
        with contextlib.suppress(OSError):
            if self.connection:
                self.connection.close()
        self.connection = None


def main(argv: list[str]) -> int:
    """Pay until killed."""
    host, port, company, log, threads = argv
    facts = json.loads(Path(company).read_text(encoding="utf-8")) | {"threads": int(threads)}
    with Path(log).open("a", encoding="utf-8") as file:
        payers = [Payer(number, (host, int(port)), facts, file) for number in range(int(threads))]
        for one in payers:
            one.start()
        for one in payers:
            one.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
