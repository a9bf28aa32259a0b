"""Whether a signature is a picture that can be printed. Pure."""

from __future__ import annotations

import struct
import zlib

HEAD = b"\x89PNG\r\n\x1a\n"
MOST_BYTES, MOST_SIDE, MOST_PIXELS = 300_000, 4_000, 40_000_000


def is_sound_png(data: bytes) -> bool:
    """Tell whether `data` is a whole PNG of reasonable size: every chunk with its checksum, pixels that unpack."""
    if not data.startswith(HEAD) or len(data) > MOST_BYTES:
        return False
    place, packed, ended = len(HEAD), b"", False
    while place + 12 <= len(data) and not ended:
        (size,) = struct.unpack_from(">I", data, place)
        part = data[place + 4 : place + 8 + size]
        check = data[place + 8 + size : place + 12 + size]
        if len(check) != 4 or struct.unpack(">I", check)[0] != zlib.crc32(part):  # noqa: PLR2004 - bytes of a checksum
            return False
        if part.startswith(b"IHDR") and not _fits(part[4:]):
            return False
        packed += part[4:] if part.startswith(b"IDAT") else b""
        ended = part.startswith(b"IEND")
        place += 12 + size
    return ended and _unpacks(packed)


def _fits(header: bytes) -> bool:
    if len(header) != 13:  # noqa: PLR2004 - the size the format gives it
        return False
    width, height = struct.unpack_from(">II", header)
    return 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE


def _unpacks(packed: bytes) -> bool:
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed, 4 * MOST_PIXELS)
    except zlib.error:
        return False
    return unpacker.eof
