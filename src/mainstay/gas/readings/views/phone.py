"""The readers' phone: one page that draws itself, its service worker, and what it asks and sends as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from mainstay.core.access.models import User
from mainstay.core.door import Refused, rights
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings import actions_round, queries_round
from mainstay.gas.readings.api_incoming import RECORD_LIST, ReadingIn, record_list
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Doubt
from mainstay.gas.readings.rules_words import doubt_sentences
from mainstay.gas.readings.rules_words_phone import WORDS
from mainstay.kit.errors import Problem
from mainstay.web.phone import PhoneShell

SHELL = PhoneShell("mainstay-rounds", Path(__file__).resolve().parent.parent / "static" / "readings" / "phone", WORDS)
SALT = "mainstay.gas.readings.phone"
MOST = 200
MOST_BYTES = 500_000


def addresses() -> dict[str, str]:
    """Where the phone asks and sends."""
    return {
        "app": reverse("readings:phone"), "worker": reverse("readings:phone_worker"),
        "session": reverse("readings:phone_session"), "recovery": reverse("readings:phone_recovery"),
        "packet": reverse("readings:phone_packet"), "send": reverse("readings:phone_send"),
        "photos": reverse("readings:phone_photos"), "login": reverse("access:login"),
        "icons": static("web/vendor/icons.svg"),
    }  # fmt: skip


@never_cache
def app(request: HttpRequest) -> HttpResponse:
    """The page; it holds no data, anybody may load it."""
    return render(request, "readings/phone.html", {"setting": SHELL.setting(addresses())})


@never_cache
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The files of this release, and the code that keeps them."""
    return SHELL.worker(reverse("readings:phone"))


