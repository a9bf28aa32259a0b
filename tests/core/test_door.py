"""The door: right, reach, limits, second person, refusals on record, acts inside acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import (
    ApprovalFiled,
    Refused,
    action,
    arguments,
    note_change,
    refusals,
    refuse,
    rights,
    spec,
    write_last,
)
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow.models import Approval
from mainstay.kit.errors import Problem
from tests.core.make import grant, hold, make_person, make_post, make_role, make_unit, make_user

pytestmark = pytest.mark.django_db
ACT, BIG, TWO, OUTER, FUSSY, OPEN, LAST = (
    f"test.door.{name}" for name in ("act", "big", "two", "outer", "fussy", "open", "last")
)


@pytest.fixture(scope="module", autouse=True)
def acts() -> Iterator[None]:
    """Register acts for these tests only."""
    before = dict(spec._catalogue)

    @action(ACT, title="act", unit=lambda unit, **_: unit.pk, owner=lambda owner=None, **_: owner and owner.pk)
    def act(*, unit: Unit, owner: User | None = None, by: User) -> Unit:
        note_change(before={"n": 1}, after={"n": 2})
        return unit

    @action(BIG, title="big", unit=lambda unit, **_: unit.pk, amount=lambda fen, **_: fen, four_eyes="above_limit")
    def big(*, unit: Unit, fen: int, reason: str = "", by: User) -> Unit:
        unit.name_en = f"paid {fen}"
        unit.save()
        return unit

    @action(TWO, title="two", four_eyes="always")
    def two(*, by: User) -> int:
        return 2

    @action(OUTER, title="outer")
    def outer(*, unit: Unit, by: User) -> Unit:
        return act(unit=unit, by=by)

    @action(FUSSY, title="fussy", unit=lambda unit, **_: unit.pk)
    def fussy(*, unit: Unit, by: User) -> None:
        unit.name_en = "half done"
        unit.save()
        refuse("not today")

    @action(OPEN, title="open", everyone=True)
    def open_act(*, by: User) -> int:
        return 1

    @action(LAST, title="last", everyone=True)
    def last_act(*, codes: list[str], by: User) -> None:
        write_last([("UPDATE organisation_unit SET name_en = code WHERE code = %s", [code]) for code in codes])
        write_last(
            [("INSERT INTO access_role (code, name_zh, name_en, protected) VALUES (%s, '', '', false)", [codes[-1]])]
        )
        assert not Unit.objects.filter(code__in=codes, name_en__in=codes).exists()

    RUN.update(act=act, big=big, two=two, outer=outer, fussy=fussy, open=open_act, last=last_act)
    yield
    spec._catalogue.clear()
    spec._catalogue.update(before)


RUN: dict[str, Any] = {}


def last(outcome: str = "done") -> Entry:
    return Entry.objects.filter(outcome=outcome).order_by("-id")[0]


@pytest.mark.parametrize(
    ("scope", "own_unit", "below", "elsewhere"),
    [
        ("unit", True, False, False),
        ("subtree", True, True, False),
        ("all", True, True, True),
        ("own", False, False, False),
    ],
)
def test_how_far_a_right_reaches(scope: str, own_unit: bool, below: bool, elsewhere: bool) -> None:
    unit = make_unit()
    units = {"own_unit": unit, "below": make_unit(parent=unit), "elsewhere": make_unit()}
    wanted = {"own_unit": own_unit, "below": below, "elsewhere": elsewhere}
    user = make_user(rights={ACT: (scope, None)}, unit=unit)
    for name, one in units.items():
        if wanted[name]:
            assert RUN["act"](unit=one, by=user) == one
        else:
            with pytest.raises(Refused):
                RUN["act"](unit=one, by=user)


def test_own_reaches_ones_own_case() -> None:
    unit = make_unit()
    user, other = make_user(rights={ACT: ("own", None)}, unit=unit), make_user()
    assert RUN["act"](unit=unit, owner=user, by=user) == unit
    with pytest.raises(Refused):
        RUN["act"](unit=unit, owner=other, by=user)


def test_a_subtree_is_not_fooled_by_numbers_that_begin_alike() -> None:
    unit = make_unit()
    stranger = make_unit()
    Unit.objects.filter(pk=stranger.pk).update(path=unit.path[:-1] + "0.")
    user = make_user(rights={ACT: ("subtree", None)}, unit=unit)
    with pytest.raises(Refused):
        RUN["act"](unit=stranger, by=user)


def test_the_record_of_a_done_act() -> None:
    unit = make_unit()
    user = make_user(rights={ACT: ("unit", None)}, unit=unit)
    RUN["act"](unit=unit, by=user)
    entry = last()
    assert (entry.action, entry.by_id, entry.unit_id) == (ACT, user.pk, unit.pk)
    assert (entry.before, entry.after, entry.subject) == ({"n": 1}, {"n": 2}, f"organisation.unit:{unit.pk}")


def test_a_refused_attempt_is_on_record() -> None:
    unit, user = make_unit(), make_user()
    with pytest.raises(Refused) as caught:
        RUN["act"](unit=unit, by=user)
    entry = last("refused")
    assert (entry.action, entry.by_id, entry.unit_id, entry.reason) == (ACT, user.pk, unit.pk, str(caught.value))


def test_a_refusal_stays_when_everything_around_it_is_undone() -> None:
    unit, user = make_unit(), make_user()
    with pytest.raises(Refused), transaction.atomic():
        make_unit("undone")
        RUN["act"](unit=unit, by=user)
    assert not Unit.objects.filter(name_zh="undone").exists()
    refusals.flush()
    refusals.flush()
    assert Entry.objects.filter(outcome="refused", action=ACT).count() == 1


def test_a_refusal_that_is_kept_is_not_written_twice() -> None:
    unit, user = make_unit(), make_user()
    with transaction.atomic(), pytest.raises(Refused):
        RUN["act"](unit=unit, by=user)
    refusals.flush()
    assert Entry.objects.filter(outcome="refused", action=ACT).count() == 1


def test_an_act_that_refuses_itself_leaves_only_the_record() -> None:
    unit = make_unit()
    user = make_user(rights={FUSSY: ("unit", None)}, unit=unit)
    with pytest.raises(Refused, match="not today"):
        RUN["fussy"](unit=unit, by=user)
    unit.refresh_from_db()
    assert unit.name_en != "half done"
    assert last("refused").reason == "not today"


def test_limits_are_inclusive_and_the_highest_counts() -> None:
    unit = make_unit()
    user = make_user(rights={BIG: ("unit", 10_000)}, unit=unit)
    assert RUN["big"](unit=unit, fen=10_000, by=user).name_en == "paid 10000"
    with pytest.raises(ApprovalFiled):
        RUN["big"](unit=unit, fen=-10_001, by=user)
    grant(make_role({BIG: ("unit", 20_000)}), unit, user=user)
    rights.forget(user)
    assert RUN["big"](unit=unit, fen=-20_000, by=user) == unit


def test_a_filed_act_changes_nothing_and_is_on_record() -> None:
    unit = make_unit()
    user = make_user(rights={BIG: ("unit", 1)}, unit=unit)
    with pytest.raises(ApprovalFiled) as caught:
        RUN["big"](unit=unit, fen=2, reason="because", by=user)
    unit.refresh_from_db()
    assert not unit.name_en.startswith("paid")
    approval = Approval.objects.get()
    assert caught.value.approval == approval
    assert (approval.amount_fen, approval.unit_id, approval.note) == (2, unit.pk, "because")
    assert last("filed").action == BIG


def test_always_two() -> None:
    user = make_user(rights={TWO: ("all", None)})
    with pytest.raises(ApprovalFiled):
        RUN["two"](by=user)


def test_an_act_inside_an_act_needs_no_right_of_its_own() -> None:
    unit = make_unit()
    user = make_user(rights={OUTER: ("all", None)})
    assert RUN["outer"](unit=unit, by=user) == unit
    assert list(Entry.objects.order_by("id").values_list("action", flat=True))[-2:] == [ACT, OUTER]


def test_everybody_may_do_an_open_act_unless_locked() -> None:
    assert RUN["open"](by=make_user()) == 1
    with pytest.raises(Refused):
        RUN["open"](by=make_user(is_active=False))


def test_a_failing_act_leaves_no_done_row() -> None:
    unit = make_unit()
    user = make_user(rights={ACT: ("unit", None)}, unit=unit)
    before = Entry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        RUN["act"](unit=unit, by=user)
        Unit.objects.create(code=unit.code, name_zh="zweimal", path="")
    assert Entry.objects.count() == before


def test_rights_come_with_the_post_and_go_with_it() -> None:
    unit = make_unit()
    post, person = make_post(unit), make_person()
    grant(make_role({ACT: ("unit", None)}), unit, post=post)
    holding = hold(person, post)
    user = make_user(person=person)
    assert rights.allowed(user, ACT)
    holding.until_on = holding.from_on
    holding.save()
    rights.forget(user)
    assert not rights.allowed(user, ACT)


def test_the_system_has_every_right_and_cannot_be_a_stranger() -> None:
    from mainstay.core.access.batch import system_user

    assert RUN["act"](unit=make_unit(), by=system_user())


def test_arguments_survive_json() -> None:
    from datetime import date

    unit = make_unit()
    given = {"unit": unit, "on": date(2026, 1, 2), "names": ["a", unit], "facts": {"n": 1}, "none": None}
    assert arguments.from_json(arguments.to_json(given)) == given
    with pytest.raises(TypeError):
        arguments.to_json({"x": object()})
    stored = arguments.to_json({"unit": unit})
    unit.delete()
    with pytest.raises(Problem):
        arguments.from_json(stored)


def test_only_keyword_arguments() -> None:
    with pytest.raises(TypeError):
        RUN["open"](make_user())


def test_last_statements_travel_with_the_audit_row_and_fail_with_it() -> None:
    user, units = make_user(), [make_unit(), make_unit()]
    codes = [unit.code for unit in units]
    RUN["last"](codes=codes, by=user)
    assert [Unit.objects.get(code=code).name_en for code in codes] == codes
    assert Entry.objects.filter(action=LAST).count() == 1
    Unit.objects.update(name_en="")
    with pytest.raises(IntegrityError), transaction.atomic():
        RUN["last"](codes=codes, by=user)
    assert not Unit.objects.exclude(name_en="").exists()
    assert Entry.objects.filter(action=LAST).count() == 1
    with pytest.raises(RuntimeError):
        write_last([])
