"""To-dos: registered with the menu and the bell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """One inbox for everyone."""

    name = "mainstay.core.todos"
    label = "todos"
    verbose_name = _("To-dos")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, count for the bell."""
        from mainstay.core.home.menu import MenuItem, register, register_fact
        from mainstay.core.todos import actions, queries, tasks  # noqa: F401

        register(MenuItem("todos", _("To-dos"), "todos:todo_list", None, "work", "checklist", 20))
        register_fact("todo_count", queries.bell)
