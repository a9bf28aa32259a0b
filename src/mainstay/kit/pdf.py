"""PDF documents from Typst templates.

A template is a file `<name>.typ` in a folder `typst` of any app; names are unique in the product. It starts with
`#import "/kit/typst/base.typ": *`, which gives it `data` (what the caller passed), `lang` and the shared page styles.
Data reaches a template only as JSON that it reads as values, so nothing a customer is called can become markup.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    import typst

PACKAGE = Path(__file__).resolve().parent.parent
# The first one found is used throughout; all of them hold the characters of names and places.
FAMILIES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Serif CJK SC", "Source Han Serif SC",
    "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimSun", "SimHei",
)  # fmt: skip
# One compiler for the process: it keeps fonts and parsed templates, which makes a document 30 times cheaper.
_one_at_a_time = Lock()


def render_pdf(template: str, data: dict[str, Any], *, language: str | None = None) -> bytes:
    """PDF of the template of that name, filled with `data` (values that JSON knows, dates, lazy texts).

    `language` is that of the moment by default. Raises Problem when the machine has no font with Chinese characters,
    KeyError for an unknown template.
    """
    family = _family()
    inputs = {
        "data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False),
        "lang": "zh" if (language or get_language() or "").startswith("zh") else "en",
        "font": family,
    }
    path = templates()[template]
    with _one_at_a_time:
        return cast("bytes", _compiler().compile(str(path), format="pdf", sys_inputs=inputs))


@cache
def templates() -> dict[str, Path]:
    """All templates by name. Raises ValueError when two apps use one name."""
    found: dict[str, Path] = {}
    for path in sorted(PACKAGE.rglob("typst/*.typ")):
        if path.stem in found:
            raise ValueError(f"Two templates are called {path.stem}: {found[path.stem]} and {path}.")
        found[path.stem] = path
    return found


@cache
def _fonts() -> typst.Fonts:
    """Fonts of the machine and of the folder `fonts` in the data folder."""
    import typst  # 20 MB that only a process that prints needs

    own = Path(settings.DATA) / "fonts"
    return typst.Fonts(include_system_fonts=True, font_paths=[str(own)] if own.is_dir() else [])


def _family() -> str:
    known = set(_fonts().families())
    family = next((name for name in FAMILIES if name in known), None)
    if family is None:
        _fonts.cache_clear()
        raise Problem(
            _(
                "This machine has no font with Chinese characters: install one (Debian: fonts-noto-cjk), "
                "or copy a font file into %(folder)s."
            )
            % {"folder": Path(settings.DATA) / "fonts"},
            code="no_font",
        )
    return family


@cache
def _compiler() -> typst.Compiler:
    import typst

    # Packages would be fetched from another host: there is none to fetch from, and no template uses one.
    return typst.Compiler(root=str(PACKAGE), font_paths=_fonts(), package_path=str(PACKAGE / "kit" / "typst"))
