"""Tables of responsibility."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Post
from mainstay.performance.plans.rules import bp_text
from mainstay.performance.posts.models import (
    AnalysisAnswer,
    Consultation,
    Duty,
    JobAnalysis,
    PostDescription,
    ProcessStep,
    Qualification,
    Requirement,
    Training,
    WorkProcess,
)
from mainstay.performance.posts.states import ANALYSIS, DESCRIPTION, PROCESS, TRAINING
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn
from mainstay.web.templatetags.mainstay import badge

END = {"td": {"class": "ms-end"}, "th": {"class": "ms-end"}}


class ShareColumn(tables.Column):
    """Basis points shown as per cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=END, **kwargs)

    def render(self, value: int) -> str:
        return bp_text(value)


class PostTable(tables.Table):
    """Posts with the state of their description."""

    code = CodeColumn(linkify=("posts:post_detail", [tables.A("pk")]), orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("post"), orderable=False)
    unit = tables.Column(orderable=False)
    superior = tables.Column(accessor="reporting__superior", verbose_name=_("superior post"), orderable=False)
    described = tables.Column(accessor="pk", verbose_name=_("job description"), orderable=False)

    class Meta:
        model = Post
        fields = ("code", "name", "unit", "superior", "described")

    def render_described(self, record: Any) -> Any:
        """The newest version and its state; stale ones say so."""
        newest = next(iter(sorted(record.descriptions.all(), key=lambda one: -one.version)), None)
        if newest is None:
            return "–"
        state = DESCRIPTION.state(newest.state)
        stale = newest.pk in getattr(self, "stale", {})
        word, hue = (_("stale"), "amber") if stale else (state.title, state.hue)
        return format_html("v{} {}", newest.version, badge(word, hue))


class DescriptionTable(tables.Table):
    """Versions of a post's description."""

    version = CountColumn(linkify=True, orderable=False)
    state = BadgeColumn(hues=DESCRIPTION.hues, orderable=False)
    owner = tables.Column(orderable=False)
    approved_by = tables.Column(orderable=False)
    approved_on = DayColumn(orderable=False)

    class Meta:
        model = PostDescription
        fields = ("version", "state", "owner", "approved_by", "approved_on")


class DutyTable(tables.Table):
    """Duties of a version."""

    position = CountColumn(orderable=False, verbose_name=_("no."))
    name = tables.Column(accessor="name", verbose_name=_("duty"), orderable=False)
    detail = tables.Column(orderable=False)
    weight_bp = ShareColumn(verbose_name=_("weight"), orderable=False)
    act = tables.Column(accessor="pk", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = Duty
        fields = ("position", "name", "detail", "weight_bp", "act")

    def render_act(self, record: Any) -> Any:
        """What can be done with a duty: change it in a draft, measure it in force."""
        links = [(reverse(name, args=[record.pk]), label) for name, label in getattr(self, "links", ())]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


class RequirementTable(tables.Table):
    """Requirements of a version."""

    qualification = tables.Column(orderable=False)
    kind = tables.Column(accessor="qualification__get_kind_display", verbose_name=_("kind"), orderable=False)
    level = tables.Column(attrs=END, orderable=False)
    essential = tables.BooleanColumn(orderable=False)

    class Meta:
        model = Requirement
        fields = ("qualification", "kind", "level", "essential")


class ConsultationTable(tables.Table):
    """What incumbents answered."""

    round = CountColumn(verbose_name=_("round"), orderable=False)
    person = tables.Column(verbose_name=_("incumbent"), orderable=False)
    agrees = BadgeColumn(
        hues={True: "green", False: "red"},
        words={True: _("I agree"), False: _("I object")},
        verbose_name=_("agrees"),
        orderable=False,
    )
    comment = tables.Column(verbose_name=_("comment"), orderable=False)
    at = InstantColumn(verbose_name=_("answered at"), orderable=False)

    class Meta:
        model = Consultation
        fields = ("round", "person", "agrees", "comment", "at")


class AnalysisTable(tables.Table):
    """Analyses of a post."""

    method = tables.Column(linkify=("posts:analysis_detail", [tables.A("pk")]), orderable=False)
    state = BadgeColumn(hues=ANALYSIS.hues, orderable=False)
    started_on = DayColumn(orderable=False)
    finished_on = DayColumn(orderable=False)

    class Meta:
        model = JobAnalysis
        fields = ("method", "state", "started_on", "finished_on")


class AnswerTable(tables.Table):
    """Answers of participants."""

    person = tables.Column(verbose_name=_("participant"), orderable=False)
    text = tables.Column(verbose_name=_("answer of a participant"), orderable=False)
    at = InstantColumn(verbose_name=_("answered at"), orderable=False)

    class Meta:
        model = AnalysisAnswer
        fields = ("person", "text", "at")


class ProcessTable(tables.Table):
    """Processes."""

    code = CodeColumn(linkify=("posts:process_detail", [tables.A("pk")]), orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("work process"), orderable=False)
    version = CountColumn(orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=PROCESS.hues, orderable=False)

    class Meta:
        model = WorkProcess
        fields = ("code", "name", "version", "unit", "state")


class StepTable(tables.Table):
    """Steps of a process."""

    position = CountColumn(orderable=False, verbose_name=_("no."))
    name = tables.Column(accessor="name", verbose_name=_("step"), orderable=False)
    lane = tables.Column(accessor="lane", verbose_name=_("done by"), orderable=False)
    input = tables.Column(verbose_name=_("input"), orderable=False)
    output = tables.Column(verbose_name=_("output"), orderable=False)
    form = tables.Column(verbose_name=_("form"), orderable=False)
    limit_hours = CountColumn(verbose_name=_("time limit (hours)"), orderable=False)
    act = tables.Column(accessor="pk", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = ProcessStep
        fields = ("position", "name", "lane", "input", "output", "form", "limit_hours", "act")

    render_act = DutyTable.render_act


class QualificationTable(tables.Table):
    """The catalogue of qualifications."""

    code = CodeColumn(orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("qualification"), orderable=False)
    kind = tables.Column(orderable=False)
    valid_months = CountColumn(orderable=False)

    class Meta:
        model = Qualification
        fields = ("code", "name", "kind", "valid_months")


class TrainingTable(tables.Table):
    """Trainings of a person."""

    qualification = tables.Column(orderable=False)
    level = tables.Column(attrs=END, orderable=False)
    due_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=TRAINING.hues, orderable=False)
    act = tables.Column(accessor="pk", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = Training
        fields = ("qualification", "level", "due_on", "state", "act")

    render_act = DutyTable.render_act
