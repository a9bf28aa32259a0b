"""The readers' phone in a real browser: a book read without network, killed while sending, a second phone."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mainstay.gas.readings.rules import Before, Doubt, judge, usual_volume
from tests.support.browser import OpenPage, until
from tests.support.site import LiveSite

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

PIN = "274951"
# What the browser itself logs when a request ends as these tests want it to.
PROVOKED = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
ALIKE = Doubt.LOWER | Doubt.OVER_ESTIMATE | Doubt.ROLLOVER | Doubt.JUMP | Doubt.ZERO | Doubt.SAME_DAY
MODULE = "name => performance.getEntriesByType('resource').map(one => one.name).find(one => one.includes(name))"
TAKE = """async ([address, book, from, count]) => {
  const store = await import(address);
  const rows = store.book(book).meters.slice(from, from + count);
  for (const row of rows) await store.take(row, 120000 + (row.sequence % 7) * 1000);
}"""
SEED = "import json; from tests.gas.readings.phone_seed import seed; print(json.dumps(seed()))"


@pytest.fixture(scope="module")
def seed(live_site: LiveSite) -> dict[str, Any]:
    """A reader with a book of 500 meters."""
    found: dict[str, Any] = json.loads(live_site.scripts.run(SEED))
    return found


def rows(site: LiveSite, sql: str, *values: Any) -> list[Any]:
    """Ask the site's database."""
    with sqlite3.connect(f"file:{site.data / 'mainstay.sqlite3'}?mode=ro", uri=True) as base:
        return base.execute(sql, values).fetchall()


def type_pin(page: Page) -> None:
    page.wait_for_selector(".keys")
    for digit in PIN:
        page.click(f".key:text-is('{digit}')")


def prepared(page: Page, site: LiveSite, session: str) -> Page:
    """Sign in, choose a PIN, wait until the page and its packet are kept."""
    page.set_default_timeout(15_000)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page.goto("/readings/phone/")
    type_pin(page)
    until(page, "document.querySelectorAll('.dots .on').length === 0")
    type_pin(page)
    page.wait_for_selector("main .book")
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "navigator.serviceWorker.controller !== null")
    return page


def reopened(page: Page) -> Page:
    """Kill the page and open it anew with the PIN."""
    context = page.context
    page.close()
    again = context.new_page()
    again.set_default_timeout(15_000)
    again.goto("/readings/phone/")
    type_pin(again)
    again.wait_for_selector("main .book")
    return again


def queued(page: Page) -> int:
    """How many entries the phone's own database holds."""
    script = """() => new Promise((resolve, reject) => {
      const asked = indexedDB.open("mainstay-rounds");
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const count = asked.result.transaction("queue").objectStore("queue").count();
        count.onsuccess = () => { asked.result.close(); resolve(count.result); };
      };
    })"""
    return int(page.evaluate(script))


def type_index(page: Page, index: str) -> None:
    page.wait_for_selector(".index-keys")
    for key in index:
        page.click(f".index-keys .key:text-is('{key}')")


def begin(page: Page) -> None:
    """Open the book and its first meter; the pages before have such buttons too."""
    page.click(".book")
    page.wait_for_selector("main .meters")
    page.click(".actions .primary")


def stored(site: LiveSite, seed: dict[str, Any]) -> list[Any]:
    """(how many readings, how many meters, how many keys) of the book in the period."""
    sql = "SELECT count(*), count(DISTINCT installation_id), count(DISTINCT client_key) FROM readings_reading"
    return list(rows(site, f"{sql} WHERE book_id = ? AND period = ?", seed["book"], seed["period"])[0])


