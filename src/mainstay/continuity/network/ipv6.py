"""IPv6 on a cable where none is declared: asked for by whole frames, so that a host that speaks none can ask.

A frame passes neither the kernel's IPv6 nor the firewall of the host that asks. Whoever answers at all speaks IPv6.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from ipaddress import IPv6Address

from mainstay.continuity.network.rules import Heard

ETHERTYPE, HEAD, PAYLOAD = 0x86DD, 14, 54
ICMP, UDP = 58, 17
ECHO_REQUEST, ROUTER_SOLICIT, ROUTER_ADVERT = 128, 133, 134
ALL_NODES, ALL_ROUTERS = IPv6Address("ff02::1"), IPv6Address("ff02::2")
ON_CABLE = 255  # hop limit: nobody forwarded it
SOL_PACKET, ADD_MEMBERSHIP, ALL_MULTICAST, OUTGOING = 263, 1, 2, 4
WAIT = 1.0  # a router may take half a second for its answer (RFC 4861, 6.2.6)


def link_local(mac: str) -> IPv6Address:
    """The address a card gives itself from its hardware address (RFC 4291, appendix A)."""
    raw = bytes.fromhex(mac.replace(":", ""))
    middle = bytes([raw[0] ^ 2]) + raw[1:3] + b"\xff\xfe" + raw[3:]
    return IPv6Address(b"\xfe\x80" + bytes(6) + middle)


def frame(mac: str, to: IPv6Address, protocol: int, body: bytes) -> bytes:
    """A frame from a card to a group, its checksum filled in (at 2 for ICMPv6, at 6 for UDP; RFC 8200, 8.1)."""
    ends = link_local(mac).packed + to.packed
    at = {ICMP: 2, UDP: 6}[protocol]
    total = _sum(ends + struct.pack("!IHBB", len(body), 0, 0, protocol) + body)
    body = body[:at] + struct.pack("!H", ~total & 0xFFFF or 0xFFFF) + body[at + 2 :]
    head = struct.pack("!IHBB", 6 << 28, len(body), protocol, ON_CABLE)
    ethernet = b"\x33\x33" + to.packed[-4:] + bytes.fromhex(mac.replace(":", "")) + struct.pack("!H", ETHERTYPE)
    return ethernet + head + ends + body


def _sum(data: bytes) -> int:
    words = struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2))
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def questions(mac: str) -> list[bytes]:
    """Who is there, and who is a router."""
    own = b"\x01\x01" + bytes.fromhex(mac.replace(":", ""))  # the option with the asker's hardware address
    return [
        frame(mac, ALL_NODES, ICMP, struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, 0x4D53, 1)),
        frame(mac, ALL_ROUTERS, ICMP, struct.pack("!BBHI", ROUTER_SOLICIT, 0, 0, 0) + own),
    ]


def canary(mac: str, port: int) -> bytes:
    """A packet to everybody on the cable, at a port that nothing opens."""
    body = b"mainstay-canary"
    return frame(mac, ALL_NODES, UDP, struct.pack("!HHHH", port, port, 8 + len(body), 0) + body)


@contextlib.contextmanager
def cable(card: str) -> Iterator[tuple[socket.socket, str]]:
    """A card's frames of IPv6 and its own hardware address. Raises OSError where there is no such card or no right."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE)) as line:
        line.bind((card, ETHERTYPE))
        everything = struct.pack("iHH8s", socket.if_nametoindex(card), ALL_MULTICAST, 0, b"")
        line.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, everything)
        yield line, line.getsockname()[4].hex(":")


def send_canary(card: str, port: int) -> None:
    """Send a packet to everybody on a card's cable. Raises OSError."""
    with cable(card) as (line, mac):
        line.send(canary(mac, port))


def roll_call(card: str) -> dict[str, Heard]:
    """Who speaks IPv6 on a card's cable, by hardware address; asks, then listens for a while. Raises OSError."""
    found: dict[str, Heard] = {}
    with cable(card) as (line, mac):
        for question in questions(mac):
            line.send(question)
        deadline = time.monotonic() + WAIT
        while (left := deadline - time.monotonic()) > 0:
            line.settimeout(left)
            try:
                data, facts = line.recvfrom(2048)
            except TimeoutError:
                break
            sender = data[6:12].hex(":")
            if facts[2] == OUTGOING or sender == mac or len(data) < PAYLOAD:
                continue
            router = data[20] == ICMP and len(data) > PAYLOAD and data[PAYLOAD] == ROUTER_ADVERT
            there = found.get(sender)
            address = str(IPv6Address(data[22:38]))
            found[sender] = Heard(there.address if there else address, router or bool(there and there.router))
    return found
