"""States of rounds, appraisals and consequences."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

APP = "performance.appraisal"

ROUND = Graph(
    "appraisal_round",
    _("Appraisal round"),
    [
        State("open", pgettext_lazy("round", "rating"), "blue"),
        State("scoring", pgettext_lazy("round", "scoring"), "blue"),
        State("calibrating", pgettext_lazy("round", "calibration"), "amber"),
        State("talking", pgettext_lazy("round", "interviews"), "amber"),
        State("closed", pgettext_lazy("round", "closed"), "green"),
    ],
    [
        Arrow("open", "scoring", f"{APP}.begin_calibration"),
        Arrow("calibrating", "scoring", f"{APP}.score_again"),
        Arrow("scoring", "calibrating", f"{APP}.complete_scoring"),
        Arrow("calibrating", "talking", f"{APP}.finish_calibration"),
        Arrow("talking", "closed", f"{APP}.close_round"),
    ],
)
APPRAISAL = Graph(
    "appraisal",
    _("Appraisal"),
    [
        State("scored", pgettext_lazy("appraisal", "scored"), "blue"),
        State("calibrated", pgettext_lazy("appraisal", "calibrated"), "blue"),
        State("interviewed", pgettext_lazy("appraisal", "interviewed"), "amber"),
        State("confirmed", pgettext_lazy("appraisal", "confirmed"), "green"),
        State("appealed", pgettext_lazy("appraisal", "appealed"), "red", main=False),
        State("final", pgettext_lazy("appraisal", "final"), "green"),
    ],
    [
        Arrow("scored", "calibrated", f"{APP}.finish_calibration"),
        Arrow("calibrated", "interviewed", f"{APP}.hold_interview"),
        Arrow("interviewed", "confirmed", f"{APP}.confirm_result"),
        Arrow("interviewed", "appealed", f"{APP}.file_appeal"),
        Arrow("appealed", "final", f"{APP}.decide_appeal"),
        Arrow("confirmed", "final", f"{APP}.close_round"),
        Arrow("interviewed", "final", f"{APP}.close_round"),
    ],
)
CONSEQUENCE = Graph(
    "consequence",
    _("Consequence"),
    [
        State("proposed", pgettext_lazy("consequence", "proposed"), "amber"),
        State("approved", pgettext_lazy("consequence", "approved"), "blue"),
        State("effective", pgettext_lazy("consequence", "effective"), "green"),
    ],
    [
        Arrow("proposed", "approved", f"{APP}.approve_consequences"),
        Arrow("approved", "effective", f"{APP}.put_into_effect"),
    ],
)
