"""Who is signed in on this phone, and the key that opens it when its PIN is forgotten."""

from __future__ import annotations

import base64

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

from mainstay.core.door import rights
from mainstay.inspection.campaigns.views.phone import PhoneView
from mainstay.inspection.hazards.queries import days_for
from mainstay.inspection.hazards.rules import GENERAL, MAJOR
from mainstay.kit.dates import local_today

SALT = "mainstay.inspection.phone"
ISSUE = "inspection.hazards.issue_notice"


class Session(PhoneView):
    """The person the phone would send as, and the token of sendings. Asked before each round of sending.

    `may_issue`: whether the person may issue notices on the spot; `days`: how long a level of hazards may take today.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        """Tell it; 401 without a session."""
        user = request.user
        facts = {"id": user.pk, "name": str(user), "person": user.person_id}  # type: ignore[union-attr]
        may_issue = rights.allowed(user, ISSUE)  # type: ignore[arg-type]
        days = {level: days_for(level, local_today()) for level in (GENERAL, MAJOR)}
        return JsonResponse({"user": facts, "csrf": get_token(request), "may_issue": may_issue, "days": days})


class Recovery(PhoneView):
    """A second key to what a phone holds. The phone keeps only what this key has wrapped, never the key itself.

    It is the same as long as the site's signing key is, and differs for every person and phone.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        """Give 32 bytes in base64."""
        device = request.GET.get("device", "")[:40]
        key = salted_hmac(SALT, f"{request.user.pk}:{device}", algorithm="sha256").digest()
        return JsonResponse({"key": base64.b64encode(key).decode()})
