"""States of a card order."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

_PRE = "gas.cards."
ORDER = Graph(
    "card_order",
    _("Card order"),
    [
        State("drafted", pgettext_lazy("card order", "drafted"), "grey"),
        State("paid", pgettext_lazy("card order", "paid, not written"), "amber"),
        State("written", pgettext_lazy("card order", "written"), "blue"),
        State("confirmed", pgettext_lazy("card order", "confirmed"), "green"),
        State("void", pgettext_lazy("card order", "void"), "grey", main=False),
        State("returned", pgettext_lazy("card order", "gas left, paid back"), "blue", main=False),
    ],
    [
        Arrow("drafted", "paid", _PRE + "pay_order"),
        Arrow("drafted", "void", _PRE + "void_order"),
        Arrow("paid", "written", _PRE + "report_write"),
        Arrow("paid", "confirmed", _PRE + "report_read"),
        Arrow("paid", "void", _PRE + "void_order"),
        Arrow("written", "confirmed", _PRE + "report_read"),
    ],
)
