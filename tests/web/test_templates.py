"""Rules every template and style of the product keeps, and the gallery in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import mainstay
from mainstay.web.templatetags.mainstay import icon_names

PACKAGE = Path(mainstay.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
STATIC = PACKAGE / "web" / "static" / "web"
INLINE = re.compile(r"""<style|\sstyle\s*=\s*["'{]|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)|\shx-on""")
PAGES = ("", "list/", "list/?q=nothing", "list/?empty=1", "detail/", "form/", "steps/", "result/")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_template_has_inline_style_script_or_handler_or_foreign_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not INLINE.search(text)
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_icons_named_in_templates_are_in_the_sprite(path: Path) -> None:
    named = re.findall(r"""\{% icon "([^"]+)\"""", path.read_text(encoding="utf-8"))
    assert set(named) <= icon_names()


def test_the_sprite_has_every_icon() -> None:
    sprite = (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icon_names()


def test_our_styles_and_scripts_ask_no_other_host() -> None:
    for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|@import|//cdn", text), path.name
        assert "eval(" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_gallery_renders_in_both_languages(page: str, language: str, settings: Any, db: None) -> None:
    settings.DEBUG = True
    response = Client(headers={"accept-language": language}).get(f"/web/gallery/{page}")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<c-" not in html
    assert "{%" not in html
    assert "{{" not in html
    assert not INLINE.search(html)
    assert html.count("<h1") == 1
    assert ("主干 Mainstay" in html) == (language == "zh-hans")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands for one thing"


def test_hostile_text_stays_text(settings: Any, db: None) -> None:
    settings.DEBUG = True
    html = Client().get("/web/gallery/").content.decode()
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_the_gallery_is_absent_in_production(db: None) -> None:
    assert Client().get("/web/gallery/").status_code == 404
