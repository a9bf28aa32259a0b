"""Tables of books and readings."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.gas.meters.tables import account_url
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.readings.queries import Progress
from mainstay.gas.readings.rules_words import doubt_words
from mainstay.kit import masking
from mainstay.web.pages import (
    BadgeColumn,
    CodeColumn,
    CountColumn,
    DayColumn,
    MaskedColumn,
    MonthColumn,
    NameColumn,
    VolumeColumn,
)
from mainstay.web.templatetags import mainstay as tags

HUES: dict[Any, str] = {
    Reading.State.TAKEN: "blue",
    Reading.State.QUESTIONED: "amber",
    Reading.State.ACCEPTED: "green",
    Reading.State.SET_ASIDE: "grey",
}


def reading_url(record: Reading) -> str:
    """The page of a reading: its key has four parts. The parameter is named as columns hand it over (`linkify`)."""
    return reverse(
        "readings:reading_detail", args=[record.account_id, record.installation_id, record.period, record.seq]
    )


class _NumbersOfProgress(tables.Table):
    """Numbers of a book's progress in the period shown; `progress` is put there by the page."""

    progress: dict[int, Progress] = {}

    def of(self, record: Book) -> Progress:
        """The numbers of one book."""
        return self.progress.get(record.pk) or Progress(0, 0, 0, 0)


class BookTable(_NumbersOfProgress):
    """Books with how far they are."""

    code = CodeColumn(linkify=True)
    name = tables.Column(verbose_name=_("book name"), orderable=False)
    unit = tables.Column(orderable=False)
    reader = tables.Column(orderable=False)
    cycle = tables.Column(orderable=False)
    accounts = CountColumn(verbose_name=_("number of accounts"), empty_values=(), orderable=False)
    read = CountColumn(verbose_name=_("read"), empty_values=(), orderable=False)
    estimated = CountColumn(verbose_name=_("estimated"), empty_values=(), orderable=False)
    questioned = CountColumn(verbose_name=_("questioned"), empty_values=(), orderable=False)
    open = CountColumn(verbose_name=_("not read"), empty_values=(), orderable=False)

    class Meta:
        model = Book
        fields = ("code", "name", "unit", "reader", "cycle")
        order_by = "code"

    def render_accounts(self, record: Book) -> int:
        """All accounts of the book."""
        return self.of(record).accounts

    def render_read(self, record: Book) -> int:
        """Those with an accepted reading."""
        return self.of(record).read

    def render_estimated(self, record: Book) -> int:
        """Those of them that are estimates."""
        return self.of(record).estimated

    def render_questioned(self, record: Book) -> int:
        """Those on the worklist."""
        return self.of(record).questioned

    def render_open(self, record: Book) -> int:
        """Those without any."""
        return self.of(record).open

    value_accounts, value_read, value_estimated = render_accounts, render_read, render_estimated
    value_questioned, value_open = render_questioned, render_open


class _Doubts(tables.Column):
    """The doubts of a reading as words."""

    def render(self, value: int) -> SafeString:
        """One badge each."""
        return format_html_join(" ", "{}", ((tags.badge(word, "amber"),) for word in doubt_words(value)))

    def value(self, value: int) -> str:
        """The words."""
        return ", ".join(str(word) for word in doubt_words(value))


