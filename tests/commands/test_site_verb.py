"""`mainstay site …`: render, secrets, apply, check, on real files in a folder of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.commands import site_verb
from mainstay.continuity.site import drift
from mainstay.continuity.site.library import example
from mainstay.continuity.site.rules.render import files_of
from tests.continuity.site.make import site

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """The example with every path below the test's folder."""
    places = {name: f"{tmp_path}/{name}" for name in ("etc", "data", "run", "product", "patroni", "system")}
    lines = "\n".join(f'{name} = "{place}"' for name, place in places.items())
    path = tmp_path / "site.toml"
    path.write_text(f"{example()}\n[paths]\n{lines}\n", encoding="utf-8")
    assert tomllib.loads(path.read_text())["paths"]["etc"] == places["etc"]
    return path


def _run(*words: str | Path) -> int:
    return site_verb.main([str(word) for word in words])


def test_it_lists_its_subjects(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--help") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in site_verb.WHATS) and "--dry-run" in said and "--renew" in said
    assert _run("cellar") == 2


@pytest.mark.slow
def test_the_example_can_be_used_as_it_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("example") == 0
    (tmp_path / "site.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert _run("render", "--file", tmp_path / "site.toml", "--out", tmp_path / "out") == 0
    assert "policy drop" in (tmp_path / "out/gate/etc/mainstay/firewall.nft").read_text()
    assert "36 files for 4 hosts" not in capsys.readouterr().err


def test_a_wrong_declaration_is_told_with_its_place(declared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared.write_text(declared.read_text().replace('network = "10.77.0.0/24"', 'network = "10.77"'), encoding="utf-8")
    assert _run("render", "--file", declared, "--out", declared.parent / "out") == 2
    assert "zones[1].network" in capsys.readouterr().err
    assert not (declared.parent / "out").exists()
    assert _run("check", "--file", declared.parent / "none.toml") == 2
    assert "site example" in capsys.readouterr().err


def test_secrets_are_drawn_once(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "secrets.env"
    assert _run("secrets", "--secrets", path) == 0
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert _run("secrets", "--secrets", path) == 1
    assert path.read_text() == first


@pytest.mark.slow
@ROOT_ONLY
def test_apply_installs_once_and_check_finds_what_was_changed(
    declared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ("--file", declared, "--host", "datasrv")
    assert _run("apply", *here, "--no-units") == 1
    assert "superuser" in capsys.readouterr().err, "the missing secrets are named"
    assert _run("secrets", "--secrets", declared.parent / "etc/secrets.env") == 0
    assert _run("apply", *here, "--dry-run") == 0
    patroni = declared.parent / "etc/patroni.yml"
    assert not patroni.exists()
    assert _run("apply", *here, "--no-units") == 0
    assert "@SECRET" not in patroni.read_text() and patroni.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert _run("apply", *here, "--no-units") == 0
    assert "0 files would change" in capsys.readouterr().out
    patroni.write_text(patroni.read_text().replace("synchronous_mode: true", "synchronous_mode: false"))
    assert _run("check", *here, "--json") == 1
    wrong = json.loads(capsys.readouterr().out.splitlines()[-1])["wrong"]
    assert wrong[str(patroni)] == "differs from the declaration"
    assert not [path for path in wrong if path.startswith(f"{declared.parent}/") and path != str(patroni)]
    assert _run("apply", *here, "--no-units") == 0
    assert "synchronous_mode: true" in patroni.read_text()
    assert "synchronous_mode: false" in patroni.with_name("patroni.yml.before").read_text()


@ROOT_ONLY
def test_nothing_is_installed_when_a_program_refuses_a_file(
    declared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mainstay.continuity.site.install.complaint", lambda made, _place: made.path[-3:] == "yml" and "no"
    )
    assert _run("secrets", "--secrets", declared.parent / "etc/secrets.env") == 0
    assert _run("apply", "--file", declared, "--host", "datasrv", "--no-units") == 1
    assert "etcd.yml: no" in capsys.readouterr().err
    assert [path.name for path in (declared.parent / "etc").iterdir()] == ["secrets.env"]


@pytest.fixture
def namespace() -> Iterator[str]:
    """A network of the test's own."""
    name = f"ms-test-{os.getpid()}"
    if os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"):
        pytest.skip("needs root, nft and ip")
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces are not allowed here")
    try:
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


def test_an_inserted_rule_is_drift(namespace: str) -> None:
    made = next(one for one in files_of(site(), site().host("datasrv")) if one.checker == "nft")
    inside = ["ip", "netns", "exec", namespace, "nft"]
    subprocess.run([*inside, "-f", "-"], input=made.text, text=True, check=True)
    declared = drift.rules_declared(made.text)
    assert declared and drift.rules_running(namespace) == declared
    subprocess.run([*inside, "insert", "rule", "inet", "mainstay", "incoming", "accept"], check=True)
    extra = [one for one in drift.rules_running(namespace) if one not in declared]
    assert len(extra) == 1 and '"accept"' in extra[0]
    subprocess.run([*inside, "flush", "chain", "inet", "mainstay", "incoming"], check=True)
    assert [one for one in declared if one not in drift.rules_running(namespace)]
