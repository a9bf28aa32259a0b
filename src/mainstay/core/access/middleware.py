"""Rules of a session: it ends when nobody is there, is the only one where that is set, and old passwords go first."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from mainstay.core.access import rules
from mainstay.core.access.models import User
from mainstay.core.access.preferences import keep_language
from mainstay.core.door import refusals

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"
NOTED_EVERY = 60  # seconds between two notes of "still here": a note is a write
POLL_HEADER = "X-Poll"
OPEN_WITH_OLD_PASSWORD = ("access:password_change", "access:logout", "set_language")


def session_rules(get_response: GetResponse) -> GetResponse:
    """End idle and displaced sessions, lead to the new password where one is due, speak the user's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            ended = _why_ended(request, user)
            if ended:
                logout(request)
                return _to_login(request, ended)
            _note_presence(request)
            if _password_due(user) and request.path not in _open_paths():
                return HttpResponseRedirect(reverse("access:password_change"))
            response = _in_users_language(request, user, get_response)
        else:
            response = get_response(request)
        refusals.flush()
        return response

    return middleware


def _why_ended(request: HttpRequest, user: User) -> str:
    """Return why the session is over (idle, seat), or nothing."""
    seen = request.session.get(SEEN)
    if seen is not None and time.time() - seen > settings.IDLE_MINUTES * 60:
        return "idle"
    if user.one_seat and user.session_key and user.session_key != request.session.session_key:
        return "seat"
    return ""


def _note_presence(request: HttpRequest) -> None:
    """Remember that the person is there; what a page asks for by itself does not count."""
    if request.headers.get(POLL_HEADER):
        return
    now = int(time.time())
    if now - request.session.get(SEEN, 0) >= NOTED_EVERY:
        request.session[SEEN] = now


def _to_login(request: HttpRequest, why: str) -> HttpResponse:
    """Lead to the log-in page, which says why; a page that was only read is opened again afterwards."""
    where = f"{reverse('access:login')}?why={why}"
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        from urllib.parse import quote

        where += f"&next={quote(request.get_full_path())}"
    return HttpResponseRedirect(where)


def _password_due(user: User) -> bool:
    return user.must_change_password or rules.password_expired(user.password_changed_at, timezone.now())


def _open_paths() -> set[str]:
    return {reverse(name) for name in OPEN_WITH_OLD_PASSWORD}


def _in_users_language(request: HttpRequest, user: User, get_response: GetResponse) -> HttpResponse:
    """Serve in the language kept with the user; a choice made on this machine becomes the user's."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = {code for code, _name in settings.LANGUAGES}
    if cookie in known and cookie != user.language:
        keep_language(user, cookie)
    elif cookie not in known and user.language in known:
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
    return get_response(request)
