"""What all page kinds share: log-in, right, title, breadcrumb, buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.views import View

from mainstay.core import door
from mainstay.core.door import rights
from mainstay.kit.errors import Problem
from mainstay.web.pages import answers
from mainstay.web.pages.parts import Button, usable

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class SignedRequest(HttpRequest):
    """A request of somebody who is logged in: what a page's methods see once `dispatch` has let them in."""

    user: User


class Page(View):
    """A page of the shell. `right` is what the person needs; None means everybody who is logged in.

    `crumbs` are (title, address) pairs leading here; the last one is also where Esc leads.
    """

    request: SignedRequest
    title: Any = ""
    right: str | None = None
    template_name = "web/page.html"
    actions: Sequence[Button] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send strangers to the log-in page, show the 403 face to people without the right, else go on."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not self.may(self.right):
            return answers.refused(request, self.right or "")
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Problem, door.Refused, door.ApprovalFiled) as error:
            answer = answers.answer_to(request, error)
            if answer is None:
                raise
            return answer

    def may(self, right: str | None) -> bool:
        """Tell whether the person has a right; None is a right everybody has."""
        user: Any = self.request.user
        return right is None or rights.allowed(user, right)

    def get_title(self) -> Any:
        """Return the page's one heading."""
        return self.title

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Return the pages above this one."""
        return ()

    def get_actions(self) -> Sequence[Button]:
        """Return the buttons at the top right, before rights are looked at."""
        return self.actions

    def context(self, **extra: Any) -> dict[str, Any]:
        """Return what the template gets; page kinds add to it."""
        crumbs = list(self.get_crumbs())
        return {
            "view": self,
            "title": self.get_title(),
            "crumbs": crumbs,
            "back_url": crumbs[-1][1] if crumbs else "",
            "buttons": usable(self.get_actions(), self.request.user),
            **extra,
        }

    def page(self, template: str = "", status: int = 200, **extra: Any) -> HttpResponse:
        """Render the page's template (or another one) with its context."""
        return TemplateResponse(self.request, template or self.template_name, self.context(**extra), status=status)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        return self.page()