def read_without_network(page: Page, seed: dict[str, Any]) -> None:
    """Three meters by hand, the rest as fast as the phone can keep them."""
    page.context.set_offline(True)
    begin(page)
    type_index(page, "125")
    page.click(".take")
    until(page, "document.querySelector('.top h1').textContent.startsWith('2 /')")
    type_index(page, "95")  # lower than last time: a reason is asked for
    page.click(".take")
    page.click("dialog .button >> nth=1")
    until(page, "document.querySelector('.top h1').textContent.startsWith('3 /')")
    page.click("main .pair .quiet")  # nobody at home
    page.click("dialog .button >> nth=0")
    until(page, "document.querySelector('.top h1').textContent.startsWith('4 /')")
    store = page.evaluate(MODULE, "readings/phone/modules/store")
    page.evaluate(TAKE, [store, seed["book"], 3, seed["meters"] - 3])
    assert queued(page) == seed["meters"]


def send_badly(page: Page) -> Page:
    """Twice the server commits and its answer never comes: lost on the way, then the browser is killed over it."""
    turns: list[Route] = []

    def lose(route: Route) -> None:
        turns.append(route)
        if len(turns) > 2:
            route.continue_()
            return
        route.fetch()
        if len(turns) == 1:
            route.abort()

    page.context.route("**/readings/phone/send/", lose)
    page.context.set_offline(False)
    _wait(page, lambda: len(turns) == 1)
    page.evaluate("location.hash = '#/queue'")
    _wait(page, lambda: len(turns) == 2)
    page = reopened(page)
    page.evaluate("location.hash = '#/queue'")
    _wait(page, lambda: queued(page) == 0)
    return page


PRESS = "location.hash === '#/queue' && document.querySelector('.actions .primary:not([disabled])')?.click()"


def _wait(page: Page, ready: Callable[[], bool]) -> None:
    """Wait; meanwhile press the button that sends now, as somebody would: what failed waits some seconds by itself."""
    for _try in range(1000):
        if ready():
            return
        page.evaluate(PRESS)
        page.wait_for_timeout(20)
    raise AssertionError


def test_a_book_read_without_network_arrives_once_whatever_happens_while_sending(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["reader"])
    second = prepared(open_page("phone", allow=PROVOKED), live_site, seed["reader"])
    read_without_network(page, seed)
    page = reopened(page)  # without network, from the phone alone
    assert page.locator(".book-foot b").first.inner_text() == f"{seed['meters'] - 1} / {seed['meters']}"
    page = send_badly(page)
    read = seed["meters"] - 1
    assert stored(live_site, seed) == [read, read, read]
    visits = "SELECT count(*), min(reason) FROM readings_visit WHERE book_id = ?"
    assert rows(live_site, visits, seed["book"]) == [(1, "nobody")]
    strange = "SELECT note, state FROM readings_reading WHERE book_id = ? AND index_l = 95000"
    assert rows(live_site, strange, seed["book"]) == [("已换表", 2)]

    begin(second)  # the other phone still knows of nothing, and reads the first meter too
    type_index(second, "127")
    second.click(".take")
    until(second, "document.querySelector('.top h1').textContent.startsWith('2 /')")
    second.evaluate("location.hash = '#/queue'")
    second.wait_for_selector(".entry.conflict .differences")
    assert second.locator(".differences td").all_inner_texts()[0] == "127"
    assert second.locator(".differences td").all_inner_texts()[1].startswith("125 (")
    both = "SELECT index_l, state FROM readings_reading WHERE installation_id = ? AND period = ? ORDER BY seq"
    assert rows(live_site, both, seed["first"], seed["period"]) == [(125_000, 3), (127_000, 2)]
    assert stored(live_site, seed) == [read + 1, read, read + 1]


UNSEEN = """() => {
  const low = document.querySelector(".actions").getBoundingClientRect().top;
  return [...document.querySelectorAll("main .key, main .button, .typed-index, .meter-no")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.height < 24 || (one.matches(".key, .button") && box.height < 48) || box.top < 60 || box.bottom > low;
  }).map(one => one.textContent);
}"""
LENGTHEN = "document.querySelector('.meter-head b').textContent = '海川市城东区阳光花园'.repeat(8)"


