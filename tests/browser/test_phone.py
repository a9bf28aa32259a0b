"""The inspector's phone in a real browser: without network, killed, with lost replies, beside another phone."""

from __future__ import annotations

import base64
import itertools
import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mainstay.inspection.campaigns.queries_packet import item_json
from mainstay.inspection.checklists.batch import library
from mainstay.inspection.checklists.rules import Given, faults_of_answers, results_of
from tests.support.browser import OpenPage, until
from tests.support.site import LiveSite

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

PIN = "274951"
# What the browser itself logs when a request ends as these tests want it to.
PROVOKED = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 409", "status of 422")
STROKES = itertools.count()  # no two signatures are alike
PICTURE = """number => {
  const canvas = document.createElement("canvas");
  canvas.width = 2000; canvas.height = 1500;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#789"; pen.fillRect(0, 0, 2000, 1500);
  pen.fillStyle = "#fff"; pen.font = "600px sans-serif"; pen.fillText(String(number), 300, 1000);
  return canvas.toDataURL("image/jpeg", 0.7).split(",")[1];
}"""
SEED = "import json; from tests.inspection.phone_seed import seed; print(json.dumps(seed()))"


@pytest.fixture(scope="module")
def seed(live_site: LiveSite) -> dict[str, Any]:
    """Two inspectors of a joint campaign with four vaults."""
    found: dict[str, Any] = json.loads(live_site.scripts.run(SEED))
    return found


def rows(site: LiveSite, sql: str, *values: Any) -> list[Any]:
    """Ask the site's database."""
    with sqlite3.connect(f"file:{site.data / 'mainstay.sqlite3'}?mode=ro", uri=True) as base:
        return base.execute(sql, values).fetchall()


def to(page: Page, address: str) -> None:
    """Go to another page of the phone and wait until it is drawn: the address changes before the page does."""
    page.evaluate("address => { if (location.hash !== address) location.hash = address; }", address)
    until(page, "address => document.querySelector('#app').dataset.page === address", arg=address)


