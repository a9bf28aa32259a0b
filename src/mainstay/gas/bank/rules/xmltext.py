"""XML in GBK or UTF-8. Read by a parser that refuses document types and entities, nesting and length without measure.

The code of authentication follows the document as 16 hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from mainstay.gas.bank.rules.mac import WIDTH, Mac, same
from mainstay.gas.bank.rules.messages import BadFrame, BadMac, Code, Kind, Message
from mainstay.gas.bank.rules.values import CHARSETS, way_of

TAIL = WIDTH * 2
_DEPTH, _ELEMENTS = 4, 64
_HEAD = re.compile(r"<\?xml[^>]*\?>")
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlAdapter:
    """A layout of family xml: `root`, the element of the type, and `fields` as path → name."""

    def __init__(self, key: str, layout: Mapping[str, Any]) -> None:
        self.key = key
        self._charset, self._declared = CHARSETS[layout["charset"]], str(layout["charset"]).upper()
        self._root, self._type = layout["root"], layout["type"]
        self._codes = {Code(code): str(text) for code, text in layout["codes"].items()}
        self._meanings = {text: code for code, text in self._codes.items()}
        self._types = {(Kind(kind), bool(reply)): str(parts[reply])
                       for kind, parts in layout["kinds"].items() for reply in (0, 1)}  # fmt: skip
        self._kinds = {text: kind for kind, text in self._types.items()}
        self._slots = [(*path.split("/"), one["name"], way_of(one["name"], one.get("way")))
                       for path, one in layout["fields"].items()]  # fmt: skip
        self._names = {path: one["name"] for path, one in layout["fields"].items()}

    def encode(self, message: Message, mac: Mac | None) -> bytes:
        """Write a message; ValueError for characters that XML or the character set does not have."""
        sections: dict[str, list[str]] = {}
        section, tag = self._type.split("/")
        sections[section] = [f"<{tag}>{self._types[message.kind, message.reply]}</{tag}>"]
        for part, tag, name, way in self._slots:
            value = getattr(message, name)
            if value is None or value == "":
                continue
            text = self._codes[value] if name == "code" else way.write(value)
            if _FORBIDDEN.search(text):
                raise ValueError(f"{name} has a character that XML does not allow")
            sections.setdefault(part, []).append(f"<{tag}>{escape(text)}</{tag}>")
        inner = "".join(f"<{part}>{''.join(tags)}</{part}>" for part, tags in sections.items())
        text = f'<?xml version="1.0" encoding="{self._declared}"?><{self._root}>{inner}</{self._root}>'
        body = text.encode(self._charset)
        return body if mac is None else body + mac(body).hex().upper().encode("ascii")

    def decode(self, body: bytes, mac: Mac | None) -> Message:
        """Read a message; BadFrame or BadMac."""
        if mac is not None:
            body, tail = body[:-TAIL], body[-TAIL:]
            if not same(mac(body).hex().upper().encode("ascii"), tail):
                raise BadMac("the code of authentication is wrong")
        told = self._read(body)
        kind = self._kinds.get(told.get(self._type, ""))
        if kind is None:
            raise BadFrame("no message of this line has this type")
        found: dict[str, Any] = {}
        for part, tag, name, way in self._slots:
            text = told.get(f"{part}/{tag}")
            if text:
                found[name] = self._meaning(text) if name == "code" else way.read(text)
        return Message(kind=kind[0], reply=kind[1], **found)

    def _meaning(self, text: str) -> Code:
        if text not in self._meanings:
            raise BadFrame("an answer code that the layout does not have")
        return self._meanings[text]

    def _read(self, body: bytes) -> dict[str, str]:
        """Texts by path below the root, "Head/TranCode"."""
        try:
            text = _HEAD.sub("", body.decode(self._charset), count=1)
        except UnicodeDecodeError:
            raise BadFrame("the document is not in its character set") from None
        reader = _Reader()
        try:
            reader.parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            raise BadFrame(f"no XML: {error}") from None
        if reader.root != self._root:
            raise BadFrame("the root element is another one")
        return reader.texts

    def fields(self, body: bytes) -> list[tuple[str, str, str]]:
        """Every element that is there; a code of authentication behind the document."""
        end = body.rfind(b">") + 1
        found = [
            (path, "type" if path == self._type else self._names.get(path, ""), text)
            for path, text in self._read(body[:end]).items()
        ]
        if body[end:]:
            found.append(("–", "mac", body[end:].decode("ascii", "replace")))
        return found


class _Reader:
    """Collects texts; stops at what a message never has."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.root = ""
        self._path: list[str] = []
        self._parts: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._parts.append
        self.parser.StartDoctypeDeclHandler = self._forbidden
        self.parser.EntityDeclHandler = self._forbidden
        self.parser.ProcessingInstructionHandler = self._forbidden

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path:
            self.root = name
        self._path.append(name)
        if len(self._path) > _DEPTH or len(self.texts) > _ELEMENTS:
            raise BadFrame("more elements than a message has")
        self._parts.clear()

    def _end(self, _name: str) -> None:
        text = "".join(self._parts).strip(" \t\r\n")
        path = "/".join(self._path[1:])
        if text:
            if path in self.texts:
                raise BadFrame(f"{path} is there twice")
            self.texts[path] = text
        self._path.pop()
        self._parts.clear()

    def _forbidden(self, *_facts: object) -> None:
        raise BadFrame("a document type, an entity or an instruction")
