from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.todos"
    label = "todos"
    verbose_name = _("To-dos")
