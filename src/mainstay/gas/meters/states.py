"""States of a meter."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

METER = Graph(
    "meter",
    _("Meter"),
    [
        State("stock", _("in stock"), "blue"),
        State("installed", _("installed"), "green"),
        State("scrapped", _("scrapped"), "grey"),
    ],
    [
        Arrow("stock", "installed", "gas.meters.install_meter"),
        Arrow("installed", "stock", "gas.meters.remove_meter"),
        Arrow("stock", "scrapped", "gas.meters.scrap_meter"),
    ],
)
