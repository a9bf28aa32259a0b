"""The error of the severity model: both languages, because it is raised where no translation runs."""

from __future__ import annotations


class RatingsError(ValueError):
    """Ratings that cannot be used as they are; `en` and `zh` say what is wrong and what to do."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
