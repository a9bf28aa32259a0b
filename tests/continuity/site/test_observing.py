"""Declared → observed → verdict → evidence: stretches, alarms, tiles, the board, what watchers report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from mainstay.continuity.site import actions, queries, registry
from mainstay.continuity.site.batch import ALARM, note_fault, record, take_pass
from mainstay.continuity.site.models import Observation, Watch
from mainstay.continuity.site.registry import Probe
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Proof, Seen, counts, judged, worst
from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.jobs.models import Job
from mainstay.core.todos.batch import escalate_overdue
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.errors import Problem
from tests.core.make import make_user

NOW = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
KEY = "test.door"


@pytest.fixture
def seen() -> Iterator[list[Seen]]:
    """A probe of D9 that sees what the test puts into the list."""
    found: list[Seen] = []
    registry.register(Probe(KEY, "D9", "Door", lambda _now: list(found)))
    yield found
    registry._probes.pop(KEY)


def tile(now: datetime) -> queries.Tile:
    """D9, with the test's probe alone."""
    one = queries.tiles(now, ["D9"])[0]
    one.seen = [item for item in one.seen if item.probe == KEY]
    one.probes = [line for line in one.probes if line.probe.key == KEY]
    return queries._tile("D9", one.seen, one.probes, now)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((GREEN, RED, AMBER), RED),
        ((GREEN, UNKNOWN), UNKNOWN),
        ((UNKNOWN, AMBER), AMBER),
        ((GREEN,), GREEN),
        ((), UNKNOWN),
    ],
)
def test_the_worst_counts_and_nothing_seen_is_not_green(verdicts: tuple[str, ...], expected: str) -> None:
    assert worst(verdicts) == expected


def test_green_needs_a_fresh_proof() -> None:
    fresh, old = Proof(NOW - timedelta(minutes=3), 60), Proof(NOW - timedelta(seconds=181), 60)
    assert judged([GREEN], [fresh], NOW) == GREEN
    assert judged([GREEN], [fresh, old], NOW) == UNKNOWN and judged([GREEN], [Proof(None, 60)], NOW) == UNKNOWN
    assert judged([RED], [old], NOW) == RED, "what was red does not become better by growing old"
    assert old.next_due(NOW) < NOW and Proof(None, 60).next_due(NOW) == NOW


def test_an_accepted_red_counts_amber_until_its_moment() -> None:
    assert counts(RED, LATER, NOW) == AMBER and counts(RED, NOW, NOW) == RED and counts(GREEN, LATER, NOW) == GREEN


@pytest.mark.django_db
def test_the_same_goes_on_and_something_else_begins_a_new_stretch(seen: list[Seen]) -> None:
    record(KEY, "", [Seen("door", GREEN, figure="1")], NOW)
    record(KEY, "", [Seen("door", GREEN, figure="2")], LATER)
    one = Observation.objects.get(probe=KEY)
    assert (one.since, one.seen_at, one.times, one.figure) == (NOW, LATER, 2, "2")
    record(KEY, "", [Seen("door", RED, "open", "开着")], LATER + timedelta(minutes=1))
    rows = list(Observation.objects.filter(probe=KEY).order_by("since"))
    assert [(row.verdict, row.current) for row in rows] == [(GREEN, False), (RED, True)]
    record(KEY, "", [], LATER + timedelta(minutes=2))
    assert not Observation.objects.filter(probe=KEY, current=True).exists(), "what is not seen any more ends"


@pytest.mark.django_db
def test_red_is_an_alarm_that_escalates_and_ends_by_itself(seen: list[Seen]) -> None:
    handler = make_user(rights={queries.HANDLE: ("all", None)})
    record(KEY, "", [Seen("door", RED, "open", "开着")], NOW)
    record(KEY, "", [Seen("door", RED, "open", "开着")], LATER)
    todo = waiting_for(handler).get(kind=ALARM)
    assert "door" in todo.title_zh and "开着" in todo.title_zh and todo.url == "/site/board/measure/D9/"
    assert escalate_overdue(NOW + timedelta(minutes=16)) == 1
    record(KEY, "", [Seen("door", RED, "broken", "坏了")], LATER)
    assert Todo.objects.filter(kind=ALARM, done_at=None).count() == 1, "red for another reason is still one alarm"
    record(KEY, "", [Seen("door", GREEN)], LATER)
    assert not waiting_for(handler).exists()


