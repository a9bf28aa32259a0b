"""Texts of the command line in the language of the terminal, without starting Django."""

from __future__ import annotations

import gettext
import os
import sys
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def language() -> str:
    """Return `zh-hans` when the terminal's locale is Chinese, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue() -> gettext.NullTranslations:
    """Return the catalogue of the terminal's language; the English source where there is none."""
    if language() == "en":
        return gettext.NullTranslations()
    from mainstay.kit.messages import compile_messages

    compile_messages()
    return gettext.translation("django", LOCALE, ["zh_Hans"], fallback=True)


def gettext_now(message: str) -> str:
    """Translate one text into the language of the terminal."""
    return _catalogue().gettext(message) if message else message


_ = gettext_now


def gettext_noop(message: str) -> str:
    """Mark a text for the catalogue without translating it yet."""
    return message


def say(text: str, *, error: bool = False) -> None:
    """Print a line to standard output, or to standard error; never fail on a character the terminal lacks."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
