"""Talking to clamd: does it live, does it find the test virus, what does it say of a file."""

from __future__ import annotations

import io
import socket
import struct
from pathlib import Path
from typing import BinaryIO

from mainstay.core.evidence.scanning import connect

# The harmless file every scanner knows; in two halves, so that scanners leave this file alone.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CHUNK = 65_536
LARGEST = 100 * 1024 * 1024


def says(address: str, word: str) -> str:
    """The answer to PING, VERSION … Raises OSError when it does not answer."""
    with connect(address) as line:
        line.sendall(f"z{word}\0".encode())
        return _answer(line)


def stream(address: str, file: BinaryIO) -> str:
    """What clamd says of a stream: "OK", "… FOUND", or an error. Raises OSError; a stream too large breaks off so."""
    with connect(address) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(CHUNK):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        return _answer(line).removeprefix("stream: ")


def _answer(line: socket.socket) -> str:
    found = b""
    while piece := line.recv(4096):
        found += piece
    return found.decode("utf-8", "replace").rstrip("\0\n ")


def finds_the_test_virus(address: str) -> bool:
    """Whether it does its work: it lives and does not let the test virus pass. Raises OSError."""
    return stream(address, io.BytesIO(EICAR)).endswith("FOUND")


def infected(address: str, folder: Path, but: Path) -> list[str]:
    """Files of a carrier that clamd finds fault with or cannot look at, with what it says; `but` is left out.

    Raises OSError when it does not answer at all.
    """
    found = []
    for one in sorted(folder.rglob("*")):
        if not one.is_file() or one.is_symlink() or one == but:
            continue
        if one.stat().st_size > LARGEST:
            found.append(f"{one.name}: too large to be looked at")
            continue
        with one.open("rb") as file:
            said = stream(address, file)
        if said != "OK":
            found.append(f"{one.name}: {said}")
    return found
