"""The screen of the pair, and moving the application with four eyes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.site.batch import ALARM, record
from mainstay.continuity.site.library import example
from mainstay.continuity.site.queries import HANDLE
from mainstay.continuity.standby import actions, providers, queries, tasks
from mainstay.continuity.standby.models import Beat, Rehearsal
from mainstay.continuity.standby.observe import Status, judge
from mainstay.continuity.standby.rehearsal import Measured, rehearse
from mainstay.core.access.batch import system_user
from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled
from mainstay.core.jobs.models import Job
from mainstay.core.todos.queries import waiting_for
from mainstay.core.workflow.actions import approve
from mainstay.kit.errors import Problem
from tests.continuity.site.make import site
from tests.core.make import make_user

pytestmark = pytest.mark.django_db
VIEWS: list[dict[str, Any]] = [
    {"name": "datasrv", "role": "leader", "state": "running"},
    {"name": "appsrv", "role": "sync_standby", "state": "streaming", "lag": 0},
]


def _state(
    *ready: str, holder: str = "appsrv", views: Any = VIEWS, receivers: frozenset[str] = frozenset({"vault"})
) -> Status:
    """What the hosts would be judged as."""
    cluster = {"members": views}
    hosts = ("appsrv", "datasrv", "witness")
    asked = {name: SimpleNamespace(votes=True, cluster=cluster, receivers=receivers) for name in hosts}
    return judge(site(), asked, {"holder": holder, **{f"ready/{name}": "1" for name in ready}})


@pytest.fixture
def pair(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A declared site whose hosts answer as the test says; `asked` is what they were asked to do."""
    settings.SITE_FILE = str(tmp_path / "site.toml")
    (tmp_path / "site.toml").write_text(example(), encoding="utf-8")
    facts: dict[str, Any] = {"state": _state("appsrv", "datasrv"), "asked": []}
    for place in ("actions", "views"):
        monkeypatch.setattr(f"mainstay.continuity.standby.{place}.observe", lambda _site: facts["state"])
    monkeypatch.setattr(
        "mainstay.continuity.standby.actions.ask_for_application", lambda _site, to: facts["asked"].append(to)
    )
    monkeypatch.setattr(
        "mainstay.continuity.standby.actions.ask_for_database", lambda _site, to: facts["asked"].append(f"base {to}")
    )
    monkeypatch.setattr("mainstay.continuity.standby.queries.history", lambda _site: queries.moves(HISTORY))
    return facts


HISTORY = {
    "1": json.dumps({"at": 1790000000.0, "to": "appsrv", "reason": "start", "seconds": 0.0}),
    "2": json.dumps({"at": 1790000100.0, "to": "datasrv", "reason": "vacant", "seconds": 4.8}),
}


def _page(client: Client) -> str:
    client.force_login(make_user(rights={queries.VIEW: ("all", None)}))
    return client.get("/standby/", headers={"accept-language": "en"}).content.decode()


def test_a_quiet_day(client: Client, pair: dict[str, Any]) -> None:
    text = _page(client)
    assert "Two servers" in text and "copy in step" in text and "ready to take over" in text
    assert "4.8" in text and text.index("4.8") < text.index("first start"), "newest first"


def test_what_is_not_protected_is_said_with_what_to_do(client: Client, pair: dict[str, Any]) -> None:
    pair["state"] = _state("appsrv", views=VIEWS[:1])
    text = _page(client)
    assert "One server" in text and "no second copy" in text and "does not answer" in text


def test_a_vault_that_receives_nothing_is_said(client: Client, pair: dict[str, Any]) -> None:
    assert "no-journal" not in _state("appsrv", "datasrv").unprotected
    pair["state"] = _state("appsrv", "datasrv", receivers=frozenset())
    assert pair["state"].unprotected == ("no-journal",) and "mainstay-journal" in _page(client)
    assert pair["state"].whole, "the servers still stand in for each other; D7 is red for it, D6 is not"
    assert not _state("appsrv", views=VIEWS[:1]).whole


def test_a_switch_waits_for_the_second_person(pair: dict[str, Any]) -> None:
    rights = {actions.SWITCH: ("all", None)}
    one, other = make_user(rights=rights), make_user(rights=rights)
    with pytest.raises(ApprovalFiled) as filed:
        actions.switch_application(to="datasrv", reason="换硬盘", by=one)
    assert pair["asked"] == []
    approve(approval=filed.value.approval, by=other)
    assert pair["asked"] == ["datasrv"]
    entry = Entry.objects.filter(action=actions.SWITCH, outcome="done").get()
    assert entry.reason == "换硬盘" and entry.approver == other and entry.subject == "datasrv"


