from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Bring actions and rights into the catalogue, the list into the menu."""
        from mainstay.core.documents import actions, queries  # noqa: F401
        from mainstay.core.home.menu import MenuItem, register

        register(
            MenuItem(
                "documents", _("Documents"), "documents:document_list", "core.documents.view_document", "reports",
                icon="files", order=80,
            )
        )  # fmt: skip
