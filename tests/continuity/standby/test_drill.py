"""The drill's own arithmetic: gaps, its faults, the units it reads. The drill itself is `mainstay drill standby`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mainstay.continuity.site.rules.render import files_of
from mainstay.drill import standby
from mainstay.drill.standby.faults import FAULTS
from mainstay.drill.standby.init import read_unit
from mainstay.drill.standby.measure import Acknowledged, acknowledged, longest_gap, lost
from mainstay.drill.standby.world import as_toml
from tests.continuity.site.make import site, tables6


def _paid(*moments: float) -> list[Acknowledged]:
    return [Acknowledged(at, f"drill-{number}") for number, at in enumerate(moments)]


@pytest.mark.parametrize(
    ("moments", "gap"),
    [
        ((1.0, 9.9, 10.1, 10.3), 9.7),  # nothing from 10.3 to the end
        ((9.9, 10.1, 15.0, 15.1, 19.9), 4.9),
        ((9.0, 18.0, 19.0, 20.0), 9.0),  # it began before the strike and lasted over it
        ((), 10.0),
    ],
)
def test_the_longest_time_without_a_payment(moments: tuple[float, ...], gap: float) -> None:
    assert longest_gap(_paid(*moments), 10.0, 20.0) == pytest.approx(gap)


def test_a_line_that_is_being_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "paid.log").write_text("2.5 drill-0-1\n1.5 drill-0-0\n3.5 dri", encoding="utf-8")
    assert [one.key for one in acknowledged(tmp_path / "paid.log")] == ["drill-0-0", "drill-0-1"]


def test_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    paid = _paid(1.0, 2.0, 3.0)
    assert lost(paid, {"drill-0": 1, "drill-1": 2, "drill-2": 1}) == 0
    assert lost(paid, {"drill-1": 1, "drill-9": 1}) == 2


def test_the_faults_are_many_and_each_has_its_goal() -> None:
    names = [one.name for one in FAULTS]
    assert len(names) == len(set(names)) >= 15
    assert all(one.most_s > 0 for one in FAULTS) and any(one.pinned for one in FAULTS)


@pytest.mark.parametrize(
    ("own", "timed", "fine"),
    [
        (None, True, True),
        (["", ""], True, True),
        (["slow", ""], True, False),
        (["slow", ""], False, True),
        (["", "lost"], False, False),
        ([""], True, False),
        ([], True, False),
    ],
)
def test_a_rehearsal_counts_as_the_product_itself_recorded_it(own: list[str] | None, timed: bool, fine: bool) -> None:
    told = {} if own is None else {"rehearsed": [{"trouble": one} for one in own]}
    assert standby._as_planned(told, timed=timed) is fine


def test_a_declaration_is_written_as_it_was_read() -> None:
    data = tables6()
    assert tomllib.loads(as_toml(data)) == data


def test_what_it_is_called_with(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert standby.main([]) == 2
    assert "--namespaces" in capsys.readouterr().err
    monkeypatch.setattr(standby, "missing", lambda: ["etcd"])
    assert standby.main(["--namespaces"]) == 2
    assert "etcd" in capsys.readouterr().err
    monkeypatch.setattr(standby, "missing", list)
    assert standby.main(["--namespaces", "--only", "flood"]) == 2
    assert "flood" in capsys.readouterr().err
    assert standby.main(["--namespaces", "--only", "standby-behind"]) == 2  # for the control alone
    assert "standby-behind" in capsys.readouterr().err


def test_it_reads_the_rendered_units(tmp_path: Path) -> None:
    found = {}
    for made in files_of(site(), site().host("datasrv")):
        if made.path.endswith(".service"):
            path = tmp_path / Path(made.path).name
            path.write_text(made.text, encoding="utf-8")
            found[path.stem] = read_unit(path, tmp_path / "log")
    patroni, role = found["mainstay-patroni"], found["mainstay-role"]
    assert patroni.one("User") == "postgres" and patroni.one("KillMode") == "process"
    assert len(patroni.settings["ExecStartPre"]) == 3
    assert role.one("KillMode") == "control-group" and "site agent" in role.one("ExecStart")
    assert role.settings["ExecStopPost"][0].endswith("address del 10.77.0.10/24 dev eth0")
