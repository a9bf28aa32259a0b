"""The job that scores a round: piece by piece, stopped and taken up again, computed anew after a late verification."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from mainstay.core.jobs.models import Job
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal import actions, batch
from mainstay.performance.appraisal.models import Appraisal, Round
from mainstay.performance.appraisal.queries import people_to_score
from tests.core.make import make_unit, make_user
from tests.performance.appraisal import make
from tests.performance.make import make_employee, make_signed

pytestmark = pytest.mark.django_db


class After:
    """Progress that asks to stop after so many reports."""

    def __init__(self, reports: int) -> None:
        self.left = reports
        self.told: list[tuple[int, int]] = []

    def update(self, done: int, total: int, note: str = "") -> None:
        self.left -= 1
        self.told.append((done, total))

    def stopping(self) -> bool:
        return self.left <= 0


def a_round(values: list[int]) -> tuple[Round, Any]:
    """A round in which everybody has a contract of one target, and an officer."""
    unit = make_unit()
    one, boss = make.make_round(unit), make_employee(unit, "上级")
    for value in values:
        contract = make_signed(unit=unit, superior=boss, employee=make_employee(unit), weights=(10_000,))
        if value:
            make.make_result(contract, value)
    names = ("begin_calibration", "score_again", "change_grade", "finish_calibration")
    rights: Any = {f"performance.appraisal.{name}": ("subtree", None) for name in names}
    return one, make.train(make_user(rights=rights, unit=unit), one)


def scores(one: Round) -> list[int | None]:
    return list(one.appraisals.order_by("person").values_list("result_e2", flat=True))


def test_a_stopped_job_goes_on_behind_the_last_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    one, hr = a_round([70, 80, 90, 100, 110])
    actions.begin_calibration(round=one, by=hr)
    first = After(1)
    assert not batch.work_scoring(one, first) and first.told == [(2, 8)]
    assert scores(one) == [7_000, 8_000]
    with pytest.raises(Problem):
        actions.complete_scoring(round=one, by=hr)
    written: list[list[int]] = []
    whole = batch.score_people
    monkeypatch.setattr(batch, "score_people", lambda one, people: (written.append(list(people)), whole(one, people)))
    make.do_jobs()
    one.refresh_from_db()
    people = people_to_score(one)
    assert written == [people[2:4], people[4:]], "what was done before the stop is not done again"
    assert (one.state, scores(one)) == ("calibrating", [7_000, 8_000, 9_000, 10_000, 11_000])
    assert list(one.appraisals.order_by("person").values_list("grade", flat=True)) == ["D", "C", "B", "A", "A"]
    again = Job.objects.get(subject=f"appraisal.round:{one.pk}")
    assert again.state == Job.State.DONE
    Job.objects.filter(pk=again.pk).update(state=Job.State.WAITING)
    make.do_jobs()
    assert len(written) == 2, "a job for a round that is scored does nothing"


def test_what_is_verified_late_is_scored_again_and_changed_grades_stay() -> None:
    one, hr = a_round([90, 0])
    make.calibrating(one, hr)
    done, late = one.appraisals.order_by("person")
    assert (late.result_e2, late.grade) == (None, "")
    actions.change_grade(appraisal=done, grade="A", reason="带队抢修", by=hr)
    with override("en"), pytest.raises(Problem, match="compute the scores again"):
        actions.finish_calibration(round=one, by=hr)
    make.make_result(late.contract, 80)
    actions.score_again(round=one, by=hr)
    with override("en"), pytest.raises(Problem, match="wait"):
        actions.score_again(round=one, by=hr)
    make.do_jobs()
    found = one.appraisals.order_by("person").values_list("result_e2", "grade_rule", "grade")
    assert list(found) == [(9_000, "B", "A"), (8_000, "C", "C")]
    one.refresh_from_db()
    actions.finish_calibration(round=one, by=hr)
    assert set(one.appraisals.values_list("state", flat=True)) == {Appraisal.State.CALIBRATED}


def test_a_failed_job_can_be_taken_up_again() -> None:
    one, hr = a_round([90])
    actions.begin_calibration(round=one, by=hr)
    Job.objects.update(state=Job.State.FAILED)
    actions.score_again(round=one, by=hr)
    make.do_jobs()
    one.refresh_from_db()
    assert (one.state, scores(one)) == ("calibrating", [9_000])
