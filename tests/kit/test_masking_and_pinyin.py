"""What is hidden, and what is found by its initials."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit import masking
from mainstay.kit.pinyin import initials

MASKS = [masking.phone, masking.id_card, masking.bank_card, masking.name, masking.address]


@pytest.mark.parametrize(
    ("mask", "clear", "masked"),
    [
        (masking.phone, "13812345678", "138****5678"),
        (masking.phone, "62345678", "****5678"),
        (masking.phone, "110", "**0"),
        (masking.phone, "", ""),
        (masking.id_card, "110105199001011234", "110***********1234"),
        (masking.id_card, "G1234567", "G******7"),
        (masking.bank_card, "6222020200012345678", "***************5678"),
        (masking.name, "张三", "张*"),
        (masking.name, "欧阳小红", "欧***"),
        (masking.name, "张", "*"),
        (masking.name, "Ann Lee", "A** ***"),
        (masking.address, "阳光小区3号楼2单元501室", "阳光小区3号楼2单元***室"),
        (masking.address, "阳光小区3号楼2单元501", "阳光小区3号楼2单元***"),
        (masking.address, "东风路甲12号", "东风路甲***号"),
        (masking.address, "市民广场西北角", "市民广场西北***"),
        (masking.address, "", ""),
    ],
)
def test_masks(mask: Callable[[str], str], clear: str, masked: str) -> None:
    assert mask(clear) == masked


@pytest.mark.parametrize("mask", MASKS)
@given(text=st.text(st.sampled_from("0123456789张三室号-A *路"), max_size=24))
def test_masking_twice_changes_nothing_and_hides_something(mask: Callable[[str], str], text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    if text.strip() and "*" not in text:
        assert once != text


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("张三", "zs"), ("曾小红", "zxh"), ("单雄", "sx"), ("仇英", "qy"), ("解明", "xm"), ("区大成", "odc"),
        ("查良", "zl"),
        ("欧阳锋", "oyf"), ("尉迟恭", "ycg"), ("长孙无忌", "zswj"), ("万俟卨", "mqx"), ("乐毅", "yy"), ("吕布", "lb"),
        ("重庆燃气集团", "cqrqjt"), ("单位食堂", "dwst"), ("幸福路小学", "xflxx"), ("长城饭店", "ccfd"),
        ("ABC 公司", "abcgs"), ("ａｂ１２", "ab12"), ("John O'Neil", "johnoneil"), ("", ""), ("·—", ""), ("曾", "z"),
    ],
)  # fmt: skip
def test_initials(text: str, letters: str) -> None:
    assert initials(text) == letters


@given(st.text(max_size=20))
def test_initials_are_lower_case_ascii(text: str) -> None:
    assert initials(text) == "".join(c for c in initials(text) if c.isascii() and (c.islower() or c.isdigit()))
