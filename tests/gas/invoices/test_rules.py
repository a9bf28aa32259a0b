"""Tax numbers with their check digit; XML that is about an invoice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.invoices.rules import check_sign, names_invoice, plain_tax_no, tax_no_fault

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("tax_no", "fault"),
    [
        ("91350100M000100Y43", None),  # the example of GB 32100-2015
        ("91350100M000100Y44", "check"),
        ("91350100M000100Y4", "form"),
        ("91350100I000100Y43", "form"),  # the letter I is none of the standard's
        ("110101199001011", None),
        ("1101011990010112345", "form"),
        ("", "form"),
    ],
)
def test_a_tax_number_is_checked(tax_no, fault) -> None:
    assert tax_no_fault(tax_no) == fault


def test_a_tax_number_is_read_as_people_write_it() -> None:
    assert plain_tax_no(" ９１350100-m000100 y43") == "91350100M000100Y43"


@given(st.text(SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_character_is_noticed(first, place, other) -> None:
    whole = first + check_sign(first)
    assert tax_no_fault(whole) is None
    wrong = whole[:place] + other + whole[place + 1 :]
    assert tax_no_fault(wrong) == (None if wrong == whole else "check")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<x>26112000000012345678</x><t>104.40</t>", True),
        ("<x>26112000000012345678</x><t>104.4</t>", True),
        ("<x>26112000000012345678</x><t>1104.40</t>", False),
        ("<x>126112000000012345678</x><t>104.40</t>", False),
        ("<t>104.40</t>", False),
    ],
)
def test_a_file_names_its_invoice(text, found) -> None:
    assert names_invoice(text, "26112000000012345678", 10_440) is found
