"""Virus scan of an uploaded file by clamd (INSTREAM). Whatever goes wrong counts as "not clean"."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from mainstay.core.evidence.models import File

_CHUNK = 65_536
_SECONDS = 30


def scan(path: Path, address: str) -> str:
    """Return the scan state of a file: NONE without a scanner (`address` empty), CLEAN, else QUARANTINED.

    `address` is host:port or the path of a socket. A scanner that does not answer leaves the file quarantined.
    """
    if not address:
        return File.Scan.NONE
    try:
        answer = _ask(path, address)
    except OSError:
        return File.Scan.QUARANTINED
    return File.Scan.CLEAN if answer.rstrip("\0\n ").endswith(": OK") else File.Scan.QUARANTINED


def _ask(path: Path, address: str) -> str:
    with connect(address) as line, path.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while piece := line.recv(4096):
            answer += piece
        return answer.decode("utf-8", "replace")


def connect(address: str) -> socket.socket:
    """A line to clamd at host:port or the path of a socket. Raises OSError."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_SECONDS)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line
