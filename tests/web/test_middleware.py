"""What every response carries, and how errors read to people, fragments and programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay import __version__
from tests.web.conftest import client_with


def test_healthz_asks_no_database() -> None:
    response = Client().get("/healthz", headers={"host": "somewhere.else"})
    assert response.json() == {"status": "ok", "version": __version__}


def test_readyz_names_reasons(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/readyz").json()["status"] == "ready"

    def broken(*_args: Any) -> None:
        raise OSError("no route")

    monkeypatch.setattr("mainstay.web.middleware.MigrationRecorder", broken)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["database: OSError"]


def test_readyz_misses_a_migration(db: None) -> None:
    MigrationRecorder(connection).record_unapplied("access", _last("access"))
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["migrations: not all applied; run ./mainstay manage migrate"]


def _last(app: str) -> str:
    ((_app, name),) = MigrationLoader(None).graph.leaf_nodes(app)
    return name


def test_metrics_are_for_this_machine_and_listed_ones(db: None, settings: Any) -> None:
    assert b"python_info" in Client().get("/metrics").content
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 403
    settings.METRICS_ALLOWED = ["10.1.2.3"]
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200


@pytest.mark.parametrize("address", ["/test/list/", "/nowhere/", "/test/raise/problem/", "/test/form/"])
def test_every_page_carries_the_content_policy(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy


def test_request_id_is_kept_when_well_formed_and_replaced_otherwise(db: None) -> None:
    assert Client().get("/nowhere/", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    made = Client().get("/nowhere/", headers={"x-request-id": "<script>"})["X-Request-ID"]
    assert made.isalnum()
    assert len(made) == 32


def test_personal_pages_stay_out_of_caches(client: Client) -> None:
    assert client.get("/test/list/")["Cache-Control"] == "no-store"


def test_a_lost_session_moves_the_whole_window(db: None) -> None:
    response = Client().get("/test/list/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert "next=/test/list/" in response["HX-Redirect"]


def test_a_problem_reads_well_for_people_fragments_and_programs(client: Client) -> None:
    page = client.get("/test/raise/problem/")
    assert page.status_code == 422
    assert "The index is too low." in page.content.decode()
    assert "Nothing was booked." in page.content.decode()
    part = client.get("/test/raise/problem/", headers={"HX-Request": "true"})
    assert part["HX-Retarget"] == "#notices"
    assert "<html" not in part.content.decode()
    program = client.get("/test/raise/problem/", headers={"accept": "application/json"})
    assert program.json()["error"] == {
        "code": "index_low",
        "message": "The index is too low.",
        "field": None,
        "money_moved": False,
    }


def test_refusals_and_faults_read_well_too(client: Client) -> None:
    assert client.get("/test/raise/refused/").status_code == 403
    assert client.get("/test/raise/refused/", headers={"accept": "application/json"}).json()["error"]["right"]
    assert "Not yours." in client.get("/test/raise/forbidden/").content.decode()
    client.raise_request_exception = False
    response = client.get("/test/raise/fault/")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()
    assert "boom" not in response.content.decode()
    program = client.get("/test/raise/fault/", headers={"accept": "application/json"})
    assert program.json()["error"]["code"] == "fault"


def test_a_fault_page_asks_nothing_of_the_database(client: Client) -> None:
    client.raise_request_exception = False
    with CaptureQueriesContext(connection) as plain:
        client.get("/test/raise/fault/")
    assert all("organisation" not in query["sql"] for query in plain.captured_queries)


def test_a_form_from_an_old_page_is_told_kindly(db: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(client_with("test.add").get("/test/form/").wsgi_request.user)
    response = client.post("/test/form/", {"code": "A1"})
    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()
