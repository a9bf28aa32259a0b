from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.billing"
    label = "billing"
    verbose_name = _("Billing")
