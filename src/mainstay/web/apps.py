"""Configuration of the page shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """The page shell; it has no models."""

    name = "mainstay.web"
    label = "web"
    verbose_name = _("Page shell")
