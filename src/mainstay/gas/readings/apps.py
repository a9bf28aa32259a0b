from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.readings"
    label = "readings"
    verbose_name = _("Readings")

    def ready(self) -> None:
        """Make actions, pages, the sheet of readings and answers to other apps known."""
        from mainstay.core.home import cards, menu
        from mainstay.core.home.counting import Count
        from mainstay.core.sheets.registry import register
        from mainstay.gas.customers.opening import OpeningStep, register_step
        from mainstay.gas.readings import actions, actions_list, actions_round, hooks, queries, tasks  # noqa: F401
        from mainstay.gas.readings.sheet import KIND

        register(KIND)
        view, section = queries.VIEW, "readings"
        menu.register(menu.MenuItem("books", _("Books"), "readings:book_list", view, section, "book", 10))
        menu.register(
            menu.MenuItem(
                "questioned", _("Questioned readings"), "readings:worklist", view, section, "alert-triangle", 20
            )
        )
        menu.register(
            menu.MenuItem("sheet_imports", _("Sheet imports"), "sheets:import_list", KIND.right, section, "upload", 30)
        )
        menu.register(
            menu.MenuItem("reading_board", _("Reading board"), "readings:board", view, section, "layout-dashboard", 12)
        )
        read = "gas.readings.record_readings"
        menu.register(
            menu.MenuItem("rounds_phone", _("Read by phone"), "readings:phone", read, section, "device-mobile", 15)
        )
        worklist = (
            _("Questioned readings"),
            "gas.readings.accept_reading",
            Count(queries.questioned_few, queries.questioned_told),
        )
        note = _("accept, correct, or have them read again")
        cards.register(cards.Card("questioned", *worklist, "readings:worklist", "amber", 40, note=note))
        unread = (
            _("Meters to read this month"),
            "gas.readings.record_reading",
            Count(queries.due_books, queries.unread_told),
        )
        cards.register(
            cards.Card("unread", *unread, "readings:book_list", "blue", 35, "?mine=true", _("in your books"))
        )
        register_step(OpeningStep("book", _("Book"), hooks.place_form, hooks.place, 300))
