"""Addresses. An app's pages live under its label: `/customers/…` is `mainstay.gas.customers.urls`.

An app that is switched on in settings brings its own pages; no list has to be kept here.
"""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule
from django.views.generic import RedirectView

from mainstay.config.api import api

HOME = "home"


def _rooms() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for app in apps.get_app_configs():
        if app.name.startswith("mainstay.") and app.module and module_has_submodule(app.module, "urls"):
            prefix = "" if app.label == HOME else f"{app.label}/"
            found.append(path(prefix, include(f"{app.name}.urls")))
    return found


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/docs", RedirectView.as_view(pattern_name="access:api_reference")),
    path("api/v1/", api.urls),
    *_rooms(),
]
handler400 = "mainstay.web.errors.bad_request"
handler403 = "mainstay.web.errors.forbidden"
handler404 = "mainstay.web.errors.not_found"
handler500 = "mainstay.web.errors.server_error"