@never_cache
def web_manifest(_request: HttpRequest) -> JsonResponse:
    """What the phone shows on its home screen."""
    icon = {"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    home = reverse("readings:phone")
    facts = {
        "name": _("Mainstay meter reading"), "short_name": _("Meter reading"), "id": home, "start_url": home,
        "scope": home, "display": "standalone", "orientation": "portrait", "theme_color": "#10345f",
        "background_color": "#f4f6f8", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


def fault(status: int, code: str, message: Any, **more: Any) -> JsonResponse:
    """An error in the one shape phones know."""
    return JsonResponse({"error": {"code": code, "message": str(message), **more}}, status=status)


class PhoneView(View):
    """An address the phone uses: 401 without a session, 403 without the right, problems as JSON; never a page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let readers in; turn what actions say into JSON."""
        if not request.user.is_authenticated:
            text = _("You are signed out. What you read is safe on the phone: sign in, then send.")
            return fault(401, "signed_out", text)
        if not rights.allowed(self.user, RECORD_LIST):
            return fault(403, "refused", _("You are no meter reader here."), right=RECORD_LIST)
        try:
            return super().dispatch(request, *args, **kwargs)
        except Problem as problem:
            return fault(409 if problem.code == "key_used" else 422, problem.code, problem, field=problem.field)
        except Refused as refused:
            return fault(403, "refused", refused, right=refused.right)
        except Http404:
            return fault(404, "not_found", _("There is no such meter for you."))

    @property
    def user(self) -> User:
        """Who is signed in."""
        return self.request.user  # type: ignore[return-value]

    def meter(self, key: Any) -> Installation:
        """A meter in the reader's units, or 404."""
        ids = rights.unit_ids(self.user, RECORD_LIST)
        rows = Installation.objects.select_related("account__book_entry", "meter")
        rows = rows if ids is None else rows.filter(account__unit_id__in=ids)
        return get_object_or_404(rows, pk=key if str(key).isdigit() else 0)


class Session(PhoneView):
    """The person the phone would send as, and the token of sendings."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Tell it."""
        return JsonResponse({"user": {"id": self.user.pk, "name": str(self.user)}, "csrf": get_token(request)})


class Recovery(PhoneView):
    """A second key to what a phone holds, for a forgotten PIN; it differs for every person and phone."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Give 32 bytes in base64."""
        device = request.GET.get("device", "")[:40]
        key = salted_hmac(SALT, f"{self.user.pk}:{device}", algorithm="sha256").digest()
        return JsonResponse({"key": base64.b64encode(key).decode()})


class Packet(PhoneView):
    """The reader's books of the month with their meters."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Give the packet."""
        return JsonResponse(queries_round.packet(self.user) | {"csrf": get_token(request)})


class Send(PhoneView):
    """Readings and visits without a reading in, an answer for each out: `{"readings": […], "visits": […]}`.

    One that is refused stops none of the others; sending again what has arrived is harmless.
    """

    def post(self, request: HttpRequest) -> JsonResponse:
        """Take them."""
        if len(request.body) > MOST_BYTES:
            raise Problem(_("Too much at once: send up to 200."), code="too_large")
        sent = _json(request)
        readings, visits = _list(sent, "readings"), _list(sent, "visits")
        return JsonResponse({"readings": self._readings(readings), "visits": [self._visit(one) for one in visits]})

    def _readings(self, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        good, answers = [], dict[int, dict[str, Any]]()
        for number, row in enumerate(rows):
            try:
                good.append((number, _reading_in(row)))
            except ValueError:
                answers[number] = _refused(row, "bad_request", _("This reading cannot be understood. Enter it again."))
        outcomes, new = record_list(self.user, [row for _number, row in good]) if good else ([], set())
        for place, (number, read) in enumerate(good):
            found = outcomes[place]
            if isinstance(found, Reading):
                answers[number] = _answer(read, found, place in new)
            else:
                answers[number] = _refused(rows[number], found.code, found)
        return [answers[number] for number in range(len(rows))]

    def _visit(self, row: Mapping[str, Any]) -> dict[str, Any]:
        try:
            actions_round.report_visit(
                installation=self.meter(row.get("installation")),
                client_key=UUID(str(row.get("client_key"))),
                period=int(row.get("period", 0)),
                on=date.fromisoformat(str(row.get("on"))),
                reason=str(row.get("reason")),
                note=str(row.get("note", "")),
                by=self.user,
            )
        except (Problem, Refused) as problem:
            return _refused(row, getattr(problem, "code", "refused"), problem)
        except Http404:
            return _refused(row, "not_found", _("There is no such meter for you."))
        except (ValueError, TypeError):
            return _refused(row, "bad_request", _("This report cannot be understood."))
        return {"client_key": row["client_key"], "outcome": "kept"}


class Photos(PhoneView):
    """One photo of a meter: `installation`, `period`, `digest` and the field `file`."""

    def post(self, request: HttpRequest) -> JsonResponse:
        """Keep it."""
        file, period = request.FILES.get("file"), request.POST.get("period", "")
        if file is None or not period.isdigit():
            raise Problem(_("There is no file in this request."), field="file", code="no_file")
        installation = self.meter(request.POST.get("installation"))
        digest = request.POST.get("digest", "")
        actions_round.keep_photo(installation=installation, period=int(period), digest=digest, file=file, by=self.user)  # type: ignore[arg-type]
        return JsonResponse({"kept": digest})


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Problem(_("The body is not valid JSON."), code="bad_request")
    return found


def _list(sent: dict[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = sent.get(key, [])
    if not isinstance(found, list) or len(found) > MOST or not all(isinstance(one, dict) for one in found):
        raise Problem(_("Too much at once: send up to 200."), code="too_large")
    return found


def _reading_in(row: Mapping[str, Any]) -> ReadingIn:
    """A row of the phone as the rows of the API are; ValueError when it is none."""
    names = ("client_key", "meter_no", "account_no", "index_m3", "taken_on", "period", "note")
    return ReadingIn.model_validate({name: row[name] for name in names if name in row} | {"source": "reader"})


def _refused(row: Mapping[str, Any], code: str, message: Any) -> dict[str, Any]:
    return {"client_key": str(row.get("client_key")), "outcome": "refused", "code": code, "message": str(message)}


def _answer(row: ReadingIn, found: Reading, new: bool) -> dict[str, Any]:
    """What became of a reading; `others` are different ones of the same meter and month."""
    questioned = found.state == Reading.State.QUESTIONED
    answer = {
        "client_key": str(row.client_key), "outcome": "new" if new else "already",
        "reading": queries_round.reading_facts(found),
        "doubts": [str(text) for text in doubt_sentences(found.doubts)] if questioned else [],
    }  # fmt: skip
    others = queries_round.others_of(found) if found.doubts & Doubt.SECOND else []
    return answer | {"others": [queries_round.reading_facts(one) | {"by": str(one.taken_by or "")} for one in others]}
