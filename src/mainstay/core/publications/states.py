"""States of a publication."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

PUBLICATION = Graph(
    "publication",
    _("Publication"),
    [
        State("draft", _("draft")),
        State("published", _("published"), "green"),
        State("superseded", _("superseded"), "grey"),
    ],
    [
        Arrow("draft", "published", "core.publications.publish"),
        Arrow("published", "superseded", "core.publications.supersede"),
    ],
)
