"""Two people approve the same request at the same moment: it runs once. Without the lock it runs twice."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow import actions
from mainstay.core.workflow.models import Approval
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import locks
from tests.core.make import make_unit, make_user
from tests.core.test_door import BIG, RUN, acts  # noqa: F401 - a fixture

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
APART_S, TOGETHER_S = 0.5, 10.0  # the lock keeps one out, who is waited for in vain; without it both come


def approve_at_once(monkeypatch: pytest.MonkeyPatch, patience_s: float) -> list[str]:
    """Let two people approve; each waits, once it has seen the request waiting, for the other to see it too."""
    unit = make_unit()
    with pytest.raises(ApprovalFiled) as caught:
        RUN["big"](unit=unit, fen=500, by=make_user(rights={BIG: ("unit", 1)}, unit=unit))
    approval, meeting, ended = caught.value.approval, threading.Barrier(2), list[str]()
    may_decide: Callable[..., bool] = actions.may_decide

    def slowly(*args: Any) -> bool:
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(patience_s)
        return may_decide(*args)

    monkeypatch.setattr(actions, "may_decide", slowly)
    people = [make_user(rights={BIG: ("unit", None)}, unit=unit) for _person in range(2)]
    threads = [threading.Thread(target=_approve, args=(approval, who, unit, ended)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ended)


def _approve(approval: Approval, who: User, _unit: Unit, ended: list[str]) -> None:
    try:
        actions.approve(approval=approval, by=who)
        ended.append("ran")
    except Problem as problem:
        ended.append(problem.code)
    finally:
        connection.close()


def test_a_request_approved_by_two_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert approve_at_once(monkeypatch, APART_S) == ["decided", "ran"]
    assert Entry.objects.filter(action=BIG, outcome="done").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time with or without locks")
def test_without_the_lock_it_would_run_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCKS_ON", False)
    assert approve_at_once(monkeypatch, TOGETHER_S) == ["ran", "ran"]
    assert Entry.objects.filter(action=BIG, outcome="done").count() == 2
