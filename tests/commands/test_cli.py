"""The command line: its table of verbs, its languages and its exit codes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mainstay import cli
from mainstay.commands import doctor, group, processes, serve, site, words
from mainstay.config import env
from mainstay.config import settings as site_settings
from mainstay.core import checks
from mainstay.kit.errors import Problem

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a user does."""
    command = [sys.executable, "-P", "-m", "mainstay", *arguments]
    whole = os.environ | {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"} | environment
    whole.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(command, env=whole, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("verb", cli.VERBS, ids=lambda verb: verb.name)
def test_every_verb_can_be_loaded(verb: cli.Verb) -> None:
    assert callable(verb.load())


def test_no_word_and_help_list_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in ([], ["--help"]):
        assert cli.main(argv) == 0
        shown = capsys.readouterr().out
        assert all(f"  {verb.name} " in shown for verb in cli.VERBS)


def test_an_unknown_verb_gets_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bill"]) == 2
    assert "bill" in (shown := capsys.readouterr().err)
    assert "serve" in shown


def test_the_verbs_speak_the_language_of_the_terminal() -> None:
    assert "演示" in run("--help", LC_ALL="zh_CN.UTF-8", PYTHONIOENCODING="utf-8").stdout
    assert "fictitious" in run("--help").stdout


def test_a_misspelt_setting_is_refused() -> None:
    done = run("check", MAINSTAY_DAAT="x")
    assert done.returncode == 2
    assert "MAINSTAY_DAAT" in done.stderr


def test_rate_starts_without_django() -> None:
    code = "import sys; from mainstay.cli import main\ntry: main(['rate', '--help'])\nexcept SystemExit: pass\n"
    code += "sys.exit('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, check=False, timeout=60
    )
    assert done.returncode == 0


@pytest.mark.parametrize("words", [("--to", "yesterday"), ("--to", "latest", "--repository", "nowhere")])
def test_restore_says_what_it_cannot_take(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["restore", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_groups_list_their_subjects(capsys: pytest.CaptureFixture[str]) -> None:
    assert {"billing", "payments"} <= group.subjects("mainstay.bench").keys()
    assert group.bench(["--help"]) == 0
    assert "billing" in capsys.readouterr().out
    assert group.bench(["nothing"]) == 2
    assert group.bench([]) == 2


@pytest.mark.parametrize("argv", [["--json"], []])
@pytest.mark.django_db
def test_doctor_looks_at_everything(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    doctor.main(argv)
    lines = capsys.readouterr().out.splitlines()
    for topic in ("python", "sqlite", "settings", "data folder", "disk", "database", "migrations", "fonts"):
        assert any(topic in line for line in lines), topic
    if argv:
        facts = {fact["topic"]: fact["state"] for fact in json.loads(lines[-1])["facts"]}
        assert facts["database"] == facts["migrations"] == doctor.GOOD


def test_settings_hide_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://mainstay:secret@db.example/gas")
    shown = "\n".join(doctor.setting_lines())
    assert "secret@" not in shown
    assert "postgres://mainstay:***@db.example/gas" in shown


def test_serve_refuses_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=str(port)):
            serve.run_site(port=port)
        assert cli.main(["serve", "--port", str(port)]) == 1
    assert str(port) in capsys.readouterr().err


def test_serve_refuses_a_port_taken_while_the_site_was_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    with socket.socket() as late:
        late.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server of another site does

        def prepare() -> None:
            late.bind(("127.0.0.1", port))
            late.listen()

        monkeypatch.setattr(site, "prepare", prepare)
        monkeypatch.setattr(processes, "supervise", lambda *_facts, **_more: pytest.fail("started"))
        with pytest.raises(Problem, match=str(port)):
            serve.run_site(port=port)


def test_output_survives_a_narrow_encoding() -> None:
    done = run("--help", LC_ALL="zh_CN.UTF-8", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "serve" in done.stdout


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a function that replaces all registered checks by the given ones."""
    monkeypatch.setattr(checks, "_checks", {})
    monkeypatch.setattr(checks, "autodiscover_modules", lambda _name: None)

    def register(name: str, find: Callable[[], list[checks.Finding]]) -> None:
        checks.check(name, title=name.title())(find)

    return register


def _broken() -> list[checks.Finding]:
    raise ValueError("no table")


def test_check_passes_when_nothing_is_found(only: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    only("calm", list)
    assert cli.main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["ok"] is True


def test_check_reports_findings_and_its_own_failure(
    only: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    only("ledger", lambda: [checks.Finding("off by 1 fen", "ledger.posting:7")] * 30)
    only("broken", _broken)
    assert cli.main(["check", "--json"]) == 1
    lines = capsys.readouterr().out.splitlines()
    found = json.loads(lines[-1])
    assert found["ok"] is False
    assert len(found["checks"]["ledger"]["findings"]) == 30
    assert "no table" in found["checks"]["broken"]["findings"][0]["text"]
    assert sum("off by 1 fen" in line for line in lines[:-1]) == 20


def test_check_takes_names(only: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    only("calm", list)
    only("broken", _broken)
    assert cli.main(["check", "calm"]) == 0
    assert cli.main(["check", "nothing"]) == 2
    assert "calm" in capsys.readouterr().err


def test_a_name_belongs_to_one_check(only: Callable[..., None]) -> None:
    only("calm", list)
    with pytest.raises(ValueError, match="calm"):
        only("calm", _broken)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "zh_TW"}, "zh-hans"),
        ({}, "en"),
    ],
)
def test_language_of_the_terminal(variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert words.language() == language


@pytest.mark.parametrize(
    "argv",
    [
        ["demo", "--accounts", "0"], ["demo", "--accounts", "-5"], ["demo", "--port", "99999999"],
        ["serve", "--workers", "0"], ["bench", "search", "--accounts", "50"],
        ["drill", "engine", "--accounts", "many"],
    ],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused_before_anything_begins(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert f"{argv[-1]} is no whole number from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "code", "told"),
    [
        ({"DATABASE_URL": "mysql://x"}, 2, "DATABASE_URL: sqlite:///path or postgres://user@host/name"),
        ({"MAINSTAY_LANGUAGE": "xx"}, 2, "MAINSTAY_LANGUAGE: zh-hans or en"),
        ({"MAINSTAY_DATA": "/proc/nowhere"}, 1, "/proc/nowhere: "),
    ],
)
def test_what_cannot_be_used_is_one_line_and_no_trace(environment: dict[str, str], code: int, told: str) -> None:
    done = run("check", "--list", **environment)
    assert done.returncode == code
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "read", "told"),
    [
        ("DATABASE_URL", "nonsense", site_settings._database, "sqlite:///path or postgres://user@host/name"),
        ("MAINSTAY_IDLE_MINUTES", "half an hour", lambda: env.number("MAINSTAY_IDLE_MINUTES", 30), "a whole number"),
        ("MAINSTAY_DEBUG", "maybe", lambda: env.flag("MAINSTAY_DEBUG"), "true or false"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, value: str, read: Callable[[], object], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: {told}$"):
        read()


def test_settings_are_read_as_they_are_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for written, meant in (("TRUE", True), ("1", True), ("off", False), (" no ", False)):
        monkeypatch.setenv("MAINSTAY_HTTPS", written)
        assert env.flag("MAINSTAY_HTTPS") is meant
    monkeypatch.setenv("MAINSTAY_HOSTS", "gas.example, 10.77.0.1,")
    assert env.words("MAINSTAY_HOSTS", ["localhost"]) == ["gas.example", "10.77.0.1"]
    monkeypatch.delenv("MAINSTAY_HOSTS")
    assert env.words("MAINSTAY_HOSTS", ["localhost"]) == ["localhost"]


def test_a_line_to_play_on_needs_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "key"
    wrong.write_text("no key")
    for more, told in (([], "--key FILE"), (["--key", str(wrong)], "holds no key")):
        assert cli.main(["bank-sim", "accounts.txt", "--port", "1", *more]) == 1
        assert told in capsys.readouterr().err
