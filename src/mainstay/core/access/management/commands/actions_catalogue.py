"""Print the catalogue of actions as Markdown, in both languages (docs/reference/actions.md is made by this)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from mainstay.core.access.queries_matrix import catalogue_by_part

LANGUAGES = (("en", "Catalogue of actions"), ("zh-hans", "操作目录"))


class Command(BaseCommand):
    """Print every action and right."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one table per part and language."""
        for language, heading in LANGUAGES:
            with override(language):
                self.stdout.write(f"# {heading}\n")
                for part, rows in catalogue_by_part():
                    self._write_part(part, rows)

    def _write_part(self, part: str, rows: list[dict[str, Any]]) -> None:
        columns = [_("Right"), pgettext("thing", "Name"), _("Kind"), _("Where"), _("Amount"), _("Second person")]
        self.stdout.write(f"## {part}\n")
        self.stdout.write("| " + " | ".join(columns) + " |")
        self.stdout.write("|" + "---|" * len(columns))
        for row in rows:
            kind = f"{row['kind']}, {_('everybody')}" if row["everyone"] else row["kind"]
            cells = [row["title"], f"`{row['name']}`", kind, row["place"], row["amount"], row["second"]]
            self.stdout.write("| " + " | ".join(cells) + " |")
        self.stdout.write("")
