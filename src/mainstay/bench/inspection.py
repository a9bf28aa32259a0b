"""Inspections at size: a yearly plan of household checks, its board and lists, and phones that sync at once.

    ./mainstay bench inspection --tasks 50000 --records 1000 --phones 20 [--json]

Makes a plan in a database of its own, asks its pages as an organiser, then lets the phones send their records, each
record twice and in any order, and counts what arrived. Two limits of the same run stand beside the figures: for pages
the plain count of the plan's tasks, for syncing the plain insertion of the same records' rows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.bench.figures import milliseconds, timed
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.core.organisation.models import Unit
    from mainstay.inspection.campaigns.models import Assignment, Campaign

FIRST_DAY = date(2020, 1, 1)
GOAL_MS = 200.0
ROUNDS = 25
STAIR, BLOCK = 12, 48


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    found = argparse.ArgumentParser(prog="mainstay bench inspection", description=_("Measure inspections"))
    found.add_argument("--tasks", type=whole(), default=50_000, help=_("tasks of the yearly plan (default 50000)"))
    found.add_argument("--records", type=whole(), default=1_000, help=_("records to sync (default 1000)"))
    found.add_argument("--phones", type=whole(), default=20, help=_("phones that send at once (default 20)"))
    found.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return found


def main(argv: Sequence[str]) -> int:
    """Run the measurement; returns 0, or 1 when a record was lost or doubled or a page is too slow."""
    options = parser().parse_args(list(argv))
    from mainstay.bench.payments import make_tables, own_database

    with own_database("inspection") as name, tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        os.environ["MAINSTAY_DATA"] = folder  # the site's own files have nothing to do with it
        Path(folder, "static").mkdir()
        from mainstay.commands.ready import django_ready

        django_ready()
        make_tables()
        found = {"database": name, **measure(options.tasks, options.records, options.phones)}
    say(_as_text(found))
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    slow = [one["page"] for one in found["pages"] if one["p95_ms"] > GOAL_MS]
    wrong = found["sync"]["lost"] + found["sync"]["doubled"]
    return int(bool(slow or wrong))


def measure(tasks: int, records: int, phones: int) -> dict[str, Any]:
    """Plan so many tasks, ask the pages, let the phones send; the tables are there."""
    found: dict[str, Any] = {"tasks": tasks, "records": records, "phones": phones}
    campaign, found["plan_seconds"] = _plan(tasks)
    found["pages"] = _pages(campaign)
    found["sync"] = _sync(campaign, records, phones)
    return found


def _plan(tasks: int) -> tuple[Campaign, float]:
    from mainstay.core.access.batch import install_standard_roles, system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.inspection.campaigns.actions import activate_campaign, create_campaign, plan_targets
    from mainstay.inspection.campaigns.models import GroupMember, InspectionGroup, Target
    from mainstay.inspection.checklists.actions import install_library
    from mainstay.inspection.checklists.models import ChecklistVersion
    from mainstay.inspection.roles import install_inspection_roles
    from mainstay.kit.dates import local_today

    by, today, mark = system_user(), local_today(), uuid.uuid4().hex[:6]
    install_standard_roles()
    install_inspection_roles(by=by)
    install_library(by=by)
    unit = Unit.objects.create(code=f"B{mark}", name_zh=f"测算 {mark}", path="")
    unit.path = f"{unit.pk}."
    unit.save(update_fields=["path"])
    Target.objects.bulk_create(
        (
            Target(
                kind="household",
                code=f"{mark}-{number:06d}",
                name=f"住户 {number}",
                unit=unit,
                klass="business" if number % 25 == 0 else "resident",
                block=f"{number // BLOCK:05d}栋",
                stair=f"{number % BLOCK // STAIR + 1}单元",
                room=f"{number % STAIR:02d}",
            )
            for number in range(tasks)
        ),
        batch_size=2_000,
    )
    versions = list(ChecklistVersion.objects.filter(checklist__code="household-gas", state="published"))
    campaign = create_campaign(
        unit=unit,
        code=f"B{mark}",
        name_zh=f"测算 {mark}",
        kind="household",
        from_on=today - timedelta(days=180),
        until_on=today + timedelta(days=180),
        versions=versions,
        min_inspectors=1,
        by=by,
    )
    for number in range(20):
        group = InspectionGroup.objects.create(campaign=campaign, code=f"{number:02d}", name=f"{number} 组")
        GroupMember.objects.create(group=group, person=_inspector(mark, number, unit).person, unit=unit, leads=True)
    began = time.perf_counter()
    plan_targets(campaign=campaign, by=by)
    seconds = time.perf_counter() - began
    activate_campaign(campaign=campaign, by=by)
    _refresh()
    return campaign, round(seconds, 2)


def _refresh() -> None:
    from mainstay.kit.sqlkit import refresh_statistics

    refresh_statistics("campaigns_assignment", "campaigns_target")


def _inspector(mark: str, number: int, unit: Unit) -> Any:
    """A member of a group with the standard roles of an organiser and a leader."""
    from django.utils import timezone

    from mainstay.core.access.models import Grant, Role, User
    from mainstay.core.organisation.models import Person

    person = Person.objects.create(staff_no=f"{mark}{number:02d}", name=f"检查员{number}")
    user = User(username=f"{mark}{number:02d}", person=person, password_changed_at=timezone.now())
    user.set_unusable_password()
    user.save()
    for code in ("inspection_organiser", "inspection_leader"):
        Grant.objects.create(role=Role.objects.get(code=code), user=user, unit=unit, from_on=FIRST_DAY)
    return user


def _client(user: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client = Client()
    client.force_login(user, backend="mainstay.core.access.backends.PasswordBackend")
    return client


def _pages(campaign: Campaign) -> list[dict[str, Any]]:
    from django.urls import reverse

    from mainstay.core.access.models import User

    member = campaign.groups.order_by("code").first().members.get()  # type: ignore[union-attr]
    client = _client(User.objects.get(person=member.person))
    listed = reverse("campaigns:assignment_list", args=[campaign.pk])
    pages = {
        _("coverage of the plan"): campaign.get_absolute_url(),
        _("list of tasks"): listed,
        _("list of a stair"): f"{listed}?block=00100栋&stair=2单元",
        _("tasks of a class"): f"{listed}?klass=business",
        _("board by stair"): reverse("campaigns:board", args=[campaign.pk]),
        _("packet of a phone"): reverse("campaigns:phone_packet") + "?device=bench&block=00010栋",
    }
    limit = _timed(campaign.assignments.count)
    found = []
    for title, address in pages.items():
        seconds = _timed(partial(_asked, client, address))
        p95, plain = milliseconds(seconds, 95), milliseconds(limit, 50)
        found.append(
            {
                "page": title,
                "p50_ms": milliseconds(seconds, 50),
                "p95_ms": p95,
                "limit_ms": plain,
                "ratio": round(p95 / max(plain, 0.1), 1),
            }
        )
    return found


def _asked(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:  # noqa: PLR2004  # a page that failed is no measurement
        raise RuntimeError(f"{address}: {answer.status_code}")


def _timed(work: Callable[[], Any]) -> list[float]:
    work()
    return timed(lambda _number: work(), ROUNDS, GOAL_MS)


def _sync(campaign: Campaign, records: int, phones: int) -> dict[str, Any]:
    from mainstay.inspection.campaigns.models import Answer, Inspection

    work = _bodies(campaign, records, phones)
    faults: list[str] = []
    threads = [threading.Thread(target=_phone, args=(_client(user), bodies, faults)) for user, bodies in work]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    sent = {body["id"] for _user, bodies in work for body in bodies}
    arrived = [
        str(key) for key in Inspection.objects.filter(assignment__campaign=campaign).values_list("client_id", flat=True)
    ]
    answers = Answer.objects.filter(inspection__assignment__campaign=campaign).count()
    per_record = answers // max(1, len(arrived))
    plain = _plain(campaign, per_record, len(arrived))
    return {
        "seconds": round(seconds, 1),
        "sendings_a_second": round(2 * len(sent) / seconds, 1),
        "sent": len(sent),
        "arrived": len(set(arrived)),
        "lost": len(sent - set(arrived)),
        "doubled": len(arrived) - len(set(arrived)),
        "faults": faults[:5],
        "limit_seconds": round(plain, 1),
        "ratio": round(seconds / plain, 1),
    }


def _bodies(campaign: Campaign, records: int, phones: int) -> list[tuple[Any, list[dict[str, Any]]]]:
    from mainstay.core.access.models import User

    share, found = max(1, records // phones), []
    for group in campaign.groups.order_by("code")[:phones]:
        user = User.objects.get(person=group.members.get().person)
        rows = list(group.assignments.order_by("due_on", "pk")[:share])
        found.append((user, [_body(one, campaign) for one in rows]))
    return found


def _body(assignment: Assignment, campaign: Campaign) -> dict[str, Any]:
    from django.utils import timezone

    from mainstay.inspection.checklists.queries import definition_of

    arrived, key = timezone.now() - timedelta(hours=1), str(uuid.uuid4())
    definition = definition_of(campaign.versions.select_related("checklist").get())
    answers = {item.code: {"result": "na"} for item in definition.items()}
    return {
        "id": key,
        "record": key,
        "assignment": assignment.pk,
        "base": 0,
        "outcome": "done",
        "answers": answers,
        "arrived_at": arrived.isoformat(),
        "left_at": (arrived + timedelta(minutes=10)).isoformat(),
        "device": "bench",
        "signatures": [{"role": "inspector", "name": "检查员"}, {"role": "companion", "name": "用户"}],
    }


def _phone(client: Any, bodies: list[dict[str, Any]], faults: list[str]) -> None:
    """Send every record twice, mixed, as a phone does whose first answers were lost."""
    from django.db import connection
    from django.urls import reverse

    address = reverse("campaigns:phone_records")
    twice = [*bodies, *bodies]
    random.Random(len(bodies)).shuffle(twice)  # noqa: S311 - an order, no secret
    for body in twice:
        answer = client.post(address, json.dumps(body), "application/json")
        if answer.status_code not in (200, 201):
            faults.append(f"{answer.status_code} {answer.content[:200]!r}")
    connection.close()


def _plain(campaign: Campaign, answers: int, records: int) -> float:
    """Seconds for writing the same rows again, a savepoint for each record, undone at the end."""
    from django.db import transaction

    from mainstay.inspection.campaigns.models import Answer, Inspection

    source = Inspection.objects.filter(assignment__campaign=campaign).order_by("pk").first()
    if source is None:
        return 1.0
    lines = list(Answer.objects.filter(inspection=source)[:answers])
    began = time.perf_counter()
    with transaction.atomic():
        for number in range(records):
            with transaction.atomic():
                source.pk, source.client_id, source.revision = None, uuid.uuid4(), 1_000_000 + number
                source.record, source.current = source.client_id, False
                source._state.adding = True
                source.save(force_insert=True)
                Answer.objects.bulk_create(
                    Answer(inspection=source, item_id=one.item_id, result=one.result) for one in lines
                )
        transaction.set_rollback(True)
    return time.perf_counter() - began


def _as_text(found: dict[str, Any]) -> str:
    lines = [_("{tasks:,} tasks planned in {seconds} s").format(tasks=found["tasks"], seconds=found["plan_seconds"])]
    for one in found["pages"]:
        line = _("{page}: p50 {p50} ms, p95 {p95} ms ({ratio} × the plain count)")
        lines.append(line.format(page=one["page"], p50=one["p50_ms"], p95=one["p95_ms"], ratio=one["ratio"]))
    sync = found["sync"]
    line = _(
        "sync: {arrived} of {sent} arrived, {lost} lost, {doubled} doubled, {rate} sendings/s ({ratio} × plain rows)"
    )
    lines.append(line.format(**sync, rate=sync["sendings_a_second"]))
    return "\n".join([*lines, *sync["faults"]])
