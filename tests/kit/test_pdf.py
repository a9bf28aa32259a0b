"""PDF documents: customers' names stay text, amounts are those of the ledger."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from typing import Any

import pytest
import typst
from django.utils.translation import gettext_lazy, override
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.kit import money, pdf, volume
from mainstay.kit.errors import Problem
from tests.support.papers import text_of

NASTY = '张#panic(1) $x$ \\ " \' @ref *b* _i_ `r` <a> [x] {y} // z = + - ~ "); #import "x" 李'
BASE = '#import "/kit/typst/base.typ": *\n'
NO_FONTS = typst.Fonts(include_system_fonts=False)
needs_font = pytest.mark.usefixtures("chinese_font")


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """What asks for it is left out where no font has Chinese characters."""
    if not set(pdf.FAMILIES) & set(typst.Fonts().families()):
        pytest.skip("no font with Chinese characters on this machine")


def listing(**facts: Any) -> dict[str, Any]:
    return {"title": "清单", "heads": ["户号", "金额"], "rows": [["1001", "26.10"]], "right": [1], **facts}


def evaluated(expression: str, data: dict[str, Any], lang: str = "en") -> Any:
    """What a template computes from its data."""
    answer = typst.query(
        f"{BASE}#metadata({expression}) <out>".encode(),
        "<out>",
        field="value",
        one=True,
        root=str(pdf.PACKAGE),
        font_paths=NO_FONTS,
        sys_inputs={"data": json.dumps(data), "lang": lang, "font": "Libertinus Serif"},
    )
    return json.loads(answer)


@needs_font
def test_listing_in_both_languages() -> None:
    data = listing(facts=[["打印日期", dt.date(2026, 11, 23)], ["公司", gettext_lazy("x")]], total=["合计", "26.10"])
    with override("zh-hans"):
        chinese = text_of(pdf.render_pdf("listing", data))
    english = text_of(pdf.render_pdf("listing", data, language="en"))
    assert "第 1 页，共 1 页" in chinese
    assert "Page 1 of 1" in english
    for piece in ("清单", "户号", "1001", "26.10", "合计", "2026-11-23"):
        assert piece in chinese


@needs_font
def test_markup_in_data_stays_text() -> None:
    text = text_of(pdf.render_pdf("listing", listing(company=NASTY, rows=[[NASTY, NASTY]]), language="en"))
    plain = "".join(text.split())
    for piece in ("#panic(1)", "$x$", "*b*", "_i_", "`r`", "<a>", "[x]", "{y}", '#import"x"'):
        assert plain.count(piece) >= 2


@needs_font
def test_a_balance_is_carried_from_sheet_to_sheet_below_the_heading_again() -> None:
    rows = [[f"{n}", money.yuan(100 * n)] for n in range(1, 101)]
    data = listing(title="对账单", company="北山燃气", rows=rows, right=[1], carry=True)
    sheets = text_of(pdf.render_pdf("listing", data, language="zh")).split("\f")[:-1]
    assert len(sheets) == 3
    for before, after in pairwise(sheets):
        carried = [line.split()[-1] for line in before.splitlines() if "过次页" in line]
        brought = [line.split()[-1] for line in after.splitlines() if "承前页" in line]
        last = [line.split() for line in before.splitlines() if line.split()[:1] and line.split()[0].isdigit()][-1]
        assert carried == brought == [last[1]] == [money.yuan(100 * int(last[0]))]
        assert "对账单" in after
        assert "北山燃气" in after
        assert "户号" in after
    assert "承前页" not in sheets[0]
    assert "过次页" not in sheets[-1]


@needs_font
@pytest.mark.parametrize(
    ("lang", "none", "void", "copy"), [("zh", "无", "作废", "补打"), ("en", "None", "VOID", "REPRINT")]
)
def test_every_paper_marks_reprints_and_what_is_void_and_no_list_is_empty(lang, none, void, copy) -> None:
    plain = text_of(pdf.render_pdf("listing", listing(rows=[]), language=lang))
    assert none in plain
    assert void not in plain
    assert copy not in plain
    assert copy in text_of(pdf.render_pdf("listing", listing(reprint=True, void=False), language=lang))
    voided = text_of(pdf.render_pdf("listing", listing(reprint=True, void=True), language=lang))
    assert void in voided
    assert copy not in voided


@needs_font
def test_numbers_of_twelve_digits_stay_apart() -> None:
    fen = 999_999_999_999
    row = ["北山市滨江新区经济技术开发区阿里河国际商业广场" * 2] + [money.yuan(fen)] * 4
    text = text_of(pdf.render_pdf("listing", listing(heads=["名称", *"甲乙丙丁"], rows=[row], right=[1, 2, 3, 4])))
    assert text.split().count(money.yuan(fen)) == 4


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_reaches_the_template_unchanged(text: str) -> None:
    assert evaluated("data.name", {"name": text}) == text


@needs_font
def test_a_name_of_ten_thousand_characters_is_printed() -> None:
    document = pdf.render_pdf("listing", listing(rows=[["长" * 10_000, "1"]]), language="zh")
    assert text_of(document).count("长") == 10_000


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=50))
@settings(max_examples=20, deadline=None)
def test_amounts_in_templates_equal_those_in_code(numbers: list[int]) -> None:
    assert evaluated("data.n.map(yuan)", {"n": numbers}) == [money.yuan(number) for number in numbers]
    assert evaluated("data.n.map(m3)", {"n": numbers}) == [volume.m3(number) for number in numbers]


def test_prices_and_words() -> None:
    prices = evaluated("data.n.map(price)", {"n": [26100, 22750, 10000, 1, -26100, None]})
    assert prices == ["2.61", "2.275", "1.00", "0.0001", "-2.61", ""]
    assert [evaluated('t("Bill", "账单")', {}, lang) for lang in ("en", "zh")] == ["Bill", "账单"]


@needs_font
def test_a_receipt_with_all_parts_is_one_page() -> None:
    source = (
        BASE
        + """
#show: a5.with(title: "收据", company: "北山燃气", number: "No 1", remark: "备注")
#facts(("户号", data.no), ("姓名", "张*"))
#lines(("项目", "金额"), (("气费", yuan(data.fen)),), right: (1,), total: ("合计", yuan(data.fen)))
#amount(data.capitals, data.fen)
#signatures("收款人", "复核人")
"""
    )
    data = {"no": 1001, "fen": 10700053, "capitals": money.capitals(10700053)}
    inputs = {"data": json.dumps(data), "lang": "zh", "font": pdf._family()}
    document = typst.compile(source.encode(), root=str(pdf.PACKAGE), sys_inputs=inputs)
    text = text_of(document)
    assert text.count("\f") == 1
    for piece in ("人民币壹拾万柒仟元零伍角叁分", "¥107,000.53", "收款人", "备注", "北山燃气"):
        assert piece in text


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Font",))
    with pytest.raises(Problem) as caught, override("en"):
        pdf.render_pdf("listing", listing())
    assert caught.value.code == "no_font"
    with override("en"):
        assert "fonts-noto-cjk" in str(caught.value)


@needs_font
def test_unknown_templates_and_wrong_data_are_errors_of_the_caller() -> None:
    with pytest.raises(KeyError):
        pdf.render_pdf("no such", {})
    with pytest.raises(typst.TypstError):
        pdf.render_pdf("listing", {"title": "x"})
    assert pdf.render_pdf("listing", listing(), language="en").startswith(b"%PDF")


def test_every_template_of_the_product_is_found_under_its_own_name() -> None:
    assert {"base", "listing"} <= set(pdf.templates())
