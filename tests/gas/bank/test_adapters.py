"""Layouts: what is written can be read, of every kind and in every layout; what is wrong is refused, never a crash."""

from __future__ import annotations

import datetime as dt
import string
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.bank.library import SHIPPED, adapter, layouts
from mainstay.gas.bank.rules.mac import AES, NONE, SM4, X919, mac_function
from mainstay.gas.bank.rules.messages import (
    ACCOUNT_WIDTH,
    SERIAL_WIDTH,
    TEXT_BYTES,
    BadFrame,
    BadMac,
    Code,
    Kind,
    Message,
    clip,
)

KEY = bytes(range(16))
LAYOUTS = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
METHODS = (SM4, AES, X919)
LETTERS = string.ascii_letters + string.digits


def codes(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=least, max_size=most)


TEXTS = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co"]), max_size=30
).map(lambda text: clip(text, TEXT_BYTES))


ALL = {
    "reply": st.booleans(),
    "trace": st.text(string.digits, min_size=6, max_size=6),
    "business_on": st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    "at": st.just("") | st.text(string.digits, min_size=10, max_size=10),
    "institution": st.text(string.digits, max_size=11),
    "terminal": codes(0, 8),
    "serial": codes(0, SERIAL_WIDTH),
    "code": st.none() | st.sampled_from(list(Code)),
}
ACCOUNT = {"account_no": codes(0, ACCOUNT_WIDTH)}
MONEY = {"amount_fen": st.none() | st.integers(0, 999_999_999_999), "text": TEXTS}
TOKEN = {"token": codes(0, 16)}
MORE: dict[Kind, dict[str, Any]] = {
    Kind.QUERY: ACCOUNT | MONEY | TOKEN,
    Kind.PAY: ACCOUNT | MONEY | TOKEN,
    Kind.REVERSAL: ACCOUNT | MONEY | {"original": codes(0, SERIAL_WIDTH)},
    Kind.NOTICE: MONEY | {"count": st.none() | st.integers(0, 99_999_999)},
}
# A message with the fields its kind has in every layout. To draw one takes longer than to write and read it, so each
# goes through every layout.
MESSAGES = st.one_of(*(st.builds(Message, kind=st.just(kind), **ALL, **MORE.get(kind, {})) for kind in Kind))


@given(message=MESSAGES)
def test_what_is_written_can_be_read(message: Message) -> None:
    for layout, method in product(LAYOUTS, METHODS):
        line, mac = adapter(layout), mac_function(method, KEY)
        assert line.decode(line.encode(message, mac), mac) == message, (layout, method)


@given(message=MESSAGES, at=st.integers(0, 10_000), change=st.integers(1, 255))
def test_one_changed_byte_is_noticed(message: Message, at: int, change: int) -> None:
    mac = mac_function(SM4, KEY)
    for line in map(adapter, LAYOUTS):
        body = bytearray(line.encode(message, mac))
        body[at % len(body)] ^= change
        with pytest.raises(BadFrame):
            line.decode(bytes(body), mac)


@given(body=st.binary(max_size=300))
def test_garbage_is_a_bad_frame(body: bytes) -> None:
    for layout, mac in product(LAYOUTS, (mac_function(SM4, KEY), None)):
        with pytest.raises(BadFrame):
            adapter(layout).decode(body, mac)


@given(message=MESSAGES, cut=st.integers(0, 1_000), extra=st.binary(max_size=9))
def test_changed_frames_without_a_code_are_read_or_refused(message: Message, cut: int, extra: bytes) -> None:
    """Without authentication a changed message may be a message still; whatever else comes of it is a BadFrame."""
    for line in map(adapter, LAYOUTS):
        body = line.encode(message, None)
        place = cut % (len(body) + 1)
        for changed in (body[:place], body[:place] + extra + body[place:], body[:place] + extra):
            try:
                assert isinstance(line.decode(changed, None), Message)
            except BadFrame:
                continue


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_message_is_told_field_by_field(layout: str) -> None:
    line, mac = adapter(layout), mac_function(SM4, KEY)
    message = Message(kind=Kind.PAY, trace="000001", serial="S1", account_no="1000000001", amount_fen=5220)
    told = {name: text for _place, name, text in line.fields(line.encode(message, mac))}
    assert told["account_no"] == "1000000001"
    assert told["amount_fen"].lstrip("0") in {"5220", "52.20"}
    assert len(told["mac"]) == 16


def test_chinese_is_counted_in_bytes() -> None:
    message = Message(kind=Kind.QUERY, reply=True, text="海棠燃气")
    iso = adapter("iso8583").encode(message, None)
    assert b"008" + "海棠燃气".encode("gbk") in iso
    fixed = adapter("fixed-gbk").encode(message, None)
    assert fixed.endswith("海棠燃气".encode("gbk") + b" " * 52)


def test_a_text_is_never_cut_inside_a_character() -> None:
    assert clip("海棠  城市\n燃气", 9) == "海棠 城市"
    assert clip("海棠", 3) == "海"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE Service [<!ENTITY a "b">]><Service><Head><TranCode>Echo</TranCode></Head></Service>',
        "<Service><Head><TranCode>&a;</TranCode></Head></Service>",
        "<?php x?><Service><Head><TranCode>Echo</TranCode></Head></Service>",
        "<Service><Head><TranCode>Echo</TranCode><TranCode>Pay</TranCode></Head></Service>",
        "<Service>" + "<a>" * 50 + "</a>" * 50 + "</Service>",
        "<Other><Head><TranCode>Echo</TranCode></Head></Other>",
    ],
)
def test_xml_that_no_message_needs_is_refused(text: str) -> None:
    with pytest.raises(BadFrame):
        adapter("xml-utf8").decode(text.encode(), None)


def test_yuan_and_fen_are_the_layout_s_word() -> None:
    message = Message(kind=Kind.PAY, amount_fen=15000)
    assert b"<PayAmount>150.00</PayAmount>" in adapter("xml-gbk").encode(message, None)
    assert b"000000015000" in adapter("fixed-gbk").encode(message, None)


def test_the_retail_mac_agrees_with_another_implementation() -> None:
    from iso8583sim.security.mac import generate_mac

    retail = mac_function(X919, KEY)
    assert retail is not None
    for length in (0, 1, 7, 8, 9, 16, 145):
        data = bytes(number % 251 for number in range(length))
        assert retail(data).hex().upper() == generate_mac(data, KEY, 3, 1)


def test_the_cmac_agrees_with_the_published_example() -> None:
    """NIST SP 800-38B, AES-128, example 2."""
    aes = mac_function(AES, bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))
    assert aes is not None
    assert aes(bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")).hex() == "070a16b46b4d4144"


@pytest.mark.parametrize(("method", "key"), [(SM4, b"short"), ("rot13", KEY)])
def test_a_method_or_key_that_does_not_exist(method: str, key: bytes) -> None:
    with pytest.raises(ValueError, match=r"key|method"):
        mac_function(method, key)
    assert mac_function(NONE, b"") is None


def test_a_wrong_code_is_told_from_a_wrong_frame() -> None:
    line = adapter("iso8583")
    body = line.encode(Message(kind=Kind.ECHO, trace="000001"), mac_function(SM4, KEY))
    with pytest.raises(BadMac):
        line.decode(body, mac_function(SM4, bytes(16)))


def test_every_layout_has_every_kind_and_code() -> None:
    for layout in layouts().values():
        assert {Kind(kind) for kind in layout["kinds"]} == set(Kind)
        assert {Code(code) for code in layout["codes"]} == set(Code)
