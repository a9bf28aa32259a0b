"""The record form as a Word document to be edited: the words of the Chinese paper."""

from __future__ import annotations

from typing import Any

from mainstay.kit.docx import Part, write_docx

HEADS = ("编号", "检查内容", "结果", "记录值", "发现的问题", "照片")
WIDTHS = (1.4, 5.6, 1.6, 2.0, 3.8, 1.2)


def record_docx(data: dict[str, Any]) -> bytes:
    """安全检查记录表 as .docx, from `papers.record_data`: head, each checklist by section, opinion, signatures."""
    score = f"，得分 {data['score']}" if data["score"] else ""
    head = [
        ("检查对象", f"{data['target']}（{data['code']}）", "所属单位", data["unit"]),
        ("地址", data["address"], "类别", data["klass"]),
        ("到达时间", data["arrived"], "离开时间", data["left"]),
        ("组织单位", "、".join(data["organisers"]), "检查组", "、".join(data["group"])),
        ("检查结果", f"{data['outcome']}；合格 {data['passed']} 项，不合格 {data['failed']} 项{score}", "修订次",
         str(data["edition"])),
    ]  # fmt: skip
    parts = [Part("table", heads=head[0], rows=head[1:], widths=(2.2, 5.6, 2.2, 5.6))]
    for checklist in data["checklists"]:
        parts.append(Part("h", checklist["name"]))
        for section in checklist["sections"]:
            rows = [
                [one["code"], one["zh"], str(one["result"]), one["value"], one["note"], str(one["photos"] or "")]
                for one in section["items"]
            ]
            parts += [Part("p", section["name"]), Part("table", heads=HEADS, rows=rows, widths=WIDTHS)]
    if data["note"]:
        parts.append(Part("p", f"检查意见：{data['note']}"))
    for one in data["signatures"]:
        said = f"拒签：{one['reason']}" if one["refused"] else one["name"]
        parts.append(Part("p", f"{one['role']}：{said}"))
    return write_docx("安全检查记录表", parts, number=data["campaign"])
