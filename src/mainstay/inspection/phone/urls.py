"""Addresses of the phone. All lie below `/phone/`, the scope of its service worker."""

from django.urls import path

from mainstay.inspection.phone.views import session, shell

app_name = "phone"
urlpatterns = [
    path("", shell.app, name="app"),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("app.webmanifest", shell.web_manifest, name="web_manifest"),
    path("ca.crt", shell.authority, name="authority"),
    path("session/", session.Session.as_view(), name="session"),
    path("recovery/", session.Recovery.as_view(), name="recovery"),
]
