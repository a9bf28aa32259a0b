from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.bank"
    label = "bank"
    verbose_name = _("Bank link")
