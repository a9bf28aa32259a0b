"""From an uploaded file to tables of raw cells, without trusting the file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from mainstay.kit.errors import Problem
from mainstay.kit.sheets.flaws import Flaws, among, flaws_of, in_order, put_back

Table = list[list[Any]]

LIMIT_UNPACKED = 250_000_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = "\x1e"  # a row of its own behind the last one
_NAMING = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# The reader lays a sheet out as a full rectangle, so one cell far out costs the memory of all before it. Columns
# beyond CZ are refused, and rows beyond the limit, by their addresses; they are looked for in the form every
# program writes, and other forms are refused.
_ADDRESS = re.compile(rb' r="(?:([A-Z]{3}|[D-Z][A-Z])|[A-Z]{0,2}(\d{6,}))')
_ODD_ADDRESS = {b"'": (b" r='",), **{mark: (mark + b"r=", mark + b"r =") for mark in (b"\t", b"\n", b"\r")}}
_LONG_TEXT = re.compile(rb">[^<]{32768}")


def tables_of(file: BinaryIO, *, limit_rows: int, limit_bytes: int) -> Iterator[Table]:
    """The tables of a file: one of a csv file, one for each visible sheet of a workbook. Raises Problem."""
    data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise Problem(
            _("The file is larger than %(limit)s MB: split it into several.") % {"limit": limit_bytes // 1_000_000},
            code="too_large",
        )
    if data.startswith(_OLE):
        raise _ole_problem(data)
    if data.startswith(_ZIP):
        return _workbook(data, limit_rows)
    return iter([_csv(data, limit_rows)])


def _ole_problem(data: bytes) -> Problem:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Problem(_("The workbook is protected by a password: save it without one."), code="encrypted")
    return Problem(_("This is an old .xls workbook: save it as .xlsx or .csv."), code="old_format")


def _broken() -> Problem:
    return Problem(
        _("The file is damaged or no workbook: open it in Excel or WPS and save it as .xlsx."), code="broken"
    )


def _workbook(data: bytes, limit_rows: int) -> Iterator[Table]:
    flaws = _check_parts(data, limit_rows)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, part in enumerate(workbook.sheets_metadata):
            if "Visible" in str(part.visible):
                table = workbook.get_sheet_by_name(part.name).to_python(skip_empty_area=False)
                put_back(table, among(flaws, number))
                yield table
    except PasswordError:
        raise Problem(_("The workbook is protected by a password: save it without one."), code="encrypted") from None
    except (CalamineError, ValueError, OSError, KeyError):
        raise _broken() from None


def _check_parts(data: bytes, limit_rows: int) -> list[Flaws]:
    """Unpack every part once, counting: sizes written in the file itself may lie. Gives what has no value, by sheet."""
    left, named, flaws = LIMIT_UNPACKED, dict[str, bytes](), dict[str, Flaws]()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                with archive.open(info) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise Problem(_("The workbook is too large when unpacked: split it."), code="too_large")
                if _SHEET_PART.fullmatch(info.filename):
                    _check_addresses(content, limit_rows)
                    flaws[info.filename] = flaws_of(content)
                elif info.filename.lower() in _NAMING:
                    named[info.filename.lower()] = content
                elif info.filename.lower().endswith("sharedstrings.xml") and _LONG_TEXT.search(content):
                    raise _broken()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _broken() from None
    workbook, relations = (named.get(name, b"") for name in _NAMING)
    return in_order(workbook, relations, flaws) if any(flaws.values()) else []


def _check_addresses(content: bytes, limit_rows: int) -> None:
    if _has_odd_address(content) or _LONG_TEXT.search(content):
        raise _broken()
    for match in _ADDRESS.finditer(content):
        if match[1]:
            raise Problem(_("The sheet has more than 100 columns: delete those that are not needed."), code="too_wide")
        if int(match[2][:12]) > limit_rows:
            raise Problem(_("The sheet has too many rows: split it into several."), code="too_many_rows")


def _has_odd_address(content: bytes) -> bool:
    """Look for odd forms behind the XML declaration: mostly not one of the characters is there that they begin with."""
    start = max(content.find(b"<", content.find(b"?>")), 0) if content.startswith(b"<?xml") else 0
    marks = [mark for mark in _ODD_ADDRESS if content.find(mark, start) >= 0]
    return b" r =" in content or any(content.find(odd, start) >= 0 for mark in marks for odd in _ODD_ADDRESS[mark])


def _csv(data: bytes, limit_rows: int) -> Table:
    text = _decoded(data)
    separator = max(",\t;", key=text[: text.find("\n") + 1 or len(text)].count)
    end = _END if not text or text.endswith(("\n", "\r")) else f"\n{_END}"
    lines = io.StringIO(text + end, newline="")
    try:
        table = list(islice(csv.reader(lines, delimiter=separator), limit_rows + 2))
    except csv.Error:
        raise _endless() from None
    if table[-1] == [_END]:
        table.pop()
    elif len(table) < limit_rows + 2:
        raise _endless()  # an open quotation mark has swallowed all rows after it
    if len(table) > limit_rows:
        raise Problem(_("The sheet has too many rows: split it into several."), code="too_many_rows")
    return table


def _endless() -> Problem:
    text = _("A cell never ends: look for a missing quotation mark, or save the sheet as .xlsx.")
    return Problem(text, code="broken")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        encodings = []
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem(
        _("The file is no sheet, or in an unknown encoding: save it as .xlsx or as CSV UTF-8."), code="encoding"
    )
