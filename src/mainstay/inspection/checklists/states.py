"""States of a version of a checklist."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

VERSION = Graph(
    "checklistversion",
    _("Version of a checklist"),
    [
        State("draft", _("draft"), "amber"),
        State("published", _("published"), "green"),
        State("superseded", _("superseded"), "grey"),
    ],
    [
        Arrow("draft", "published", "inspection.checklists.publish_version"),
        Arrow("published", "superseded", "inspection.checklists.publish_version"),
        Arrow("published", "superseded", "inspection.checklists.withdraw_version"),
    ],
)
