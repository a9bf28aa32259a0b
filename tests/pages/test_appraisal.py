"""The pages of appraisal and reward."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.performance.appraisal.models import Round
from mainstay.performance.appraisal.queries import VIEW, VIEW_REWARD, VIEW_SEVERITY
from tests.pages.battery import Page, Rows, battery
from tests.performance.appraisal import make
from tests.performance.make import make_employee

APP = "performance.appraisal"


def a_round(unit: Unit, state: str = "open") -> dict[str, Any]:
    found = Round.objects.filter(unit=unit).first() or make.make_round(unit)
    Round.objects.filter(pk=found.pk).update(state=state)
    return {"pk": found.pk}


def people(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_appraisal(unit).round.pk}


def appraisal(state: str = "scored") -> Any:
    return lambda unit: {"pk": make.make_appraisal(unit, state=state).pk}


def rated(unit: Unit) -> dict[str, Any]:
    one = Round.objects.filter(unit=unit).first() or make.make_round(unit)
    make.rate(one, make_employee(unit, "主管"), make_employee(unit), 3, 4, 2)
    return {"pk": one.pk}


def pool(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_pool(unit).pk}


def consequences(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_pool(unit).round.pk}


TestRounds = battery(
    Page("appraisal:round_list", VIEW, Rows(a_round)),
    Page("appraisal:round_start", f"{APP}.start_round"),
    Page("appraisal:round_detail", VIEW, people),
    Page("appraisal:raters", VIEW_SEVERITY, rated),
    Page("appraisal:assign", f"{APP}.assign_raters", a_round),
    Page("appraisal:cross", f"{APP}.add_cross_raters", a_round),
    Page("appraisal:estimate", f"{APP}.estimate_severity", a_round),
    Page("appraisal:begin", f"{APP}.begin_calibration", a_round),
    Page("appraisal:again", f"{APP}.score_again", a_round),
    Page("appraisal:finish", f"{APP}.finish_calibration", a_round),
    Page("appraisal:close", f"{APP}.close_round", a_round),
    Page("appraisal:criterion_list", f"{APP}.save_criterion", Rows(lambda unit: make.make_criteria()), by_unit=False),
    Page("appraisal:criterion_add", f"{APP}.save_criterion"),
    Page("appraisal:scheme_set", f"{APP}.set_scheme", Rows(lambda unit: make.make_scheme()), by_unit=False),
    Page("appraisal:factor_set", f"{APP}.set_post_factor"),
)
TestAppraisals = battery(
    Page("appraisal:calibration", VIEW, people),
    Page("appraisal:mine", None, by_unit=False),
    Page("appraisal:task_list", None, by_unit=False),
    Page("appraisal:appraisal_detail", None, appraisal(), extra=(VIEW,)),
    Page("appraisal:grade", f"{APP}.change_grade", appraisal()),
    Page("appraisal:interview", f"{APP}.hold_interview", appraisal("calibrated")),
    Page("appraisal:career", f"{APP}.write_career", appraisal("interviewed")),
    Page("appraisal:confirm", None, appraisal("interviewed"), extra=(VIEW,)),
    Page("appraisal:appeal", None, appraisal("interviewed"), extra=(VIEW,)),
    Page("appraisal:decide", f"{APP}.decide_appeal", appraisal("appealed")),
)
TestRewards = battery(
    Page("appraisal:consequences", VIEW_REWARD, consequences),
    Page("appraisal:propose", f"{APP}.propose_consequences", a_round),
    Page("appraisal:approve", f"{APP}.approve_consequences", a_round),
    Page("appraisal:effect", f"{APP}.put_into_effect", a_round),
    Page("appraisal:pool_create", f"{APP}.create_pool", a_round),
    Page("appraisal:pool_detail", VIEW_REWARD, pool),
    Page("appraisal:pool_approve", f"{APP}.approve_pool", pool),
)
