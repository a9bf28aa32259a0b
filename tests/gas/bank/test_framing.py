"""Frames on a stream: any cutting of it gives the same messages; lengths without sense end it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.bank.rules.framing import Framing, answering_tpdu
from mainstay.gas.bank.rules.messages import BadFrame

FRAMINGS = [Framing(header, tpdu) for header in ("2b", "4b", "4a") for tpdu in (False, True)]


@pytest.mark.parametrize("framing", FRAMINGS, ids=str)
@given(bodies=st.lists(st.binary(min_size=1, max_size=200), max_size=5), sizes=st.lists(st.integers(1, 50)))
def test_any_cutting_of_the_stream_gives_the_same_messages(
    framing: Framing, bodies: list[bytes], sizes: list[int]
) -> None:
    stream = b"".join(framing.wrap(body) for body in bodies)
    buffer, found, place = bytearray(), [], 0
    for size in [*sizes, len(stream)]:
        buffer += stream[place : place + size]
        place += size
        frames, used = framing.split(buffer)
        del buffer[:used]
        found += [body for _tpdu, body in frames]
    assert found == bodies
    assert not buffer


@pytest.mark.parametrize(
    ("framing", "stream"),
    [
        (Framing("2b", limit=100), b"\x00\x65" + bytes(101)),
        (Framing("4b", limit=100), b"\xff\xff\xff\xff"),
        (Framing("4a", limit=100), b"0101"),
        (Framing("4a"), b"12x4"),
        (Framing("2b"), b"\x00\x00"),
        (Framing("2b", tpdu=True), b"\x00\x05" + bytes(5)),
    ],
)
def test_lengths_without_sense_end_the_line(framing: Framing, stream: bytes) -> None:
    with pytest.raises(BadFrame):
        framing.split(stream)


def test_the_reply_goes_back_to_where_the_request_came_from() -> None:
    assert answering_tpdu(bytes.fromhex("6000011234")) == bytes.fromhex("6012340001")
    assert Framing("2b", tpdu=True).wrap(b"x", bytes.fromhex("6000011234")) == bytes.fromhex("000660123400 0178")


def test_a_body_that_its_header_cannot_count_is_not_sent() -> None:
    with pytest.raises(ValueError, match="too long"):
        Framing("4a").wrap(bytes(10_000))
