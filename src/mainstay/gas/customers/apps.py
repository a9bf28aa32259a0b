from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.customers"
    label = "customers"
    verbose_name = _("Customers")
