"""Reading one table of a declaration, key by key; keys that nobody asked for are refused."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mainstay.continuity.site.rules.errors import DeclarationError, Path

T = TypeVar("T")
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
PLACE = re.compile(r"/[A-Za-z0-9._/+-]*")
PORTS = range(1, 65536)


class Fields:
    """One table: `text`, `number`, `address` … take a key and remember it; `close` refuses the rest."""

    def __init__(self, data: object, path: Path) -> None:
        if not isinstance(data, Mapping):
            raise DeclarationError(path, "Write a table here.", "这里应为一张表。")
        self.data = data
        self.path = path
        self.asked: set[str] = set()

    def at(self, key: str) -> Path:
        """The place of a key."""
        return (*self.path, key)

    def fail(self, key: str, en: str, zh: str) -> DeclarationError:
        """An error at a key."""
        return DeclarationError(self.at(key), en, zh)

    def has(self, key: str) -> bool:
        """Tell whether the key is there; it counts as asked for."""
        self.asked.add(key)
        return key in self.data

    def raw(self, key: str, default: object = None) -> Any:
        """The value of a key; without a default the key must be there."""
        self.asked.add(key)
        if key in self.data:
            return self.data[key]
        if default is None:
            raise self.fail(key, "This is missing.", "缺少此项。")
        return default

    def text(self, key: str, default: str | None = None, most: int = 200) -> str:
        """One line of text."""
        value = self.raw(key, default)
        if not isinstance(value, str) or len(value) > most or not value.isprintable():
            raise self.fail(
                key, f"Write one line of text, at most {most} characters.", f"应为一行文字，最多 {most} 字。"
            )
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """A name for machines: small letters, digits, hyphens."""
        return self.matching(key, NAME, "small letters, digits and hyphens", "小写字母、数字和连字符", default)

    def place(self, key: str, default: str | None = None) -> str:
        """An absolute path."""
        return self.matching(key, PLACE, "an absolute path without blanks", "不含空格的绝对路径", default)

    def mac(self, key: str, default: str | None = None) -> str:
        """A hardware address; "" only as default."""
        if default is not None and not self.has(key):
            return default
        return self.matching(
            key, MAC, "six pairs of small hexadecimal digits, a1:b2:…", "六组小写十六进制数，如 a1:b2:…"
        )

    def matching(self, key: str, form: re.Pattern[str], en: str, zh: str, default: str | None = None) -> str:
        """A text of a form."""
        value = self.text(key, default)
        if not form.fullmatch(value):
            raise self.fail(key, f"{value!r} does not fit: use {en}.", f"“{value}”不合要求：应为{zh}。")
        return value

    def number(self, key: str, allowed: range, default: int | None = None) -> int:
        """A whole number within limits."""
        value = self.raw(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
            low, high = allowed.start, allowed.stop - 1
            raise self.fail(key, f"Give a whole number from {low} to {high}.", f"应为 {low} 到 {high} 之间的整数。")
        return value

    def yes(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.raw(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "Write true or false.", "应为 true 或 false。")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.raw(key, default)
        if value not in choices:
            raise self.fail(key, f"Choose one of {', '.join(choices)}.", f"应为以下之一：{'、'.join(choices)}。")
        return str(value)

    def ports(self, key: str) -> tuple[int, ...]:
        """Port numbers, sorted, each once."""
        value = self.raw(key, ())
        fits = isinstance(value, list | tuple) and all(isinstance(one, int) and one in PORTS for one in value)
        if not fits:
            raise self.fail(key, "Give a list of ports from 1 to 65535.", "应为端口列表，每个 1 到 65535。")
        return tuple(sorted(set(value)))

    def network(self, key: str) -> ipaddress.IPv4Network:
        """An IPv4 network as 10.77.0.0/24."""
        value = self.raw(key)
        try:
            return ipaddress.IPv4Network(value)
        except (ValueError, TypeError):
            raise self.fail(
                key,
                "Give a network such as 10.77.0.0/24, its host part zero.",
                "应为网段，如 10.77.0.0/24，主机位为 0。",
            ) from None

    def address(self, key: str) -> ipaddress.IPv4Address:
        """An IPv4 address."""
        value = self.raw(key)
        try:
            return ipaddress.IPv4Address(value)
        except ValueError:
            raise self.fail(key, "Give an address such as 10.77.0.1.", "应为地址，如 10.77.0.1。") from None

    def network6(self, key: str) -> ipaddress.IPv6Network | None:
        """An IPv6 network as fd77::/64 that routers or hosts may hold; None when absent."""
        if not self.has(key):
            return None
        try:
            found = ipaddress.IPv6Network(str(self.data[key]))
        except ValueError:
            found = None
        if found is None or found.is_link_local or found.is_multicast or found.is_unspecified or found.is_loopback:
            raise self.fail(
                key,
                "Give an IPv6 network such as fd77::/64, its host part zero; not fe80:: or ff00::.",
                "应为 IPv6 网段，如 fd77::/64，主机位为 0；不能是 fe80:: 或 ff00::。",
            )
        return found

    def address6(self, key: str) -> ipaddress.IPv6Address | None:
        """An IPv6 address; None when absent."""
        if not self.has(key):
            return None
        try:
            return ipaddress.IPv6Address(str(self.data[key]))
        except ValueError:
            raise self.fail(key, "Give an IPv6 address such as fd77::1.", "应为 IPv6 地址，如 fd77::1。") from None

    def rows(self, key: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        """A list of tables, each read and closed; an absent list is empty."""
        value = self.raw(key, ())
        if not isinstance(value, list | tuple):
            raise self.fail(key, f"Write [[{key}]] before each entry.", f"每一项前应写 [[{key}]]。")
        found = []
        for number, data in enumerate(value):
            fields = Fields(data, (*self.at(key), number))
            found.append(read(fields))
            fields.close()
        return tuple(found)

    def table(self, key: str, read: Callable[[Fields], T]) -> T:
        """A table inside this one; an absent one is read as empty, so that its defaults count."""
        fields = Fields(self.raw(key, {}), self.at(key))
        found = read(fields)
        fields.close()
        return found

    def close(self) -> None:
        """Refuse keys that mean nothing here, with the nearest one that does."""
        for key in self.data:
            if key in self.asked:
                continue
            near = difflib.get_close_matches(str(key), self.asked, 1)
            known = ", ".join(sorted(self.asked))
            en = f"Did you mean {near[0]}?" if near else f"Known here: {known}."
            zh = f"是否应为 {near[0]}？" if near else f"此处可用：{known}。"
            raise self.fail(str(key), f"There is no such key. {en}", f"没有这一项。{zh}")
