"""A filed approval becomes a to-do of those who may decide it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.core.door.spec import action_spec
from mainstay.core.todos.actions import open_todo
from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.queries import TODO_KIND, things_of


def announce(approval: Approval) -> None:
    """Open the to-do for everybody who has the right, within his limit, except the one who asked."""
    texts = {}
    for language in ("zh-hans", "en"):
        with override(language):
            thing = things_of([approval])[approval.pk].text
            title = f"{action_spec(approval.action).title} {thing}".strip()
            what = {"title": title, "who": str(approval.requested_by)}
            texts[language] = _("Decide: %(title)s (asked by %(who)s)") % what
    open_todo(
        kind=TODO_KIND,
        subject=subject_of(approval),
        title_zh=texts["zh-hans"],
        title_en=texts["en"],
        url=reverse("workflow:approval_detail", args=[approval.pk]),
        right=approval.action,
        unit_id=approval.unit_id,
        amount_fen=approval.amount_fen,
        not_for=approval.requested_by,
    )


def subject_of(approval: Approval) -> str:
    """Return the text under which the approval is found in to-dos and in the audit log."""
    return f"workflow.approval:{approval.pk}"
