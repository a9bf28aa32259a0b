"""The agent against a real etcd, without a network: what it makes of answers that were lost."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from mainstay.continuity.standby.agent import HOLDER, Agent, Config
from tests.continuity.standby.etcd_here import etcd_here

PREFIX = "/mainstay/test/role/"


def test_a_role_that_was_won_unheard_is_taken_after_all(tmp_path: Path) -> None:
    if shutil.which("etcd") is None:
        pytest.skip("etcd is not installed")
    (tmp_path / "environment").write_text("")
    with etcd_here() as votes:
        config = Config(
            host="appsrv", peer="datasrv", preferred=True, etcd=votes.members, prefix=PREFIX, lease_s=60,
            address="10.99.0.10/24", interface="nowhere", ready="127.0.0.1:1", web=["sleep", "60"],
            worker=["sleep", "60"], user="nobody-here", environment=str(tmp_path / "environment"),
            state=str(tmp_path / "role.json"),
        )  # fmt: skip
        agent = Agent(config)
        agent.etcd.seconds = 5.0
        try:
            agent._round(time.monotonic())
            assert votes.claim(PREFIX + HOLDER, "appsrv", agent.view.lease), "its claim, whose answer it never had"
            agent._round(time.monotonic())
            agent._act()
            assert agent.view.mine and agent.view.holder == "appsrv" and agent.worker.runs()
        finally:
            agent._put_down()
            agent.etcd.close()


def test_the_role_of_another_life_is_not_taken(tmp_path: Path) -> None:
    """The lease of an agent that was killed still holds the role: it has to end first."""
    agent = Agent(
        Config(
            host="appsrv", peer="datasrv", preferred=True, etcd=[], prefix=PREFIX, lease_s=60, address="", interface="",
            ready="", web=[], worker=[], user="", environment="", state=str(tmp_path / "role.json"),
        )
    )  # fmt: skip
    agent.view.lease = "2"
    agent._note(time.monotonic(), {HOLDER: "appsrv"}, {HOLDER: "1"})
    assert agent.view.holder == "appsrv" and not agent.view.vacant_since
    agent._note(time.monotonic(), {HOLDER: "appsrv"}, {HOLDER: "2"})
    assert not agent.view.holder and agent.view.vacant_since
