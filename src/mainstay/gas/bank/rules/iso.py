"""ISO 8583 in ASCII with a binary bitmap; the code of authentication in field 64, or 128 after a second bitmap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import iso8583
from iso8583.specs import default_ascii

from mainstay.gas.bank.rules.mac import WIDTH, Mac, same
from mainstay.gas.bank.rules.messages import BadFrame, BadMac, Code, Kind, Message
from mainstay.gas.bank.rules.values import CHARSETS, way_of

_FIRST_HALF = 64
_MTI, _PROCESSING, _NETWORK = "t", "3", "70"
_NO_MAC = "0" * WIDTH * 2
_BINARY = {"data_enc": "b", "len_enc": "b", "len_type": 0}


class IsoAdapter:
    """A layout of family iso8583: `kinds` (request, reply, processing code, network code), `fields` and `codes`."""

    def __init__(self, key: str, layout: Mapping[str, Any]) -> None:
        self.key = key
        self._charset = CHARSETS[layout["charset"]]
        self._spec = self._specification(layout)
        self._slots = [(str(no), one["name"], way_of(one["name"], one.get("way")), one.get("pad", 0))
                       for no, one in layout["fields"].items()]  # fmt: skip
        self._names = {no: name for no, name, _way, _pad in self._slots}
        self._codes = {Code(code): text for code, text in layout["codes"].items()}
        self._meanings = {text: code for code, text in self._codes.items()}
        self._kinds = {Kind(kind): [str(part) for part in parts] for kind, parts in layout["kinds"].items()}
        self._by_type = {
            (parts[reply], parts[2], parts[3]): (kind, bool(reply))
            for kind, parts in self._kinds.items()
            for reply in (0, 1)
        }

    def _specification(self, layout: Mapping[str, Any]) -> dict[str, Any]:
        spec: dict[str, Any] = {name: dict(facts) for name, facts in default_ascii.items()}
        for name in ("p", "1"):
            spec[name] |= {"data_enc": "b", "max_len": 8}
        for name in ("64", "128"):
            spec[name] |= {**_BINARY, "max_len": WIDTH}
        for number, one in layout["fields"].items():
            spec[str(number)] |= {
                "data_enc": self._charset if one.get("charset") else "ascii",
                "len_enc": "ascii",
                "len_type": one.get("length", 0),
                "max_len": one["width"],
            }
        return spec

    def encode(self, message: Message, mac: Mac | None) -> bytes:
        """Write a message; ValueError when a value does not fit."""
        mti, reply_mti, processing, network = self._kinds[message.kind]
        document = {_MTI: reply_mti if message.reply else mti}
        if processing:
            document[_PROCESSING] = processing
        if network:
            document[_NETWORK] = network
        for number, name, way, pad in self._slots:
            value = getattr(message, name)
            if value is None or value == "":
                continue
            text = self._codes[value] if name == "code" else way.write(value)
            document[number] = text.rjust(pad, "0") if pad > 0 else text.ljust(-pad)
        place = "128" if any(len(no) > 1 and int(no) > _FIRST_HALF for no in document) else "64"
        if mac is not None:
            document[place] = _NO_MAC
        try:
            raw, _encoded = iso8583.encode(document, self._spec)
        except iso8583.EncodeError as error:
            raise ValueError(str(error)) from None
        if mac is None:
            return bytes(raw)
        body = bytes(raw[:-WIDTH])
        return body + mac(body)

    def decode(self, body: bytes, mac: Mac | None) -> Message:
        """Read a message; BadFrame or BadMac."""
        document = self._document(body)
        carries = "128" in document or "64" in document
        if mac is not None and not (carries and same(mac(body[:-WIDTH]), body[-WIDTH:])):
            raise BadMac("the code of authentication is wrong")
        kind = self._by_type.get((document[_MTI], document.get(_PROCESSING, ""), document.get(_NETWORK, "")))
        if kind is None:
            raise BadFrame("no message of this line has this type")
        found: dict[str, Any] = {}
        for number, name, way, pad in self._slots:
            text = document.get(number)
            if text is None:
                continue
            text = text.rstrip(" ") if pad < 0 else text
            if text:
                found[name] = self._meaning(text) if name == "code" else way.read(text)
        return Message(kind=kind[0], reply=kind[1], **found)

    def _meaning(self, text: str) -> Code:
        if text not in self._meanings:
            raise BadFrame("an answer code that the layout does not have")
        return self._meanings[text]

    def _document(self, body: bytes) -> dict[str, str]:
        try:
            document, _encoded = iso8583.decode(body, self._spec)
        except (iso8583.DecodeError, ValueError, KeyError) as error:
            raise BadFrame(f"no ISO 8583 message: {str(error)[:120]}") from None
        return dict(document)

    def fields(self, body: bytes) -> list[tuple[str, str, str]]:
        """Type, bitmaps, then every field that is there."""
        document = self._document(body)
        names = {_MTI: "type", "p": "bitmap", "1": "bitmap", _PROCESSING: "processing", _NETWORK: "network",
                 "64": "mac", "128": "mac", **self._names}  # fmt: skip
        order = [_MTI, "p", *sorted((no for no in document if no.isdigit()), key=int)]
        return [(no, names.get(no, ""), document[no]) for no in order if no in document]
