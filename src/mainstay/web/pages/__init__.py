"""The page kinds every part declares its pages from."""

from mainstay.web.pages.base import Page, SignedRequest
from mainstay.web.pages.columns import (
    BadgeColumn,
    CodeColumn,
    CountColumn,
    DayColumn,
    InstantColumn,
    MaskedColumn,
    MoneyColumn,
    MonthColumn,
    NameColumn,
    PriceColumn,
    VolumeColumn,
)
from mainstay.web.pages.detail import DetailPage, steps_of
from mainstay.web.pages.form import FormPage
from mainstay.web.pages.list import ListPage
from mainstay.web.pages.paging import CappedPaginator
from mainstay.web.pages.parts import (
    BatchAction,
    Button,
    Fact,
    FirstUse,
    LogLine,
    Outcome,
    Section,
    Step,
    act_on,
    register_log_provider,
)
from mainstay.web.pages.result import ResultPage
from mainstay.web.pages.run import ReasonForm, RunAct, RunPage, Worked
from mainstay.web.pages.step import FormStep, StepPage

__all__ = [
    "BadgeColumn",
    "BatchAction",
    "Button",
    "CappedPaginator",
    "CodeColumn",
    "CountColumn",
    "DayColumn",
    "DetailPage",
    "Fact",
    "FirstUse",
    "FormPage",
    "FormStep",
    "InstantColumn",
    "ListPage",
    "LogLine",
    "MaskedColumn",
    "MoneyColumn",
    "MonthColumn",
    "NameColumn",
    "Outcome",
    "Page",
    "PriceColumn",
    "ReasonForm",
    "ResultPage",
    "RunAct",
    "RunPage",
    "Section",
    "SignedRequest",
    "Step",
    "StepPage",
    "VolumeColumn",
    "Worked",
    "act_on",
    "register_log_provider",
    "steps_of",
]
