"""The witness's arbiter: every link cut, every host dead, links that come and go; and with a real etcd."""

from __future__ import annotations

import http.server
import itertools
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mainstay.continuity.site.rules import site_from_data
from mainstay.continuity.site.rules.render import files_of
from mainstay.continuity.standby.arbiter import EVERY_S, Arbiter, Config
from mainstay.continuity.standby.knock import knock
from mainstay.continuity.standby.rules_arbiter import BEAT_S, LOOKS, REASONS, REST_S, Look, Ports, may_depose
from tests.continuity.site.make import tables
from tests.continuity.standby.etcd_here import etcd_here

DEAD = Look(True, "datasrv", "77", "appsrv", Ports.SILENT, Ports.SILENT, 0.3, standby_lives=True, beat_s=2.0)


def _judge(*looks: Look, rested_s: float = 1e9) -> str:
    depose, reason = may_depose(looks, rested_s)
    assert reason in REASONS and depose is (reason == "dead")
    return reason


def test_a_dead_leader_is_deposed_after_three_looks() -> None:
    assert [_judge(*[DEAD] * count) for count in range(5)] == ["too-soon"] * LOOKS + ["dead"] * 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"votes": False}, "no-votes"),
        ({"leader": ""}, "no-leader"),
        ({"lease": ""}, "no-leader"),
        ({"ports": Ports.HEARD}, "heard"),
        ({"standby": ""}, "no-standby"),
        ({"standby": "datasrv"}, "no-standby"),
        ({"standby_lives": False}, "standby-silent"),
        ({"from_standby": Ports.HEARD}, "heard-there"),
        ({"standby_told_s": BEAT_S + 1}, "heard-there"),
        ({"beat_s": 0.2}, "host-lives"),
    ],
)
def test_one_sign_of_life_or_one_doubt_is_enough_to_wait(change: dict[str, object], reason: str) -> None:
    assert _judge(*[replace(DEAD, **change)] * LOOKS) == reason  # type: ignore[arg-type]


def test_a_host_that_refuses_by_itself_need_not_fall_silent() -> None:
    assert _judge(*[replace(DEAD, ports=Ports.REFUSED, beat_s=0.1)] * LOOKS) == "dead"


def test_all_looks_must_be_about_the_same_leader_and_lease() -> None:
    assert _judge(replace(DEAD, lease="76"), DEAD, DEAD) == "changing"
    assert _judge(replace(DEAD, standby=""), DEAD, DEAD) == "changing"
    assert _judge(replace(DEAD, ports=Ports.HEARD), DEAD, DEAD) == "heard"
    assert _judge(DEAD, DEAD, DEAD, rested_s=REST_S - 1) == "resting"


# ---------------------------------------------------------------------------------------- three hosts as a model

LINKS = ("leader-standby", "leader-witness", "standby-witness")


class Room:
    """Leader, standby and witness with their three links; the witness looks, time goes on."""

    def __init__(self) -> None:
        self.up = dict.fromkeys(LINKS, True)
        self.alive = {"leader": True, "standby": True}
        self.now = self.leader_beat = self.standby_beat = 0.0
        self.deposed: list[float] = []
        self.looks: list[Look] = []
        self.word = Ports.HEARD

    def _way(self, host: str, other: str) -> bool:
        """Whether a host's word reaches the votes: straight to the witness, or through the other server."""
        round_about = self.up["leader-standby"] and self.alive[other] and self.up[f"{other}-witness"]
        return self.alive[host] and (self.up[f"{host}-witness"] or round_about)

    def look(self) -> None:
        self.now += EVERY_S
        if self._way("leader", "standby"):
            self.leader_beat = self.now
        if self._way("standby", "leader"):
            self.standby_beat = self.now
            there = self.alive["leader"] and self.up["leader-standby"]
            self.word = Ports.HEARD if there else Ports.SILENT
        heard = self.alive["leader"] and self.up["leader-witness"]
        stands = self.alive["standby"] and self.up["standby-witness"]
        votes = heard or stands
        self.looks.append(
            Look(votes, "datasrv", "77", "appsrv", Ports.HEARD if heard else Ports.SILENT, self.word,
                 self.now - self.standby_beat, standby_lives=stands, beat_s=self.now - self.leader_beat)
        )  # fmt: skip
        rested = self.now - self.deposed[-1] if self.deposed else 1e9
        if may_depose(self.looks[-LOOKS:], rested)[0]:
            self.deposed.append(self.now)

    def pass_by(self, looks: int) -> None:
        for _time in range(looks):
            self.look()


@pytest.mark.parametrize("cut", [links for count in range(3) for links in itertools.combinations(LINKS, count)])
def test_a_living_leader_is_deposed_only_when_it_is_cut_off_alone(cut: tuple[str, ...]) -> None:
    room = Room()
    room.pass_by(10)
    room.up |= dict.fromkeys(cut, False)
    room.pass_by(100)
    assert bool(room.deposed) is (set(cut) == {"leader-standby", "leader-witness"})


