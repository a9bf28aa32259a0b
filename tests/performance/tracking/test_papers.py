"""Minutes and improvement plans come out as PDF in both languages, for those who may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from mainstay.kit.pdf import render_pdf
from mainstay.performance.tracking import actions, papers
from tests.core.make import make_unit, make_user
from tests.performance.make import E4, make_employee, make_signed, make_year, person_of

pytestmark = pytest.mark.django_db


def test_an_improvement_plan_names_the_gaps(client: Client) -> None:
    unit = make_unit()
    verbs = ("create_action", "report_actual", "view_action")
    boss = make_user(rights={f"performance.tracking.{verb}": ("all", None) for verb in verbs}, unit=unit)
    contract = make_signed(unit=unit)
    worker = contract.person.user
    target = contract.targets.all()[0]
    actions.report_actual(target=target, period=make_year(2026)["2026-01"], value_e4=1 * E4, by=boss)
    pair: dict[str, Any] = {"owner": contract.person, "checker": person_of(make_employee(unit))}
    facts: dict[str, Any] = {"title": "补课", "result": "达标", "steps": "一\n二", "due_on": date(2026, 12, 1)}
    task = actions.create_action(**facts, **pair, unit=unit, kind="improvement", by=boss)
    data = papers.improvement_data([task], worker)
    assert [gap[2] for gap in data["gaps"]] == ["1"] and data["actions"][0]["title"] == "补课"
    for language in ("zh-hans", "en"):
        with override(language):
            assert render_pdf("improvement", data)[:5] == b"%PDF-"
    address = reverse("tracking:improvement", args=[contract.person_id])
    client.force_login(worker)
    assert client.get(address)["Content-Type"] == "application/pdf"
    client.force_login(make_employee(unit))
    assert client.get(address).status_code == 404


def test_minutes_in_both_languages() -> None:
    unit = make_unit()
    verbs = ("plan_session", "hold_session", "write_report", "decide")
    chief = make_user(rights={f"performance.tracking.{verb}": ("all", None) for verb in verbs})
    host, recorder, reporter = (make_employee(unit, name) for name in ("主持", "记录", "述职"))
    make_signed(unit=unit, superior=host, employee=reporter)
    session = actions.plan_session(
        kind="challenge",
        title="质询",
        unit=unit,
        period=make_year()["2026-03"],
        held_on=date(2026, 4, 1),
        host=person_of(host),
        recorder=person_of(recorder),
        reporters=[person_of(reporter)],
        by=chief,
    )
    actions.write_report(session=session, seat=session.seats.all()[0], cause="缺人", by=chief)
    actions.hold_session(session=session, minutes="一、……", by=chief)
    data = papers.minutes_data(session, chief)
    assert data["items"][0]["cause"] == "缺人" and len(data["items"][0]["results"]) == 2
    for language in ("zh-hans", "en"):
        with override(language):
            assert render_pdf("minutes", data)[:5] == b"%PDF-"
