"""Word documents in the style of official papers: A4, heading, number, paragraphs with indent, tables, signers.

They are made to be edited by people; the PDF of the same paper is what was issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

BODY, TITLE = "FangSong", "SimSun"
RED = RGBColor(0xC8, 0x10, 0x2E)
_SIZE, _SMALL = Pt(15), Pt(10.5)
_INDENT = 2  # characters


@dataclass(frozen=True)
class Part:
    """A piece of a paper: a heading ("h"), paragraph ("p"), line at the right ("right") or table ("table")."""

    kind: str
    text: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    widths: Sequence[float] = ()  # of the columns, in cm; 15.6 in all fill the page


def write_docx(title: str, parts: Sequence[Part], *, head: str = "", number: str = "") -> bytes:
    """A paper as .docx; `head` is the red line above (who issues it), `number` stands below it."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(2.8)
    _font(paper.styles["Normal"], BODY, _SIZE)
    if head:
        _line(paper, head, WD_ALIGN_PARAGRAPH.CENTER, size=Pt(26), bold=True, colour=RED)
    if number:
        _line(paper, number, WD_ALIGN_PARAGRAPH.CENTER)
    _line(paper, title, WD_ALIGN_PARAGRAPH.CENTER, size=Pt(20), bold=True, font=TITLE)
    for part in parts:
        _part(paper, part)
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def _part(paper: Any, part: Part) -> None:
    if part.kind == "table":
        _table(paper, part)
        return
    for text in part.text.split("\n"):
        if part.kind == "right":
            _line(paper, text, WD_ALIGN_PARAGRAPH.RIGHT)
        elif part.kind == "h":
            _line(paper, text, WD_ALIGN_PARAGRAPH.LEFT, bold=True, indent=_INDENT)
        elif text.strip():
            _line(paper, text, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=_INDENT)


def _line(
    paper: Any,
    text: str,
    align: Any,
    *,
    size: Any = _SIZE,
    bold: bool = False,
    colour: Any = None,
    font: str = BODY,
    indent: int = 0,
) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing = Pt(4), 1.5
    if indent:
        layout.first_line_indent = size * indent
    run = paragraph.add_run(text)
    run.bold, run.font.size, run.font.name = bold, size, font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _font(style: Any, name: str, size: Any) -> None:
    style.font.name, style.font.size = name, size
    style.element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _table(paper: Any, part: Part) -> None:
    table = paper.add_table(rows=1, cols=len(part.heads))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, part.heads, strict=True):
        _cell(cell, text, bold=True)
    for row in part.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _cell(cell, str(text), bold=False)
    if part.widths:
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, part.widths, strict=True):
                cell.width = Cm(width)


def _cell(cell: Any, text: str, *, bold: bool) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, _SMALL
