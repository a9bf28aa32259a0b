"""Texts: no unfinished work, no traces of a machine, everything in both languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mainstay.kit.messages import untranslated
from tests.contracts import tree

UNFINISHED = re.compile(r"\b(TO[D]O|FIXM[E]|XX[X])\b|raise NotImplementedErro[r]")
# Written with brackets so that this file does not name what it forbids.
TRACES = {
    "a person's home": re.compile(r"/(?:home|Users)/[a-z][\w.-]+/|/roo[t]/|[A-Z]:\\Users\\"),
    "a package registry": re.compile(
        r"py[p]i\.org|pythonhoste[d]\.org|registry\.npmj[s]|npmmirro[r]|registry\.yarnpk[g]"
        r"|mirrors\.(?:aliyu[n]|tencen[t]|ust[c])|tuna\.tsinghu[a]"
    ),
    "an index option": re.compile(r"^\s*--(?:extra-)?index-ur[l]\s+\S|^\s*--find-link[s]\s+\S", re.MULTILINE),
}
TEXT = (".py", ".html", ".js", ".css", ".toml", ".md", ".po", ".txt", ".in", ".lock", ".yaml", ".json", ".typ", ".sql")
TEXT = (*TEXT, ".svg", ".cfg", ".sh", "")


@cache
def _texts() -> list[tuple[str, str]]:
    """Return name and text of all our text files."""
    return [(tree.name(path), path.read_text(encoding="utf-8")) for path in tree.own(*TEXT)]


def test_nothing_is_unfinished() -> None:
    found = [name for name, text in _texts() if name.endswith((".py", ".js", ".html")) and UNFINISHED.search(text)]
    assert not found


@pytest.mark.parametrize("trace", TRACES)
def test_no_trace_of_a_machine(trace: str) -> None:
    found = [f"{name}: {match.group()}" for name, text in _texts() if (match := TRACES[trace].search(text))]
    assert not found, f"{trace} is named"


def test_no_path_of_this_machine() -> None:
    """The checkout's own place and the home of whoever runs this are in no file."""
    places = {str(place) for place in (tree.ROOT, Path.home()) if len(place.parts) > 2}
    found = [f"{name}: {place}" for name, text in _texts() for place in places if f"{place}/" in text]
    assert not found


def test_every_text_has_its_chinese() -> None:
    missing = untranslated()
    assert not missing, f"{len(missing)} texts without Chinese:\n" + "\n".join(missing[:60])
