"""Copies of a running SQLite, restored and compared; the two verbs; what is noted about them."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mainstay.commands import backup as backup_verb
from mainstay.commands import restore as restore_verb
from mainstay.continuity.backup import batch, places, queries, work
from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.rules import Kind, Verdict
from mainstay.core.access.batch import system_user
from mainstay.core.events.providers import answers
from mainstay.core.jobs.models import Job, Schedule
from mainstay.core.todos.models import Todo
from mainstay.drill import restore as drill_verb

pytestmark = pytest.mark.django_db
POST = "INSERT INTO ledger_posting (account, amount_fen) VALUES (?, ?)"


@pytest.fixture
def base(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a small SQLite of its own, one local and one off-site repository."""
    settings.DATA = tmp_path / "data"
    settings.BACKUP_FOLDER = str(tmp_path / "data" / "backup")
    settings.BACKUP_OFFSITE = str(tmp_path / "vault")
    settings.BACKUP_KEY_FILE = str(tmp_path / "key" / "backup.key")
    settings.SITE_FILE = str(tmp_path / "none.toml")
    (settings.DATA / "files").mkdir(parents=True)
    (settings.DATA / "files" / "photo").write_bytes(b"\xff\xd8 a photo")
    path = settings.DATA / "mainstay.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE ledger_posting (id INTEGER PRIMARY KEY, account INT, amount_fen INT)")
        connection.execute("CREATE TABLE audit_seal (last_id INT, chain TEXT)")
        connection.executemany(POST, [(1, number) for number in range(500)])
        connection.commit()
    monkeypatch.setattr(work, "database", lambda: path)
    monkeypatch.setattr("mainstay.continuity.backup.declared.place", lambda: None)
    return path


def _post(path: Path, *rows: tuple[int, int]) -> None:
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        connection.executemany(POST, rows)
        connection.commit()


