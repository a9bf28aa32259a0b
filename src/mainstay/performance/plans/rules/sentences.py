"""Sentences that explain a number, readable in both languages whenever they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override


@dataclass(frozen=True)
class Sentence:
    """A translated text with its values, put together when it is read; `more` are further sentences behind it."""

    text: Any
    values: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Sentence, ...] = ()

    def __str__(self) -> str:
        own = str(self.text) % {name: str(value) for name, value in self.values.items()}
        return " ".join([own, *map(str, self.more)])

    def also(self, *further: Sentence) -> Sentence:
        """Return this sentence with others behind it."""
        return Sentence(self.text, self.values, (*self.more, *further))

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        with override("zh-hans"):
            return str(self)

    @property
    def en(self) -> str:
        """The sentence in English."""
        with override("en"):
            return str(self)
