"""The board over the API, and what watchers of hosts report."""

from __future__ import annotations

import pytest

from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.queries import BOARD, REPORT
from mainstay.continuity.site.rules.verdict import RED
from tests.api.make import make_caller

pytestmark = pytest.mark.django_db
PASS = {
    "probe": "network.isolation",
    "place": "appsrv",
    "took_ms": 12,
    "seen": [{"subject": "route", "verdict": RED, "en": "there is a way out", "zh": "存在出口"}],
}


def test_a_watcher_reports_and_the_board_tells() -> None:
    watcher = make_caller(REPORT)
    assert watcher.post("/site/observations", PASS).json() == {"changed": 1}
    assert watcher.post("/site/observations", PASS).json() == {"changed": 0}, "the same again goes on"
    row = Observation.objects.get(place="appsrv")
    assert (row.verdict, row.times, row.subject) == (RED, 2, "route")
    assert watcher.get("/site/board").status_code == 403
    (tile,) = [one for one in make_caller(BOARD).get("/site/board").json() if one["measure"] == "D1"]
    assert tile["verdict"] == RED and any("appsrv route" in one for one in tile["wrong"])


def test_only_probes_of_hosts_are_reported_and_only_with_the_right() -> None:
    caller = make_caller(REPORT)
    wrong = caller.post("/site/observations", {**PASS, "probe": "site.watchers"})
    assert wrong.status_code == 404 and wrong.json()["error"]["field"] == "probe"
    assert caller.post("/site/observations", {**PASS, "seen": [{"subject": "", "verdict": "green"}]}).status_code == 422
    assert make_caller("core.nothing").post("/site/observations", PASS).status_code == 403
    assert not Observation.objects.exists()
