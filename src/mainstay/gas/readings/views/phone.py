"""The readers' phone: one page that draws itself, its service worker, and what it asks and sends as JSON."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from mainstay.core.access.models import User
from mainstay.core.door import Refused, rights
from mainstay.gas.readings import actions_round, queries_round
from mainstay.gas.readings.api_incoming import RECORD_LIST
from mainstay.gas.readings.api_phone import meter_of, no_such_meter, take_sent
from mainstay.gas.readings.rules_words_phone import WORDS
from mainstay.kit.errors import Problem
from mainstay.web.phone import PhoneShell

SHELL = PhoneShell("mainstay-rounds", Path(__file__).resolve().parent.parent / "static" / "readings" / "phone", WORDS)
SALT = "mainstay.gas.readings.phone"
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
            return fault(404, "not_found", no_such_meter())

    @property
    def user(self) -> User:
        """Who is signed in."""
        return self.request.user  # type: ignore[return-value]


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
        return JsonResponse(take_sent(self.user, sent))


class Photos(PhoneView):
    """One photo of a meter: `installation`, `period`, `digest` and the field `file`."""

    def post(self, request: HttpRequest) -> JsonResponse:
        """Keep it."""
        file, period = request.FILES.get("file"), request.POST.get("period", "")
        if file is None or not period.isdigit():
            raise Problem(_("There is no file in this request."), field="file", code="no_file")
        installation = meter_of(self.user, request.POST.get("installation"))
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