def test_on_a_small_phone_all_keys_stay_in_sight_and_what_is_no_index_is_not_taken(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["reader"])
    page.set_viewport_size({"width": 360, "height": 640})
    page.context.set_offline(True)
    page.evaluate("id => { location.hash = `#/meter/${id}`; }", seed["first"])
    page.wait_for_selector(".index-keys")
    assert page.evaluate(UNSEEN) == []
    page.evaluate(LENGTHEN)
    assert page.evaluate(UNSEEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.click(".take")
    assert page.inner_text(".verdict.bad") == "请先输入读数。"
    type_index(page, "9" * 12)
    page.click(".take")
    assert "超出" in page.inner_text(".verdict.bad")
    assert queued(page) == 0


def test_the_phone_judges_as_the_server_does(open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]) -> None:
    page = open_page("phone")
    page.context.add_cookies([{"name": "sessionid", "value": seed["reader"], "url": live_site.url}])
    page.goto("/readings/phone/")
    page.wait_for_selector(".keys")
    chance = random.Random(5)
    cases, wanted = [], []
    for _number in range(400):
        dial = 10 ** chance.choice([4, 5]) * 1000
        index = chance.choice([0, 90, 500, dial // 1000 - 5]) * 1000
        on = date(2025, 12, 31) - timedelta(days=chance.choice([0, 5, 31, 62]))
        before = Before(
            index, on, chance.random() < 0.3, max(0, index - 30_000), chance.choice([0, 90_000]),
            chance.choice([0, 90]), chance.choice([0, 40_000]), chance.choice([0, 31]), dial,
            chance.choice([10_000, 15_000]),
        )  # fmt: skip
        now = min(
            dial - 1000, max(0, index + chance.choice([-40_000, -10_000, 0, 1_500, 20_000, 100_000, 7_000 - index]))
        )
        verdict, days = judge(now, date(2025, 12, 31), before), (date(2025, 12, 31) - on).days
        wanted.append([verdict.volume_l, verdict.doubts & ALIKE, usual_volume(days, before)])
        cases.append([now, [*before[:1], on.isoformat(), *before[2:]], days])
    script = """async ([address, cases]) => {
      const rules = await import(address);
      return cases.map(([index, list, days]) => {
        const before = rules.beforeOf({ before: list });
        const { volumeL, doubts } = rules.judge(index, "2025-12-31", before);
        return [volumeL, doubts, rules.usual(days, before)];
      });
    }"""
    address = page.evaluate(MODULE, "readings/phone/modules/rules")
    assert page.evaluate(script, [address, cases]) == wanted


def test_a_phone_without_network_hands_its_queue_over_as_a_file(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    """Saved without network, taken over by the office, in the end sent by the phone too: each counts once."""
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["reader"])
    page.context.set_offline(True)
    store = page.evaluate(MODULE, "readings/phone/modules/store")
    page.evaluate(TAKE.replace("120000", "131000"), [store, seed["book"], 10, 5])
    page.evaluate("location.hash = '#/queue'")
    with page.expect_download() as waiting:
        page.click("button:has-text('存为文件')")
    path = waiting.value.path()
    keys = [one["body"]["client_key"].replace("-", "") for one in json.loads(path.read_text())["entries"]]
    assert len(keys) == 5 and queued(page) == 5

    office = open_page("desktop")
    office.context.add_cookies([{"name": "sessionid", "value": seed["reader"], "url": live_site.url}])
    for _again in range(2):
        office.goto("/readings/board/phone-file/")
        office.set_input_files(
            "input[type=file]", {"name": "a.json", "mimeType": "application/json", "buffer": path.read_bytes()}
        )
        office.click("form .btn-primary")
        office.wait_for_selector("text=已接收")
    sql = f"SELECT count(*) FROM readings_reading WHERE client_key IN ({', '.join('?' * 5)})"
    assert rows(live_site, sql, *keys) == [(5,)]

    page.context.set_offline(False)
    page.click(".actions .primary")
    until(page, "!document.querySelector('.entry:not(.conflict)')")
    assert rows(live_site, sql, *keys) == [(5,)]