def follow(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that is drawn."""
    before = page.evaluate("location.hash")
    page.click(selector)
    drawn = "before => location.hash !== before && document.querySelector('#app').dataset.page === location.hash"
    until(page, drawn, arg=before)


def sent(page: Page, name: str) -> None:
    """Press "send" whenever nothing is being sent, until a record has arrived whole."""
    to(page, "#/queue")
    press = """name => {
      const done = [...document.querySelectorAll(".entry.done")].some(one => one.textContent.includes(name));
      if (!done) document.querySelector(".actions .primary:not([disabled])")?.click();
      return done;
    }"""
    until(page, press, arg=name)


def type_pin(page: Page, pin: str = PIN) -> None:
    page.wait_for_selector(".keys")
    for digit in pin:
        page.click(f".key:text-is('{digit}')")


def prepared(page: Page, site: LiveSite, session: str) -> Page:
    """Sign in, choose a PIN, wait until the page and its packet are kept."""
    page.set_default_timeout(8000)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page.goto("/phone/")
    type_pin(page)
    until(page, "document.querySelectorAll('.dots .on').length === 0")
    type_pin(page)
    page.wait_for_selector("main .row")
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "navigator.serviceWorker.controller !== null")
    return page


def reopened(page: Page, shown: str = ".tabs") -> Page:
    """Kill the page and open it anew with the PIN, until something is shown."""
    context = page.context
    page.close()
    again = context.new_page()
    again.set_default_timeout(8000)
    again.goto("/phone/")
    type_pin(again)
    again.wait_for_selector(shown)
    return again


def pictures(page: Page, folder: Path, count: int) -> list[Path]:
    made = []
    for number in range(count):
        path = folder / f"{number}.jpg"
        path.write_bytes(base64.b64decode(page.evaluate(PICTURE, number)))
        made.append(path)
    return made


def take(page: Page, where: str, files: list[Path]) -> None:
    page.set_input_files(f"{where} input[type=file]", files)
    until(
        page,
        "([where, count]) => document.querySelectorAll(`${where} .thumb img`).length === count",
        arg=[where, len(files)],
    )


def sign(page: Page, name: str = "") -> None:
    """Write on the glass of the open sheet."""
    page.locator(".signing .glass").hover()  # waits until the sheet stands still
    if name:
        page.fill(".signing input", name)
    box = page.locator(".glass").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(6):
        page.mouse.move(box["x"] + 60 + 30 * step, box["y"] + 90 + (40 if step % 2 else -30) + next(STROKES))
    page.mouse.up()
    page.click(".signing .primary")
    page.wait_for_selector(".signing", state="detached")


def begin(page: Page, vault: str, outcome: int = 0) -> str:
    """Open a target and choose an outcome; returns the id of the visit."""
    to(page, "#/")
    follow(page, f".row:has-text('{vault}')")
    follow(page, f".choices .button >> nth={outcome}")
    page.wait_for_selector(".item" if outcome == 0 else "main textarea")
    return str(page.evaluate("location.hash.split('/')[2]"))


def answer_all(page: Page, wrong: str) -> None:
    """Go through all sections; everything passes but one item."""
    while True:
        for card in page.locator(".item:visible").all():
            code = card.locator(".code").inner_text()
            for field in card.locator(".number input").all():
                limit = card.locator(".number small").inner_text()
                field.fill("45" if "60" in limit else "365")
            for field in card.locator("input[type=date]").all():
                field.fill(date.today().isoformat())
            if (button := card.locator(f"[data-result={'fail' if code == wrong else 'pass'}]")).count():
                button.click()
        if page.locator(".actions .after").count() == 0:
            return
        follow(page, ".actions .after")


def test_a_vault_is_inspected_without_network_and_arrives_once(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any], tmp_path: Path
) -> None:
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    files = pictures(page, tmp_path, 12)
    page.context.set_offline(True)
    visit = begin(page, "中山路金库")
    answer_all(page, wrong="V1.2")

    to(page, f"#/visit/{visit}/0")
    page.wait_for_selector("#item-V1\\.5")
    take(page, "#item-V1\\.5", files[:9])
    take(page, "#item-V1\\.2", files[9:])
    page.fill("#item-V1\\.2 textarea", "转字锁打不乱")
    follow(page, "#item-V1\\.2 .hazard .button")
    page.click(".served .button >> nth=0")
    page.click(".signing .primary")
    page.wait_for_selector(".signing .tell.bad")  # said on the sheet: behind it nobody would see why nothing happens
    sign(page, "钱库主")
    page.wait_for_selector(".served .good")
    follow(page, ".actions .primary")
    number = page.text_content(".paper .number")
    assert number and str(date.today().year) in number

    page = reopened(page)  # still without network: nothing is lost
    follow(page, ".row:has-text('中山路金库')")
    follow(page, ".choices .primary")
    to(page, f"#/visit/{visit}/0")
    until(page, "document.querySelectorAll('#item-V1\\\\.5 .thumb img').length === 9")
    assert page.locator("#item-V1\\.2 [data-result=fail]").get_attribute("aria-pressed") == "true"
    for item in photo_items(page, visit):
        take(page, item, files[:1])
    to(page, f"#/sign/{visit}")
    for place in range(2):
        page.click(f".signer-row >> nth={place}")
        sign(page)
        until(page, "count => document.querySelectorAll('.signature').length === count", arg=place + 1)
    page.click(".pair .button >> nth=0")
    sign(page, "钱库主")
    until(page, "document.querySelectorAll('.signature').length === 3")
    follow(page, ".actions .button")
    page.wait_for_selector(".ready")
    follow(page, ".actions .primary")
    page.wait_for_selector(".chip.off:has-text('1')")

    lost = lose_replies(page, 2)
    page.context.set_offline(False)
    sent(page, "中山路金库")
    assert len(lost) == 2
    check_arrived(live_site, seed["targets"]["中山路金库"]["id"])
    kept = page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('mainstay-phone'); asked.onsuccess = () => {"
        " const all = asked.result.transaction('photos').objectStore('photos').count();"
        " all.onsuccess = () => done(all.result); }; })"
    )
    assert kept == 0


def photo_items(page: Page, visit: str) -> list[str]:
    """Yield the items that still need a picture, each with its section open."""
    to(page, f"#/check/{visit}")
    page.wait_for_selector(".numbers")
    links = page.eval_on_selector_all(
        ".row.slim .code", "codes => codes.map(code => [code.textContent, code.parentElement.getAttribute('href')])"
    )
    for code, address in links:
        to(page, address)
        where = f"#item-{code}".replace(".", "\\.")
        page.wait_for_selector(where)
        yield where


def lose_replies(page: Page, count: int) -> list[str]:
    """Let the server act on the first sendings, and let their replies be lost."""
    lost: list[str] = []

    def act(route: Route) -> None:
        if len(lost) < count and route.request.method == "POST":
            route.fetch()
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/campaigns/phone/records/**", act)
    return lost


def check_arrived(site: LiveSite, assignment: int) -> None:
    """One record, all pictures with their files, one notice with a lent number."""
    records = rows(
        site, "SELECT id, outcome, failed, body FROM campaigns_inspection WHERE assignment_id = ?", assignment
    )
    assert [(one[1], one[2]) for one in records] == [("done", 1)]
    body = json.loads(records[0][3])
    photos = rows(site, "SELECT digest, attachment_id FROM campaigns_photo WHERE inspection_id = ?", records[0][0])
    assert len(photos) == len(body["photos"]) + 3 >= 12 + 3
    assert all(attachment for _digest, attachment in photos)
    assert [one["items"] for one in body["notices"]] == [["V1.2"]]
    assert len([one for one in body["signatures"] if one["role"] == "inspector" and one["hash"]]) == 2
    numbers = [one["number"] for one in body["notices"]]
    notices = rows(site, "SELECT number, state, received_by FROM hazards_notice WHERE number = ?", numbers[0])
    assert notices == [(numbers[0], "served", "钱库主")]
    state = rows(site, "SELECT state, revision FROM campaigns_assignment WHERE id = ?", assignment)
    assert state == [("done", 1)]


def test_one_refused_photo_stops_nothing_else(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any], tmp_path: Path
) -> None:
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    refused: list[str] = []

    def act(route: Route) -> None:
        digest = route.request.url.rstrip("/").rsplit("/", 1)[-1]
        if not refused or refused[0] == digest:
            refused.append(digest)
            error = {"error": {"code": "bad_hash", "message": "照片损坏"}}
            route.fulfill(status=422, json=error)
        else:
            route.continue_()

    page.route("**/photos/**", act)
    files = pictures(page, tmp_path, 3)
    begin(page, "东山县局金库", outcome=1)
    take(page, "main", files)
    follow(page, ".actions .primary")
    to(page, "#/queue")
    page.wait_for_selector(".entry .error:has-text('照片损坏')")
    page.wait_for_selector(".entry .parts:has-text('2/3')")
    begin(page, "临江支局金库", outcome=1)  # another record passes by the one that stands still
    follow(page, ".actions .primary")
    sent(page, "临江支局金库")
    page.unroute("**/photos/**")
    sent(page, "东山县局金库")
    found = rows(
        live_site,
        "SELECT COUNT(*), COUNT(attachment_id), COUNT(DISTINCT inspection_id) FROM campaigns_photo"
        " WHERE inspection_id IN (SELECT id FROM campaigns_inspection WHERE assignment_id = ?)",
        seed["targets"]["东山县局金库"]["id"],
    )
    assert found == [(3, 3, 1)]


def test_the_second_of_two_phones_is_shown_the_difference(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    first = prepared(open_page("phone", allow=PROVOKED), live_site, seed["leader"])
    second = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    for page, result in ((first, "pass"), (second, "fail")):
        visit = begin(page, "青石支局金库")
        page.click(f"#item-V1\\.1 [data-result={result}]")
        to(page, f"#/check/{visit}")
        page.click(".actions .quiet")
        follow(page, ".sheet .primary")
        if page is first:
            sent(first, "青石支局金库")
    to(second, "#/queue")
    follow(second, ".entry.conflict .primary")
    table = second.text_content(".differences") or ""
    assert "组长甲" in table and "不合格" in table and "V1.1" in table
    follow(second, ".actions .primary")
    second.wait_for_selector(".entry.done")
    key = seed["targets"]["青石支局金库"]["id"]
    sql = "SELECT edition, current, record FROM campaigns_inspection WHERE assignment_id = ? ORDER BY edition"
    found = rows(live_site, sql, key)
    assert [one[:2] for one in found] == [(1, 0), (2, 1)]
    assert found[0][2] == found[1][2]


def test_a_refusal_has_its_witness_and_the_queue_goes_by_file_to_another_phone(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any], tmp_path: Path
) -> None:
    broken = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    broken.context.set_offline(True)
    visit = begin(broken, "白马支局金库")
    broken.click("#item-V1\\.2 [data-result=fail]")
    broken.fill("#item-V1\\.2 textarea", "闭库后未拨乱")
    follow(broken, "#item-V1\\.2 .hazard .button")
    broken.click(".served .button >> nth=1")
    broken.click(".actions .primary")
    broken.wait_for_selector(".tell.bad")  # no notice without a witness of the refusal
    broken.fill(".served input", "门卫何师傅")
    follow(broken, ".actions .primary")
    number = (broken.text_content(".paper .number") or "").split()[-1]
    to(broken, f"#/sign/{visit}")
    broken.click(".pair .button >> nth=1")
    broken.fill(".card:last-of-type input", "吴值守")
    broken.fill(".card:last-of-type textarea", "称须请示上级")
    broken.click(".card:last-of-type .button >> nth=0")
    sign(broken, "门卫何师傅")
    until(broken, "document.querySelectorAll('.signature').length === 1")
    to(broken, f"#/check/{visit}")
    broken.click(".actions .quiet")
    follow(broken, ".sheet .primary")
    to(broken, "#/queue")
    with broken.expect_download() as told:
        broken.click(".pair .button >> nth=0")
    told.value.save_as(tmp_path / "queue.json")

    other = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    to(other, "#/queue")
    other.set_input_files(".pair input[type=file]", tmp_path / "queue.json")
    sent(other, "白马支局金库")
    broken.context.set_offline(False)  # it can send again after all: nothing is doubled
    sent(broken, "白马支局金库")

    records = rows(
        live_site,
        "SELECT id, outcome, body FROM campaigns_inspection WHERE assignment_id = ?",
        seed["targets"]["白马支局金库"]["id"],
    )
    assert [one[1] for one in records] == ["partial"]
    signed = {(one["role"], one["name"], one["refused"]) for one in json.loads(records[0][2])["signatures"]}
    assert signed == {("companion", "吴值守", True), ("witness", "门卫何师傅", False)}
    found = rows(live_site, "SELECT receipt_refused, witness FROM hazards_notice WHERE number = ?", number)
    assert found == [(1, "门卫何师傅")]
    waiting = "SELECT COUNT(*) FROM campaigns_photo WHERE attachment_id IS NULL AND inspection_id = ?"
    assert rows(live_site, waiting, records[0][0]) == [(0,)]


def test_an_expired_packet_is_gone_but_nothing_that_was_recorded(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    page = prepared(open_page("phone", allow=PROVOKED), live_site, seed["member"])
    visit = begin(page, "红旗支局金库")
    page.click("#item-V1\\.1 [data-result=fail]")
    page.fill("#item-V1\\.1 textarea", "锁体松动")
    page.wait_for_selector("#item-V1\\.1 [data-result=fail][aria-pressed=true]")
    to(page, "#/")
    page.wait_for_selector(".row:has-text('红旗支局金库') .tag.draft")
    page.context.set_offline(True)
    page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('mainstay-phone'); asked.onsuccess = () => {"
        " const all = asked.result.transaction('meta', 'readwrite').objectStore('meta');"
        " all.get('packet').onsuccess = event => {"
        " all.put({ ...event.target.result, expires_at: '2020-01-01T00:00:00Z' }).onsuccess = done; }; }; })"
    )
    page = reopened(page, ".empty")
    assert page.locator(".row").count() == 0
    page.context.set_offline(False)
    page.click(".empty .primary")
    follow(page, ".row:has-text('红旗支局金库')")
    follow(page, ".choices .primary")
    to(page, f"#/visit/{visit}/0")
    assert page.input_value("#item-V1\\.1 textarea") == "锁体松动"


def test_what_is_kept_is_sealed_and_a_forgotten_pin_loses_nothing(
    open_page: OpenPage, live_site: LiveSite, seed: dict[str, Any]
) -> None:
    page = prepared(open_page("phone", locale="en", allow=PROVOKED), live_site, seed["leader"])
    plain = page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('mainstay-phone'); asked.onsuccess = () => {"
        " const all = asked.result.transaction('meta').objectStore('meta').getAll();"
        " all.onsuccess = () => done(all.result.map(row => row.key + ' '"
        " + (row.sealed ? new TextDecoder().decode(row.sealed.data) : '')).join()); }; })"
    )
    assert "packet" in plain and "金库" not in plain and "0512" not in plain
    page = reopened(page)
    page.reload()
    type_pin(page, "111222")
    until(page, "document.querySelector('.wrong').textContent !== ''")
    until(page, "!/…/.test(document.querySelector('.wrong').textContent)")
    assert page.locator(".tabs").count() == 0
    page.click(".opening .quiet")
    until(page, "document.querySelectorAll('.key').length && !document.querySelector('.opening .quiet')")
    for _time in range(2):
        type_pin(page, "905173")
        until(page, "document.querySelectorAll('.dots .on').length === 0")
    page.wait_for_selector(".tabs")
    assert page.locator("main .row").count() >= 1


def test_the_phone_judges_as_the_server_does(open_page: OpenPage, live_site: LiveSite) -> None:
    page = open_page("phone", allow=("status of 401",))
    page.goto("/phone/")
    today = date.today()
    for checklist in library():
        items = list(checklist.items())
        for turn in range(12):
            answers = {item.code: made(item, turn + place, today) for place, item in enumerate(items)}
            photos = {item.code: 1 for place, item in enumerate(items) if (place + turn) % 3 == 0}
            told = page.evaluate(
                """async ([items, answers, photos, on]) => {
                  const file = (await (await fetch("/phone/sw.js")).text()).match(/[^"]+rules\\.[^"]*js/)[0];
                  const rules = await import(file);
                  return [rules.resultsOf(items, answers, on), rules.faultsOfAnswers(items, answers, photos, on)];
                }""",
                [[item_json(item) for item in items], answers, photos, today.isoformat()],
            )
            faults = faults_of_answers(items, Given(answers, photos), today)
            assert told == [results_of(items, answers, today), [[one.code, one.item] for one in faults]]


def made(item: Any, turn: int, today: date) -> dict[str, str]:
    """An answer that differs from turn to turn: right, wrong, half, none."""
    answer: dict[str, str] = {}
    if turn % 7:
        answer["result"] = ("pass", "fail", "na", "")[turn % 4]
    if "number" in item.types and turn % 5:
        answer["number"] = ("0", "29.999", "30", "-4.5", "400")[turn % 5]
    if "date" in item.types and turn % 4:
        answer["date"] = (today - timedelta(days=(0, 1, -1, 91, 93)[turn % 5])).isoformat()
    if "choice" in item.types and item.options and turn % 3:
        answer["choice"] = item.options[turn % len(item.options)].code
    if "text" in item.types and turn % 2:
        answer["text"] = "文字"
    if turn % 6 == 0:
        answer["note"] = "说明"
    return answer
