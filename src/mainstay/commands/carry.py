"""`mainstay carry WHAT`: packages of signatures (or releases) carried by hand from the outer to the inner centre."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mainstay.commands.numbers import whole
from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, language, say
from mainstay.commands.words import gettext_noop as noop

WHATS = {
    "key": noop("Draw the key of the outer centre, once"),
    "export": noop("Pack files into a sealed package (outer centre)"),
    "check": noop("Verify a package and take nothing"),
    "import": noop("Verify a package, scan its carrier, serve its files to the clients (inner centre)"),
    "serve": noop("Serve what was taken to the clients' updater"),
}
SIGNATURES = (".cvd", ".cld", ".hdb", ".hsb", ".ndb", ".ldb", ".sign")


def main(argv: list[str]) -> int:
    """Run one subject; 0 done, 1 refused, 2 called wrongly."""
    if argv and argv[0] in RUN:
        from mainstay.continuity.antivirus.rules import Refused

        try:
            return RUN[argv[0]](parser(argv[0]).parse_args(argv[1:]))
        except Refused as refused:
            say(_("Refused, nothing was changed: {why}").format(why=refused.told(language())), error=True)
            return 1
    asked = bool(argv) and argv[0] in {"-h", "--help"}
    say(usage(), error=not asked)
    return 0 if asked else 2


def usage() -> str:
    """The subjects, then the options of each."""
    lines = [_("Usage: mainstay carry WHAT [options]"), ""]
    lines += [f"  {name:<7} {_(text)}" for name, text in WHATS.items()]
    for name in WHATS:
        lines += ["", parser(name).format_help().strip()]
    return "\n".join(lines)


def parser(name: str) -> argparse.ArgumentParser:
    """Return the parser of a subject."""
    made = argparse.ArgumentParser(f"mainstay carry {name}", description=_(WHATS[name]))
    if name in {"key", "export"}:
        made.add_argument(
            "--key", type=Path, required=True, help=_("the private key; it never leaves the outer centre")
        )
    if name in {"key", "check"}:
        made.add_argument("--public", type=Path, required=True, help=_("the public key"))
    if name == "export":
        made.add_argument("folder", type=Path, help=_("folder of the files"))
        made.add_argument("package", type=Path, help=_("the package to write; its name ends with .mpk"))
        made.add_argument(
            "--sequence", type=whole(), help=_("its number; by default the one after the last of this key")
        )
        made.add_argument("--kind", choices=("signatures", "release", "packages"), default="signatures", help=_("kind"))
        made.add_argument("--by", default=getpass.getuser(), help=_("who makes it"))
    if name in {"check", "import"}:
        made.add_argument("package", type=Path, help=_("the package"))
    if name == "import":
        made.add_argument("--medium", required=True, help=_("label of the registered carrier"))
        made.add_argument("--user", required=True, help=_("log-in of the person who takes it; the password is asked"))
    if name == "serve":
        made.add_argument("--host", default="127.0.0.1", help=_("address to serve at"))
        made.add_argument("--port", type=whole(0, 65_535), default=8077, help=_("port to serve at"))
    if name == "check":
        made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def _key(options: argparse.Namespace) -> int:
    from mainstay.continuity.antivirus.package import draw_key

    try:
        mark = draw_key(options.key, options.public)
    except FileExistsError as error:
        say(_("{path} is there already and was left alone.").format(path=error.filename), error=True)
        return 1
    text = _("Drawn. Carry {path} in once; two people compare its fingerprint: {mark}")
    say(text.format(path=options.public, mark=mark))
    return 0


def _export(options: argparse.Namespace) -> int:
    from mainstay.continuity.antivirus.package import export
    from mainstay.continuity.antivirus.rules import Manifest

    files = [one for one in options.folder.iterdir() if one.is_file()]
    if options.kind == "signatures":
        files = [one for one in files if one.suffix in SIGNATURES]
    if not files:
        say(_("There is nothing to carry in {folder}.").format(folder=options.folder), error=True)
        return 1
    counter = options.key.with_suffix(".last")
    last = int(counter.read_text(encoding="ascii")) if counter.exists() else 0
    number = options.sequence or last + 1
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    export(files, options.package, options.key, Manifest(options.kind, number, made_at, options.by, {}))
    counter.write_text(f"{max(number, last)}\n", encoding="ascii")
    text = _("{package}: number {number}, {count} files.")
    say(text.format(package=options.package, number=number, count=len(files)))
    return 0


def _check(options: argparse.Namespace) -> int:
    from mainstay.continuity.antivirus.package import inspect

    found = inspect(options.package, options.public)
    text = _("Good: number {number}, made {at} by {by}, {count} files.")
    say(text.format(number=found.sequence, at=found.made_at, by=found.made_by, count=len(found.files)))
    if options.json:
        facts = {"kind": found.kind, "sequence": found.sequence, "files": sorted(found.files)}
        say(json.dumps(facts, ensure_ascii=False))
    return 0


def _import(options: argparse.Namespace) -> int:
    django_ready()
    from django.contrib.auth import authenticate

    from mainstay.continuity.antivirus.actions import take_package
    from mainstay.continuity.antivirus.models import Medium
    from mainstay.core.door import Refused as NoRight
    from mainstay.kit.errors import Problem

    medium = Medium.objects.filter(label=options.medium).first()
    user = authenticate(request=None, username=options.user, password=getpass.getpass(_("Password: ")))
    if medium is None or user is None:
        text = _("No such carrier is registered.") if medium is None else _("This log-in and password do not fit.")
        say(text, error=True)
        return 1
    try:
        found = take_package(path=str(options.package.resolve()), medium=medium, by=user)
    except (Problem, NoRight) as error:
        say(str(error), error=True)
        return 1
    say(_("Taken: number {number}, {count} files.").format(number=found.sequence, count=len(found.files)))
    return 0


class Quiet(SimpleHTTPRequestHandler):
    """Files with their times, as updaters ask for them; no list of a folder."""

    def list_directory(self, path: object) -> None:
        """Nothing to see."""
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _serve(options: argparse.Namespace) -> int:
    django_ready()
    with centre(options.host, options.port) as server:
        server.serve_forever()
    return 0


def centre(host: str, port: int) -> ThreadingHTTPServer:
    """The inner centre's server of what was taken last, bound and not yet serving; port 0 takes a free one."""
    from mainstay.continuity.antivirus.package import CURRENT
    from mainstay.continuity.antivirus.queries import store

    return ThreadingHTTPServer((host, port), partial(Quiet, directory=str(store() / CURRENT)))


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "key": _key,
    "export": _export,
    "check": _check,
    "import": _import,
    "serve": _serve,
}
