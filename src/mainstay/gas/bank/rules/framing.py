"""Where a message begins and ends on the stream: a length header, and perhaps a TPDU.

ISO 8583 does not say how messages are framed; every bank names one of these.
"""

from __future__ import annotations

from dataclasses import dataclass

from mainstay.gas.bank.rules.messages import BadFrame

HEADERS = ("2b", "4b", "4a")
TPDU_BYTES = 5
Frame = tuple[bytes, bytes]
"""TPDU (b"" without one) and body."""


@dataclass(frozen=True, slots=True)
class Framing:
    """`header`: 2b or 4b (big-endian binary) or 4a (ASCII digits), counting what follows it; `limit`: longest body."""

    header: str = "2b"
    tpdu: bool = False
    limit: int = 4096

    @property
    def width(self) -> int:
        """Bytes of the header."""
        return int(self.header[0])

    def wrap(self, body: bytes, tpdu: bytes = b"") -> bytes:
        """Put a body, with the TPDU that answers `tpdu`, into a frame."""
        if self.tpdu:
            body = answering_tpdu(tpdu) + body
        length = len(body)
        head = b"%04d" % length if self.header == "4a" else length.to_bytes(self.width, "big")
        if len(head) != self.width:
            raise ValueError(f"{length} bytes are too long for a header of {self.header}")
        return head + body

    def split(self, buffer: bytes | bytearray) -> tuple[list[Frame], int]:
        """Return the whole frames at the beginning of a buffer, and how many bytes they take.

        Raises BadFrame for a length that is no number, below one byte or above the limit: nothing after it can be read.
        """
        frames: list[Frame] = []
        begin, width, size = 0, self.width, len(buffer)
        least = TPDU_BYTES + 1 if self.tpdu else 1
        while size - begin >= width:
            length = self._length(bytes(buffer[begin : begin + width]))
            if not least <= length <= self.limit + least - 1:
                raise BadFrame(f"a frame of {length} bytes")
            if size - begin < width + length:
                break
            body = bytes(buffer[begin + width : begin + width + length])
            frames.append((body[:TPDU_BYTES], body[TPDU_BYTES:]) if self.tpdu else (b"", body))
            begin += width + length
        return frames, begin

    def _length(self, head: bytes) -> int:
        if self.header != "4a":
            return int.from_bytes(head, "big")
        if not head.isdigit():
            raise BadFrame("the length is no number")
        return int(head)


def answering_tpdu(tpdu: bytes) -> bytes:
    """The TPDU of the reply: the addresses of destination and source change places."""
    return tpdu[:1] + tpdu[3:5] + tpdu[1:3] if len(tpdu) == TPDU_BYTES else b"\x60\x00\x00\x00\x00"
