"""How a problem, a refusal or a filed approval reads: as a page, a fragment, or JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mainstay.core import door
from mainstay.kit.errors import Problem
from mainstay.web.pages.addresses import address
from mainstay.web.pages.parts import Button, Outcome


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asked for a part of a page (going back in history asks for a whole one)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asked."""
    return "application/json" in request.headers.get("Accept", "") and not is_fragment(request)


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the answer to an exception that actions raise on purpose; None for every other exception."""
    if isinstance(error, Problem):
        return problem(request, error)
    if isinstance(error, door.Refused):
        return refused(request, error.right, str(error))
    if isinstance(error, door.ApprovalFiled):
        return filed(request, error)
    return None


def problem(request: HttpRequest, error: Problem) -> HttpResponse:
    """Show a problem: 422, what to do, and truthfully whether money moved."""
    if wants_json(request):
        body = {"code": error.code, "message": str(error), "field": error.field, "money_moved": error.money_moved}
        return JsonResponse({"error": body}, status=422)
    return render(request, "problem", {"problem": error, "title": _("This could not be done")}, 422)


def refused(request: HttpRequest, right: str, text: str = "") -> HttpResponse:
    """Show the 403 face: which right is missing and who can grant it."""
    if wants_json(request):
        return JsonResponse({"error": {"code": "refused", "message": text or right, "right": right}}, status=403)
    context = {
        "right": right,
        "right_title": right_title(right),
        "text": text,
        "title": _("You do not have the right to do this"),
    }
    return render(request, "refused", context, 403)


def right_title(right: str) -> Any:
    """Return the words for a right when the door knows them, else its key."""
    spec = door.catalogue().get(right)
    return spec.title if spec else right


def filed(request: HttpRequest, error: Any) -> HttpResponse:
    """Show that the act waits for a second person: nothing has been changed yet."""
    if wants_json(request):
        return JsonResponse({"status": "approval_filed", "message": str(error)}, status=202)
    outcome = Outcome(
        title=_("Sent for approval"),
        text=_(
            "A second person must approve this. Nothing has been changed yet; you will find the answer in your to-dos."
        ),
        hue="amber",
        buttons=[
            Button(_("See the request"), "workflow:approval_detail", (error.approval.pk,)),
            Button(_("Back to my work"), address("home:workbench") or "/", primary=True),
        ],
    )
    return render(request, "result", {"outcome": outcome, "title": outcome.title}, 202)


def render(request: HttpRequest, face: str, context: dict[str, Any], status: int) -> HttpResponse:
    """Render a face as a whole page, or for htmx as a notice at the top of the page it came from."""
    if not is_fragment(request):
        return HttpResponse(render_to_string(f"web/{face}.html", context, request), status=status)
    html = render_to_string(f"web/parts/{face}.html", context, request)
    response = HttpResponse(html, status=status)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML"
    return response
