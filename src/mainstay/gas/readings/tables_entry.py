"""The lines for entering a book's readings as HTML, made in Python: a book has hundreds, and a template is slow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mainstay.gas.readings.models import Book, Reading
from mainstay.web.pages.addresses import place
from mainstay.web.templatetags import mainstay as tags

Row = Mapping[str, Any]  # as `queries.round_of` makes them


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a line that was sent: why it was not taken and what was typed, or what is doubtful about it."""

    error: str = ""
    typed: str = ""
    sentences: Sequence[Any] = ()


_UNTRIED = Attempt()


class EntryLines:
    """Lines of a book in a period; what is the same in all of them is worked out once."""

    def __init__(self, book: Book, period: int) -> None:
        self.book, self.period = book, period
        self.index = escape(_("Index (m³)"))
        self.states: dict[int, SafeString] = {}

    def all(self, rows: Iterable[Row]) -> SafeString:
        """Return the lines of many rows."""
        return mark_safe("".join([self.line(row) for row in rows]))  # noqa: S308 - escaped pieces

    def line(self, row: Row, attempt: Attempt = _UNTRIED) -> SafeString:
        """Return a line: where it stands, the index before, the place to type, and what is in."""
        account, installation, reading = row["account"], row["installation"], row["reading"]
        number = escape(account.account_no)
        return mark_safe(  # noqa: S308 - escaped pieces
            f'<tr data-line data-url="{place("readings:entry_record", self.book.pk, installation.pk)}"'
            f' data-period="{self.period}"{" data-done" if reading else ""}>\n'
            f'  <td class="ms-end">{row["sequence"]}</td>\n'
            f'  <td class="ms-code">{number}</td>\n'
            f'  <td class="rd-who"><b>{escape(account.customer.name)}</b>'
            f" <span>{escape(account.premise.address)}</span></td>\n"
            f'  <td class="ms-code">{escape(installation.meter.meter_no)}</td>\n'
            f'  <td class="ms-end">{tags.volume(row["before_l"])}</td>\n'
            f'  <td class="ms-end">{self._input(number, row["index_text"], attempt)}</td>\n'
            f'  <td class="ms-end">{tags.volume(reading.volume_l) if reading else ""}</td>\n'
            f'  <td class="rd-result">{self._result(reading, attempt)}</td>\n'
            "</tr>\n"
        )

    def _input(self, number: str, index_text: str, attempt: Attempt) -> str:
        wrong, invalid = (" is-invalid", ' aria-invalid="true"') if attempt.error else ("", "")
        value = escape(attempt.typed if attempt.error else index_text)
        return (
            f'<input class="form-control rd-index{wrong}" inputmode="decimal" autocomplete="off" maxlength="16"'
            f' value="{value}" aria-label="{self.index} {number}"{invalid}>'
        )

    def _result(self, reading: Reading | None, attempt: Attempt) -> str:
        if attempt.error:
            return f'<span class="text-danger">{conditional_escape(attempt.error)}</span>'
        if reading is None:
            return ""
        doubts = "".join([f" <small>{conditional_escape(one)}</small>" for one in attempt.sentences])
        return f"{self._state(reading)}{doubts}"

    def _state(self, reading: Reading) -> SafeString:
        if reading.state not in self.states:
            hue = "amber" if reading.state == Reading.State.QUESTIONED else "green"
            self.states[reading.state] = tags.badge(reading.get_state_display(), hue)
        return self.states[reading.state]