@pytest.mark.django_db
def test_two_hosts_do_not_end_each_others_findings(seen: list[Seen]) -> None:
    record(KEY, "appsrv", [Seen("route", RED, "out", "通外")], NOW)
    record(KEY, "datasrv", [Seen("route", GREEN)], NOW)
    assert tile(NOW).verdict == RED and [(one.place, one.subject) for one in tile(NOW).wrong] == [("appsrv", "route")]


@pytest.mark.django_db
def test_one_pass_turns_the_tile(seen: list[Seen]) -> None:
    seen.append(Seen("door", GREEN))
    take_pass(NOW, "D9", all_of_them=True)
    assert tile(NOW).verdict == GREEN and tile(NOW).proven_at == NOW
    seen[:] = [Seen("door", RED, "open", "开着")]
    take_pass(LATER, "D9")
    assert tile(LATER).verdict == RED and tile(LATER).wrong[0].since == LATER


@pytest.mark.django_db
def test_a_probe_that_breaks_down_proves_nothing_and_stops_nobody(seen: list[Seen]) -> None:
    def broken(_now: datetime) -> list[Seen]:
        raise OSError("no such device")

    seen.append(Seen("door", GREEN))
    take_pass(NOW, "D9", all_of_them=True)
    registry.register(Probe(KEY, "D9", "Door", broken))
    take_pass(LATER, "D9")
    watch = Watch.objects.get(probe=KEY)
    assert "no such device" in watch.fault and watch.looked_at == NOW, "its proof grows old"
    assert tile(NOW + timedelta(minutes=4)).verdict == UNKNOWN


@pytest.mark.django_db
def test_a_probe_that_never_could_look_is_not_green(seen: list[Seen]) -> None:
    note_fault(KEY, "", "boom", NOW)
    assert tile(NOW).verdict == UNKNOWN and tile(NOW).late


@pytest.mark.django_db
def test_accepting_needs_red_a_reason_and_an_end(seen: list[Seen]) -> None:
    now = datetime.now(UTC)
    (finding,) = record(KEY, "", [Seen("door", RED, "open", "开着")], now)
    head = make_user(rights={actions.EXCUSE: ("all", None)})
    until = now + timedelta(days=2)
    for changes, code in (({"reason": " "}, "no_reason"), ({"until": now + timedelta(days=8)}, "until")):
        with pytest.raises(Problem) as refused:
            actions.excuse_finding(**{"finding": finding, "until": until, "reason": "换锁", "by": head} | changes)
        assert refused.value.code == code
    actions.excuse_finding(finding=finding, until=until, reason="换锁", by=head)
    assert tile(now).verdict == AMBER and tile(until).verdict == RED
    assert not Todo.objects.filter(kind=ALARM, done_at=None).exists()
    assert Entry.objects.get(action=actions.EXCUSE, outcome="done").by == head
    with pytest.raises(Refused):
        actions.excuse_finding(finding=finding, until=until, reason="换锁", by=make_user())


@pytest.mark.django_db
def test_board_wall_and_evidence_show_it(client: Client, seen: list[Seen]) -> None:
    record(KEY, "", [Seen("door", RED, "stands open", "敞开")], NOW)
    client.force_login(make_user(rights={queries.BOARD: ("all", None), actions.LOOK: ("all", None)}))
    for address in ("/site/board/", "/site/board/wall/", "/site/board/measure/D9/"):
        text = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "stands open" in text and "not in order" in text, address
    assert client.get("/site/board/measure/D99/").status_code == 404
    assert client.post("/site/board/measure/D9/look/").status_code == 302
    assert Job.objects.get(subject="measure:D9").arguments == {"measure": "D9"}


@pytest.mark.django_db
def test_prometheus_reads_the_verdicts_on_this_machine_only(client: Client, seen: list[Seen]) -> None:
    record(KEY, "", [Seen("door", RED, "open", "开着")], NOW)
    text = client.get("/metrics").content.decode()
    assert 'mainstay_measure_verdict{measure="D9"} 3.0' in text
    assert 'mainstay_measure_findings{measure="D9",verdict="red"} 1.0' in text
    assert client.get("/metrics", REMOTE_ADDR="10.1.1.1").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/site/board/", "/site/board/measure/D9/", "/site/"])
def test_the_menu_marks_the_board_on_its_evidence(address: str, client: Client) -> None:
    client.force_login(make_user(rights=dict.fromkeys((queries.BOARD, queries.VIEW), ("all", None))))
    page = client.get(address).content.decode()
    marked = [piece.split('"')[0] for piece in page.split('href="')[1:] if 'aria-current="page"' in piece[:80]]
    assert marked == ["/site/" if address == "/site/" else "/site/board/"]
