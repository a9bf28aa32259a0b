"""One text, one translation: Django merges the apps' catalogues, so a second meaning would hide the first."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

import mainstay

ROOT = Path(mainstay.__file__).parent
CATALOGUES = sorted(ROOT.rglob("zh_Hans/LC_MESSAGES/django.po"))
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?()]|[,:;!?(][\u4e00-\u9fff]")


def test_catalogues_are_found() -> None:
    assert len(CATALOGUES) > 10


def test_a_text_has_one_translation_in_all_catalogues() -> None:
    found: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string:
                    found[message.context, str(message.id)].add(str(message.string))
    different = {key: texts for key, texts in found.items() if len(texts) > 1}
    assert not different, "tell the meanings apart with pgettext, or translate alike"


def test_chinese_has_full_width_punctuation() -> None:
    wrong = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, tuple) else [message.string]
                wrong += [f"{path.parts[-5]}: {text}" for text in texts if text and HALF_WIDTH.search(str(text))]
    assert not wrong
