"""Layouts of bank lines, and the keys of banks: files, never rows and never the repository.

`MAINSTAY_BANK_FOLDER` (by default `bank` in the data folder) may hold `layouts/*.yaml` of the site's own banks,
and holds `keys/CODE.key`: 32 hexadecimal digits that only their owner can read.
"""

from __future__ import annotations

import os
import secrets
import ssl
import stat
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.gas.bank.rules.adapters import Adapter, make_adapter
from mainstay.gas.bank.rules.mac import KEY_BYTES, NONE, Mac, mac_function
from mainstay.kit.errors import Problem
from mainstay.kit.yamls import load_yaml

SHIPPED = Path(__file__).with_name("library")


def folder() -> Path:
    """Where this site keeps what belongs to its banks."""
    return Path(settings.BANK_FOLDER)


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """Every layout by its name: the shipped ones, and those of the site."""
    own = folder() / "layouts"
    files = [*sorted(SHIPPED.glob("*.yaml")), *(sorted(own.glob("*.yaml")) if own.is_dir() else [])]
    return {file.stem: load_yaml(file) for file in files}


@cache
def adapter(key: str) -> Adapter:
    """The adapter of a layout. Raises Problem for one that does not exist or is wrong."""
    if key not in layouts():
        raise Problem(_("There is no layout called %(key)s.") % {"key": key}, field="layout", code="no_layout")
    try:
        return make_adapter(key, layouts()[key])
    except (KeyError, ValueError, TypeError) as error:
        text = _("The layout %(key)s is wrong: %(error)s")
        raise Problem(text % {"key": key, "error": error}, field="layout", code="bad_layout") from None


def layout_choices() -> list[tuple[str, str]]:
    """Names of layouts with their titles in the reader's language."""
    tongue = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return [(key, layout["title"][tongue]) for key, layout in layouts().items()]


def key_file(code: str) -> Path:
    """Where the key of a bank is."""
    return folder() / "keys" / f"{code}.key"


def make_key(code: str) -> Path:
    """Draw a key for a bank unless it has one; returns its file."""
    path = key_file(code)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
    return path


def mac_of(code: str, method: str) -> Mac | None:
    """The code of authentication of a bank. Raises Problem where its key is missing, wrong, or open to others."""
    if method == NONE:
        return None
    path = key_file(code)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            text = _("The key file %(path)s can be read by others: chmod 600 it.")
            raise Problem(text % {"path": path}, code="open_key")
        return mac_function(method, bytes.fromhex(path.read_text().strip()))
    except FileNotFoundError:
        text = _("The key of bank %(code)s is missing: put its 32 hexadecimal digits into %(path)s.")
        raise Problem(text % {"code": code, "path": path}, code="no_key") from None
    except ValueError:
        text = _("The key file %(path)s does not hold 32 hexadecimal digits.")
        raise Problem(text % {"path": path}, code="bad_key") from None


def tls_of(code: str) -> ssl.SSLContext:
    """The certificate of a bank's lines; where there is a `.ca`, a caller must show a certificate signed by it.

    Raises Problem where certificate or key is missing, wrong, or the key open to others.
    """
    base = folder() / "tls" / code
    cert, key, signer = (base.with_name(f"{code}.{ending}") for ending in ("crt", "key", "ca"))
    facts = {"code": code, "folder": base.parent}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if stat.S_IMODE(key.stat().st_mode) & 0o077:
            text = _("The key file %(path)s can be read by others: chmod 600 it.")
            raise Problem(text % {"path": key}, code="open_key")
        context.load_cert_chain(cert, key)
        if signer.exists():
            context.load_verify_locations(signer)
            context.verify_mode = ssl.CERT_REQUIRED
    except FileNotFoundError:
        text = _("The line of bank %(code)s has TLS: put %(code)s.crt and %(code)s.key into %(folder)s.")
        raise Problem(text % facts, code="no_certificate") from None
    except ssl.SSLError:
        text = _("The certificates of bank %(code)s in %(folder)s are wrong, or do not belong to their key.")
        raise Problem(text % facts, code="bad_certificate") from None
    return context


@cache
def speech(layout: str, code: str, method: str) -> tuple[Adapter, Mac | None]:
    """How a bank talks: its adapter and its code of authentication, kept; a new key is taken up at the next start."""
    return adapter(layout), mac_of(code, method)
