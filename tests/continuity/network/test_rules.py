"""What may be reached, and where a device belongs."""

from __future__ import annotations

import pytest

from mainstay.continuity.network import ipv6
from mainstay.continuity.network.rules import (
    TCP,
    Heard,
    Known,
    Sighted,
    cells,
    judge_cable,
    judge_cell,
    judge_devices,
    zone_of,
)
from mainstay.continuity.network.sheet import mac_of
from mainstay.continuity.site.rules import Site
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED
from mainstay.kit.errors import Problem
from tests.continuity.site.make import site, site6

MAC = "02:77:01:00:00:11"


def _open(source: str) -> set[str]:
    one = site()
    return {cell.name for cell in cells(one, one.host(source)) if cell.open and cell.protocol == TCP}


def test_the_matrix_follows_the_declaration() -> None:
    assert "datasrv tcp/5432" in _open("appsrv") and "datasrv tcp/8000" in _open("appsrv")
    assert "datasrv tcp/8000" not in _open("witness"), "the witness needs the database's state, not the application"
    assert "datasrv tcp/22" not in _open("appsrv"), "nobody declared it"
    assert not _open("gate"), "from outside nothing inside is open"
    assert {cell.target for cell in cells(site(), site().host("gate"))} == {"appsrv", "datasrv", "witness", "vault"}


@pytest.mark.parametrize(("is_open", "reached", "verdict"), [(0, 1, RED), (1, 0, AMBER), (1, 1, GREEN), (0, 0, GREEN)])
def test_a_closed_door_that_answers_is_red_a_silent_service_is_not(is_open: int, reached: int, verdict: str) -> None:
    one = site()
    cell = next(cell for cell in cells(one, one.host("appsrv")) if cell.open == bool(is_open))
    assert judge_cell(cell, bool(reached)).verdict == verdict


@pytest.mark.parametrize(
    ("known", "sighted", "verdict", "word"),
    [
        (None, {}, RED, "no register"),
        (Known("gui", "core"), {}, GREEN, ""),
        (Known("gui", "outside"), {}, RED, "belongs into outside"),
        (Known("gui", "core", port="SW1/3"), {"port": "SW1/4"}, RED, "moved"),
        (Known("gui", "core", port="SW1/3"), {}, GREEN, ""),
        (Known("gui", "core", address="10.77.0.9"), {}, AMBER, "has the address"),
        (Known("gui", "core", retired=True), {}, RED, "given up"),
    ],
)
def test_a_device_is_where_it_belongs_or_not(
    known: Known | None, sighted: dict[str, str], verdict: str, word: str
) -> None:
    facts = {"mac": MAC, "address": "10.77.0.101", "zone": "core", "port": "", "by": "appsrv"} | sighted
    (seen,) = judge_devices({MAC: known} if known else {}, [Sighted(**facts)])
    assert seen.verdict == verdict and word in seen.en and bool(seen.zh) is bool(seen.en)


def test_the_worst_sighting_of_a_device_counts() -> None:
    good = Sighted(MAC, "10.77.0.101", "core", "", "appsrv")
    bad = Sighted(MAC, "10.88.0.7", "outside", "", "SW2")
    for order in ([good, bad], [bad, good]):
        (seen,) = judge_devices({MAC: Known("gui", "core")}, order)
        assert seen.verdict == RED and seen.figure == "SW2"


@pytest.mark.parametrize(
    "text", ["02-77-01-00-00-11", "0277-0100-0011", "0277.0100.0011", "02:77:01:00:00:11", " 027701000011 "]
)
def test_every_notation_of_a_hardware_address(text: str) -> None:
    assert mac_of(text) == MAC


@pytest.mark.parametrize("text", ["02:77:01:00:00", "02:77:01:00:00:1g", "", "10.77.0.1"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        mac_of(text)


def test_the_matrix_knocks_by_ipv6_where_both_ends_have_it() -> None:
    one = site6()
    found = {cell.name: cell.open for cell in cells(one, one.host("appsrv")) if ":" in cell.address}
    assert found["datasrv IPv6 tcp/9000"] and found["datasrv IPv6 icmp"] and not found["datasrv IPv6 tcp/22"]
    assert not found["gate IPv6 icmp"] and not [name for name in found if name.startswith("witness")]
    assert not [cell for cell in cells(one, one.host("witness")) if ":" in cell.address]
    assert not [cell for cell in cells(site(), site().host("appsrv")) if ":" in cell.address]


def test_who_speaks_ipv6_without_declaring_it_is_red() -> None:
    names = {"02:77:00:00:00:02": "datasrv", "02:77:00:00:00:03": "witness"}
    heard = {"02:77:00:00:00:02": Heard("fe80::2", False), "66:66:66:66:66:66": Heard("fe80::6", True)}

    def verdicts(one: Site) -> dict[str, str]:
        host = one.host("appsrv")
        return {seen.subject: seen.verdict for seen in judge_cable(one, host, host.interfaces[0], heard, names)}

    assert verdicts(site()) == {"datasrv IPv6": RED, "witness IPv6": GREEN, "vault IPv6": GREEN, "IPv6 router": RED}
    six = verdicts(site6())
    assert six == {"witness IPv6": GREEN, "vault IPv6": GREEN, "IPv6 router": RED}, "no router in an isolated zone"
    gate = site6().host("gate")
    assert judge_cable(site6(), gate, gate.interfaces[0], heard, names) == [], (
        "outside, where IPv6 is declared, one may be"
    )


def test_a_card_names_its_own_link() -> None:
    assert str(ipv6.link_local("02:77:00:00:00:01")) == "fe80::77:ff:fe00:1"


def test_a_device_with_both_kinds_of_address_is_where_it_belongs() -> None:
    by_six = Sighted(MAC, "fd77::101", "core", "", "appsrv")
    (seen,) = judge_devices({MAC: Known("gui", "core", "10.77.0.101")}, [by_six])
    assert seen.verdict == GREEN
    (seen,) = judge_devices({MAC: Known("gui", "core", "fd77::7")}, [by_six])
    assert seen.verdict == AMBER and zone_of(site6(), "fd77::101") == "core"


def test_an_address_tells_its_zone() -> None:
    one = site()
    assert (zone_of(one, "10.77.0.9"), zone_of(one, "10.99.0.1"), zone_of(one, "?")) == ("core", "", "")
