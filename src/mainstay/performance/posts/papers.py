"""What the papers of responsibility say: values only, the layout is in typst/."""

from __future__ import annotations

from typing import Any

from mainstay.core.home import menu
from mainstay.performance.plans.rules import bp_text
from mainstay.performance.posts import queries
from mainstay.performance.posts.models import PostDescription, WorkProcess


def description_data(description: PostDescription, user: Any) -> dict[str, Any]:
    """Values of a job description."""
    post, line = description.post, getattr(description.post, "reporting", None)
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "number": f"JD-{post.code} v{description.version}",
        "post": post.name,
        "code": post.code,
        "unit": str(post.unit),
        "superior": str(line.superior) if line else "–",
        "state": description.get_state_display(),
        "approved_on": description.approved_on.isoformat() if description.approved_on else "",
        "approved_by": str(description.approved_by or ""),
        "draft": description.state != PostDescription.State.APPROVED,
        **description.texts,
        "duties": [
            {"no": one.position, "name": one.name, "detail": one.detail, "weight": bp_text(one.weight_bp)}
            for one in description.duties.all()
        ],
        "requirements": [
            {
                "kind": one.qualification.get_kind_display(),
                "name": one.qualification.name,
                "level": one.level,
                "essential": one.essential,
            }
            for one in description.requirements.select_related("qualification")
        ],
        "holders": [str(one) for one in queries.incumbents(post, queries.today())],
    }


def process_data(process: WorkProcess, user: Any) -> dict[str, Any]:
    """Values of a printed work process, for the template of lists."""
    steps = process.steps.select_related("post")
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "number": f"WP-{process.code} v{process.version}",
        "title": process.name,
        "purpose": process.purpose,
        "unit": str(process.unit),
        "state": process.get_state_display(),
        "steps": [
            {
                "no": one.position,
                "name": one.name,
                "lane": one.lane,
                "input": one.input,
                "output": one.output,
                "form": one.form,
                "hours": one.limit_hours,
            }
            for one in steps
        ],
    }
