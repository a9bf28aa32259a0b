"""What phones ask and send: packet, numbers, records, photos. JSON with the session of whoever is logged in."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import View

from mainstay.core import door
from mainstay.core.door import rights
from mainstay.inspection.campaigns import actions, queries
from mainstay.inspection.campaigns.actions.changed import Changed
from mainstay.inspection.campaigns.actions.records import missing_of
from mainstay.inspection.campaigns.api_incoming import read_record
from mainstay.inspection.campaigns.models import Assignment, Inspection
from mainstay.inspection.campaigns.queries_packet import numbers_of, packet
from mainstay.kit.errors import Problem
from mainstay.web.pages import SignedRequest

CONFLICTS = {"key_used", "changed", "locked"}
MOST_BYTES = 2_000_000


def fault(status: int, code: str, message: Any, **more: Any) -> JsonResponse:
    """Answer an error in the one shape the phone knows."""
    return JsonResponse({"error": {"code": code, "message": str(message), **more}}, status=status)


class PhoneView(View):
    """An address phones use: 401 without a session, 403 without the right, problems as JSON; never a page."""

    right = queries.RECORD

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let inspectors in; turn what actions say into JSON."""
        if not request.user.is_authenticated:
            return fault(
                401, "signed_out", _("You are signed out. What you recorded is safe on the phone: sign in, then send.")
            )
        if not rights.allowed(request.user, self.right):
            return fault(403, "refused", _("You are no inspector here."), right=self.right)
        return self.answer(request, *args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do what was asked; every problem becomes JSON."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Changed as changed:
            return fault(409, changed.code, changed, field=changed.field, **changed.facts())
        except Problem as problem:
            status = 409 if problem.code in CONFLICTS else 404 if problem.code == "not_found" else 422
            return fault(status, problem.code, problem, field=problem.field)
        except door.Refused as refused:
            return fault(403, "refused", refused, right=refused.right)
        except Http404:
            return fault(404, "not_found", _("There is no such target or record for you."))


class Packet(PhoneView):
    """The inspector's packet, with the token that later sendings carry in X-CSRFToken."""

    def get(self, request: SignedRequest) -> JsonResponse:
        """Give the packet."""
        device, block = request.GET.get("device", "")[:40], request.GET.get("block", "")[:60]
        made = packet(request.user, device, block=block)
        return JsonResponse(made | {"csrf": get_token(request)})


class Numbers(PhoneView):
    """Numbers of notices for a phone: {"device": "…", "count": 5}."""

    right = "inspection.campaigns.lend_numbers"

    def post(self, request: SignedRequest) -> JsonResponse:
        """Lend them."""
        asked = _json(request)
        block = actions.lend_numbers(
            device=str(asked.get("device", ""))[:40],
            count=_whole(asked.get("count", 5)),
            by=request.user,
        )
        return JsonResponse(numbers_of(block))


class Records(PhoneView):
    """One record in; what is still missing, and what became of the hazards, out."""

    def post(self, request: SignedRequest) -> JsonResponse:
        """Accept a record: 201 the first time, 200 when it is known already."""
        if len(request.body) > MOST_BYTES:
            raise Problem(_("The record is too large. Photos are sent one by one."), code="too_large")
        body = read_record(request.body)
        mine = Assignment.objects.select_related("campaign", "group")
        assignment = get_object_or_404(mine, pk=body["assignment"])
        made = actions.record_inspection(assignment=assignment, body=body, by=request.user)
        known = getattr(made, "repeated", False)
        told = getattr(made, "told", [])
        return JsonResponse(record_facts(made) | {"known": known, "hazards": told}, status=200 if known else 201)


class Record(PhoneView):
    """Where a sending stands."""

    def get(self, request: SignedRequest, key: Any) -> JsonResponse:
        """Tell it; 404 for one that has not arrived."""
        return JsonResponse(record_facts(_own(request, key)))


class RecordPhoto(PhoneView):
    """One photo or signature of a record, in the field `file`."""

    def post(self, request: SignedRequest, key: Any, digest: str) -> JsonResponse:
        """Keep it; tell what is still missing."""
        file = request.FILES.get("file")
        if file is None:
            raise Problem(_("There is no file in this request."), field="file", code="no_file")
        left = actions.store_photo(inspection=_own(request, key), digest=digest, file=file, by=request.user)  # type: ignore[arg-type]  # Django's type of an upload says less than it can
        return JsonResponse({"missing": left, "complete": not left})


def record_facts(made: Inspection) -> dict[str, Any]:
    """What the phone is told of a record: when `complete`, it may forget its own copy."""
    missing = missing_of(made)
    return {
        "id": str(made.client_id), "record": str(made.record), "edition": made.edition, "state": made.state,
        "revision": made.revision, "missing": missing, "complete": not missing, "failed": made.failed,
        "score_bp": made.score_bp,
    }  # fmt: skip


def _own(request: SignedRequest, key: Any) -> Inspection:
    rows = Inspection.objects.select_related("assignment__campaign", "assignment__group")
    found = get_object_or_404(rows, client_id=key)
    if found.by_id != request.user.pk and not queries.is_member(request.user, found.assignment.group_id):
        raise Http404
    return found


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Problem(_("The body is not valid JSON."), code="bad_request")
    return found


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
