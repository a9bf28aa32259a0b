"""The front-end processor as the process it is: killed in a day of faults, sent mutated frames, measured."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mainstay.drill.bank import mutant, spoilt
from mainstay.gas.bank.library import SHIPPED, adapter
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.mac import SM4, mac_function
from mainstay.gas.bank.rules.messages import BadFrame, Message
from mainstay.gas.bank.simulator import Wire, WireFacts
from tests.contracts.tree import ROOT


def run(*words: str, folder: Path) -> tuple[int, dict[str, Any]]:
    """Run a verb in a database of its own; returns its exit code and the JSON of its last line."""
    environment = {**os.environ, "MAINSTAY_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}"}
    done = subprocess.run(
        [sys.executable, "-m", "mainstay", *words, "--json"],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.django_db
def test_a_day_with_kills_and_mutants_is_explained_to_the_fen(tmp_path: Path) -> None:
    code, found = run("drill", "bank", "--messages", "400", "--kills", "2", "--fuzz", "150", "--lines", "6",
                      folder=tmp_path)  # fmt: skip
    assert (code, found["wrong"], found["kills"]) == (0, [], 2)
    assert found["collected"] > 50
    assert found["fuzz"]["booked"] == 0 and found["fuzz"]["alive"]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_measurement_proves_what_it_measured(tmp_path: Path) -> None:
    code, found = run("bench", "bank", "--seconds", "0.3", "--codec", "200", "--reconcile", "2000", folder=tmp_path)
    assert (code, found["wrong"]) == (0, [])
    assert set(found["lines"]) == {"1", "8", "32"}
    assert (found["reconcile"]["matched"], found["reconcile"]["differences"]) == (1_990, 20)


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


def test_spoiling_always_leaves_bytes() -> None:
    dice = random.Random(1)
    assert all(spoilt(bytearray(b"ab"), dice) for _number in range(500))
