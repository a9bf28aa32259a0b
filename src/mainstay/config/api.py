"""The API at /api/v1/: every app's `api.router`, one OpenAPI description, bearer tokens of integrations."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI

from mainstay import __version__


def _build() -> NinjaAPI:
    built = NinjaAPI(title="Mainstay", version=__version__, urls_namespace="api", docs_url="docs")
    for app in apps.get_app_configs():
        if app.name.startswith("mainstay.") and app.module and module_has_submodule(app.module, "api"):
            module = import_module(f"{app.name}.api")
            built.add_router(f"/{app.label}", module.router)
    return built


api = _build()
