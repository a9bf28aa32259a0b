"""The pages of incidents."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mainstay.continuity.incidents import actions
from mainstay.continuity.incidents.models import FollowUp, Incident, Step
from mainstay.continuity.incidents.queries import VIEW
from mainstay.kit.dates import local_today
from tests.core.make import make_user
from tests.pages.battery import Page, Rows, battery

_numbers = itertools.count(1)


def _incident(_unit: Any) -> dict[str, Any]:
    now, by = timezone.now(), make_user()
    facts = {"title": "停电", "kind": "force", "grade": 3, "began_at": now - timedelta(days=2), "noticed_at": now}
    one = Incident.objects.create(number=f"N{next(_numbers)}", opened_by=by, **facts)
    Step.objects.create(incident=one, at=now, text="切换市电", by=by)
    FollowUp.objects.create(incident=one, what="更换电池", who=by, due_on=local_today())
    return {"pk": one.pk}


def _follow_up(unit: Any) -> dict[str, Any]:
    return {"pk": FollowUp.objects.get(incident=_incident(unit)["pk"]).pk}


TestIncidents = battery(
    Page("incidents:incident_list", VIEW, make=Rows(_incident), by_unit=False),
    Page("incidents:incident_detail", VIEW, make=_incident, by_unit=False),
    Page("incidents:incident_create", actions.OPEN, by_unit=False),
    Page("incidents:incident_change", actions.CHANGE, make=_incident, by_unit=False),
    Page("incidents:incident_note", actions.NOTE, make=_incident, by_unit=False),
    Page("incidents:incident_end", actions.END, make=_incident, by_unit=False),
    Page("incidents:incident_close", actions.CLOSE, make=_incident, by_unit=False),
    Page("incidents:incident_reopen", actions.REOPEN, make=_incident, by_unit=False),
    Page("incidents:follow_up_plan", actions.PLAN, make=_incident, by_unit=False),
    Page("incidents:follow_up_finish", actions.FINISH, make=_follow_up, by_unit=False),
)


@pytest.mark.django_db
def test_the_report_is_for_those_who_may_see_incidents(client: Client) -> None:
    address = reverse("incidents:incident_pdf", kwargs=_incident(None))
    for rights, status in (({actions.OPEN: ("all", None)}, 403), ({VIEW: ("all", None)}, 200)):
        client.force_login(make_user(rights=rights))
        assert client.get(address).status_code == status
