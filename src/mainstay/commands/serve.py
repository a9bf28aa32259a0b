"""`mainstay serve`: bring the database and the static files up to date, then run the web server and one worker."""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
from collections.abc import Callable

from mainstay.commands.numbers import whole
from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.kit.errors import Problem

HOST = "127.0.0.1"
PORT = 8000
THREADS = 4  # requests one web process answers at once; each holds one database connection


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; 0 when stopped that way, 1 when the server could not run."""
    options = parser().parse_args(argv)
    return run_site(host=options.host, port=options.port, workers=options.workers, worker=not options.no_worker)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay serve", description=_("Run the site: web server and one worker"))
    made.add_argument("--host", default=HOST, help=_("address to listen on (default: this machine only, 127.0.0.1)"))
    made.add_argument("--port", type=whole(0, 65_535), default=PORT, help=_("port to listen on (default 8000)"))
    made.add_argument(
        "--workers", type=whole(), default=os.cpu_count() or 1, help=_("web processes (default: one per core)")
    )
    made.add_argument(
        "--no-worker", action="store_true", help=_("do not start a worker for jobs beside the web server")
    )
    return made


def run_site(
    *,
    host: str = HOST,
    port: int = PORT,
    workers: int = 1,
    worker: bool = True,
    on_ready: Callable[[str], None] | None = None,
) -> int:
    """Prepare and serve; `on_ready(address)` is called once the site answers. Raise Problem when the port is taken."""
    from mainstay.commands import processes, site

    _refuse_taken_port(host, port)
    django_ready()
    site.prepare()
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    if not _is_loopback(host) and "MAINSTAY_HOSTS" not in os.environ:
        say(_("Set MAINSTAY_HOSTS to the names under which people reach this site."), error=True)

    def ready() -> None:
        say(_("Mainstay answers at {address} — Ctrl-C stops it.").format(address=address))
        if on_ready:
            on_ready(address)

    _refuse_taken_port(host, port)  # again: while the site was prepared, another may have come to listen there
    children = [processes.web_server(host, port, workers, THREADS)]
    if worker:
        children.append(processes.worker())
    return processes.supervise(children, health=(host, port), on_ready=ready)


def _refuse_taken_port(host: str, port: int) -> None:
    """Raise Problem when somebody else listens already.

    The web server's processes share their port (SO_REUSEPORT), so it would not notice a second site there itself.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = _("Cannot listen on {host} port {port} ({reason}). Stop the other program or choose --port.")
            raise Problem(text.format(host=host, port=port, reason=error.strerror)) from error


def _is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
