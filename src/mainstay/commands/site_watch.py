"""`mainstay site watch`: looks at this host again and again, as root, and reports what it sees."""

from __future__ import annotations

import argparse
import json
import signal
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.continuity.site.files import load
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.verdict import RED, Seen

Send = Callable[[str, str, list[Seen], int], None]
SECONDS = 20


def run(options: argparse.Namespace, host: Host, site: Site) -> int:
    """Look until told to stop, or once with --once (1 when something is red). The declaration is read anew each time.

    Without --to what is seen goes into this machine's database; with it, to the application's API.
    """
    django_ready()
    send = _to_api(options.to, options.token_file) if options.to else _to_database
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: stop.set())
    while True:
        red = look(site, host, send)
        if options.once or stop.wait(options.every):
            return int(bool(red) and options.once)
        site = load(options.file)
        host = site.host(host.name)


def look(site: Site, host: Host, send: Send) -> list[Seen]:
    """One pass of every probe of hosts; returns what is red. What cannot be sent is said, the next pass sends anew."""
    from mainstay.continuity.site import registry

    red: list[Seen] = []
    for probe in registry.probes():
        if probe.look_at is None:
            continue
        began = time.perf_counter()
        seen = list(probe.look_at(site, host))
        red += [one for one in seen if one.verdict == RED]
        try:
            send(probe.key, host.name, seen, round((time.perf_counter() - began) * 1000))
        except OSError as error:
            say(_("{probe}: not reported: {error}").format(probe=probe.key, error=error), error=True)
    for one in red:
        say(f"{one.subject}: {one.en}", error=True)
    return red


def _to_database(probe: str, place: str, seen: list[Seen], took_ms: int) -> None:
    from django.utils import timezone

    from mainstay.continuity.site.batch import record

    record(probe, place, seen, timezone.now(), took_ms)


def _to_api(address: str, token_file: Path) -> Send:
    """Report to the application; its certificate is checked against this machine's authorities."""
    token = token_file.read_text(encoding="utf-8").strip()

    def send(probe: str, place: str, seen: list[Seen], took_ms: int) -> None:
        facts = {"probe": probe, "place": place, "took_ms": took_ms, "seen": [asdict(one) for one in seen]}
        request = urllib.request.Request(  # noqa: S310 - the address is the administrator's own
            f"{address.rstrip('/')}/api/v1/site/observations",
            data=json.dumps(facts).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        context = ssl.create_default_context() if address.startswith("https:") else None
        with urllib.request.urlopen(request, timeout=SECONDS, context=context):  # noqa: S310 - see above
            pass

    return send