@pytest.mark.parametrize(
    ("ready", "to", "code"),
    [
        (("appsrv", "datasrv"), "appsrv", "runs_already"),
        (("appsrv",), "datasrv", "not_ready"),
        (("appsrv", "datasrv"), "witness", "no_server"),
    ],
)
def test_what_cannot_be_is_refused(pair: dict[str, Any], ready: tuple[str, ...], to: str, code: str) -> None:
    pair["state"] = _state(*ready)
    with pytest.raises(Problem) as refused:
        actions.switch_application.__wrapped__(to=to, reason="试", by=make_user())  # type: ignore[attr-defined]
    assert refused.value.code == code and pair["asked"] == []


def test_the_database_moves_after_the_second_person_agreed(pair: dict[str, Any]) -> None:
    rights = {actions.SWITCH_BASE: ("all", None)}
    one, other = make_user(rights=rights), make_user(rights=rights)
    with pytest.raises(ApprovalFiled) as filed:
        actions.switch_database(to="appsrv", reason="换内存", by=one)
    assert pair["asked"] == []
    approve(approval=filed.value.approval, by=other)
    assert pair["asked"] == ["base appsrv"]


def test_the_database_moves_to_a_copy_in_step_only(pair: dict[str, Any]) -> None:
    move = actions.switch_database.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(Problem) as refused:
        move(to="datasrv", reason="试", by=make_user())
    assert refused.value.code == "runs_already"
    behind = [VIEWS[0], {**VIEWS[1], "role": "replica"}]
    pair["state"] = _state("appsrv", "datasrv", views=behind)
    with pytest.raises(Problem) as refused:
        move(to="appsrv", reason="试", by=make_user())
    assert refused.value.code == "not_in_step" and pair["asked"] == []


def test_rehearsals_are_planned_asked_for_and_shown(client: Client, pair: dict[str, Any]) -> None:
    rights = {actions.REHEARSE: ("all", None), actions.PLAN: ("all", None)}
    one, other = make_user(rights=rights), make_user(rights=rights)
    with pytest.raises(ApprovalFiled) as filed:
        actions.rehearse_switch(reason="每季一次", by=one)
    approve(approval=filed.value.approval, by=other)
    assert Job.objects.get(kind=actions.REHEARSE_JOB).state == Job.State.WAITING
    assert actions.plan_rehearsals(every_days=90, by=one).active and queries.next_rehearsal()
    assert not actions.plan_rehearsals(every_days=0, by=one).active and queries.next_rehearsal() is None
    measured = Measured(timezone.now(), "datasrv", "appsrv", 1.724, 61, 0, "")
    actions.record_rehearsal(measured=measured, by=system_user())
    actions.record_rehearsal(measured=replace(measured, lost=2, trouble="lost"), by=system_user())
    text = _page(client)
    assert "1.72" in text and "as planned" in text and "acknowledged writes are gone" in text


def test_the_job_turns_the_tile_from_never_to_fine(pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    handler = make_user(rights={HANDLE: ("all", None)})
    record(providers.REHEARSALS, "", providers.look_at_rehearsals(timezone.now()), timezone.now())
    assert "从未做过切换演练" in waiting_for(handler).get(kind=ALARM).title_zh
    measured = [Measured(timezone.now(), "datasrv", "appsrv", 1.7, 61, 0, "")]
    monkeypatch.setattr("mainstay.continuity.standby.rehearsal.rehearse", lambda _site: measured)
    tasks.rehearse(Job(), SimpleNamespace(update=lambda *_facts: None))
    assert Rehearsal.objects.get().fine and not waiting_for(handler).filter(kind=ALARM).exists()
    assert [one.verdict for one in providers.look_at_rehearsals(timezone.now())] == ["green"]
    late = timezone.now() + timedelta(days=site().database.rehearse_days)
    assert [one.verdict for one in providers.look_at_rehearsals(late)] == ["red"]


def test_a_pair_that_is_not_whole_is_not_rehearsed_with(pair: dict[str, Any]) -> None:
    found = rehearse(site(), lambda _site: _state("appsrv", views=VIEWS[:1]))
    assert [one.trouble for one in found] == ["not-whole"]


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_measures_the_pause_and_counts_what_is_lost(
    pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hosts are the test's: each request moves the database; one acknowledged write is taken away again."""
    leader = ["datasrv"]

    def look(_site: Any) -> Status:
        rows = [
            {**VIEWS[0], "name": leader[0]},
            {**VIEWS[1], "name": "appsrv" if leader[0] == "datasrv" else "datasrv"},
        ]
        return _state("appsrv", "datasrv", views=rows)

    def ask(_site: Any, to: str) -> None:
        leader[0] = to
        if to == "datasrv":
            Beat.objects.filter(number=0).delete()

    monkeypatch.setattr("mainstay.continuity.standby.rehearsal.ask_for_database", ask)
    monkeypatch.setattr("mainstay.continuity.standby.rehearsal.QUIET_S", 0.3)
    there, back = rehearse(site(), look)
    assert (there.from_host, there.to_host, there.lost) == ("datasrv", "appsrv", 0)
    assert there.acknowledged > 0 and there.trouble in {"", "slow"}
    assert (back.to_host, back.lost, back.trouble) == ("datasrv", 1, "lost")
    assert not Beat.objects.exists()