def _sum(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT sum(amount_fen) FROM ledger_posting").fetchone()[0])


def test_a_copy_of_a_busy_database_is_one_state(base: Path) -> None:
    """Every transaction moves an amount from one account to the other: any whole state adds up to the same."""
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            _post(base, (1, 7), (2, -7))
            written.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _time in range(5):
            outcome = work.back_up(places.repository())
            assert outcome.fine, outcome.findings
            assert work.prove(places.repository()).fine
    finally:
        stop.set()
        thread.join()
    assert written


def test_back_to_a_moment(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = work.back_up(places.repository())
    _post(base, (9, 1_000_000))
    later = work.back_up(places.repository())
    assert good.moment and later.moment and good.moment < later.moment
    before = {path: path.read_bytes() for path in base.parent.glob("mainstay*")}
    words = ["--to", good.moment.isoformat(), "--into", str(tmp_path / "old")]
    assert restore_verb.main([*words, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["label"] == good.label
    assert not (tmp_path / "old").exists(), "a dry run writes nothing"
    assert restore_verb.main(words) == 0
    assert _sum(tmp_path / "old" / work.DATABASE) == sum(range(500))
    assert (tmp_path / "old" / "files" / "photo").read_bytes() == b"\xff\xd8 a photo"
    assert {path: path.read_bytes() for path in base.parent.glob("mainstay*")} == before
    capsys.readouterr()
    assert restore_verb.main(["--to", "2001-01-01"]) == 1
    assert capsys.readouterr().out == ""


def test_in_place_of_the_present_data_only_when_nobody_uses_them(base: Path) -> None:
    work.back_up(places.repository())
    _post(base, (9, 1_000_000))
    with closing(sqlite3.connect(base)) as somebody:
        somebody.execute("SELECT count(*) FROM ledger_posting").fetchone()
        with pytest.raises(Exception, match=r"running|运行"):
            restore_verb.main(["--to", "latest", "--replace"])
        assert _sum(base) == sum(range(500)) + 1_000_000
    for folder in base.parent.glob("restored-*"):
        work.shutil.rmtree(folder)
    assert restore_verb.main(["--to", "latest", "--replace"]) == 0
    assert _sum(base) == sum(range(500))
    aside = next(base.parent.glob("before-restore-*"))
    assert _sum(aside / base.name) == sum(range(500)) + 1_000_000, "what was there is kept"


def test_the_drill_uses_the_off_site_copy_alone_and_is_noted(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup_verb.main([]) == 0
    work.shutil.rmtree(base.parent / "backup")  # the local repository is lost
    assert drill_verb.main(["--no-copy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["fine"] is True
    row = queries.proofs().get(kind=Kind.DRILL)
    assert row.fine and row.offsite and row.facts["rows"] == 500 and row.took_ms > 0
    assert queries.standing(Kind.DRILL, row.began_at).verdict == Verdict.FINE


def test_a_flipped_byte_and_a_false_content_are_found(base: Path, tmp_path: Path) -> None:
    batch.copy_everywhere(system_user())
    piece = max((tmp_path / "vault" / "pieces").glob("*/*"), key=lambda path: path.stat().st_size)
    whole = piece.read_bytes()
    piece.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert drill_verb.main(["--no-copy"]) == 1
    assert [row.fine for row in queries.proofs().filter(kind=Kind.VERIFY, offsite=True)] == [False]
    assert [row.findings[0][0] for row in queries.proofs().filter(kind=Kind.DRILL)] == ["damage"]
    assert batch.watch() >= 1 and Todo.objects.filter(subject="drill", done_at=None).exists()
    piece.write_bytes(whole)
    batch.drill(system_user())
    assert not Todo.objects.filter(subject="drill", done_at=None).exists(), "a good drill closes the to-do"


def test_a_restored_row_that_was_changed_is_found(base: Path) -> None:
    work.back_up(places.repository())
    planned = work.plan(places.repository(), None, base.parent)
    assert planned
    with work.scratch() as folder:
        work.write(places.repository(), planned, folder)
        assert work.differs(folder, planned.facts) == ""
        with closing(sqlite3.connect(folder / work.DATABASE)) as connection:
            connection.execute("UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE id = 7")
            connection.commit()
        assert work.differs(folder, planned.facts) == "ledger_posting"


def test_nothing_is_copied_again_while_nobody_works(base: Path) -> None:
    batch.copy_everywhere(system_user())
    assert batch.unchanged_since_last()
    batch.install_schedule()
    assert Schedule.objects.filter(kind__startswith="continuity.backup.").count() == 4
    from mainstay.core.jobs.actions import set_schedule

    set_schedule(kind="continuity.backup.make", every_minutes=30, active=True, by=system_user())
    assert not batch.unchanged_since_last()


def test_one_backup_at_a_time(base: Path) -> None:
    from mainstay.continuity.backup.actions import back_up
    from mainstay.kit.errors import Problem

    job = back_up(by=system_user())
    with pytest.raises(Problem):
        back_up(by=system_user())
    assert Job.objects.get(pk=job.pk).kind == "continuity.backup.make"


def test_the_software_and_what_it_stands_on(base: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(work, "PACKAGE", tmp_path / "product")
    monkeypatch.setattr(work.sysconfig, "get_paths", lambda: {"purelib": str(tmp_path / "libraries")})
    for name in ("product/mainstay.py", "product/__pycache__/x.pyc", "libraries/django/urls.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("code")
    outcome = work.back_up_software(places.repository())
    _copy, files, facts = places.repository().open(outcome.label, places.public_key())
    names = {one.path for one in files}
    assert {"product/mainstay.py", "libraries/django/urls.py", "configuration/debian-packages.txt"} <= names
    assert not any("__pycache__" in name for name in names) and facts["libraries"]["Django"]
    assert work.plan(places.repository(), None, tmp_path) is None, "it is no copy of the data"


def test_the_key_is_only_its_owners(base: Path) -> None:
    places.password()
    assert Path(base.parent.parent / "key" / "backup.key").stat().st_mode & 0o777 == 0o600
    assert places.password() == places.password() and len(places.public_text()) == 64


def test_proofs_are_never_changed(base: Path) -> None:
    batch.copy_everywhere(system_user())
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.update(fine=False)


def test_the_power_policy_gets_one_more_backup(base: Path) -> None:
    assert answers("extra_backup", reason="power.outage:1")[0].startswith("job")
    assert answers("extra_backup", reason="power.outage:1") == ["a backup waits already"]
    assert Job.objects.get(kind="continuity.backup.make").subject == "power.outage:1"
