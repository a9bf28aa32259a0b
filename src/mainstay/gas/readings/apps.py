from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.readings"
    label = "readings"
    verbose_name = _("Readings")
