"""`mainstay doctor`: does this machine have what the site needs? Looks, and changes nothing."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from mainstay import __version__
from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.commands.words import gettext_noop as noop

GOOD, NOTE, FAULT = "ok", "note", "fault"
MARKS = {GOOD: noop("ok"), NOTE: noop("note"), FAULT: noop("FAULT")}
PYTHON = (3, 11)
SQLITE = (3, 37)  # STRICT tables and RETURNING
POSTGRESQL = 15
FREE_BYTES = 1 << 30
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
FONT_NAMES = ("*CJK*", "*SourceHan*", "*wqy*", "*PingFang*", "*simsun*", "*msyh*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing looked at: its topic, how it is (ok, note, fault), and a sentence."""

    topic: str
    state: str
    text: str


def main(argv: list[str]) -> int:
    """Print every fact; 1 when one of them is a fault."""
    options = parser().parse_args(argv)
    if options.settings:
        for line in setting_lines():
            say(line)
        return 0
    facts = list(_facts())
    wide = max(len(fact.topic) for fact in facts)
    for fact in facts:
        say(f"{_(MARKS[fact.state]):<6} {fact.topic:<{wide}}  {fact.text}")
    bad = any(fact.state == FAULT for fact in facts)
    if options.json:
        say(json.dumps({"ok": not bad, "facts": [asdict(fact) for fact in facts]}, ensure_ascii=False))
    return int(bad)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    text = _("Check this machine: Python, database, fonts, rights, settings")
    made = argparse.ArgumentParser("mainstay doctor", description=text)
    made.add_argument(
        "--settings", action="store_true", help=_("list every setting, its value and where it comes from")
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def setting_lines() -> Iterator[str]:
    """Yield name, value, source and purpose of each setting; the password in a database address is hidden."""
    from mainstay.config.env import SETTINGS

    for setting in SETTINGS:
        given = setting.name in os.environ
        value = _without_password(os.environ[setting.name]) if given else setting.default
        source = _("environment") if given else _("default")
        yield f"{setting.name} = {value}  ({source})\n    {setting.purpose}"


def _without_password(value: str) -> str:
    """Hide what stands between the user name and the host of an address."""
    head, mark, host = value.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}:***{mark}{host}" if ":" in user else value


def _facts() -> Iterator[Fact]:
    """Look at everything; a look that breaks down is a fault, and the next ones still happen."""
    yield from (_python(), _sqlite(), _unknown_settings())
    try:
        django_ready()
    except Exception as error:
        yield Fact("start", FAULT, _("The product does not start: {error}").format(error=error))
        return
    looks: list[Callable[[], Fact]] = [_data_folder, _disk, _database, _migrations, _static, _fonts]
    for look in looks:
        try:
            yield look()
        except Exception as error:
            yield Fact(look.__name__.strip("_"), FAULT, f"{type(error).__name__}: {error}")


def _python() -> Fact:
    text = f"{platform.python_implementation()} {platform.python_version()}, Mainstay {__version__}"
    return Fact("python", GOOD if sys.version_info >= PYTHON else FAULT, text)


def _sqlite() -> Fact:
    state = GOOD if sqlite3.sqlite_version_info >= SQLITE else FAULT
    return Fact("sqlite", state, sqlite3.sqlite_version)


def _unknown_settings() -> Fact:
    from mainstay.config.env import SETTINGS, unknown_names

    if names := unknown_names():
        return Fact("settings", FAULT, _("Unknown settings in the environment: {names}").format(names=", ".join(names)))
    given = [setting.name for setting in SETTINGS if setting.name in os.environ]
    text = _("set in the environment: {names}").format(names=", ".join(given)) if given else _("all at their defaults")
    return Fact("settings", GOOD, text)


def _data_folder() -> Fact:
    from mainstay.config.env import data_dir

    folder = data_dir()
    if not os.access(folder, os.W_OK | os.X_OK):
        return Fact("data folder", FAULT, _("{folder} cannot be written by this user").format(folder=folder))
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        text = _("{folder} can be read by other users: chmod 700 it").format(folder=folder)
        return Fact("data folder", NOTE, text)
    return Fact("data folder", GOOD, str(folder))


def _disk() -> Fact:
    from mainstay.config.env import data_dir

    free = shutil.disk_usage(data_dir()).free
    text = _("{size} GiB free where the data folder is").format(size=f"{free / 2**30:.1f}")
    return Fact("disk", GOOD if free >= FREE_BYTES else FAULT, text)


def _database() -> Fact:
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return Fact("database", GOOD, f"SQLite, {connection.settings_dict['NAME']}")
    version = connection.cursor().execute("SHOW server_version").fetchone()[0]
    state = GOOD if int(version.split(".")[0].split()[0]) >= POSTGRESQL else FAULT
    return Fact("database", state, f"PostgreSQL {version}, {connection.settings_dict['NAME']}")


def _migrations() -> Fact:
    from mainstay.commands.site import open_migrations

    if count := open_migrations():
        text = _("{count} are not applied yet; `mainstay serve` applies them").format(count=count)
        return Fact("migrations", NOTE, text)
    return Fact("migrations", GOOD, _("all applied"))


def _static() -> Fact:
    from django.conf import settings

    from mainstay.commands.site import MARK

    if settings.DEBUG or (Path(settings.STATIC_ROOT) / MARK).exists():
        return Fact("static files", GOOD, _("in place"))
    return Fact("static files", NOTE, _("not collected yet; `mainstay serve` does that"))


def _fonts() -> Fact:
    from mainstay.config.env import data_dir

    folders = [
        data_dir() / "fonts",
        Path.home() / ".fonts",
        Path.home() / ".local/share/fonts",
        *map(Path, FONT_FOLDERS),
    ]
    for folder in folders:
        for pattern in FONT_NAMES:
            if found := next(folder.rglob(f"{pattern}.[ot]t[cf]"), None):
                return Fact("fonts", GOOD, str(found))
    advice = _("No Chinese font for documents: install fonts-noto-cjk or put one into the data folder's fonts")
    return Fact("fonts", FAULT, advice)
