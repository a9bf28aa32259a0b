"""The front-end processor as the process it is: killed in a day of faults, sent mutated frames, measured."""

from __future__ import annotations

import argparse
import os
import random
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from mainstay.bench import bank as bench
from mainstay.commands import bank as bank_verb
from mainstay.commands import bank_sim, words
from mainstay.drill import bank as drill
from mainstay.drill.bank import mutant, spoilt
from mainstay.gas.bank.library import SHIPPED, adapter, speech
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.mac import SM4, mac_function
from mainstay.gas.bank.rules.messages import BadFrame, Message
from mainstay.gas.bank.simulator import Wire, WireFacts
from tests.contracts.tree import ROOT


@pytest.fixture
def in_processes(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes that a test starts find the test's database, and the keys of its banks."""
    facts = connection.settings_dict
    address = f"sqlite:///{facts['NAME']}"
    if connection.vendor == "postgresql":
        parts = urlsplit(os.environ["DATABASE_URL"])
        address = urlunsplit(parts._replace(path=f"/{facts['NAME']}"))
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("MAINSTAY_BANK_FOLDER", settings.BANK_FOLDER)
    speech.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("in_processes")
def test_a_day_with_a_kill_and_mutants_is_explained_to_the_fen() -> None:
    words = ["--messages", "240", "--kills", "1", "--lines", "6", "--fuzz", "60"]
    line = drill.build(accounts=220)
    found = drill.play_and_kill(line, drill.parser().parse_args(words))
    assert (found["wrong"], found["kills"]) == ([], 1)
    assert found["collected"] > 30
    assert (found["fuzz"]["frames"], found["fuzz"]["booked"], found["fuzz"]["alive"]) == (60, 0, True)


@pytest.mark.slow
@pytest.mark.usefixtures("in_processes")
def test_the_measurement_proves_what_it_measured() -> None:
    words = ["--seconds", "0.1", "--codec", "100", "--reconcile", "500"]
    found = bench.measure(bench.parser().parse_args(words))
    assert found["wrong"] == []
    assert set(found["lines"]) == {1, 8, 32}
    assert (found["reconcile"]["matched"], found["reconcile"]["differences"]) == (490, 20)


@pytest.mark.parametrize("layout", sorted(path.stem for path in SHIPPED.glob("*.yaml")))
def test_mutants_are_messages_or_bad_frames_and_nothing_else(layout: str) -> None:
    """The short form of the drill's hundred thousand: what an adapter does with authentic nonsense."""
    line, dice, mac = adapter(layout), random.Random(7), mac_function(SM4, bytes(16))
    facts = WireFacts("127.0.0.1", 1, line, mac, Framing("2b"))
    wire, read = Wire(facts), 0
    for _number in range(1_500):
        raw = mutant(facts, wire, dice)
        try:
            frames, _used = facts.framing.split(raw)
            for _tpdu, body in frames:
                read += isinstance(line.decode(body, mac), Message)
        except BadFrame:
            continue
    assert read < 100


@pytest.mark.django_db
@pytest.mark.parametrize(("tongue", "told"), [("en", "lacks 1 migrations"), ("zh_CN.UTF-8", "数据库还有 1 项迁移")])
def test_a_database_that_lacks_a_migration_is_not_served(
    tongue: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", tongue)
    words._catalogue.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="bank").latest("pk").delete()
    try:
        with translation.override("en"):
            assert bank_verb.main([]) == 1
    finally:
        words._catalogue.cache_clear()
    assert told in capsys.readouterr().err


def test_spoiling_always_leaves_bytes() -> None:
    dice = random.Random(1)
    assert all(spoilt(bytearray(b"ab"), dice) for _number in range(500))


def test_faults_are_named_with_their_share() -> None:
    options = bank_sim.parser().parse_args(["accounts.txt", "--port", "1", "--faults", "slow=30", "repeat"])
    assert dict(options.faults) == {"slow": 30, "repeat": bank_sim.SHARE}
    for wrong in ("nonsense", "slow=many"):
        with pytest.raises(argparse.ArgumentTypeError):
            bank_sim.fault(wrong)
