"""Addresses of pages named by numbers: the form of each is worked out once, since a list has dozens of them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_MARK = 910_000_000_000_000_000  # a number that stands nowhere else in an address
_PROBE = 1


def place(view: str, *arguments: object) -> str:
    """Return what `reverse` gives for a view and its arguments; whole numbers are set into the address's form."""
    if not all(type(one) is int and one >= 0 for one in arguments):
        return reverse(view, args=arguments)
    pieces = _pieces(view, len(arguments), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    if pieces is None:
        return reverse(view, args=arguments)
    return pieces[0] + "".join([f"{one}{piece}" for one, piece in zip(arguments, pieces[1:], strict=True)])


@lru_cache(maxsize=1000)
def _pieces(view: str, count: int, _prefix: str, _urlconf: str) -> tuple[str, ...] | None:
    """Return the pieces of the address between its numbers, None when they do not stand in it as they are, in order."""
    marks = [_MARK + number for number in range(count)]
    try:
        rest, pieces = reverse(view, args=marks), []
    except NoReverseMatch:
        return None
    for mark in marks:
        piece, found, rest = rest.partition(str(mark))
        if not found:
            return None
        pieces.append(piece)
    pieces.append(rest)
    probes = [_PROBE + number for number in range(count)]
    same = pieces[0] + "".join(f"{one}{piece}" for one, piece in zip(probes, pieces[1:], strict=True))
    return tuple(pieces) if same == reverse(view, args=probes) else None


def address(name: str) -> str:
    """Return the address of a url name, or an empty text when that part is not installed."""
    return _address(name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=1000)
def _address(name: str, _prefix: str, _urlconf: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
