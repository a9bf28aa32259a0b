"""The form page: a Django form, one action, and every way it can end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.kit.uploads import too_large
from mainstay.web.pages.answers import is_fragment
from mainstay.web.pages.base import Page, SignedRequest
from mainstay.web.pages.parts import Outcome

ONCE_FIELD = "_once"
REMEMBERED = 20


class FormPage(Page):
    """A form that ends in one action.

    Declare `title`, `right`, `form_class`, `submit_label` (verb and object), and `action_call(form, request)`,
    which calls the action and returns its result. `success(result)` returns where to go (an address), an
    `Outcome` for a result page, or a response. A `Problem` of the action is shown at its field with everything
    kept; a refusal and a filed approval have their own faces.

    `self.once` is a token made with the form: hand it to actions that take an idempotency key. Sending the
    same form again leads to the first outcome and does not call the action again.
    """

    template_name = "web/form.html"
    form_class: type[forms.BaseForm]
    submit_label: Any = _("Save")
    success_url = ""
    success_message: Any = ""
    danger = False
    intro: Any = ""
    submit_key = ""

    def initial(self) -> dict[str, Any]:
        """Return the first values of the fields; by default those named in the address."""
        names = getattr(self.form_class, "base_fields", {})
        return {name: value for name, value in self.request.GET.items() if name in names}

    def form_kwargs(self) -> dict[str, Any]:
        """Return further arguments of the form class."""
        return {}

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Return what to know before the form is filled in, as (hue, text)."""
        return ()

    def make_form(self, bound: bool) -> Any:
        """Return the form, bound to what was sent or with its first values."""
        data: dict[str, Any] = {"data": self.request.POST, "files": self.request.FILES} if bound else {}
        form = self.form_class(**data, initial=self.initial(), **self.form_kwargs())
        if bound and getattr(self.request, "upload_too_large", False):
            _ask_again_for_files(form)
        return form

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Call the action with the form's cleaned data and return its result."""
        raise TypeError(f"{type(self).__name__} declares no action_call")

    def success(self, result: Any) -> str | Outcome | HttpResponse:
        """Return where to go after success: by default `success_url`, else the result's own page."""
        return self.success_url or str(result.get_absolute_url())

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form."""
        return self.show(self.make_form(bound=False))

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        """Render the form, for htmx only the form itself."""
        if not form.is_bound:
            _focus(form)
        notices = [] if form.is_bound and form.non_field_errors() else self.notices()  # not the same said twice
        template = self.template_name + ("#form" if is_fragment(self.request) else "")
        context = self.context(form=form, notices=notices, once=uuid.uuid4().hex)
        return TemplateResponse(self.request, template, context, status=status)

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the form, call the action, and lead to the outcome; a form sent twice acts once."""
        self.once = request.POST.get(ONCE_FIELD, "")[:64]
        earlier = self.remembered().get(self.once)
        if earlier:
            return self.go(earlier)
        form = self.make_form(bound=True)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            result = self.action_call(form, request)
        except Problem as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.show(form, status=422)
        return self.finish(result)

    def finish(self, result: Any) -> HttpResponseBase:
        """Lead on after success and remember where to, in case the same form is sent again."""
        target = self.success(result)
        if isinstance(target, HttpResponse):
            return target
        if isinstance(target, Outcome):
            return self.tell(target)
        if self.success_message:
            messages.success(self.request, str(self.success_message))
        self.remember(target)
        return self.go(target)

    def tell(self, outcome: Outcome) -> HttpResponse:
        """Render a result page: what came of it, or why there is nothing to do."""
        context = self.context(outcome=outcome) | {"title": outcome.title}
        return TemplateResponse(self.request, "web/result.html", context)

    def go(self, address: str) -> HttpResponse:
        """Redirect, in a way that htmx takes the whole window along."""
        if is_fragment(self.request):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = address
            return response
        return HttpResponseRedirect(address)

    def remembered(self) -> dict[str, str]:
        """Return the outcomes of the last forms of this session by their token."""
        return self.request.session.get("once", {}) if self.once else {}

    def remember(self, address: str) -> None:
        """Keep the outcome of this form in the session; only the latest few are kept."""
        if self.once:
            kept = [*self.remembered().items(), (self.once, address)]
            self.request.session["once"] = dict(kept[-REMEMBERED:])


def _focus(form: Any) -> None:
    """Let typing begin at once: the first field has the focus where the form names none. A choice is not typed."""
    widgets = [field.field.widget for field in form.visible_fields()]
    if any("autofocus" in widget.attrs for widget in widgets):
        return
    typed = (widget for widget in widgets if not isinstance(widget, forms.RadioSelect | forms.CheckboxInput))
    if (first := next(typed, None)) is not None:
        first.attrs["autofocus"] = True


def _ask_again_for_files(form: forms.BaseForm) -> None:
    """A file above the limit was dropped on its way in: say so, instead of going on without it."""
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            form.errors.pop(name, None)
            form.add_error(name, str(too_large()))
