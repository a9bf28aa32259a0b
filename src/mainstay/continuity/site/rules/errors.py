"""What is wrong in a site declaration, in both languages, with the place where it stands."""

from __future__ import annotations

Path = tuple[str | int, ...]


class DeclarationError(Exception):
    """A value of `site.toml` that cannot be: where it stands and what to do, in English and Chinese."""

    def __init__(self, path: Path, en: str, zh: str) -> None:
        super().__init__(en)
        self.path = path
        self.en = en
        self.zh = zh

    @property
    def place(self) -> str:
        """The place as it is written in the file: `hosts[2].interfaces[1].address`; lists count from 1."""
        text = ""
        for step in self.path:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def told(self, language: str) -> str:
        """One line in a language: place, what is wrong, what to do."""
        text = self.zh if language.startswith("zh") else self.en
        return f"site.toml {self.place}: {text}" if self.place else f"site.toml: {text}"

    def __str__(self) -> str:
        return self.told("en")
