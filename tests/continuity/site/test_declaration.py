"""Declarations that cannot be: each is refused where it is wrong, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mainstay.continuity.site.rules import DeclarationError, site_from_data, site_from_text
from tests.continuity.site.make import site, site6, tables

Tables = dict[str, Any]


def test_the_example_is_whole() -> None:
    found = site()
    assert [one.name for one in found.voters()] == ["appsrv", "datasrv", "witness"]
    assert found.service.lease_s == 4 and found.database.synchronous
    assert [one.do for one in found.power][:2] == ["notify", "stop-reports"]


def _interfaces(data: Tables, number: int) -> Any:
    return data["hosts"][number]["interfaces"]


def _foot(address: str) -> dict[str, str]:
    return {"name": "eth1", "zone": "outside", "address": address}


def _six(data: Tables, address: str) -> str:
    data["zones"][0]["network6"] = "fd77::/64"
    _interfaces(data, 0)[0]["address6"] = address
    return address


WRONG: list[tuple[str, Callable[[Tables], Any], str]] = [
    ("misspelt key", lambda d: d["service"].update(adress="10.77.0.11"), "service.adress"),
    ("key of no table", lambda d: d.update(colour="red"), "colour"),
    ("no name", lambda d: d.pop("name"), "name"),
    ("no address", lambda d: d["service"].update(address="10.77.0"), "service.address"),
    ("host part not zero", lambda d: d["zones"][0].update(network="10.77.0.1/24"), "zones[1].network"),
    ("zones overlap", lambda d: d["zones"][1].update(network="10.77.0.0/16"), "zones[2].network"),
    ("link's own network", lambda d: d["zones"][0].update(network6="fe80::/64"), "zones[1].network6"),
    ("groups as a network", lambda d: d["zones"][0].update(network6="ff02::/64"), "zones[1].network6"),
    ("host part of six", lambda d: d["zones"][0].update(network6="fd77::1/64"), "zones[1].network6"),
    ("no network of six", lambda d: d["zones"][0].update(network6=6), "zones[1].network6"),
    ("zones of six overlap", lambda d: [one.update(network6="fd77::/48") for one in d["zones"]], "zones[2].network6"),
    ("six undeclared", lambda d: _interfaces(d, 0)[0].update(address6="fd77::1"), "hosts[1].interfaces[1].address6"),
    ("six elsewhere", lambda d: _six(d, "fd78::1"), "hosts[1].interfaces[1].address6"),
    ("six of the network", lambda d: _six(d, "fd77::"), "hosts[1].interfaces[1].address6"),
    ("no address of six", lambda d: _six(d, "fd77::g"), "hosts[1].interfaces[1].address6"),
    ("four as six", lambda d: _six(d, "10.77.0.1"), "hosts[1].interfaces[1].address6"),
    (
        "six twice",
        lambda d: d["terminals"][1].update(address6=_six(d, "fd77::1")),
        "terminals[2].address6",
    ),
    ("no witness", lambda d: d["hosts"][2].update(role="other"), "hosts"),
    ("two witnesses", lambda d: d["hosts"][4].update(role="witness"), "hosts"),
    ("name twice", lambda d: d["hosts"][1].update(name="appsrv"), "hosts[2].name"),
    ("name in capitals", lambda d: d["hosts"][1].update(name="DataSrv"), "hosts[2].name"),
    ("zone of none", lambda d: _interfaces(d, 0)[0].update(zone="cellar"), "hosts[1].interfaces[1].zone"),
    ("address elsewhere", lambda d: _interfaces(d, 0)[0].update(address="10.9.0.1"), "hosts[1].interfaces[1].address"),
    ("broadcast", lambda d: _interfaces(d, 0)[0].update(address="10.77.0.255"), "hosts[1].interfaces[1].address"),
    ("address twice", lambda d: d["terminals"][1].update(address="10.77.0.101"), "terminals[2].address"),
    ("service on a host's address", lambda d: d["service"].update(address="10.77.0.1"), "service.address"),
    ("card twice", lambda d: d["terminals"][1].update(mac="02:77:01:00:00:11"), "terminals[2].mac"),
    ("mac", lambda d: d["terminals"][1].update(mac="02-77-01-00-00-12"), "terminals[2].mac"),
    ("bridge of an isolated zone", lambda d: _interfaces(d, 0).append(_foot("10.88.0.9")), "hosts[1].interfaces"),
    (
        "flow across",
        lambda d: d["flows"].append({"from": "outside", "to": "core", "tcp": [443], "why": "web"}),
        "flows[3]",
    ),
    ("flow to nobody", lambda d: d["flows"][0].update(to="cellar"), "flows[1].to"),
    ("flow without ports", lambda d: d["flows"][0].update(tcp=[]), "flows[1]"),
    ("port", lambda d: d["flows"][0].update(tcp=[70000]), "flows[1].tcp"),
    ("watchman too short", lambda d: d["database"].update(ttl=15), "database.ttl"),
    ("watchman's times", lambda d: d["database"].update(retry_timeout=10), "database.ttl"),
    ("supply on no host", lambda d: d["ups"][0].update(host="cellar"), "ups[1].host"),
    ("outer centre inside", lambda d: d["antivirus"][0].update(host="witness"), "antivirus[1].host"),
    ("no off-site copy", lambda d: d["repositories"].pop(), "repositories"),
    ("receiver of none", lambda d: d["repositories"][1].update(host="cellar"), "repositories[2].host"),
    ("receiver of the local", lambda d: d["repositories"][0].update(host="vault"), "repositories[1].host"),
    ("a server as receiver", lambda d: d["repositories"][1].update(host="appsrv"), "repositories[2].host"),
    ("receiver outside", lambda d: d["repositories"][1].update(host="gate"), "repositories[2].host"),
    (
        "receiver of two",
        lambda d: d["repositories"].append({**d["repositories"][1], "name": "cave"}),
        "repositories[3].host",
    ),
    ("too little kept", lambda d: d["database"].update(keep_wal_mb=16), "database.keep_wal_mb"),
    ("two conditions", lambda d: d["power"][0].update(below_s=5), "power[1]"),
    ("steps out of order", lambda d: d["power"][1].update(below_s=100), "power[3].below_s"),
    ("unknown step", lambda d: d["power"][0].update(do="panic"), "power[1].do"),
    ("true is no number", lambda d: d["service"].update(port=True), "service.port"),
    ("path with blanks", lambda d: d["repositories"][0].update(path="/a b"), "repositories[1].path"),
    ("list instead of table", lambda d: d.update(service=[]), "service"),
    ("table instead of list", lambda d: d.update(hosts={}), "hosts"),
]


@pytest.mark.parametrize(("spoil", "place"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_cannot_be_is_refused_in_its_place(spoil: Callable[[Tables], Any], place: str) -> None:
    data = tables()
    spoil(data)
    with pytest.raises(DeclarationError) as caught:
        site_from_data(data)
    assert caught.value.place == place
    assert re.search(r"[\u4e00-\u9fff]", caught.value.zh) and not re.search(r"[\u4e00-\u9fff]", caught.value.en)
    assert place in caught.value.told("en") and place in caught.value.told("zh-hans")


def test_a_zone_may_speak_ipv6_and_a_card_there_need_not() -> None:
    found = site6()
    assert [str(one) for one in found.zone("core").networks()] == ["10.77.0.0/24", "fd77::/64"]
    assert [[str(one) for one in host.interfaces[0].addresses()] for host in found.voters()] == [
        ["10.77.0.1", "fd77::1"],
        ["10.77.0.2", "fd77::2"],
        ["10.77.0.3"],
    ]


def test_a_misspelt_key_names_the_right_one() -> None:
    data = tables()
    data["service"]["adress"] = data["service"].pop("address")
    with pytest.raises(DeclarationError, match="missing"):
        site_from_data(data)
    data["service"]["address"] = "10.77.0.10"
    with pytest.raises(DeclarationError, match="Did you mean address"):
        site_from_data(data)


def test_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(DeclarationError, match="line 2"):
        site_from_text("name = 'x'\nservice = \n")