class WorklistTable(tables.Table):
    """Questioned readings."""

    account_no = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False, linkify=reading_url
    )
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    address = MaskedColumn(masking.address, accessor="account__premise__address", verbose_name=_("address"))
    book = CodeColumn(verbose_name=_("book"), orderable=False)
    period = MonthColumn(verbose_name=_("period"), orderable=True)
    doubts = _Doubts(verbose_name=_("doubts"), orderable=False)
    taken_on = DayColumn(verbose_name=_("read on"), orderable=False)
    previous_index_l = VolumeColumn(verbose_name=_("index before (m³)"), orderable=False)
    index_l = VolumeColumn(verbose_name=_("index (m³)"), orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    source = tables.Column(verbose_name=_("source"), orderable=False)

    class Meta:
        model = Reading
        fields = ("account_no", "name", "address", "book", "period", "doubts", "taken_on")
        order_by = "-period"


class ReadingTable(tables.Table):
    """Readings of an account."""

    period = MonthColumn(verbose_name=_("period"), orderable=False, linkify=reading_url)
    meter = CodeColumn(accessor="installation__meter__meter_no", verbose_name=_("meter"), orderable=False)
    taken_on = DayColumn(verbose_name=_("read on"), orderable=False)
    previous_index_l = VolumeColumn(verbose_name=_("index before (m³)"), orderable=False)
    index_l = VolumeColumn(verbose_name=_("index (m³)"), orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    source = tables.Column(verbose_name=_("source of reading"), orderable=False)
    state = BadgeColumn(verbose_name=_("state"), hues=HUES, orderable=False)
    doubts = _Doubts(verbose_name=_("doubts"), orderable=False)
    note = tables.Column(verbose_name=_("note"), orderable=False)

    class Meta:
        model = Reading
        fields = ("period", "meter", "taken_on", "previous_index_l", "index_l", "volume_l", "source", "state")


class RoundTable(tables.Table):
    """The accounts of a book in walking order, with what is in for the period (rows of `round_of`)."""

    sequence = CountColumn(verbose_name=_("place"), orderable=False)
    account_no = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: account_url(record["account"].pk) or None,
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    address = MaskedColumn(masking.address, accessor="account__premise__address", verbose_name=_("address"))
    meter = CodeColumn(accessor="installation__meter__meter_no", verbose_name=_("meter"), orderable=False)
    before_l = VolumeColumn(verbose_name=_("index before (m³)"), orderable=False)
    taken_on = DayColumn(accessor="reading__taken_on", verbose_name=_("read on"), orderable=False)
    index_l = VolumeColumn(accessor="reading__index_l", verbose_name=_("index (m³)"), orderable=False)
    volume_l = VolumeColumn(accessor="reading__volume_l", verbose_name=_("volume (m³)"), orderable=False)
    state = tables.Column(accessor="reading", verbose_name=_("state"), orderable=False, empty_values=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawn: dict[int | None, SafeString] = {}  # a badge a state

    def render_state(self, value: Reading | None) -> SafeString:
        """Read, questioned, or not read yet."""
        state = None if value is None else value.state
        if state not in self.drawn:
            self.drawn[state] = (
                tags.badge(_("not read"), "grey")
                if value is None
                else tags.badge(value.get_state_display(), HUES[value.state])
            )
        return self.drawn[state]


class HandheldTable(tables.Table):
    """What a hand-held device takes along, and brings back with index, day or reason (rows of `handheld_rows`).

    Its titles are those the import looks for; the name and the address are whole, for the reader at the door.
    """

    book = tables.Column(verbose_name=_("book"), orderable=False)
    sequence = CountColumn(verbose_name=_("place"), orderable=False)
    account_no = CodeColumn(verbose_name=_("account number"), orderable=False)
    meter_no = CodeColumn(verbose_name=_("meter number"), orderable=False)
    name = tables.Column(verbose_name=_("name"), orderable=False)
    address = tables.Column(verbose_name=_("address"), orderable=False)
    before_l = VolumeColumn(verbose_name=_("index before (m³)"), orderable=False)
    before_on = DayColumn(verbose_name=_("read before on"), orderable=False)
    low_l = VolumeColumn(verbose_name=_("expected from (m³)"), orderable=False)
    high_l = VolumeColumn(verbose_name=_("expected to (m³)"), orderable=False)
    index_l = VolumeColumn(verbose_name=_("index (m³)"), orderable=False)
    taken_on = DayColumn(verbose_name=_("read on"), orderable=False)
    reason = tables.Column(verbose_name=_("no access"), orderable=False)
    note = tables.Column(verbose_name=_("note"), orderable=False)
