"""The client of the votes against a real etcd: leases, claims by one only, silence."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import pytest

from mainstay.continuity.standby.etcd import Etcd, Silent
from tests.continuity.standby.etcd_here import etcd_here, free_port


@pytest.fixture(scope="module")
def votes() -> Iterator[Etcd]:
    """One etcd of our own."""
    if shutil.which("etcd") is None:
        pytest.skip("etcd is not installed")
    with etcd_here() as found:
        yield found


def test_one_claims_and_the_other_does_not(votes: Etcd) -> None:
    mine, yours = votes.grant(60), votes.grant(60)
    assert votes.claim("/a/holder", "appsrv", mine)
    assert not votes.claim("/a/holder", "datasrv", yours)
    assert votes.below("/a/") == {"holder": "appsrv"}
    assert not votes.release("/a/holder", "datasrv"), "nobody removes another's claim"
    assert votes.release("/a/holder", "appsrv")
    assert votes.claim("/a/holder", "datasrv", yours)


def test_a_claim_whose_answer_was_lost_is_won_when_it_is_made_again(votes: Etcd) -> None:
    mine, later = votes.grant(60), votes.grant(60)
    assert votes.claim("/c/holder", "appsrv", mine) and votes.claim("/c/holder", "appsrv", mine)
    assert not votes.claim("/c/holder", "appsrv", later), "that was another life of this host"
    assert not votes.claim("/c/holder", "datasrv", mine)


def test_what_is_told_is_seen_in_the_same_step(votes: Etcd) -> None:
    lease = votes.grant(60)
    votes.put("/t/holder", "appsrv")
    assert votes.tell("/t/ready/appsrv", "1.5", lease, "/t/") == (
        {"holder": "appsrv", "ready/appsrv": "1.5"},
        {"ready/appsrv": lease},
    )


def test_a_lasting_connection_is_used_again_and_made_anew_when_it_ended(votes: Etcd) -> None:
    client, (member,) = Etcd(votes.members, 5.0, lasting=True), votes.members
    lease = client.grant(60)
    first = vars(client.kept)[member]
    assert client.renew(lease) and client.below("/none/") == {} and vars(client.kept)[member] is first
    first.sock.shutdown(socket.SHUT_RDWR)
    assert client.renew(lease) and vars(client.kept)[member] is not first
    with pytest.raises(Silent):
        client.put("/none/", "", "12345")  # a refusal is no reason to ask the same one again
    client.close()


def test_what_hangs_on_a_lease_ends_with_it(votes: Etcd) -> None:
    lease = votes.grant(60)
    assert votes.claim("/b/holder", "appsrv", lease) and votes.renew(lease)
    votes.put("/b/ready/appsrv", "1", lease)
    votes.put("/b/history/1", "站点", "0")
    votes.revoke(lease)
    assert votes.below("/b/") == {"history/1": "站点"}
    assert not votes.renew(lease)


def test_a_member_that_does_not_answer_is_passed_over(votes: Etcd) -> None:
    dead = f"127.0.0.1:{free_port()}"
    client = Etcd([dead, *votes.members], 5.0)
    assert client.below("/none/") == {}
    assert client.members[0] == votes.members[0], "the one that answered is asked first from now on"
    with pytest.raises(Silent):
        Etcd([dead], 1.0).below("/none/")


def test_it_tells_who_leads_and_what_hangs_on_a_lease(votes: Etcd) -> None:
    own, leader = votes.standing(votes.members[0])
    assert own and own == leader, "the only member leads"
    lease = votes.grant(60)
    votes.put("/l/one", "1", lease)
    votes.put("/l/two", "2")
    assert votes.below_with_leases("/l/") == ({"one": "1", "two": "2"}, {"one": lease})
