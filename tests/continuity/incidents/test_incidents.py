"""Incidents: opened from an alarm or by hand, handled, ended, closed by a second person, followed up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from mainstay.continuity.incidents import actions, queries
from mainstay.continuity.incidents.models import Incident, Step
from mainstay.continuity.incidents.papers import report_data
from mainstay.continuity.incidents.rules import Standing, judge_incident
from mainstay.continuity.incidents.states import INCIDENT
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.queries import BOARD, tiles
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen
from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.core.make import make_person, make_user

NOW = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
HANDLING = (
    queries.VIEW, BOARD, actions.OPEN, actions.CHANGE, actions.NOTE, actions.END, actions.REOPEN, actions.PLAN,
    actions.FINISH,
)  # fmt: skip


def keeper() -> Any:
    """Who handles incidents."""
    return make_user(rights=dict.fromkeys(HANDLING, ("all", None)), person=make_person("秦守一"))


def head() -> Any:
    """Who closes them too."""
    return make_user(rights=dict.fromkeys((*HANDLING, actions.CLOSE), ("all", None)), person=make_person("陶然居"))


def opened(by: Any, **changes: Any) -> Incident:
    """An incident of an hour ago."""
    facts = {"title": "机房空调停机", "kind": "facility", "grade": 4, "began_at": timezone.now() - timedelta(hours=1)}
    return actions.open_incident(**{**facts, **changes}, by=by)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, AMBER),
        ({"grade": 2}, RED),
        ({"noticed_at": NOW - timedelta(hours=72)}, AMBER),
        ({"noticed_at": NOW - timedelta(hours=73)}, RED),
        ({"grade": 3, "noticed_at": NOW - timedelta(hours=25)}, RED),
        ({"state": "over", "over_at": NOW - timedelta(days=7)}, AMBER),
        ({"state": "over", "over_at": NOW - timedelta(days=8)}, RED),
        ({"state": "over", "over_at": NOW, "grade": 1}, AMBER),
        ({"state": "closed", "over_at": NOW, "late": 1}, RED),
        ({"state": "closed", "over_at": NOW}, GREEN),
    ],
)
def test_how_an_incident_stands(changes: dict[str, Any], verdict: str) -> None:
    facts = {"name": "x", "grade": 4, "state": "open", "noticed_at": NOW - timedelta(hours=1), **changes}
    assert judge_incident(Standing(**facts), NOW).verdict == verdict


def test_the_graph_is_whole() -> None:
    assert list(INCIDENT.faults()) == []


@pytest.mark.django_db
def test_from_opening_to_closing_with_the_to_dos_of_each() -> None:
    one, other = keeper(), head()
    incident = opened(one, touched="前置机停 20 分钟")
    assert incident.number == f"{local_today().year}-0001" and opened(one).number.endswith("-0002")
    todo = waiting_for(other).get(kind=actions.HANDLING, subject=f"incidents.incident:{incident.pk}")
    assert todo.due_at == incident.noticed_at + timedelta(hours=72) and "机房空调停机" in todo.title_zh
    actions.note_incident(incident=incident, text="启用备用空调", by=one)
    actions.end_incident(incident=incident, over_at=timezone.now(), cause="压缩机电容损坏", by=one)
    assert not waiting_for(other).filter(pk=todo.pk).exists()
    closing = Todo.objects.get(kind=actions.CLOSING_TODO, done_at=None)
    assert waiting_for(other).filter(pk=closing.pk).exists() and not waiting_for(one).filter(pk=closing.pk).exists()
    actions.close_incident(incident=incident, conclusion="列入年度更换计划", by=other)
    closing.refresh_from_db()
    assert closing.done_at and incident.state == "closed" and incident.closed_by == other
    said = list(Entry.objects.filter(subject=f"incidents.incident:{incident.pk}").values_list("action", flat=True))
    assert len(said) == 4, said


@pytest.mark.django_db
@pytest.mark.parametrize("opener", [True, False])
def test_who_opened_or_ended_it_does_not_close_it(opener: bool) -> None:
    closing, other = head(), keeper()
    incident = opened(closing if opener else other)
    by = other if opener else closing
    actions.end_incident(incident=incident, over_at=timezone.now(), cause="x", by=by)
    with pytest.raises(Refused):
        actions.close_incident(incident=incident, conclusion="x", by=closing)
    assert Entry.objects.filter(action=actions.CLOSE, outcome="refused", by=closing).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(state="closed", closed_at=timezone.now(), closed_by=closing)


@pytest.mark.django_db
def test_what_makes_no_sense_is_told_at_its_field() -> None:
    by, now = keeper(), timezone.now()
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (opened, {"began_at": now + timedelta(hours=1)}, "future"),
        (opened, {"measure": "D11"}, "measure"),
    ]
    for call, changes, code in cases:
        with pytest.raises(Problem) as refused:
            call(by, **changes)
        assert refused.value.code == code
    incident = opened(by)
    for facts, code in (
        ({"over_at": now, "cause": " "}, "no_cause"),
        ({"over_at": now + timedelta(hours=1), "cause": "x"}, "at"),
        ({"over_at": incident.began_at - timedelta(minutes=1), "cause": "x"}, "at"),
    ):
        with pytest.raises(Problem) as refused:
            actions.end_incident(incident=incident, by=by, **facts)
        assert refused.value.code == code
    with pytest.raises(Problem) as refused:
        actions.note_incident(incident=incident, text="x", at=now + timedelta(hours=1), by=by)
    assert refused.value.code == "at"
    with pytest.raises(Problem) as refused:
        actions.close_incident(incident=incident, conclusion="x", by=head())
    assert refused.value.code == "wrong_state"


@pytest.mark.django_db
def test_a_red_finding_becomes_one_incident_that_its_evidence_shows(client: Client) -> None:
    by = keeper()
    (seen,) = record("power.supply", "", [Seen("room", RED, "on battery", "电池供电")], timezone.now())
    client.force_login(by)
    page = client.get("/site/board/measure/D8/").content.decode()
    assert f"/incidents/new/?finding={seen.pk}" in page
    form = client.get(f"/incidents/new/?finding={seen.pk}").content.decode()
    assert "room: 电池供电" in form
    facts = {"title": "停电", "kind": "force", "grade": "3", "began_at": "2026-01-01T08:00", "measure": "D8"}
    answer = client.post(f"/incidents/new/?finding={seen.pk}", facts)
    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert incident.finding == seen and incident.number in client.get("/site/board/measure/D8/").content.decode()
    with pytest.raises(Problem) as refused:
        opened(by, finding=seen)
    assert refused.value.code == "open" and incident.number in str(refused.value)


@pytest.mark.django_db
def test_follow_ups_are_somebodys_to_do_and_red_when_late() -> None:
    one, other = keeper(), head()
    incident = opened(one)
    with pytest.raises(Problem) as refused:
        actions.plan_follow_up(incident=incident, what="更换电容", who=make_user(), due_on=local_today(), by=one)
    assert refused.value.field == "who"
    due = local_today() + timedelta(days=9)
    row = actions.plan_follow_up(incident=incident, what="更换电容", who=one, due_on=due, by=other)
    actions.end_incident(incident=incident, over_at=timezone.now(), cause="x", by=one)
    actions.close_incident(incident=incident, conclusion="x", by=other)
    assert waiting_for(one).get(kind=actions.FOLLOWING).user == one
    on_day = timezone.make_aware(datetime.combine(due, datetime.min.time()))
    assert [seen.verdict for seen in queries.look_at_incidents(on_day)] == [GREEN]
    assert [seen.verdict for seen in queries.look_at_incidents(on_day + timedelta(days=1))] == [RED]
    stranger = make_user(rights={actions.FINISH: ("all", None)})
    with pytest.raises(Refused):
        actions.finish_follow_up(follow_up=row, result="x", by=stranger)
    actions.finish_follow_up(follow_up=row, result="已更换", by=one)
    assert not waiting_for(one).filter(kind=actions.FOLLOWING).exists()
    assert [seen.verdict for seen in queries.look_at_incidents(on_day + timedelta(days=1))] == [GREEN]


@pytest.mark.django_db
def test_a_closed_case_takes_nothing_until_it_is_opened_again() -> None:
    one, other = keeper(), head()
    incident = opened(one)
    actions.end_incident(incident=incident, over_at=timezone.now(), cause="x", by=one)
    actions.close_incident(incident=incident, conclusion="x", by=other)
    with pytest.raises(Problem) as refused:
        actions.note_incident(incident=incident, text="x", by=one)
    assert refused.value.code == "closed"
    actions.reopen_incident(incident=incident, reason="再次停机", by=one)
    assert incident.state == "open" and incident.over_at is None and incident.closed_by is None
    assert list(incident.steps.values_list("text", flat=True)) == ["再次停机"]
    assert waiting_for(one).filter(kind=actions.HANDLING).exists()


@pytest.mark.django_db
def test_steps_stay_as_they_were_noted() -> None:
    step = actions.note_incident(incident=opened(by := keeper()), text="断开网线", by=by)
    for write in (lambda: Step.objects.filter(pk=step.pk).update(text="无"), step.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.all().delete()


@pytest.mark.django_db
def test_the_tile_of_the_machine_room_counts_them() -> None:
    opened(keeper(), grade=1)
    tile = tiles(timezone.now(), ["D9"])[0]
    assert [one.verdict for one in tile.seen if one.probe == actions.PROBE] == [RED]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_report_says_it_on_paper(language: str, client: Client) -> None:
    one, other = keeper(), head()
    incident = opened(one, measure="D8", touched="全部营业所")
    actions.note_incident(incident=incident, text="#切换 [市电] 与 $UPS$", by=one)
    actions.plan_follow_up(incident=incident, what="更换电容", who=one, due_on=date(2099, 1, 1), by=one)
    actions.end_incident(incident=incident, over_at=timezone.now(), cause="电容损坏", by=one)
    actions.close_incident(incident=incident, conclusion="完毕", by=other)
    incident.refresh_from_db()
    data = report_data(incident)
    assert data["minutes"] == 60 and data["closed_by"] == str(other) and data["steps"][0]["text"].startswith("#切换")
    assert render_pdf("incident_report", data, language=language)[:5] == b"%PDF-"
    client.force_login(one)
    assert client.get(f"/incidents/{incident.pk}/report/").content[:5] == b"%PDF-"


@pytest.mark.django_db
def test_the_evidence_of_a_measure_leaves_as_a_sheet(client: Client) -> None:
    record("power.supply", "", [Seen("room", RED, "on battery", "电池供电")], NOW)
    record("power.supply", "", [Seen("room", GREEN)], NOW + timedelta(minutes=1))
    client.force_login(make_user(rights={BOARD: ("all", None)}))
    answer = client.get("/site/board/measure/D8/?export=xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    flat = ["|".join(map(str, row)) for row in rows]
    assert sum("room" in row for row in flat) == 2 and any("电池供电" in row for row in flat)
