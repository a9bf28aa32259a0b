"""The shell of the phone: one page, its service worker, its manifest. They hold no data: anybody may load them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mainstay.inspection.phone.rules_words import WORDS
from mainstay.web.phone import PhoneShell

SHELL = PhoneShell("mainstay-phone", Path(__file__).resolve().parent.parent / "static", WORDS)


def addresses() -> dict[str, str]:
    """Where the phone asks and sends."""
    return {
        "app": reverse("phone:app"), "worker": reverse("phone:service_worker"), "session": reverse("phone:session"),
        "recovery": reverse("phone:recovery"), "packet": reverse("campaigns:phone_packet"),
        "numbers": reverse("campaigns:phone_numbers"), "records": reverse("campaigns:phone_records"),
        "notices": f"{reverse('hazards:notice_list')}number/",
        "login": reverse("access:login"), "icons": static("web/vendor/icons.svg"),
    }  # fmt: skip


@never_cache
def app(request: HttpRequest) -> HttpResponse:
    """The page; everything on it is drawn by the phone itself."""
    return render(request, "phone/app.html", {"setting": SHELL.setting(addresses())})


@never_cache
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker: the list of files of this release, and the code that keeps them."""
    return SHELL.worker(reverse("phone:app"))


@never_cache
def web_manifest(_request: HttpRequest) -> JsonResponse:
    """What the phone shows on its home screen."""
    icon = {"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    facts = {
        "name": _("Mainstay inspection"), "short_name": _("Inspection"), "id": reverse("phone:app"),
        "start_url": reverse("phone:app"), "scope": reverse("phone:app"), "display": "standalone",
        "orientation": "portrait", "theme_color": "#10345f", "background_color": "#f4f6f8", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


def authority(_request: HttpRequest) -> FileResponse:
    """The certificate of the site's own authority, for phones to install; there is no secret in it."""
    path = Path(settings.DATA) / "ca" / "ca.crt"
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/x-x509-ca-cert", filename="mainstay-ca.crt")
