from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.home"
    label = "home"
    verbose_name = _("Home")
