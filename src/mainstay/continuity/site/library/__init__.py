"""The example declaration that ships with the product."""

from __future__ import annotations

from importlib.resources import files

EXAMPLE = "example.toml"


def example() -> str:
    """The declaration of a fictitious company, with comments."""
    return files(__name__).joinpath(EXAMPLE).read_text(encoding="utf-8")
