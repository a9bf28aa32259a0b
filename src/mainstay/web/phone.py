"""Applications on the phone: one page that draws itself, kept with its files by a service worker, in both languages.

The modules in `static/web/phone` are what such applications share: the sealed store, the PIN, the frame, pictures,
asking the server. A part adds its own modules, words and addresses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils import translation

SHARED_FOLDER = Path(__file__).resolve().parent / "static"
SHARED_FILES = ("web/vendor/icons.svg", "web/favicon.svg")
WORKER = "web/phone/worker.js"


@dataclass(frozen=True)
class PhoneShell:
    """What one application on the phone consists of.

    `name` is its database and the beginning of its caches, `folder` holds its static files, `words` its texts by key.
    """

    name: str
    folder: Path
    words: Mapping[str, Any]

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The addresses of all static files the phone needs, with their hashes."""
        root = next(place for place in (self.folder, *self.folder.parents) if place.name == "static")
        own = _scripts_and_styles(root, self.folder)
        shared = _scripts_and_styles(SHARED_FOLDER, SHARED_FOLDER / "web" / "phone")
        return tuple(static(name) for name in (*own, *shared, *SHARED_FILES) if name != WORKER)

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Every text in both languages, so that the phone can change the language without network."""
        found = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[code[:2]] = {key: str(text) for key, text in self.words.items()}
        return found

    @cached_property
    def version(self) -> str:
        """What the service worker tells one release from the next by."""
        text = json.dumps([self.files, self.texts, static(WORKER)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def setting(self, addresses: Mapping[str, str]) -> dict[str, Any]:
        """What the page hands to its scripts; `addresses` says where they ask and send."""
        return {"version": self.version, "database": self.name, "addresses": dict(addresses), "words": self.texts}

    def worker(self, page: str) -> HttpResponse:
        """The service worker for the address `page`: the files of this release, and the code that keeps them."""
        facts = {"name": self.name, "version": self.version, "page": page, "files": self.files}
        code = f"self.RELEASE = {json.dumps(facts)};\nimportScripts({json.dumps(static(WORKER))});\n"
        return HttpResponse(code, content_type="text/javascript; charset=utf-8")


def _scripts_and_styles(root: Path, folder: Path) -> list[str]:
    kinds = {".js", ".css"}
    return sorted(path.relative_to(root).as_posix() for path in folder.rglob("*") if path.suffix in kinds)
