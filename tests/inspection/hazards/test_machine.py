"""Whatever people do in whatever order: no illegal jump, and what is closed was accepted by somebody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.core.access.models import User
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.inspection.hazards import actions
from mainstay.inspection.hazards.models import Hazard
from mainstay.inspection.hazards.rules import ACCEPTORS
from mainstay.inspection.hazards.states import HAZARD
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.inspection.hazards.make import UNIT, checker, found_in
from tests.inspection.make import joint

ACTS = ("issue", "plan", "evidence", "report", "accept", "reject", "close", "extend", "raise")


class Machine(TestCase):
    """Three people with every right, two hazards, any order of acts."""

    people: ClassVar[list[User]]
    hazards: ClassVar[list[Hazard]]

    @classmethod
    def setUpTestData(cls) -> None:
        one = joint()
        cls.people = [checker(one, name, UNIT) for name in "甲乙丙"]
        cls.hazards = [found_in(one), found_in(one, "K2.2", place=1)]

    @settings(max_examples=30)
    @given(
        which=st.integers(0, 1),
        acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=4, max_size=14),
    )
    def test_no_illegal_jump(self, which: int, acts: list[tuple[str, int]]) -> None:
        hazard = Hazard.objects.get(pk=self.hazards[which].pk)
        for act, who in acts:
            before = hazard.state
            try:
                with transaction.atomic():
                    _do(act, hazard, self.people[who])
            except (Problem, Refused, ApprovalFiled):
                hazard.refresh_from_db()
                assert hazard.state == before
                continue
            hazard.refresh_from_db()
            assert hazard.state == before or HAZARD.may(before, hazard.state), (before, hazard.state)
            _invariants(hazard)


def _invariants(hazard: Hazard) -> None:
    assert hazard.extensions <= 1
    if hazard.state in ("accepted", "closed"):
        turn = hazard.acceptances.filter(good=False).values("round").distinct().count() + 1
        others = set(hazard.acceptances.filter(round=turn, good=True).values_list("by", flat=True))
        assert hazard.rectifier_id not in others
        assert len(others) >= ACCEPTORS[hazard.level]
    if hazard.state == "closed":
        assert hazard.closed_by_id not in (None, hazard.rectifier_id)


def _do(act: str, hazard: Hazard, by: User) -> Any:
    today = local_today()
    calls: dict[str, Any] = {
        "issue": lambda: actions.issue_notice(hazards=[hazard], deadline_on=today + timedelta(days=5), by=by),
        "plan": lambda: actions.plan_rectification(
            hazard=hazard, duty="王", measures="换", planned_on=today, funds_fen=0, plan="值守", by=by
        ),
        "evidence": lambda: actions.attach_evidence(hazard=hazard, file=BytesIO(b"\xff\xd8\xff"), name="a.jpg", by=by),
        "report": lambda: actions.report_rectification(
            hazard=hazard, measures="换", done_on=today, duty="王", funds_fen=0, plan="值守", by=by
        ),
        "accept": lambda: actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=by),
        "reject": lambda: actions.recheck_hazard(hazard=hazard, good=False, note_text="不合格", by=by),
        "close": lambda: actions.close_hazard(hazard=hazard, by=by),
        "extend": lambda: actions.extend_deadline(
            hazard=hazard, until_on=today + timedelta(days=9), reason="料", by=by
        ),
        "raise": lambda: actions.change_level(hazard=hazard, level="major", reason="严重", by=by),
    }
    return calls[act]()
