"""The step page: guided entry in a few steps; what was typed is kept in the session until the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.web.pages.base import SignedRequest
from mainstay.web.pages.form import FormPage
from mainstay.web.pages.parts import Step


@dataclass(frozen=True)
class FormStep:
    """One step: a key for the address, its title, its form."""

    key: str
    title: Any
    form_class: type[forms.Form]


class StepPage(FormPage):
    """A form in steps, with a last step that shows everything before the action is called.

    Declare `form_steps` and `steps_call(data, request)`, where data maps each step's key to its cleaned data.
    The draft lives in the session; leaving and coming back continues at the first step not yet done.
    """

    template_name = "web/steps.html"
    form_steps: Sequence[FormStep] = ()
    check_title: Any = _("Check and confirm")
    continue_label: Any = _("Continue")

    @property
    def draft_key(self) -> str:
        """Name the draft in the session; one for each address."""
        return f"draft:{self.request.path}"

    @cached_property
    def draft(self) -> dict[str, str]:
        """Return what each finished step sent, as a query string."""
        return dict(self.request.session.get(self.draft_key, {}))

    @cached_property
    def number(self) -> int:
        """Return the index of the step shown: the one asked for, if all steps before it are done."""
        keys = [step.key for step in self.form_steps] + ["check"]
        wanted = self.request.GET.get("step", "")
        first_open = next((i for i, key in enumerate(keys) if key not in self.draft), len(keys) - 1)
        return min(keys.index(wanted), first_open) if wanted in keys else first_open

    @property
    def is_check(self) -> bool:
        """Tell whether the last step, the summary, is shown."""
        return self.number == len(self.form_steps)

    def bar(self) -> list[Step]:
        """Return the steps bar."""
        titles = [step.title for step in self.form_steps] + [self.check_title]
        return [
            Step(title, "done" if i < self.number else "current" if i == self.number else "todo")
            for i, title in enumerate(titles)
        ]

    def step_form(self, step: FormStep, data: QueryDict | None = None) -> Any:
        """Return a step's form, bound to what was sent now or to its draft."""
        kept = self.draft.get(step.key)
        bound = data if data is not None else (QueryDict(kept) if kept is not None else None)
        return step.form_class(bound, **self.step_kwargs(step))

    def step_kwargs(self, step: FormStep) -> dict[str, Any]:
        """Return further arguments of a step's form."""
        return {}

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the current step."""
        return self.show_step()

    def show_step(self, form: Any = None, status: int = 200, problem: Any = None) -> HttpResponse:
        """Render the current step, or the summary of all."""
        if self.is_check:
            done = [(step, self.step_form(step)) for step in self.form_steps]
            return self.page(status=status, steps=self.bar(), summary=done, problem=problem, once=self.token())
        if form is None:
            form = self.step_form(self.form_steps[self.number])
        before = self.form_steps[self.number - 1].key if self.number else ""
        return self.page(status=status, steps=self.bar(), form=form, before=before)

    def token(self) -> str:
        """Return the idempotency token of this draft: it stays the same until the draft is finished."""
        self.request.session.setdefault(f"{self.draft_key}:once", self.request.request_id)  # type: ignore[attr-defined]
        return str(self.request.session[f"{self.draft_key}:once"])

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep this step and go on, start again, or finish with the action."""
        if "discard" in request.POST:
            self.forget()
            return HttpResponseRedirect(request.path)
        if not self.is_check:
            return self.keep_step()
        self.once = request.POST.get("_once", "")[:64]
        bound = {step.key: self.step_form(step) for step in self.form_steps}
        wrong = next((key for key, form in bound.items() if not form.is_valid()), "")
        if wrong:
            return HttpResponseRedirect(f"{request.path}?step={wrong}")
        try:
            result = self.steps_call({key: form.cleaned_data for key, form in bound.items()}, request)
        except Problem as problem:
            return self.show_step(status=422, problem=problem)
        self.forget()
        return self.finish(result)

    def keep_step(self) -> HttpResponseBase:
        """Check what was sent for this step, keep it in the draft, and lead to the next."""
        step = self.form_steps[self.number]
        form = self.step_form(step, self.request.POST)
        if not form.is_valid():
            return self.show_step(form, status=422)
        kept = self.request.POST.copy()
        kept.pop("csrfmiddlewaretoken", None)
        self.request.session[self.draft_key] = {**self.draft, step.key: kept.urlencode()}
        keys = [one.key for one in self.form_steps] + ["check"]
        return HttpResponseRedirect(f"{self.request.path}?step={keys[self.number + 1]}")

    def steps_call(self, data: dict[str, Any], request: SignedRequest) -> Any:
        """Call the action with the cleaned data of all steps and return its result."""
        raise TypeError(f"{type(self).__name__} declares no steps_call")

    def forget(self) -> None:
        """Drop the draft."""
        self.request.session.pop(self.draft_key, None)
        self.request.session.pop(f"{self.draft_key}:once", None)
