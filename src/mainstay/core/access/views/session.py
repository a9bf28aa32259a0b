"""Log in, second factor, log out."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp import devices_for_user, match_token
from django_otp import login as otp_login

from mainstay.core.access import actions
from mainstay.core.access.forms import CodeForm, LoginForm
from mainstay.core.access.models import User

PENDING = "pending_login"
PENDING_SECONDS = 300
BACKEND = "mainstay.core.access.backends.PasswordBackend"


def why_texts() -> dict[str, str]:
    """Return why a session was ended, in words."""
    minutes = settings.IDLE_MINUTES
    return {
        "idle": _("You were logged out after %(minutes)s minutes without use. Nothing was changed.")
        % {"minutes": minutes},
        "seat": _(
            "You were logged out because this user logged in at another place. "
            "If that was not you, tell your administrator."
        ),
        "out": _("You are logged out."),
    }


class Login(View):
    """The log-in page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; somebody already logged in goes on to work."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_address(request))
        return self.show(request, LoginForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check name and password; go on to the second factor or to work."""
        form = LoginForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        user = authenticate(request, **form.cleaned_data)
        if not isinstance(user, User):
            actions.note_failed_log_in(form.cleaned_data["username"])
            form.add_error(
                None,
                _("Name or password is wrong, or the user is locked. Check both; five failures lock for 30 minutes."),
            )
            return self.show(request, form, 422)
        if any(devices_for_user(user, confirmed=True)):
            request.session[PENDING] = [user.pk, int(time.time()), next_address(request)]
            return HttpResponseRedirect(reverse("access:second_factor"))
        return enter(request, user, next_address(request))

    def show(self, request: HttpRequest, form: LoginForm, status: int = 200) -> HttpResponse:
        """Render the form with the reason why somebody was sent here."""
        context = {
            "title": _("Log in"),
            "form": form,
            "next": request.POST.get("next") or request.GET.get("next", ""),
            "why": why_texts().get(request.GET.get("why", ""), ""),
        }
        return TemplateResponse(request, "access/login.html", context, status=status)


class SecondFactor(View):
    """The second step for those who have a second factor."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.show(request, CodeForm()) if pending_user(request) else back_to_login()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the code; each device slows down guessing by itself."""
        user = pending_user(request)
        if user is None:
            return back_to_login()
        form = CodeForm(request.POST)
        if form.is_valid():
            device = match_token(user, form.cleaned_data["code"].replace(" ", ""))
            if device is not None:
                address = request.session[PENDING][2]
                return enter(request, user, address, device)
            form.add_error("code", _("The code is not right. Type the code shown now; after failures wait a little."))
        return self.show(request, form, 422)

    def show(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        context = {"title": _("Second step"), "form": form}
        return TemplateResponse(request, "access/second_factor.html", context, status=status)


def pending_user(request: HttpRequest) -> User | None:
    """Return who passed the first step a moment ago."""
    user_id, since, _address = request.session.get(PENDING, (0, 0, ""))
    if time.time() - since > PENDING_SECONDS:
        return None
    return User.objects.filter(pk=user_id, is_active=True).first()


def back_to_login() -> HttpResponse:
    """Lead to the first step."""
    return HttpResponseRedirect(reverse("access:login"))


def enter(request: HttpRequest, user: User, address: str, device: Any = None) -> HttpResponse:
    """Open the session, put it on record, and lead to work in the user's language."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    if device is not None:
        otp_login(request, device)
    request.session["seen"] = int(time.time())
    displaced = actions.log_in(session_key=request.session.session_key or "", second_factor=device is not None, by=user)
    if displaced:
        messages.warning(request, _("Your session at another place was ended: you may be logged in at one place only."))
    response = HttpResponseRedirect(address)
    if user.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
    return response


def next_address(request: HttpRequest) -> str:
    """Return where to go after the log-in: an address of this site, else the workbench."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else reverse(settings.LOGIN_REDIRECT_URL)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(f"{reverse('access:login')}?why=out")


@never_cache
def locked_out(request: HttpRequest, *_more: Any) -> HttpResponse:
    """Say that too many attempts failed, and what to do (called by the lock-out middleware)."""
    context = {
        "title": _("Log-in is locked for now"),
        "minutes": int(settings.AXES_COOLOFF_TIME * 60),
        "limit": settings.AXES_FAILURE_LIMIT,
    }
    return TemplateResponse(request, "access/locked_out.html", context, status=429).render()
