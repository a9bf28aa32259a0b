"""The error of the pure tariff rules: it carries both languages because it is raised where no translation runs."""

from __future__ import annotations


class TariffError(ValueError):
    """A tariff, or a case to be rated, that cannot be used as it is; the texts say what to do.

    `code` is a stable word for programs, `en` and `zh` are the texts, `field` names the input at fault and
    `path` the place inside a tariff file (keys and list positions from the root).
    """

    def __init__(
        self, code: str, *, en: str, zh: str, field: str | None = None, path: tuple[str | int, ...] = ()
    ) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh
        self.field = field
        self.path = path

    def at(self, place_en: str, place_zh: str) -> TariffError:
        """The same error with the place (file, line) put before both texts."""
        return TariffError(
            self.code, en=f"{place_en}: {self.en}", zh=f"{place_zh}：{self.zh}", field=self.field, path=self.path
        )
