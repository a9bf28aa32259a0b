"""Pure rules of customers: what a search text means, how an address is written, what stands in search columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_TEXT = 60
SHORTEST_TAIL = 4
PHONE_LENGTH = 7  # as many digits may be a telephone number with gaps in it
MOST_PARTS = 3

_DOCUMENT_NO = re.compile(r"(\d{8,12})-\d{6}-\d+")  # a bill's number as printed and scanned begins with the account's
_DIGITS_WITH_GAPS = re.compile(r"\+?[\d\s-]*\d")
_UNIT_WORD = re.compile(r"(?<=[0-9A-Za-z])\s*(号楼|栋|幢|座|楼|单元|门|室|户|号)")
_PIECE = re.compile(r"(?P<part>[A-Za-z]?\d+[A-Za-z]?(?![A-Za-z]))|(?P<word>[\u3400-\u9fff·]+|[A-Za-z]+)")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for, told from the form of the text alone.

    `number`: digits of an account, a meter or a telephone; `code`: letters with digits, as on a meter; `name`: the
    whole text as a name; `words`: its words (a name, initials, a community); `parts`: building, entrance and room as
    far as given, in this order.
    """

    number: str = ""
    code: str = ""
    name: str = ""
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        """The only word when it may be pinyin initials, in lower case."""
        word = self.words[0] if len(self.words) == 1 else ""
        return word.lower() if word.isascii() else ""


def wanted(text: str) -> Wanted:
    """Read a search text: "10000012", "138 0013 8000", "张三", "zs", "阳光3-501", "阳光花园3栋501", "张三 阳光"."""
    plain = " ".join(unicodedata.normalize("NFKC", text)[:LONGEST_TEXT].split())
    if document := _DOCUMENT_NO.fullmatch(plain):
        return Wanted(number=document[1])
    digits = re.sub(r"\D", "", plain)
    if _DIGITS_WITH_GAPS.fullmatch(plain) and (plain.isdigit() or len(digits) >= PHONE_LENGTH):
        return Wanted(number=digits.removeprefix("86") if plain.startswith("+86") else digits)
    pieces = list(_PIECE.finditer(_UNIT_WORD.sub(" ", plain)))
    return Wanted(
        code=plain.upper() if digits and plain.isascii() and plain.replace("-", "").isalnum() else "",
        name=plain.replace(" ", "") if _HAN.search(plain) else plain,
        words=tuple(piece["word"] for piece in pieces if piece["word"]),
        parts=tuple(piece["part"].upper() for piece in pieces if piece["part"])[-MOST_PARTS:],
    )


def tidy_name(text: str) -> str:
    """A name as it is kept: no doubled spaces, none between Chinese characters (people write 李　明)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", plain)


def phone_key(phone: str) -> str:
    """The digits of a telephone number from last to first: its tail is then a beginning, which an index finds."""
    plain = phone.isascii() and phone.isdigit()
    return (phone if plain else re.sub(r"\D", "", unicodedata.normalize("NFKC", phone)))[::-1]


def next_number(beginning: str) -> str:
    """A text of digits and capital letters after all that begin so, before all others: "10" gives "11", "19" "1A".

    Unlike a bound of the last character there is, it bounds the range in every sort order that puts digits first.
    """
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    head, last = beginning[:-1], beginning[-1:].upper()
    if last == "Z":
        return next_number(head) if head else "ZZZZ"
    return head + (alphabet[alphabet.index(last) + 1] if last in alphabet else "0")  # a hyphen sorts before digits


def full_address(community: str, building: str, entrance: str, room: str) -> str:
    """Write an address the usual way: 阳光花园3栋1单元501室."""
    pieces = [(building, "栋"), (entrance, "单元"), (room, "室")]
    return community + "".join(f"{value}{word}" for value, word in pieces if value)
