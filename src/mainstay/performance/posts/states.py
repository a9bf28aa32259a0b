"""States of descriptions, processes, analyses and trainings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

APP = "performance.posts"

DESCRIPTION = Graph(
    "post_description",
    _("Job description"),
    [
        State("draft", _("draft")),
        State("consulted", _("in consultation"), "amber"),
        State("approved", pgettext_lazy("description", "approved"), "green"),
        State("superseded", _("superseded"), "grey", main=False),
    ],
    [
        Arrow("draft", "consulted", f"{APP}.consult_description"),
        Arrow("consulted", "draft", f"{APP}.revise_description"),
        Arrow("consulted", "approved", f"{APP}.approve_description"),
        Arrow("approved", "superseded"),
    ],
)
PROCESS = Graph(
    "work_process",
    _("Work process"),
    [
        State("draft", _("draft")),
        State("approved", pgettext_lazy("process", "approved"), "blue"),
        State("published", _("published"), "green"),
        State("superseded", _("superseded"), "grey", main=False),
    ],
    [
        Arrow("draft", "approved", f"{APP}.approve_process"),
        Arrow("approved", "published", f"{APP}.publish_process"),
        Arrow("approved", "draft", f"{APP}.reopen_process"),
        Arrow("published", "superseded"),
    ],
)
ANALYSIS = Graph(
    "job_analysis",
    _("Job analysis"),
    [
        State("open", pgettext_lazy("analysis", "open"), "amber"),
        State("finished", pgettext_lazy("analysis", "finished"), "green"),
    ],
    [Arrow("open", "finished", f"{APP}.finish_analysis")],
)
TRAINING = Graph(
    "training",
    _("Training"),
    [
        State("planned", pgettext_lazy("training", "planned"), "amber"),
        State("done", pgettext_lazy("training", "done"), "green"),
        State("cancelled", pgettext_lazy("training", "given up"), "grey", main=False),
    ],
    [
        Arrow("planned", "done", f"{APP}.finish_training"),
        Arrow("planned", "cancelled", f"{APP}.cancel_training"),
    ],
)
