"""A real Chromium. Every page is watched: no other host, no console error, no breach of the content policy."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

    from tests.support.site import LiveSite

# The shell without windows first: the stories cost half in it.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
REPORT_BREACHES = """
addEventListener("securitypolicyviolation", event =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}`));
"""

ASK_ITSELF = """async arg => {
  const ask = SCRIPT, end = Date.now() + 30000;
  while (!(await ask(arg))) {
    if (Date.now() > end) return false;
    await new Promise(go => setTimeout(go, 20));
  }
  return true;
}"""

OpenPage = Callable[..., "Page"]


def program() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for the session; skip the tests that need it where it is not installed."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = program()
    if path is None:
        pytest.skip("Chromium is not installed")
    # Playwright's loop lives in this thread, and Django would refuse its ORM there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def open_page(browser: Browser, live_site: LiveSite) -> Iterator[OpenPage]:
    """Give `open_page(size="desktop", locale="zh-CN", allow=())`: a fresh watched page with the site as base address.

    `allow` lists parts of console messages a test provokes on purpose (a refused form logs "422").
    Anything else that a page logged as an error, or asked of another host, fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(size: str = "desktop", locale: str = "zh-CN", allow: tuple[str, ...] = ()) -> Page:
        context = browser.new_context(
            base_url=live_site.url,
            viewport=SIZES[size],
            locale=locale,
            has_touch=size == "phone",
            is_mobile=size == "phone",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.add_init_script(REPORT_BREACHES)
        page = context.new_page()
        watch(page, live_site.url, faults, allow)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, "pages misbehaved:\n" + "\n".join(faults)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    """Give a watched page of 1366×768, in Chinese."""
    return open_page("desktop")


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """Give a watched page of 390×844 with touch, in Chinese."""
    return open_page("phone")


def until(page: Page, script: str, arg: Any = None) -> None:
    """Wait until a script says yes. The page asks itself: the content policy lets Playwright give it no new scripts."""
    function = script if re.match(r"[\w\s,()[\]]+=>", script) else f"() => ({script})"
    if not page.evaluate(ASK_ITSELF.replace("SCRIPT", function), arg):
        raise AssertionError(script)


def watch(page: Page, site: str, faults: list[str], allow: tuple[str, ...]) -> None:
    """Append to `faults` whatever a good page never does."""
    own = urlsplit(site).netloc

    def note(text: str) -> None:
        if not any(part in text for part in allow):
            faults.append(f"{page.url}: {text}")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != own:
            note(f"request to another host: {request.url}")

    page.on("request", on_request)
    page.on("console", lambda message: note(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: note(f"script error: {error}"))
