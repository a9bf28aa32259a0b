"""The register: entered, imported, compared, given up."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.network import actions, queries
from mainstay.continuity.network.models import Sighting, Terminal
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.queries import HANDLE
from mainstay.continuity.site.rules.verdict import GREEN, RED, Seen
from mainstay.core.audit.models import Entry
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.errors import Problem
from tests.core.make import make_user

pytestmark = pytest.mark.django_db
ALL = (queries.VIEW, actions.SAVE, actions.RETIRE, actions.IMPORT, actions.SIGHTINGS)
MAC = "02:77:01:00:00:99"
FACTS = {"name": "gui-09", "mac": MAC, "zone": "core", "place": "城东营业所"}


def _keeper() -> Any:
    return make_user(rights=dict.fromkeys(ALL, ("all", None)))


def _verdicts() -> dict[str, str]:
    return {one.subject: one.verdict for one in queries.compare(timezone.now())}


def test_an_unknown_device_is_a_todo_until_it_is_registered(django_capture_on_commit_callbacks: Any) -> None:
    actions.save_terminal(**FACTS, by=_keeper())
    handler = make_user(rights={HANDLE: ("all", None)})
    stranger = Seen("66:66:66:66:66:66", GREEN, figure="10.77.0.66 core eth0")
    with django_capture_on_commit_callbacks(execute=True):
        record(queries.NEIGHBOURS, "appsrv", [stranger], timezone.now())
    assert "66:66:66:66:66:66" in waiting_for(handler).get().title_zh
    assert [one.mac for one in queries.strangers(timezone.now())] == [stranger.subject]
    actions.save_terminal(**{**FACTS, "name": "p1", "mac": stranger.subject}, by=_keeper())
    assert not waiting_for(handler).exists()


def test_names_and_hardware_addresses_are_unique() -> None:
    by = _keeper()
    actions.save_terminal(**FACTS, by=by)
    for changes, field in (({"mac": "02:00:00:00:00:01"}, "name"), ({"name": "gui-10"}, "mac")):
        with pytest.raises(Problem) as refused:
            actions.save_terminal(**{**FACTS, **changes}, by=by)
        assert refused.value.field == field


def test_a_terminal_that_was_given_up_is_an_alarm_when_it_is_seen() -> None:
    one = actions.save_terminal(**FACTS, by=_keeper())
    Sighting.objects.create(mac=MAC, source="SW1", address="10.77.0.9", zone="core", seen_at=timezone.now())
    assert _verdicts() == {f"gui-09 {MAC}": GREEN}
    actions.retire_terminal(terminal=one, reason="报废", by=_keeper())
    assert _verdicts() == {f"gui-09 {MAC}": RED}
    assert Entry.objects.get(action=actions.RETIRE).reason == "报废"
    with pytest.raises(Problem):
        actions.retire_terminal(terminal=one, reason="再次", by=_keeper())


def test_an_old_export_proves_nothing() -> None:
    actions.save_terminal(**FACTS, by=_keeper())
    long_ago = timezone.now() - timedelta(days=2)
    Sighting.objects.create(mac="66:66:66:66:66:66", source="SW1", zone="core", seen_at=long_ago)
    assert list(_verdicts()) == ["network"]


def _sheet(kind: str, text: str, options: dict[str, str], by: Any) -> Any:
    return check_sheet(kind=kind, file=BytesIO(text.encode("utf-8-sig")), name="a.csv", options=options, by=by)


def test_the_sheet_of_terminals_is_checked_then_written() -> None:
    by = _keeper()
    rows = "终端名称,MAC,区域,位置,使用人\ngui-01,0277-0100-0001,core,一号柜台,沈知秋\ngui-02,坏,core,二号柜台,\n"
    rows += "gui-03,0277-0100-0001,core,三号柜台,\n"
    found = _sheet("network.terminals", rows, {}, by)
    assert (found.rows, found.bad_rows, found.new_rows) == (3, 2, 1)
    with pytest.raises(Problem):
        commit_sheet(sheet_import=found, by=by)
    commit_sheet(sheet_import=found, skip_bad=True, by=by)
    assert list(Terminal.objects.values_list("name", "mac", "user")) == [("gui-01", "02:77:01:00:00:01", "沈知秋")]


def test_an_export_replaces_the_one_before() -> None:
    by = _keeper()
    actions.save_terminal(**FACTS, port="Gi0/3", by=by)
    for port in ("Gi0/3", "Gi0/4"):
        text = f"MAC,IP,interface\n0277.0100.0099,10.77.0.9,{port}\n"
        commit_sheet(sheet_import=_sheet("network.sightings", text, {"source": "SW1"}, by), by=by)
        assert list(_verdicts().values()) == [GREEN if port == "Gi0/3" else RED]
    assert Sighting.objects.count() == 1


def test_the_page_leads_from_a_stranger_to_its_form(client: Client) -> None:
    Sighting.objects.create(mac="66:66:66:66:66:66", source="SW1", address="10.77.0.66", seen_at=timezone.now())
    client.force_login(_keeper())
    text = client.get("/network/").content.decode()
    assert "66%3A66%3A66%3A66%3A66%3A66" in text
    form = client.get("/network/new/?mac=66:66:66:66:66:66").content.decode()
    assert 'value="66:66:66:66:66:66"' in form
    sent = {**FACTS, "mac": "66-66-66-66-66-66", "kind": "work"}
    assert client.post("/network/new/", sent).status_code == 302
    assert Terminal.objects.get().mac == "66:66:66:66:66:66"