@pytest.mark.parametrize("cut", [(), *((link,) for link in LINKS)])
def test_a_dead_leader_is_deposed_within_two_seconds_when_standby_and_witness_agree(cut: tuple[str, ...]) -> None:
    room = Room()
    room.pass_by(10)
    room.up |= dict.fromkeys(cut, False)
    room.alive["leader"] = False
    begun = room.now
    room.pass_by(100)
    if "standby-witness" in cut:
        assert not room.deposed, "nobody who could lead is seen"
    else:
        assert room.deposed[0] - begun <= 2.0


def test_nothing_happens_when_the_standby_is_dead() -> None:
    room = Room()
    room.alive["standby"] = False
    room.pass_by(50)
    room.alive["leader"] = False
    room.pass_by(50)
    assert not room.deposed


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_comes_and_goes_deposes_nobody(link: str) -> None:
    room = Room()
    for turn in range(200):
        room.up[link] = turn % 7 < 2
        room.look()
    assert not room.deposed


def test_a_host_that_comes_and_goes_is_deposed_once_a_minute_at_most() -> None:
    room = Room()
    for turn in range(1000):  # five minutes
        away = turn % 20 < 12
        room.up |= {"leader-standby": not away, "leader-witness": not away}
        room.look()
    gaps = [later - earlier for earlier, later in itertools.pairwise(room.deposed)]
    assert 2 <= len(room.deposed) <= 6 and min(gaps) >= REST_S


# ------------------------------------------------------------------------------------------------ the real thing


class _Replica(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/replica" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        """Nothing."""


@pytest.fixture
def standby() -> Iterator[str]:
    """A standby's watchman that answers."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Replica)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return f"127.0.0.1:{one.getsockname()[1]}"


def test_it_ends_the_lease_of_a_dead_leader_and_of_no_living_one(standby: str) -> None:
    if shutil.which("etcd") is None:
        pytest.skip("etcd is not installed")
    with etcd_here() as votes, socket.create_server(("127.0.0.1", 0)) as living:
        cluster, roles = "/mainstay/x/", "/mainstay/x/role/"
        here = f"127.0.0.1:{living.getsockname()[1]}"
        lease = votes.grant(60)
        votes.claim(f"{cluster}leader", "datasrv", lease)
        votes.put(f"{cluster}sync", json.dumps({"leader": "datasrv", "sync_standby": "appsrv"}))

        def look(arbiter: Arbiter, peer: Ports, turns: int = LOOKS + 2) -> list[bool]:
            found = []
            for turn in range(turns):
                votes.put(f"{roles}alive/appsrv", json.dumps({"at": turn, "peer": peer}))
                found.append(arbiter.step())
            return found

        healthy = Arbiter(Config(votes.members, cluster, roles, {"datasrv": [here, here], "appsrv": [standby]}))
        assert not any(look(healthy, Ports.HEARD))
        dead = _closed()
        arbiter = Arbiter(Config(votes.members, cluster, roles, {"datasrv": [dead, dead], "appsrv": [standby]}))
        assert not any(look(arbiter, Ports.HEARD)), "the standby hears it still"
        assert look(arbiter, Ports.REFUSED).count(True) == 1
        assert "leader" not in votes.below(cluster)
        assert [json.loads(text)["from"] for key, text in votes.below(roles).items() if "deposed" in key] == ["datasrv"]
        healthy.etcd.close()
        arbiter.etcd.close()


def test_without_votes_it_does_nothing() -> None:
    dead = _closed()
    arbiter = Arbiter(Config([dead], "/a/", "/a/role/", {"datasrv": [dead], "appsrv": [dead]}))
    assert [arbiter.step() for _time in range(LOOKS + 1)] == [False] * (LOOKS + 1)


def test_knocking() -> None:
    with socket.create_server(("127.0.0.1", 0)) as living:
        here = f"127.0.0.1:{living.getsockname()[1]}"
        assert knock([_closed(), here]) == Ports.HEARD
    assert knock([_closed(), _closed()]) == Ports.REFUSED
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        assert knock([f"127.0.0.1:{one.getsockname()[1]}" for one in (first, second)]) == Ports.HEARD
        second.settimeout(0)
        with pytest.raises(BlockingIOError):
            second.accept()  # nobody troubled it
    assert knock([_closed()], 0.0) == Ports.SILENT, "no time to answer"


def test_it_is_off_until_it_is_declared() -> None:
    data = tables()
    off = site_from_data(data)
    data["database"]["arbiter"] = True
    on = site_from_data(data)
    made = {host.name: {one.path.rpartition("/")[2]: one.text for one in files_of(on, host)} for host in on.hosts}
    assert {"arbiter.json", "mainstay-arbiter.service"} <= set(made["witness"])
    assert not {"arbiter.json", "mainstay-arbiter.service"} & set(made["datasrv"])
    assert json.loads(made["appsrv"]["role.json"])["peer_ports"] == ["10.77.0.2:8008", "10.77.0.2:5432"]
    assert not any("arbiter" in one.path for host in off.hosts for one in files_of(off, host))
