"""The pages of posts, descriptions, processes and qualifications."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.performance.posts.models import Training
from mainstay.performance.posts.queries import VIEW, VIEW_FIT
from tests.core.make import hold, make_person, make_post
from tests.pages.battery import Page, Rows, battery
from tests.performance.posts import make

APP = "performance.posts"


def post(unit: Unit) -> dict[str, Any]:
    return {"pk": make_post(unit).pk}


def described(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit, state="approved").post.pk}


def draft(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit).pk}


def consulted(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit, state="consulted").pk}


def approved(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit, state="approved").pk}


def analysis(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_analysis(make_post(unit), finished=False).pk}


def duty(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit).duties.first().pk}


def need(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_description(unit=unit).requirements.get().pk}


def process(state: str = "draft") -> Any:
    return lambda unit: {"pk": make.make_process(unit, state=state).pk}


def step(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_process(unit).steps.first().pk}


def person(unit: Unit) -> dict[str, Any]:
    one = make_person()
    hold(one, make.make_description(unit=unit, state="approved").post)
    return {"pk": one.pk}


def training(unit: Unit) -> dict[str, Any]:
    pk = person(unit)["pk"]
    made = Training.objects.create(person_id=pk, qualification=make.make_qualification(), due_on="2026-12-31")
    return {"pk": made.pk}


TestPosts = battery(
    Page("posts:post_list", VIEW, Rows(described)),
    Page("posts:managers", VIEW, by_unit=False),
    Page("posts:post_detail", VIEW, described),
    Page("posts:superior", f"{APP}.set_superior", post),
    Page("posts:analysis_start", f"{APP}.start_analysis", post),
    Page("posts:description_draft", f"{APP}.draft_description", post),
    Page("posts:analysis_detail", None, analysis, extra=(VIEW,)),
    Page("posts:analysis_answer", None, analysis, extra=(VIEW,)),
    Page("posts:analysis_finish", f"{APP}.finish_analysis", analysis),
)
TestDescriptions = battery(
    Page("posts:description_detail", None, approved, extra=(VIEW,)),
    Page("posts:compare", None, approved, extra=(VIEW,)),
    Page("posts:description_edit", f"{APP}.edit_description", draft),
    Page("posts:duty_add", f"{APP}.save_duty", draft),
    Page("posts:require", f"{APP}.require_qualification", draft),
    Page("posts:consult", f"{APP}.consult_description", draft),
    Page("posts:opinion", None, consulted, extra=(VIEW,)),
    Page("posts:revise", f"{APP}.revise_description", consulted),
    Page("posts:approve", f"{APP}.approve_description", consulted),
    Page("posts:duty_change", f"{APP}.save_duty", duty),
    Page("posts:duty_remove", f"{APP}.remove_duty", duty),
    Page("posts:derive", f"{APP}.derive_indicator", duty),
    Page("posts:drop", f"{APP}.drop_requirement", need),
)
TestProcesses = battery(
    Page("posts:process_list", None, Rows(process()), extra=(VIEW,)),
    Page("posts:process_draft", f"{APP}.draft_process"),
    Page("posts:process_detail", None, process(), extra=(VIEW,)),
    Page("posts:process_edit", f"{APP}.edit_process", process()),
    Page("posts:process_next", f"{APP}.draft_process", process("published")),
    Page("posts:step_add", f"{APP}.save_step", process()),
    Page("posts:process_approve", f"{APP}.approve_process", process()),
    Page("posts:process_reopen", f"{APP}.reopen_process", process("approved")),
    Page("posts:process_publish", f"{APP}.publish_process", process("approved")),
    Page("posts:step_change", f"{APP}.save_step", step),
    Page("posts:step_remove", f"{APP}.remove_step", step),
)
TestQualifications = battery(
    Page("posts:qualification_list", VIEW, Rows(lambda unit: make.make_qualification()), by_unit=False),
    Page("posts:qualification_add", f"{APP}.save_qualification"),
    Page("posts:fit_matrix", VIEW_FIT, Rows(person)),
    Page("posts:person_fit", None, person, extra=(VIEW_FIT,)),
    Page("posts:held_record", f"{APP}.record_qualification", person),
    Page("posts:training_plan", f"{APP}.plan_training", person),
    Page("posts:training_finish", f"{APP}.finish_training", training),
    Page("posts:training_cancel", f"{APP}.cancel_training", training),
)
