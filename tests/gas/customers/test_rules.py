"""What search texts mean, and how addresses are written."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mainstay.gas.customers.rules import Wanted, full_address, next_number, phone_key, tidy_name, wanted


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1000000012", "1000000012"),
        ("１０００００００１２", "1000000012"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("1000000012-202610-0", "1000000012"),
        ("8000", "8000"),
        ("12", "12"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert wanted(text) == Wanted(number=number)


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        ("阳光花园3栋1单元501", ("阳光花园",), ("3", "1", "501")),
        ("阳光花园３号楼１单元５０１室", ("阳光花园",), ("3", "1", "501")),
        ("阳光 3-501", ("阳光",), ("3", "501")),
        ("阳光3-1-501", ("阳光",), ("3", "1", "501")),
        ("yghy3-501", ("yghy",), ("3", "501")),
        ("阳光花园A3栋501", ("阳光花园",), ("A3", "501")),
        ("阳光花园3b-501", ("阳光花园",), ("3B", "501")),
        ("建设路12号3号楼2单元501", ("建设路",), ("3", "2", "501")),
        ("张三 阳光花园", ("张三", "阳光花园"), ()),
        ("阳光 张三 3-501", ("阳光", "张三"), ("3", "501")),
        ("3-501", (), ("3", "501")),
        ("", (), ()),
        ("%_'\"", (), ()),
    ],
)
def test_places_and_names(text: str, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    found = wanted(text)
    assert (found.words, found.parts) == (words, parts)


def test_names_initials_and_codes() -> None:
    assert wanted("张 三").name == "张三"
    assert wanted("ZS").initials == "zs"
    assert wanted("张三").initials == ""
    assert wanted("Zhang San").name == "Zhang San"
    assert wanted("xb20240017").code == "XB20240017"
    assert wanted("阳光3").code == ""
    assert len(wanted("张" * 500).name) == 60


def test_phones_are_kept_from_last_to_first() -> None:
    assert phone_key("0531-8812 3456") == "65432188" + "1350"
    assert phone_key("unknown") == ""


def test_addresses_are_written_the_usual_way() -> None:
    assert full_address("阳光花园", "3", "1", "501") == "阳光花园3栋1单元501室"
    assert full_address("建设路12号", "", "", "") == "建设路12号"


@given(st.text("0129AYZ", min_size=1, max_size=6), st.text("0129AYZ-", max_size=6))
def test_what_begins_so_lies_below_the_next_number(beginning: str, end: str) -> None:
    assume(set(beginning) != {"Z"})
    assert beginning <= beginning + end < next_number(beginning)
    assert next_number(beginning) > beginning


def test_next_numbers() -> None:
    assert [next_number(one) for one in ("10", "19", "1Z", "XB-")] == ["11", "1A", "2", "XB0"]


def test_names_are_kept_without_stray_spaces() -> None:
    assert tidy_name(" 李　明 ") == "李明"
    assert tidy_name("Zhang  San") == "Zhang San"
    assert tidy_name("ＡＢＣ 公司") == "ABC 公司"
