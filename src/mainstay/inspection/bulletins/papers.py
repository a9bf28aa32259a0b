"""Summaries and bulletins as values for PDF and Word."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mainstay.inspection.bulletins import queries
from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.campaigns.papers import moment

HEADS = ("序号", "责任单位", "检查对象", "隐患", "等级", "整改期限")


def bulletin_data(paper: Paper) -> dict[str, Any]:
    """Values of a paper; seals as they are now."""
    seals = [
        {"name": one["organiser"].unit.name_zh, "by": str(one["by"] or ""), "at": moment(one["at"])}
        for one in queries.seals_of(paper)
    ]
    issued = paper.issued_at or timezone.now()
    return {
        "title": paper.title, "organisers": queries.organiser_names(paper.campaign), "blocks": paper.blocks,
        "annex": paper.annex, "heads": HEADS, "seals": seals, "state": paper.state,
        "number": paper.document.number if paper.document else "", "on": timezone.localtime(issued).date().isoformat(),
        "to": "各被检查单位", "kind": paper.kind,
    }  # fmt: skip


def as_docx(paper: Paper) -> bytes:
    """The paper as an editable Word document."""
    from mainstay.kit.docx import Part, write_docx  # brings the library for Word, which few processes need

    data = bulletin_data(paper)
    parts = [Part("p", f"{data['to']}：")] if paper.kind == Paper.Kind.BULLETIN else []
    for one in paper.blocks:
        parts += [Part("h", one["title"]), Part("p", one["text"])]
    parts += [Part("right", "\n".join(data["organisers"])), Part("right", data["on"])]
    if paper.annex:
        parts += [Part("h", "附件：隐患整改台账"), Part("table", heads=HEADS, rows=paper.annex)]
    head = "　".join(data["organisers"]) if paper.kind == Paper.Kind.BULLETIN else ""
    return write_docx(paper.title, parts, head=head, number=data["number"])
