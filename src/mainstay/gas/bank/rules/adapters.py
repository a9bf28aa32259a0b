"""Adapters: the same canonical messages in the layout of a bank. A layout is data (`library/*.yaml`), the families
below read it: ISO 8583, fixed length with byte padding, XML.

`decode(encode(message)) == message` holds for every message whose fields fit the layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mainstay.gas.bank.rules.fixed import FixedAdapter
from mainstay.gas.bank.rules.iso import IsoAdapter
from mainstay.gas.bank.rules.mac import Mac
from mainstay.gas.bank.rules.messages import Message
from mainstay.gas.bank.rules.xmltext import XmlAdapter

Field = tuple[str, str, str]
"""Place in the layout, canonical name, value as it is written."""


class Adapter(Protocol):
    """What a family can do with a layout."""

    key: str

    def encode(self, message: Message, mac: Mac | None) -> bytes:
        """Write a message; ValueError when a value does not fit the layout."""

    def decode(self, body: bytes, mac: Mac | None) -> Message:
        """Read a message; BadFrame for anything else, BadMac where the code is wrong."""

    def fields(self, body: bytes) -> list[Field]:
        """List what a body holds, field by field, for people to read; BadFrame where it cannot be read."""


FAMILIES: dict[str, Callable[[str, Mapping[str, Any]], Adapter]] = {
    "iso8583": IsoAdapter,
    "fixed": FixedAdapter,
    "xml": XmlAdapter,
}


def make_adapter(key: str, layout: Mapping[str, Any]) -> Adapter:
    """Return the adapter of a layout. Raises KeyError or ValueError where the layout is wrong."""
    return FAMILIES[layout["family"]](key, layout)
