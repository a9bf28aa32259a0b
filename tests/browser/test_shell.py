"""The site in a real browser before anybody has logged in, and the watch that every browser test relies on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mainstay.web.storage import Manifest
from tests.support.browser import OpenPage, watch
from tests.support.site import LiveSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_login_page_opens(open_page: OpenPage, size: str, locale: str) -> None:
    page = open_page(size, locale)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == locale
    assert page.locator("input[type=password]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<img src='http://elsewhere.invalid/a.png'>", "another host"),
        ("<script>nothing.like.this()</script>", "script error"),
        ("<script>console.error('bad')</script>", "console: bad"),
    ],
)
def test_the_watch_sees_what_pages_must_not_do(browser: Browser, body: str, fault: str) -> None:
    faults: list[str] = []
    page = browser.new_page()
    watch(page, "http://site.invalid", faults, ())
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://site.invalid/")
    page.wait_for_load_state("networkidle")
    page.close()
    assert any(fault in found for found in faults), faults


def test_the_watch_sees_a_breach_of_the_content_policy(browser: Browser) -> None:
    faults: list[str] = []
    page = browser.new_page()
    watch(page, "http://site.invalid", faults, ())
    headers = {"content-security-policy": "default-src 'self'", "content-type": "text/html"}
    page.route("**/*", lambda route: route.fulfill(body="<p style='color:red'>text</p>", headers=headers))
    page.goto("http://site.invalid/")
    page.wait_for_load_state("networkidle")
    page.close()
    assert any("content policy" in found.lower() or "Content Security" in found for found in faults), faults


def test_collected_names_carry_their_hash_and_brotli_lies_beside(live_site: LiveSite) -> None:
    """The site collected its static files before it served."""
    collected = live_site.data / "static"
    storage = Manifest(location=collected, base_url="/static/")
    url = storage.url("web/vendor/tabler.min.css")
    assert re.fullmatch(r"/static/web/vendor/tabler\.min\.[0-9a-f]{12}\.css", url)
    assert (collected / f"{url.removeprefix('/static/')}.br").exists()
    with pytest.raises(ValueError, match="manifest"):
        storage.url("web/css/nowhere.css")
