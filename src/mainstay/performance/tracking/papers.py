"""What minutes and improvement plans say on paper: values only, the layout is in typst/."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from mainstay.core.home import menu
from mainstay.kit.dates import local_today
from mainstay.performance.plans.models import Contract
from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.performance.tracking.models import Action, Session
from mainstay.performance.tracking.queries import Result, results_by_contract
from mainstay.performance.tracking.queries_agenda import Item, agenda_of
from mainstay.performance.tracking.rules import BEHIND


def company(user: Any) -> str:
    """The company's name, as the page header shows it."""
    return str(menu.fact("company_name", user, "") or "")


def minutes_data(session: Session, user: Any) -> dict[str, Any]:
    """Values of a session's minutes."""
    decisions = session.decisions.select_related("owner", "checker").order_by("due_on")
    return {
        "company": company(user),
        "kind": session.kind,
        "heading": session.title,
        "unit": str(session.unit),
        "period": session.period.code,
        "held_on": session.held_on.isoformat(),
        "host": session.host.name,
        "recorder": session.recorder.name,
        "minutes": session.minutes,
        "lessons": session.lessons,
        "items": [_item(item) for item in agenda_of(session, local_today())],
        "decisions": [action_line(task) for task in decisions],
        "seats": [
            {"name": seat.person.name, "confirmed": _day(seat.confirmed_at)}
            for seat in session.seats.select_related("person")
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    report = item.report
    return {
        "name": item.seat.person.name,
        "results": [_result(one) for one in item.results],
        "kept": item.kept,
        "promised": len(item.promised),
        "cause": report.cause if report else "",
        "outlook": report.outlook if report else "",
    }


def _result(one: Result) -> list[str]:
    target = one.target
    return [str(target.indicator), number_text(target.target_e4), number_text(one.actual_e4), bp_text(one.attained_bp)]


def action_line(task: Action) -> dict[str, str]:
    """An action as a line of a paper."""
    return {
        "title": task.title,
        "result": task.result,
        "owner": task.owner.name,
        "checker": task.checker.name,
        "due_on": task.due_on.isoformat(),
        "state": str(task.get_state_display()),
        "outcome": task.outcome,
    }


def improvement_data(tasks: Sequence[Action], user: Any) -> dict[str, Any]:
    """Values of an improvement plan: the gaps of the owner's contracts that the reader may see, and the actions."""
    owner, today = tasks[0].owner, local_today()
    contracts = Contract.objects.visible_to(user).in_force().filter(person=owner)
    results = [one for rows in results_by_contract(contracts, today=today).values() for one in rows]
    return {
        "company": company(user),
        "name": owner.name,
        "staff_no": owner.staff_no,
        "unit": str(tasks[0].unit),
        "day": today.isoformat(),
        "gaps": [_result(one) for one in results if one.light == BEHIND],
        "actions": [{**action_line(task), "steps": task.steps} for task in tasks],
    }


def _day(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else ""
