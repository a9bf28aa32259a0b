"""Notice, receipt and recheck opinion as Word documents to be edited: the words of the Chinese papers.

They are made from the same values as the PDF; what was issued and served stays the PDF.
"""

from __future__ import annotations

from typing import Any

from mainstay.kit.docx import Part, write_docx

LEVELS = {"major": "重大", "general": "一般"}
Values = dict[str, Any]


def day(iso: str) -> str:
    """A day as papers write it: 2026年9月14日; an empty text stays empty."""
    if not iso:
        return ""
    year, month, rest = iso.split("-")
    return f"{year}年{int(month)}月{int(rest[:2])}日"


def notice_docx(data: Values) -> bytes:
    """隐患整改通知书 as .docx, from `papers.notice_data`."""
    basis = f"根据{data['basis']}，" if data["basis"] else ""
    place = data["target"] + (f"（{data['address']}）" if data["address"] else "")
    who = "、".join(data["organisers"])
    rows = [
        [
            str(number), f"{one['code']} {one['item']}", one["finding"] + ("（重复隐患）" if one["repeat"] else ""),
            one["basis"], LEVELS.get(one["level"], one["level"]), str(one["photos"]),
        ]
        for number, one in enumerate(data["hazards"], 1)
    ]  # fmt: skip
    heads = ("序号", "检查项目", "隐患现状", "依据", "等级", "照片")
    parts = [
        Part("p", f"{data['to']}："),
        Part(
            "p",
            f"{basis}{who}检查人员{'、'.join(data['inspectors'])}于{data['at']}对你单位{place}进行了安全检查，发现存在下列隐患：",
        ),
        Part("table", heads=heads, rows=rows, widths=(1.2, 4.2, 4.6, 3.0, 1.4, 1.2)),
    ]
    if data["measures"]:
        parts.append(Part("p", f"整改要求：{data['measures']}"))
    parts.append(
        Part(
            "p",
            f"请于{day(data['deadline'])}前完成整改，并将整改回执连同整改前后照片报送检查组织单位。"
            "逾期不整改或整改不合格的，将按规定追究有关责任。",
        )
    )
    if any(one["level"] == "major" for one in data["hazards"]):
        parts.append(
            Part(
                "p",
                "对重大隐患，应做到整改责任、措施、资金、期限、预案“五落实”；整改完成前须采取可靠的防范措施，"
                "无法保证安全的应当停止使用。",
            )
        )
    parts += [
        Part("right", "\n".join(f"{name}（盖章）" for name in data["organisers"])),
        Part("right", day(data["issued_on"])),
        Part("p", _service(data)),
        Part("p", "本通知书一式三份：被检查单位、检查组、存档各一份。"),
    ]
    return write_docx("隐患整改通知书", parts, number=f"编号：{data['number']}")


def _service(data: Values) -> str:
    names = "、".join(data["inspectors"])
    taken = f"拒签，见证人：{data['witness']}" if data["refused"] else f"签收人：{data['received_by']}"
    return f"检查人：{names}　　送达方式：{data['served']}　　{taken}"


def receipt_docx(data: Values) -> bytes:
    """隐患整改回执 as .docx, from `papers.receipt_data`."""
    rows = [
        [
            str(number), f"{one['code']} {one['finding']}",
            one["measures"] + (f"\n预案：{one['plan']}" if one["plan"] else ""), one["duty"] or one["by"],
            one["done_on"] or "未完成", f"{(one['funds_fen'] or 0) / 100:,.2f}",
        ]
        for number, one in enumerate(data["lines"], 1)
    ]  # fmt: skip
    heads = ("序号", "隐患", "整改措施", "责任人", "完成日期", "资金（元）")
    parts = [
        Part("p", f"{'、'.join(data['organisers'])}："),
        Part(
            "p",
            f"我单位收到编号{data['number']}《隐患整改通知书》后，立即组织对{data['target']}存在的隐患进行整改，"
            "现将整改情况报告如下：",
        ),
        Part("table", heads=heads, rows=rows, widths=(1.2, 3.6, 4.6, 1.8, 2.3, 2.1)),
        Part("right", f"单位负责人（签字）：　　　　　　\n{data['unit']}（盖章）\n年　　月　　日"),
    ]
    return write_docx("隐患整改回执", parts, number=f"通知书编号：{data['number']}")


def recheck_docx(data: Values) -> bytes:
    """隐患整改复查意见书 as .docx, from `papers.recheck_data`."""
    rows = [
        [
            str(number), f"{one['code']} {one['item']}", one["measures"],
            "\n".join(f"{v['at']} {v['by']}：{'合格' if v['good'] else '退回'} {v['note']}" for v in one["verdicts"]),
            one["state"],
        ]
        for number, one in enumerate(data["lines"], 1)
    ]  # fmt: skip
    closing = (
        "经复查，通知书所列隐患均已整改合格，予以销号。"
        if data["done"]
        else "通知书所列隐患尚未全部整改合格，请继续整改并再次报送。"
    )
    parts = [
        Part("p", f"{data['unit']}："),
        Part(
            "p",
            f"根据编号{data['number']}《隐患整改通知书》，复查人员对你单位{data['target']}隐患整改情况进行了复查，意见如下：",
        ),
        Part(
            "table", heads=("序号", "隐患项目", "整改措施", "复查意见", "状态"), rows=rows,
            widths=(1.2, 3.8, 3.8, 5.0, 1.8),
        ),
        Part("p", closing),
        Part("right", "复查人（2人以上）：　　　　　　　　　　\n被检查单位代表：　　　　　　　　　　"),
        Part("right", "\n".join(f"{name}（盖章）" for name in data["organisers"]) + "\n年　　月　　日"),
    ]  # fmt: skip
    return write_docx("隐患整改复查意见书", parts, number=f"通知书编号：{data['number']}")
