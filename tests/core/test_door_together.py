"""Acts that wait at the same moment: one transaction, each with its own answer, audit row and refusal."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from mainstay.core.access.models import Role
from mainstay.core.audit.models import Entry
from mainstay.core.door.run import Act, _facts
from mainstay.core.door.spec import ActionSpec
from mainstay.core.door.together import Gathering, Made, _Waiting, may_gather
from mainstay.kit.sqlkit.trips import Statement
from tests.core.make import make_user

pytestmark = pytest.mark.django_db
NAME = "test.door.together"
_INSERT = "INSERT INTO access_role (code, name_zh, name_en, protected) VALUES (%s, '', '', false)"


def make_roles(calls: Sequence[Mapping[str, Any]]) -> tuple[list[Made | None], list[Statement]]:
    """Make a role for each code; one without a code goes by itself, one called "lost" loses the database."""
    if any(call["code"] == "lost" for call in calls):
        raise OperationalError("the server is gone")
    codes = [call["code"] for call in calls]
    last: list[Statement] = [(_INSERT, [code]) for code in codes if code]
    return [Made(code, after={"code": code}) if code else None for code in codes], last


def waiting(*codes: str) -> list[_Waiting]:
    """Acts in a queue, each of its own user."""
    spec = ActionSpec(NAME, NAME, make_roles, None, None, None, None, "never", together=make_roles)
    acts = [Act(spec, make_user(), None, None, f"role:{code}") for code in codes]
    return [_Waiting({"code": act.subject[5:], "by": act.by}, _facts(act, "done")) for act in acts]


def settle(group: list[_Waiting]) -> list[Any]:
    Gathering(make_roles)._settle(group)
    return [one.made.result if one.made else None for one in group]


def roles() -> set[str]:
    return set(Role.objects.filter(code__in=["a", "b", "c"]).values_list("code", flat=True))


def test_each_act_of_a_group_has_its_own_audit_row() -> None:
    group = waiting("a", "", "b")
    assert settle(group) == ["a", None, "b"]
    assert roles() == {"a", "b"}
    rows = Entry.objects.filter(action=NAME).order_by("id").values_list("by_id", "subject", "after", "outcome")
    assert list(rows) == [
        (group[0].kwargs["by"].pk, "role:a", {"code": "a"}, "done"),
        (group[2].kwargs["by"].pk, "role:b", {"code": "b"}, "done"),
    ]


def test_a_group_that_fails_leaves_nothing_and_all_go_by_themselves() -> None:
    group = waiting("a", "a")
    with transaction.atomic():
        assert settle(group) == [None, None]
    assert [one.error for one in group] == [None, None]
    assert roles() == set()
    assert not Entry.objects.filter(action=NAME).exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is not lost on the way")
def test_when_the_database_is_lost_nobody_is_told_anything_but_that(monkeypatch) -> None:
    group = waiting("a", "lost")
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction lives on it
    assert settle(group) == [None, None]
    assert all(isinstance(one.error, OperationalError) for one in group)


def test_an_act_inside_a_transaction_is_part_of_it() -> None:
    with transaction.atomic():
        assert not may_gather()


def test_those_who_come_meanwhile_are_done_together_and_each_gets_its_own(monkeypatch) -> None:
    """The first is under way until four more wait; then one of them leads all four."""
    made = Gathering(lambda calls: ([Made(call["code"]) for call in calls], []))
    groups: list[list[str]] = []
    first_in, all_there = threading.Event(), threading.Event()

    def do(group: Sequence[_Waiting]) -> list[Made | None]:
        groups.append([one.kwargs["code"] for one in group])
        first_in.set()
        all_there.wait(10)
        return [Made(one.kwargs["code"]) for one in group]

    class Queue(list[_Waiting]):
        def append(self, one: _Waiting) -> None:
            super().append(one)
            if first_in.is_set() and len(self) == 4:
                all_there.set()

        def __getitem__(self, part: Any) -> Any:
            found = super().__getitem__(part)
            return Queue(found) if isinstance(part, slice) else found

    monkeypatch.setattr(made, "_do", do)
    made._waiting = Queue()
    answers: dict[str, str] = {}

    def join(code: str) -> None:
        answer = made.join({"code": code}, {})
        answers[code] = answer.result if answer else "nothing"

    threads = [threading.Thread(target=join, args=(code,)) for code in "abcde"]
    threads[0].start()
    assert first_in.wait(10)
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == {code: code for code in "abcde"}
    assert [len(group) for group in groups] == [1, 4]
