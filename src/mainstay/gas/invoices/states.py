"""States of an invoice on its way out of the isolated network and back."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

_PRE = "gas.invoices."
INVOICE = Graph(
    "invoice",
    _("Invoice"),
    [
        State("requested", pgettext_lazy("invoice", "requested"), "amber"),
        State("sent", pgettext_lazy("invoice", "sent out"), "blue"),
        State("issued", pgettext_lazy("invoice", "issued"), "green"),
        State("delivered", pgettext_lazy("invoice", "delivered"), "green"),
        State("red", pgettext_lazy("invoice", "made red"), "grey", main=False),
        State("failed", pgettext_lazy("invoice", "failed"), "red", main=False),
        State("withdrawn", pgettext_lazy("invoice", "withdrawn"), "grey", main=False),
    ],
    [
        Arrow("requested", "sent", _PRE + "export_requests"),
        Arrow("requested", "withdrawn", _PRE + "withdraw_request"),
        Arrow("sent", "issued", _PRE + "import_results"),
        Arrow("sent", "failed", _PRE + "import_results"),
        Arrow("issued", "delivered", _PRE + "deliver_invoice"),
        Arrow("issued", "red", _PRE + "import_results"),
        Arrow("delivered", "red", _PRE + "import_results"),
    ],
)
