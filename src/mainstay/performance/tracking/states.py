"""States of actuals, actions, sessions and work plans."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

ACTUAL = Graph(
    "actual",
    _("Actual value"),
    [
        State("reported", pgettext_lazy("actual", "reported"), "amber"),
        State("verified", pgettext_lazy("actual", "verified"), "green"),
        State("disputed", pgettext_lazy("actual", "disputed"), "red", main=False),
    ],
    [
        Arrow("reported", "verified", "performance.tracking.verify_actual"),
        Arrow("reported", "disputed", "performance.tracking.dispute_actual"),
        Arrow("verified", "disputed", "performance.tracking.dispute_actual"),
    ],
)

TASK = Graph(
    "task",
    _("Action"),
    [
        State("open", pgettext_lazy("task", "open"), "blue"),
        State("done", pgettext_lazy("task", "done"), "amber"),
        State("verified", pgettext_lazy("task", "verified"), "green"),
        State("failed", pgettext_lazy("task", "failed"), "red", main=False),
    ],
    [
        Arrow("open", "done", "performance.tracking.finish_action"),
        Arrow("done", "verified", "performance.tracking.check_action"),
        Arrow("done", "open", "performance.tracking.check_action"),
        Arrow("open", "failed", "performance.tracking.fail_action"),
        Arrow("done", "failed", "performance.tracking.fail_action"),
    ],
)

SESSION = Graph(
    "session",
    _("Session"),
    [
        State("planned", pgettext_lazy("session", "planned"), "blue"),
        State("held", pgettext_lazy("session", "held"), "amber"),
        State("confirmed", pgettext_lazy("session", "minutes confirmed"), "green"),
    ],
    [
        Arrow("planned", "held", "performance.tracking.hold_session"),
        Arrow("held", "confirmed", "performance.tracking.confirm_minutes"),
    ],
)

WORK_PLAN = Graph(
    "work_plan",
    _("Work plan"),
    [
        State("draft", _("draft")),
        State("approved", pgettext_lazy("charter", "approved"), "green"),
    ],
    [
        Arrow("draft", "approved", "performance.tracking.approve_work_plan"),
        Arrow("approved", "draft", "performance.tracking.write_work_plan"),
    ],
)
