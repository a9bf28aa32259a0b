"""Pinyin initials for search: 张三 is found by "zs"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, partial

from mainstay.kit.collector import collector_at_rest

# Surnames that are read otherwise than the same character in ordinary words.
_SURNAMES = {
    "万俟": "mq", "尉迟": "yc", "长孙": "zs", "单于": "cy", "澹台": "tt", "宿": "s", "曾": "z", "单": "s", "仇": "q",
    "解": "x", "区": "o", "查": "z", "任": "r", "朴": "p", "盖": "g", "翟": "z", "缪": "m", "冼": "x", "洗": "x",
    "种": "c", "重": "c", "员": "y", "秘": "b", "便": "p", "贲": "b", "逄": "p", "繁": "p", "乜": "n", "折": "s",
    "召": "s", "谌": "c", "佴": "n", "郇": "x", "郗": "x", "阚": "k", "笪": "d", "句": "g", "车": "c",
    "覃": "q", "隗": "w", "宓": "m", "过": "g", "应": "y", "於": "y", "祭": "z", "燕": "y", "柏": "b", "乐": "y",
    "牟": "m", "尹": "y", "褚": "c", "臧": "z", "晁": "c", "芮": "r", "訾": "z", "仝": "t", "么": "y", "幺": "y",
    "那": "n", "哈": "h", "长": "c", "卜": "b", "殷": "y", "洪": "h",
}  # fmt: skip
_LONGEST_PERSON = 4
_HAN = re.compile(r"[\u3400-\u9fff]+")
# Endings by which even a short name is a firm's: 单位食堂 is no Mr Shan.
_FIRM = re.compile(r".*(公司|集团|中心|食堂|饭店|酒店|宾馆|学校|医院|小学|中学|大学|工厂|银行|厂|店|局|所|馆|站|社)")


def initials(text: str) -> str:
    """Lower-case pinyin initials; ASCII letters and digits stay, everything else goes.

    Short Chinese names are read as persons' (surname first, polyphonic surnames as surnames: 曾 z, 单 s, 仇 q);
    longer ones, and those that end as firms' names do, are read as words (重庆 cq).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) <= _LONGEST_PERSON and _HAN.fullmatch(plain) and not _FIRM.fullmatch(plain):
        return _person(plain)
    return _words(plain)


def _person(name: str) -> str:
    for length in (2, 1):
        if (surname := name[:length]) in _SURNAMES and (len(name) > length or length == 1):
            return _SURNAMES[surname] + "".join(map(_letter, name[length:]))
    return "".join(map(_letter, name))


def _words(text: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", "".join(_reader()(text)).lower()))


@cache
def _reader() -> Callable[[str], list[str]]:
    """The dictionary, loaded where the first name is read: it takes 58 MB."""
    with collector_at_rest():
        from pypinyin import Style, lazy_pinyin

    return partial(lazy_pinyin, style=Style.FIRST_LETTER, errors=lambda other: other)


@lru_cache(maxsize=8192)
def _letter(character: str) -> str:
    """Initial of one character, in its most usual reading."""
    return _words(character)
