"""The files of the example: as kept in `golden`, the same each time, accepted by the programs they are for.

`WRITE_GOLDEN=1 pytest tests/continuity/site/test_render.py` keeps the present ones; look at the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mainstay.continuity.site.programs import complaint
from mainstay.continuity.site.rules import site_from_data
from mainstay.continuity.site.rules.render import SECRETS, Made, files_of, filled, secrets_in
from mainstay.continuity.standby import patroni
from tests.continuity.site.make import site, site6, tables

GOLDEN = Path(__file__).with_name("golden")
SITE = site()
FILES = [(host.name, made) for host in SITE.hosts for made in files_of(SITE, host)]
SITE6 = site6()
FIREWALLS6 = [
    (f"ipv6/{host.name}", made)
    for host in SITE6.hosts
    for made in files_of(SITE6, host)
    if made.checker in {"nft", "sysctl"}
]
FILES += FIREWALLS6
IDS = [f"{host}{made.path}" for host, made in FILES]


@pytest.mark.parametrize(("host", "made"), FILES, ids=IDS)
def test_a_file_is_as_kept(host: str, made: Made) -> None:
    kept = GOLDEN / host / made.path.lstrip("/")
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(made.text, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == made.text


def test_nothing_else_is_kept() -> None:
    kept = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()}
    assert kept == set(IDS)


def test_the_same_declaration_gives_the_same_files() -> None:
    shuffled = {key: tables()[key] for key in reversed(tables())}
    again = site_from_data(shuffled)
    assert [files_of(again, host) for host in again.hosts] == [files_of(SITE, host) for host in SITE.hosts]


@pytest.mark.slow  # some eighty programs; what they are given is the same as long as the files are as kept
@pytest.mark.parametrize(("host", "made"), FILES, ids=IDS)
def test_its_own_program_accepts_it(host: str, made: Made) -> None:
    said = complaint(made, str(patroni.folder()) if patroni.present() else "")
    if said is None:
        pytest.skip(f"the program that reads {made.path} is not installed, or may not be asked")
    assert said == ""


@pytest.mark.parametrize(
    ("name", "spoil", "program"),
    [
        ("firewall.nft", ("policy drop", "policy fall"), "nft"),
        ("60-mainstay.conf", ("accept_ra = 0", "accept_ro = 0"), "sysctl"),
        ("60-mainstay.conf", ("accept_ra = 0", "accept_ra 0"), "sysctl"),
        ("clamd.conf", ("SelfCheck", "SelfCheek"), "clamconf"),
        ("pgbackrest.conf", ("start-fast", "start-slow"), "pgbackrest"),
        ("ups.conf", ("driver =", "drover ="), "upsdrvctl"),
        ("upsmon.conf", ("POLLFREQ 5", "POOLFREQ 5"), "upsdrvctl"),
        ("mainstay-etcd.service", ("Restart=always", "Restart=forever"), "systemd-analyze"),
        ("post-bootstrap.sh", ("set -eu", "if set -eu"), "sh"),
        ("role.json", ("{", "[{"), "sh"),
        ("etcd.yml", ("name:", "name: ]"), "sh"),
    ],
)
def test_its_own_program_refuses_a_spoilt_one(name: str, spoil: tuple[str, str], program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    made = next(made for _host, made in FILES if made.path.endswith(f"/{name}"))
    assert spoil[0] in made.text
    if complaint(made) is None:
        pytest.skip(f"{program} may not be asked")
    assert complaint(Made(made.path, made.text.replace(*spoil), checker=made.checker))


def test_every_secret_is_a_mark_and_has_its_use() -> None:
    made = [one for _host, one in FILES]
    assert set(secrets_in(made)) == set(SECRETS)
    for one in made:
        if secrets_in([one]):
            assert one.mode & 0o007 == 0, f"{one.path} holds a secret and everybody may read it"
        assert "@SECRET" not in filled(one.text, dict.fromkeys(SECRETS, "x"))
    with pytest.raises(KeyError):
        filled("@SECRET:app@", {})


def test_only_what_is_declared_passes_the_firewall() -> None:
    text = {host: made.text for host, made in FILES if made.checker == "nft" and "ipv6/" not in host}
    assert all(one.count("policy drop") == 3 for one in text.values())
    assert "10.88.0" not in text["appsrv"] and "10.77.0" not in text["gate"]
    assert "ip saddr 10.77.0.101 tcp dport { 8000 } counter accept" in text["appsrv"]
    assert "10.77.0.101" not in text["appsrv"].split("chain outgoing")[1], "no server calls a terminal"


def test_ipv6_passes_only_where_it_is_declared() -> None:
    plain = [made.text for host, made in FILES if made.checker == "nft" and "ipv6/" not in host]
    assert not [text for text in plain if "ip6" in text or "icmpv6" in text]
    assert all("meta nfproto ipv4" in line for text in plain for line in text.splitlines() if "53" in line), (
        "a rule without a kind would let both pass"
    )
    made = {(host, one.checker): one.text for host, one in FIREWALLS6}
    witness, appsrv = made["ipv6/witness", "nft"], made["ipv6/appsrv", "nft"]
    assert "ip6" not in witness, "its zone speaks IPv6, it does not"
    assert "net.ipv6.conf.eth0.disable_ipv6 = 1" in made["ipv6/witness", "sysctl"]
    assert "net.ipv6.conf.eth0.disable_ipv6 = 0" in made["ipv6/appsrv", "sysctl"]
    assert "net.ipv6.conf.eth0.accept_ra = 0" in made["ipv6/appsrv", "sysctl"]
    assert 'iifname "eth0" ip6 saddr fd77::101 tcp dport { 8000 } counter accept' in appsrv
    assert "10.77.0.102" in appsrv and "fd77::102" not in appsrv
    assert 'ip6 daddr fd77::2 tcp dport { 9000 } counter accept comment "reports"' in appsrv
    assert "nd-router-advert" not in appsrv and "nd-redirect" not in appsrv


def test_without_synchronous_the_watchman_is_told() -> None:
    data = tables()
    data["database"]["synchronous"] = False
    data.pop("repositories")
    found = site_from_data(data)
    made = {one.path: one.text for one in files_of(found, found.role("datasrv"))}
    patroni = made["/etc/mainstay/patroni.yml"]
    assert "synchronous_mode: false" in patroni and "archive_mode" not in patroni
    assert not [path for path in made if "backup" in path or "pgbackrest" in path]
