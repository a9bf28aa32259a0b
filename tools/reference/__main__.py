"""Writes the generated pages of docs/reference: `PYTHONPATH=src python -m tools.reference`.

`--check` writes nothing and names the pages that are out of date.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.reference import FOLDER, ROOT

LANGUAGES = {"en": "", "zh-hans": ".zh-CN"}


def main() -> int:
    """Write the pages, or with --check compare them; 1 when one differs."""
    _start()
    stale = [path for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run PYTHONPATH=src python -m tools.reference")
        return int(bool(stale))
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
    print(f"{len(stale)} pages changed")
    return 0


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each generated page with its text."""
    from django.utils.translation import override

    from tools.reference import commands, data

    writers = {**data.PAGES, "commands": commands.page}
    for name, write in sorted(writers.items()):
        for language, suffix in LANGUAGES.items():
            other = LANGUAGES["en" if suffix else "zh-hans"]
            link = f"[{'English' if suffix else '简体中文'}]({name}{other}.md)"
            with override(language):
                yield FOLDER / f"{name}{suffix}.md", write(language, link).rstrip() + "\n"


def _start() -> None:
    """Start Django on a data folder of its own: the pages depend on the code alone."""
    for name in [name for name in os.environ if name.startswith("MAINSTAY_") or name == "DATABASE_URL"]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAINSTAY_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay.config.settings"
        import django

        from mainstay.core import checks
        from mainstay.kit.messages import compile_messages

        compile_messages()
        django.setup()
        checks.registered()


if __name__ == "__main__":
    sys.exit(main())
