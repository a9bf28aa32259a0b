"""The run page: something planned, looked at, worked through with progress, and its result.

A billing run, late fees of a month, dunning, bills made again: each is planned, shown before anything happens, begun by
a person, worked through by a job, and then shows what came of it. What they share is declared here once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.web.pages.answers import is_fragment
from mainstay.web.pages.base import SignedRequest
from mainstay.web.pages.detail import DetailPage, steps_of
from mainstay.web.pages.form import FormPage
from mainstay.web.pages.parts import Button, Step


class ReasonForm(forms.Form):
    """Why something is given up or taken back."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))


@dataclass(frozen=True)
class RunAct:
    """A button of a run: it stands there in `states`, needs `right`, and calls `call(run=…, by=…)`.

    What `call` returns has an address to go on to (the run, or the job that works on it), unless `then(result)` gives
    one. With `form` the person is asked first, and the cleaned data are further arguments. `label` is a text, or a
    function of the run.
    """

    key: str
    label: Any
    right: str
    call: Callable[..., Any]
    states: Collection[str]
    primary: bool = False
    danger: bool = False
    icon: str = ""
    form: type[forms.Form] | None = None
    intro: Any = ""
    then: Callable[[Any], str] | None = None

    def words(self, run: Any) -> Any:
        """The label for a run as it stands."""
        return self.label(run) if callable(self.label) else self.label


@dataclass(frozen=True)
class Worked:
    """How far the work is: `done` of `total`, with the word for what is counted and a note."""

    done: int
    total: int
    label: Any = ""
    note: Any = ""


class RunPage(DetailPage):
    """One run, by primary key. Its model has `state` with choices.

    Declare `right`, `queryset()`, `get_title`, `facts`, `sections` as for a detail page, and: `url_name`
    ("billing:run"; its pages are run_detail, run_progress and run_act), `usual` (states on the usual path, in order),
    `hues` (colour by state), `working` (states in which a job works on it), `acts`, and `worked()` for the bar.
    """

    template_name = "web/run.html"
    url_name = ""
    usual: Sequence[str] = ()
    hues: dict[str, str] = {}  # read only, as all declarations of a page
    working: Collection[str] = ()
    acts: Sequence[RunAct] = ()

    @classmethod
    def urls(cls, prefix: str = "runs/") -> list[URLPattern]:
        """The addresses of a run: its page, its progress bar, its buttons."""
        name = cls.url_name.rpartition(":")[2]
        return [
            path(f"{prefix}<int:pk>/", cls.as_view(), name=f"{name}_detail"),
            path(f"{prefix}<int:pk>/progress/", cls.as_view(), {"bar": True}, name=f"{name}_progress"),
            path(f"{prefix}<int:pk>/act/<slug:act>/", RunActPage.as_view(run_page=cls), name=f"{name}_act"),
        ]

    def badge(self) -> tuple[Any, str]:
        """The state in its colour."""
        return self.subject.get_state_display(), self.hues.get(self.subject.state, "grey")

    def steps(self) -> Sequence[Step]:
        """The usual path."""
        words = dict(self.subject._meta.get_field("state").choices)
        return steps_of([(state, words[state]) for state in self.usual], self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What can be done with the run as it stands."""
        return [self.button(one) for one in self.acts if self.subject.state in one.states]

    def button(self, act: RunAct) -> Button:
        """The button of an act: it posts, or leads to its form."""
        return Button(
            act.words(self.subject), f"{self.url_name}_act", (self.subject.pk, act.key), act.right, icon=act.icon,
            primary=act.primary, danger=act.danger, method="get" if act.form else "post",
        )  # fmt: skip

    def worked(self) -> Worked:
        """How far the work is, while the run is in a working state."""
        return Worked(0, 0)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the run; or its progress bar alone, which loads the whole page again once the work is over."""
        if not kwargs.get("bar"):
            return super().get(request, *args, **kwargs)
        context = {"worked": self.worked(), "url": reverse(f"{self.url_name}_progress", args=[self.subject.pk])}
        response = TemplateResponse(request, "web/parts/worked.html", context)
        if self.subject.state not in self.working:
            response["HX-Refresh"] = "true"
        return response

    def context(self, **extra: Any) -> dict[str, Any]:
        """Say where the progress bar comes from while the run works."""
        bar = ""
        if self.subject.state in self.working:
            bar = reverse(f"{self.url_name}_progress", args=[self.subject.pk])
        return super().context(bar=bar, **extra)


class RunActPage(FormPage):
    """The buttons of a run: one that needs nothing more acts at once, one with a form asks first."""

    run_page: type[RunPage] = RunPage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the act, or 404; its right is the right of this page."""
        super().setup(request, *args, **kwargs)
        found = next((one for one in self.run_page.acts if one.key == kwargs["act"]), None)
        if found is None:
            raise Http404
        self.act = found
        self.right, self.danger, self.intro = found.right, found.danger, found.intro
        self.form_class = found.form or forms.Form

    @cached_property
    def subject(self) -> Any:
        """The run, or 404."""
        page = self.run_page()
        page.setup(self.request, pk=self.kwargs["pk"])
        return page.subject

    @property
    def submit_label(self) -> Any:
        """What the button says."""
        return self.act.words(self.subject)

    def get_title(self) -> Any:
        """What is about to be done."""
        return self.act.words(self.subject)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The run."""
        return [(str(self.subject), reverse(f"{self.run_page.url_name}_detail", args=[self.subject.pk]))]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask; an act without a question is on the run's page."""
        if self.act.form is None:
            return HttpResponseRedirect(self.get_crumbs()[0][1])
        return super().get(request, *args, **kwargs)

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it and go on to what it returns."""
        if self.act.form is not None:
            return super().post(request, *args, **kwargs)
        target = str(self.success(self.act.call(run=self.subject, by=request.user)))
        if is_fragment(request):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = target
            return answer
        return HttpResponseRedirect(target)

    def success(self, result: Any) -> str:
        """Where to go on to."""
        return self.act.then(result) if self.act.then else str(result.get_absolute_url())

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """The act with what was asked."""
        return self.act.call(run=self.subject, **form.cleaned_data, by=request.user)
