"""Fixed length in GBK: every field has its number of bytes, Chinese text is padded by bytes, numbers by zeros.

The code of authentication follows the body as 16 hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mainstay.gas.bank.rules.mac import WIDTH, Mac, same
from mainstay.gas.bank.rules.messages import BadFrame, BadMac, Code, Kind, Message
from mainstay.gas.bank.rules.values import CHARSETS, Way, way_of

TAIL = WIDTH * 2
_KIND = "kind"


class FixedAdapter:
    """A layout of family fixed: `kinds` (request, reply), `head` and the `body` of each kind as [name, bytes]."""

    def __init__(self, key: str, layout: Mapping[str, Any]) -> None:
        self.key = key
        self._charset = CHARSETS[layout["charset"]]
        self._codes = {Code(code): str(text) for code, text in layout["codes"].items()}
        self._meanings = {text: code for code, text in self._codes.items()}
        self._types = {(Kind(kind), bool(reply)): str(parts[reply])
                       for kind, parts in layout["kinds"].items() for reply in (0, 1)}  # fmt: skip
        self._kinds = {text: kind for kind, text in self._types.items()}
        self._head = [self._slot(one) for one in layout["head"]]
        self._body = {Kind(kind): [self._slot(one) for one in layout["body"].get(kind, [])] for kind in layout["kinds"]}
        self._type_width = len(next(iter(self._kinds)))

    @staticmethod
    def _slot(one: list[Any]) -> tuple[str, int, Way, bool]:
        name, width = one[0], int(one[1])
        given = one[2] if len(one) > 2 else None  # noqa: PLR2004  # the way is the optional third
        return name, width, way_of(name, given), name in {"amount_fen", "count"}

    def encode(self, message: Message, mac: Mac | None) -> bytes:
        """Write a message; ValueError when a value is too long for its field."""
        parts = [self._types[message.kind, message.reply].encode("ascii")]
        for name, width, way, number in [*self._head, *self._body[message.kind]]:
            value = getattr(message, name)
            empty = value is None or value == ""
            text = "" if empty else self._codes[value] if name == "code" else way.write(value)
            raw = text.encode(self._charset)
            if len(raw) > width:
                raise ValueError(f"{name} has {len(raw)} bytes, its field {width}")
            parts.append(raw.rjust(width, b"0") if number and not empty else raw.ljust(width))
        body = b"".join(parts)
        return body if mac is None else body + mac(body).hex().upper().encode("ascii")

    def decode(self, body: bytes, mac: Mac | None) -> Message:
        """Read a message; BadFrame or BadMac."""
        if mac is not None:
            body, tail = body[:-TAIL], body[-TAIL:]
            if not same(mac(body).hex().upper().encode("ascii"), tail):
                raise BadMac("the code of authentication is wrong")
        kind, reply = self._kind(body)
        found: dict[str, Any] = {}
        for name, text, way in self._cut(body, kind):
            if text:
                found[name] = self._meaning(text) if name == "code" else way.read(text)
        return Message(kind=kind, reply=reply, **found)

    def _meaning(self, text: str) -> Code:
        if text not in self._meanings:
            raise BadFrame("an answer code that the layout does not have")
        return self._meanings[text]

    def _kind(self, body: bytes) -> tuple[Kind, bool]:
        kind = self._kinds.get(body[: self._type_width].decode("ascii", "replace"))
        if kind is None:
            raise BadFrame("no message of this line has this type")
        return kind

    def _cut(self, body: bytes, kind: Kind) -> Iterator[tuple[str, str, Way]]:
        slots = [*self._head, *self._body[kind]]
        if len(body) != self._type_width + sum(width for _name, width, _way, _number in slots):
            raise BadFrame(f"{len(body)} bytes are not the length of this message")
        place = self._type_width
        for name, width, way, _number in slots:
            try:
                yield name, body[place : place + width].decode(self._charset).rstrip(" "), way
            except UnicodeDecodeError:
                raise BadFrame(f"{name} is no text in this character set") from None
            place += width

    def fields(self, body: bytes) -> list[tuple[str, str, str]]:
        """Type, then every field with the byte it begins at; a code of authentication behind it."""
        kind, reply = self._kind(body)
        length = self._type_width + sum(slot[1] for slot in [*self._head, *self._body[kind]])
        found = [("0", "type", self._types[kind, reply])]
        place = self._type_width
        for (name, text, _way), slot in zip(
            self._cut(body[:length], kind), [*self._head, *self._body[kind]], strict=True
        ):
            found.append((str(place), name, text))
            place += slot[1]
        if body[length:]:
            found.append((str(length), "mac", body[length:].decode("ascii", "replace")))
        return found
