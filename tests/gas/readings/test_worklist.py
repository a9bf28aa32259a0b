"""Many questioned readings decided at once: each an act of its own, and only those somebody may decide."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from mainstay.core.audit.models import Entry
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.worker import work
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Doubt
from mainstay.gas.readings.views import worklist
from mainstay.gas.readings.views.readings import PARTS
from tests.gas import make
from tests.gas.billing.make import bill_period, make_tariff

pytestmark = pytest.mark.django_db
RIGHTS = ("view_readings", "accept_reading", "correct_reading", "set_aside_reading", "decide_readings")
WORKLIST = "/readings/questioned/"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2026-11-26 12:00+08:00", tick=False):
        yield


def questioned(unit: object, count: int = 3, volume_l: int = 900_000) -> list[Reading]:
    book, plan = make.make_book(unit), make_tariff(f"t{unit.pk}")
    rows = []
    for _each in range(count):
        one = make.make_account(book=book, plan=plan, opened_on=date(2026, 9, 1))
        make.make_reading(one, 202609, volume_l=20_000)
        rows.append(make.make_reading(one, 202610, volume_l=volume_l, state=Reading.State.QUESTIONED, doubts=8))
    return rows


def browser_of(unit: object) -> Client:
    client = Client()
    client.force_login(make.make_user(*(f"gas.readings.{right}" for right in RIGHTS), unit=unit, scope="subtree"))
    client.cookies["django_language"] = "en"
    return client


def press(client: Client, batch: str, query: str = "", **sent: object) -> str:
    """Press a button of the batch bar; returns the address of the page behind it."""
    answer = client.post(WORKLIST + query, {"batch": batch, **sent})
    assert answer.status_code == 302
    return answer["Location"]


def states() -> list[int]:
    return list(Reading.objects.filter(period=202610).order_by("account_id").values_list("state", flat=True))


def test_chosen_rows_are_accepted_one_by_one_on_record() -> None:
    unit = make.make_unit()
    rows, client = questioned(unit), browser_of(unit)
    ids = [str(row.pk) for row in rows[:2]]  # as the boxes have them
    assert all(one in client.get(WORKLIST).content.decode() for one in ids)
    address = press(client, "accept", ids=ids)
    assert address.startswith(reverse("readings:worklist_accept"))
    assert "2 readings are decided" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "户主确认"})
    assert "2 readings are decided." in answer.content.decode()
    assert states() == [3, 3, 2]
    entries = Entry.objects.filter(action="gas.readings.accept_reading", outcome="done")
    assert [entry.subject for entry in entries.order_by("id")] == [
        f"customers.account:{r.account_id}" for r in rows[:2]
    ]
    assert {entry.reason for entry in entries} == {"户主确认"}
    assert "decided already" in client.get(address).content.decode()


def test_readings_below_the_last_index_are_not_accepted_with_the_others() -> None:
    unit = make.make_unit()
    rows, client = questioned(unit), browser_of(unit)
    Reading.objects.filter(pk=rows[0].pk).update(doubts=Doubt.LOWER, volume_l=-5_000)
    address = press(client, "accept", ids=[str(row.pk) for row in rows])
    page = client.get(address).content.decode()
    assert "2 readings are decided" in page
    assert "1 reading is below the last index and stays on the worklist" in page
    assert client.post(address, {"reason": "户主确认"}).status_code == 200
    assert states() == [2, 3, 3]
    refused = client.get(address)
    assert "All these readings are below the last index" in refused.content.decode()
    alone = reverse("readings:reading_accept", args=[getattr(rows[0], part) for part in PARTS])
    assert client.post(alone, {"reason": "表已倒转"}).status_code == 302
    assert states() == [3, 3, 3]


def test_all_in_the_filter_means_those_that_were_seen_and_are_within_reach() -> None:
    unit, other = make.make_unit(), make.make_unit("另一所")
    rows, foreign, client = questioned(unit), questioned(other, 1), browser_of(unit)
    query = f"?book={rows[0].book.code}"
    address = press(client, "again", query, all="1")
    with time_machine.travel("2026-11-26 12:05+08:00", tick=False):
        late = make.make_account(book=rows[0].book, opened_on=date(2026, 9, 1))
        Reading.objects.filter(pk=make.make_reading(late, 202610, state=2, doubts=8).pk)
        answer = client.post(address, {"reason": "照片不清"})
    assert answer.status_code == 200
    mine = Reading.objects.filter(pk__in=[row.pk for row in rows])
    assert set(mine.values_list("state", flat=True)) == {Reading.State.SET_ASIDE}
    assert Reading.objects.get(account=late, period=202610).state == Reading.State.QUESTIONED
    assert Reading.objects.get(pk=foreign[0].pk).state == Reading.State.QUESTIONED
    ids = ["-".join(map(str, foreign[0].pk))]
    hidden = client.post(reverse("readings:worklist_accept") + f"?ids={ids[0]}", {"reason": "不该"})
    assert hidden.status_code == 422
    assert Reading.objects.get(pk=foreign[0].pk).state == Reading.State.QUESTIONED


def test_several_are_corrected_on_one_page_and_empty_lines_stay() -> None:
    unit = make.make_unit()
    rows, client = questioned(unit), browser_of(unit)
    address = press(client, "correct", ids=[str(row.pk) for row in rows])
    names = [f"index_{'_'.join(map(str, row.pk))}" for row in rows]
    assert client.post(address, {"reason": "看错"}).status_code == 422
    wrong = client.post(address, {"reason": "看错", names[0]: "abc", names[1]: "45"})
    assert wrong.status_code == 422
    assert 'value="45"' in wrong.content.decode()
    answer = client.post(address, {"reason": "看错", names[0]: "40", names[1]: "5"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "1 reading is decided." in page or "2 readings are decided." in page
    corrected = Reading.objects.get(account=rows[0].account_id, period=202610, state=Reading.State.ACCEPTED)
    assert corrected.index_l == 40_000
    assert Reading.objects.get(pk=rows[2].pk).state == Reading.State.QUESTIONED


def test_what_is_billed_by_now_comes_back_with_why() -> None:
    unit = make.make_unit()
    rows, client = questioned(unit, 2), browser_of(unit)
    address = press(client, "accept", ids=[str(row.pk) for row in rows])
    account = rows[0].account
    first = Reading.objects.get(account=account, period=202609)
    Reading.objects.filter(pk=rows[0].pk).update(state=Reading.State.ACCEPTED)
    bill_period(account, 202610)
    Reading.objects.filter(pk=rows[0].pk).update(state=Reading.State.QUESTIONED)
    page = client.post(address, {"reason": "户主确认"}).content.decode()
    assert "1 reading is decided." in page
    assert account.account_no in page
    assert "already billed" in page
    assert first.state == Reading.State.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_more_than_a_page_is_decided_by_a_job_that_can_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "AT_ONCE", 2)
    unit = make.make_unit()
    questioned(unit)
    client = browser_of(unit)
    address = press(client, "accept", all="1")
    answer = client.post(address, {"reason": "户主确认"})
    assert answer.status_code == 302
    job = Job.objects.get(kind="gas.readings.decide")
    assert answer["Location"] == reverse("jobs:job_detail", args=[job.pk])
    assert work(stop=threading.Event(), once=True) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    assert states() == [3, 3, 3]
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
    work(stop=threading.Event(), once=True)
    assert Entry.objects.filter(action="gas.readings.accept_reading", outcome="done").count() == 3
