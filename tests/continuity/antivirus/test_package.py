"""The carried package: any changed byte, an older number, a wrong key is refused and nothing changes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mainstay.commands import carry
from mainstay.continuity.antivirus import package
from mainstay.continuity.antivirus.queries import made_at, newest
from mainstay.continuity.antivirus.rules import Manifest, Refused, judge_age
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED

NOW = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """The outer centre: a key pair and two files of signatures."""
    package.draw_key(tmp_path / "centre.key", tmp_path / "centre.pub")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "local.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n")
    (tmp_path / "out" / "local.ndb").write_text("Own.Test:0:*:6d61696e73746179\n")
    return tmp_path


def pack(place: Path, sequence: int, name: str = "a.mpk", key: str = "centre.key") -> Path:
    """A package of those files."""
    facts = Manifest("signatures", sequence, "2026-03-30T08:00:00+00:00", "外网中心", {})
    package.export((place / "out").iterdir(), place / name, place / key, facts)
    return place / name


def served(store: Path) -> dict[str, bytes]:
    """What clients get now."""
    current = store / package.CURRENT
    return {one.name: one.read_bytes() for one in current.iterdir()} if current.exists() else {}


def take(place: Path, path: Path) -> Manifest:
    """Take it at the inner centre."""
    return package.take(path, place / "centre.pub", place / "store", NOW)


def test_a_good_package_is_served_whole_with_the_time_of_its_import(outer: Path) -> None:
    take(outer, pack(outer, 7))
    found = outer / "store" / package.CURRENT
    assert (found / "local.hdb").read_bytes() == (outer / "out" / "local.hdb").read_bytes()
    assert (found / "local.ndb").stat().st_mtime == NOW.timestamp()
    assert package.last_sequence(outer / "store") == 7


def test_any_changed_byte_is_refused_and_nothing_changes(outer: Path) -> None:
    take(outer, pack(outer, 1))
    before = served(outer / "store")
    good = pack(outer, 2).read_bytes()
    spoilt = outer / "spoilt.mpk"
    refused = 0
    for at in [*range(0, 2048, 11), *range(2048, len(good), 53)]:
        spoilt.write_bytes(good[:at] + bytes([good[at] ^ 0x41]) + good[at + 1 :])
        try:
            package.inspect(spoilt, outer / "centre.pub")
        except Refused:
            refused += 1
            continue
        same = pack_contents(good, outer) == pack_contents(spoilt.read_bytes(), outer)
        assert same, f"byte {at} of {len(good)}"  # an owner or a time in a head of the archive, which nobody reads
    assert refused > 150
    assert served(outer / "store") == before


def pack_contents(data: bytes, place: Path) -> dict[str, bytes]:
    """The files that a package would bring."""
    (place / "probe.mpk").write_bytes(data)
    folder = place / "probe"
    folder.mkdir()
    package.unpack(place / "probe.mpk", place / "centre.pub", folder)
    found = {one.name: one.read_bytes() for one in folder.iterdir()}
    for one in folder.iterdir():
        one.unlink()
    folder.rmdir()
    return found


def test_a_cut_off_or_lengthened_package_is_refused(outer: Path) -> None:
    good = pack(outer, 1).read_bytes()
    for number, data in enumerate((good[: len(good) // 2], good + b"more", b"", b"no archive")):
        path = outer / f"bad{number}.mpk"
        path.write_bytes(data)
        with pytest.raises(Refused):
            take(outer, path)
    assert served(outer / "store") == {}


def test_an_older_or_the_same_number_is_refused(outer: Path) -> None:
    take(outer, pack(outer, 7))
    for number in (7, 6, 1):
        with pytest.raises(Refused) as refused:
            take(outer, pack(outer, number, f"{number}.mpk"))
        assert refused.value.code == "sequence" and "7" in refused.value.told("zh-hans")
    assert package.last_sequence(outer / "store") == 7
    take(outer, pack(outer, 8, "8.mpk"))
    assert package.last_sequence(outer / "store") == 8
    assert sorted(one.name for one in (outer / "store").iterdir()) == ["00000008", package.CURRENT]


def test_another_key_is_refused(outer: Path) -> None:
    package.draw_key(outer / "other.key", outer / "other.pub")
    with pytest.raises(Refused) as refused:
        take(outer, pack(outer, 9, key="other.key"))
    assert refused.value.code == "seal" and served(outer / "store") == {}


def test_a_key_is_drawn_once_and_only_its_owner_reads_it(outer: Path) -> None:
    assert (outer / "centre.key").stat().st_mode & 0o777 == 0o600
    before = (outer / "centre.key").read_bytes()
    assert len(base64.b64decode(before)) == 32
    with pytest.raises(FileExistsError):
        package.draw_key(outer / "centre.key", outer / "x.pub")
    assert (outer / "centre.key").read_bytes() == before


def test_the_commands_count_and_refuse(outer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        target = str(outer / f"{number}.mpk")
        assert carry.main(["export", str(outer / "out"), target, "--key", str(outer / "centre.key")]) == 0
        assert carry.main(["check", target, "--public", str(outer / "centre.pub"), "--json"]) == 0
        assert f'"sequence": {number}' in capsys.readouterr().out
    package.draw_key(outer / "other.key", outer / "other.pub")
    assert carry.main(["check", target, "--public", str(outer / "other.pub")]) == 1
    assert capsys.readouterr().err


@pytest.mark.parametrize(("days", "verdict"), [(0, GREEN), (3, GREEN), (4, AMBER), (7, AMBER), (8, RED)])
def test_age_of_signatures(days: int, verdict: str) -> None:
    assert judge_age("c", NOW - timedelta(days=days), NOW).verdict == verdict


def test_no_signatures_are_red() -> None:
    assert judge_age("c", None, NOW).verdict == RED


def test_the_official_file_tells_its_own_time(tmp_path: Path) -> None:
    head = b"ClamAV-VDB:07 Nov 2026 08-30 -0500:27500:2067000:90:X:Y:raynman:1794058200"
    assert made_at(head) == datetime(2026, 11, 7, 13, 30, tzinfo=UTC)
    (tmp_path / "daily.cvd").write_bytes(head.ljust(512))
    (tmp_path / "local.hdb").write_text("x")
    assert newest(tmp_path) == datetime(2026, 11, 7, 13, 30, tzinfo=UTC)
    assert made_at(b"nothing of the kind") is None and newest(tmp_path / "none") is None
