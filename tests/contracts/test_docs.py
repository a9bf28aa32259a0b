"""The documentation: links resolve, both languages are there, and what it names exists.

In the tutorial and the how-to pages bold text is a label of the screen: **Plan a run** has to be in the catalogue, in
the language of the page.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.core.management import get_commands

from mainstay.cli import VERBS
from mainstay.config.env import SETTINGS
from tests.contracts.tree import PACKAGE, ROOT

DOCS = ROOT / "docs"
CHINESE = ".zh-CN.md"
ROOT_PAGES = [ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = sorted(DOCS.rglob("*.md"))
ENGLISH_ONLY = {DOCS / "adr"}
LABELLED = [page for page in PAGES if page.parent.name in {"tutorial", "howto"}]
ENGLISH_EXAMPLES = {"tariff-format"}  # the Chinese page points to the English one for foreign tariffs
GENERATED = {"actions", "api-addresses", "bank-layouts", "commands", "ledger-accounts"}
GENERATED |= {"reading-checks", "roles", "settings", "states"}
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?<![\w/.-])(?:\./|/opt/mainstay/)?mainstay ((?:[a-z_]+(?:-[a-z]+)*)(?: [^\n`|;&>#]*)?)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?::[^}]*)?\}")


def name_of(page: Path) -> str:
    """Return a page's path within the checkout, to name a test."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


def commands_in(page: Path) -> Iterator[str]:
    """Yield every `mainstay VERB …` of a page's code."""
    for block, span in _CODE.findall(page.read_text(encoding="utf-8")):
        yield from (found.strip() for found in _COMMAND.findall(block or span))


@cache
def sections() -> dict[str, str]:
    """Return the page of commands by heading: "bench billing" → what its help says."""
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^##+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class Labels:
    """The labels of the screen in one language."""

    def __init__(self, texts: set[str]) -> None:
        self.plain = {text for text in texts if not _PLACEHOLDER.search(text)}
        parts = ("[^*]+?".join(map(re.escape, _PLACEHOLDER.split(text))) for text in texts - self.plain)
        self.filled = re.compile("|".join(part for part in parts if part != "[^*]+?"))

    def __contains__(self, text: str) -> bool:
        return text in self.plain or bool(self.filled.fullmatch(text))


@cache
def labels() -> tuple[Labels, Labels]:
    """Return the labels of the screen in English, and in Chinese."""
    english: set[str] = set()
    chinese: set[str] = set()
    for path in PACKAGE.rglob("locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                english |= _texts(message.id)
                chinese |= _texts(message.string)
    return Labels(english), Labels(chinese)


def _texts(given: Any) -> set[str]:
    """Return the forms of a message, which is a text or, with a plural, several."""
    return set(given) if isinstance(given, list | tuple) else {given}


@pytest.mark.parametrize("page", [*ROOT_PAGES, *PAGES], ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in _LINK.findall(prose(page)):
        path, _hash, anchor = target.partition("#")
        if re.match(r"\w+:", path):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent not in ENGLISH_ONLY], ids=name_of)
def test_both_languages_say_the_same(page: Path) -> None:
    other = page.with_name(
        page.name.replace(CHINESE, ".md") if page.name.endswith(CHINESE) else page.name.replace(".md", CHINESE)
    )
    assert other.exists(), f"{name_of(other)} is missing"
    mine, its = (text.read_text(encoding="utf-8") for text in (page, other))
    assert f"]({other.name})" in mine, "no link to the other language"
    assert [len(mark) for mark in re.findall(r"^(#+) ", _FENCE.sub("", mine), re.MULTILINE)] == [
        len(mark) for mark in re.findall(r"^(#+) ", _FENCE.sub("", its), re.MULTILINE)
    ], "the headings differ"
    if page.name.partition(".")[0] not in ENGLISH_EXAMPLES:
        assert len(_FENCE.findall(mine)) == len(_FENCE.findall(its)), "the examples differ"


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith(CHINESE)], ids=name_of)
def test_chinese_pages_lead_to_chinese_pages(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        path = target.partition("#")[0]
        if not path.endswith(".md") or path.endswith(CHINESE) or re.match(r"\w+:", path):
            continue
        there = (page.parent / path).resolve()
        translated = there.with_name(there.name.replace(".md", CHINESE))
        assert not translated.exists() or translated.name == page.name, f"{target} is there in Chinese"


@pytest.mark.parametrize("page", [*ROOT_PAGES, *PAGES], ids=name_of)
def test_named_commands_exist(page: Path) -> None:
    verbs = {verb.name for verb in VERBS}
    for command in commands_in(page):
        words = command.split()
        assert words[0] in verbs, f"mainstay {command}"
        if words[0] == "manage":
            assert len(words) == 1 or words[1] in {*get_commands(), "help"}, f"mainstay {command}"
            continue
        heading = " ".join(words[:2]) if words[0] in {"bench", "drill"} and words[1:2] else words[0]
        assert heading in sections() or not words[1].isascii() or words[1].isupper(), f"mainstay {command}"
        told = sections().get(heading, "")
        if words[0] == "check":
            names = [word for word in words[1:] if re.fullmatch(r"[a-z.]+", word)]
            assert all(f"- `{name}` " in told for name in names), f"mainstay {command}"
        options = [word.partition("=")[0] for word in words[1:] if word.startswith("--") and word != "--help"]
        assert all(option in told for option in options), f"mainstay {command}"


@pytest.mark.parametrize("page", [*ROOT_PAGES, *PAGES], ids=name_of)
def test_named_settings_and_files_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {setting.name for setting in SETTINGS}
    assert set(re.findall(r"MAINSTAY_[A-Z_]*[A-Z]", text)) <= known
    named = re.findall(r"`((?:src|docs|deploy|tests|tools|requirements)/[\w./@*-]+)`", text)
    assert [path for path in named if not list(ROOT.glob(path))] == []


@pytest.mark.parametrize("page", LABELLED, ids=name_of)
def test_labels_are_on_the_screen(page: Path) -> None:
    known = labels()[page.name.endswith(CHINESE)]
    bold = [re.sub(r"\s*\n\s*", " ", text) for text in re.findall(r"\*\*([^*]+)\*\*", prose(page))]
    assert [text for text in bold if text not in known] == []


@pytest.mark.slow
def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.reference", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}", "PATH": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_generated_pages_are_all_there() -> None:
    assert {f"{name}.md" for name in GENERATED} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", [DOCS / "README.md", DOCS / "README.zh-CN.md"], ids=name_of)
def test_every_page_is_in_the_index(page: Path) -> None:
    linked = {(page.parent / target.partition("#")[0]).resolve() for target in _LINK.findall(prose(page))}
    chinese = page.name.endswith(CHINESE)
    due = {one for one in PAGES if one.parent in ENGLISH_ONLY or one.name.endswith(CHINESE) == chinese}
    assert {name_of(one) for one in due - linked - {page}} == set()


@pytest.mark.parametrize("page", sorted((DOCS / "explanation").glob("known-faults*.md")), ids=name_of)
def test_each_known_fault_has_its_test(page: Path) -> None:
    held = set(re.findall(r"^def (test_\w+)", (ROOT / "tests/gas/test_known_faults.py").read_text(), re.MULTILINE))
    assert set(re.findall(r"^\|.*\| `(test_\w+)` \|$", page.read_text(encoding="utf-8"), re.MULTILINE)) == held
