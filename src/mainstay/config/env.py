"""Every setting of the product, typed, with its default and what it is for.

`SETTINGS` is data so that `./mainstay doctor` and the reference page can list it; an unknown
`MAINSTAY_*` name in the environment is an error, because a misspelt setting must not be silent.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

YES, NO = {"true", "t", "yes", "y", "on", "1"}, {"false", "f", "no", "n", "off", "0"}


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default (as text) and purpose."""

    name: str
    default: str
    purpose: str


SETTINGS = [
    Setting("DATABASE_URL", "SQLite in the data folder", "Database: sqlite:///path or postgres://user@host/name"),
    Setting("MAINSTAY_DATA", "./mainstay-data", "Folder for the embedded database, uploaded files and keys"),
    Setting("MAINSTAY_DEBUG", "false", "Developer mode: detailed error pages, no static manifest"),
    Setting("MAINSTAY_HOSTS", "127.0.0.1,localhost", "Host names the site answers to, separated by commas"),
    Setting("MAINSTAY_SECRET_KEY_FILE", "secret.key in the data folder", "File holding the signing key"),
    Setting("MAINSTAY_HTTPS", "false", "Set when the site is served over HTTPS: secure cookies and HSTS"),
    Setting("MAINSTAY_LANGUAGE", "zh-hans", "Language for users who have not chosen one: zh-hans or en"),
    Setting("MAINSTAY_IDLE_MINUTES", "30", "Minutes without a request after which a person is logged out"),
    Setting("MAINSTAY_PARTS", "all", "Parts of the suite that are switched on, separated by commas"),
    Setting("MAINSTAY_CLAMD", "", "Address of clamd (host:port or socket path) that scans uploads; empty: no scanner"),
    Setting(
        "MAINSTAY_BANK_FOLDER", "bank in the data folder", "Folder with the keys of banks and layouts of the site's own"
    ),
    Setting("MAINSTAY_CARD_AGENT", "http://127.0.0.1:18630", "Address of the card reader's agent on a clerk's machine"),
    Setting(
        "MAINSTAY_CARRIED", "carried in the data folder", "Folder of carried packages, their public key, what is served"
    ),
    Setting("MAINSTAY_SITE", "site.toml in the data folder", "The site declaration (see mainstay site)"),
    Setting("MAINSTAY_BACKUP", "backup in the data folder", "Folder of the local backup repository"),
    Setting("MAINSTAY_BACKUP_OFFSITE", "", "Folder of an encrypted repository on other premises; empty: none"),
    Setting("MAINSTAY_BACKUP_KEY_FILE", "backup.key in the data folder", "Password of the off-site repository"),
    Setting("MAINSTAY_OUTBOX", "", "Folder from which a gateway takes files of text messages; empty: carried by hand"),
    Setting("MAINSTAY_LOG_FORMAT", "text", "Log lines as text or json"),
]


def text(name: str, default: str = "") -> str:
    """Return a setting as it is written."""
    return os.environ.get(name, default)


def words(name: str, default: list[str]) -> list[str]:
    """Return the words of a setting, which commas part."""
    given = os.environ.get(name)
    return default if given is None else [word.strip() for word in given.split(",") if word.strip()]


def flag(name: str) -> bool:
    """Return whether something is switched on. Raises ImproperlyConfigured for what is neither yes nor no."""
    given = os.environ.get(name, "false").strip().lower()
    if given not in YES | NO:
        raise _unusable(f"{name}: true or false")
    return given in YES


def number(name: str, default: int) -> int:
    """Return a whole number. Raises ImproperlyConfigured for what is none."""
    given = os.environ.get(name, str(default))
    try:
        return int(given)
    except ValueError:
        raise _unusable(f"{name}: a whole number") from None


def _unusable(what: str) -> Exception:
    from django.core.exceptions import ImproperlyConfigured  # here: some verbs read names alone, without Django

    return ImproperlyConfigured(what)


def data_dir() -> Path:
    """Return the data folder, created with access for the owner only."""
    folder = Path(text("MAINSTAY_DATA", "mainstay-data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """Return the signing key, made once and kept in a file only its owner can read."""
    named = text("MAINSTAY_SECRET_KEY_FILE")
    path = Path(named) if named else data_dir() / "secret.key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def unknown_names() -> list[str]:
    """Return `MAINSTAY_*` names in the environment that no setting has."""
    known = {setting.name for setting in SETTINGS}
    return sorted(name for name in os.environ if name.startswith("MAINSTAY_") and name not in known)
