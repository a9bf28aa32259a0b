"""Carriers by two people, a package that reaches clamd of a client, the scanner that fails closed, old signatures."""

from __future__ import annotations

import io
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from mainstay.commands.carry import centre
from mainstay.continuity.antivirus import actions, clamd, package, queries
from mainstay.continuity.antivirus.models import Carried, Client, Medium
from mainstay.continuity.antivirus.rules import Manifest
from mainstay.continuity.site.queries import HANDLE, tiles
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED
from mainstay.core.door import ApprovalFiled
from mainstay.core.evidence.actions import store_file
from mainstay.core.evidence.models import File
from mainstay.core.todos.queries import waiting_for
from mainstay.core.workflow.actions import approve
from mainstay.kit.errors import Problem
from tests.core.make import make_user

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys((queries.VIEW, actions.REGISTER, actions.RETIRE, actions.TAKE, actions.REPORT), ("all", None))
HASH = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n"


@pytest.fixture
def carried(settings: Any, tmp_path: Path) -> Path:
    """The folder of packages with the key of an outer centre."""
    settings.CARRIED = str(tmp_path / "in")
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "local.hdb").write_text(HASH)
    package.draw_key(tmp_path / "centre.key", tmp_path / "in" / "centre.pub")
    return tmp_path


def pack(place: Path, number: int) -> Path:
    """A package on the carrier."""
    target = place / "in" / f"s{number}.mpk"
    facts = Manifest("signatures", number, "2026-03-30", "外网中心", {})
    package.export((place / "out").iterdir(), target, place / "centre.key", facts)
    return target


@pytest.fixture
def scanner(settings: Any) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """A real clamd that begins without the test virus: its folder of signatures and its process."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed")
    with tempfile.TemporaryDirectory(prefix="ms-clamd-", dir="/var/tmp") as name:  # where the scanner's user gets
        folder = Path(name)
        base = folder / "db"
        base.mkdir()
        (base / "own.ndb").write_text("Own.Test:0:*:6d61696e737461792d74657374\n")
        user = "clamav" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        socket = folder / "ctl"
        config = folder / "clamd.conf"
        config.write_text(
            f"LocalSocket {socket}\nDatabaseDirectory {base}\nForeground yes\nUser {user}\nStreamMaxLength 1M\n"
            f"LocalSocketMode 666\nTemporaryDirectory {folder}\n"
        )
        if os.geteuid() == 0:
            for one in (folder, base, *base.iterdir()):
                shutil.chown(one, user)
        process = subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until(lambda: clamd.says(str(socket), "PING") == "PONG")
            settings.CLAMD = str(socket)
            yield base, process
        finally:
            process.kill()
            process.wait()


def fetch(place: Path) -> str:
    """The client's own updater, configured as `site render` does, takes from `carry serve` and tells its clamd."""
    program = shutil.which("freshclam")
    if program is None:
        pytest.skip("freshclam is not installed")
    user = "clamav" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with centre("127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        config, url = place / "freshclam.conf", f"http://127.0.0.1:{server.server_port}"
        config.write_text(
            f"DatabaseDirectory {place / 'db'}\nDatabaseOwner {user}\nTestDatabases yes\nPrivateMirror {url}\n"
            f"ScriptedUpdates no\nDatabaseCustomURL {url}/local.hdb\nNotifyClamd {place / 'clamd.conf'}\n"
        )
        words = [program, f"--config-file={config}", "--update-db=custom", "--stdout"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        server.shutdown()
    return done.stdout + done.stderr


def _until(fine: Any) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if fine():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_carrier_needs_two_people() -> None:
    one, other = make_user(rights=ALL), make_user(rights=ALL)
    with pytest.raises(ApprovalFiled) as filed:
        actions.register_medium(label="U-01", serial="S1", keeper="何若兰", by=one)
    assert not Medium.objects.exists()
    approve(approval=filed.value.approval, by=other)
    assert Medium.objects.get().label == "U-01"


def test_what_is_refused_changes_nothing(carried: Path) -> None:
    by, medium = make_user(rights=ALL), Medium.objects.create(label="U-01", keeper="何若兰")
    actions.take_package(path=str(pack(carried, 3)), medium=medium, by=by)
    spoilt = pack(carried, 4)
    data = bytearray(spoilt.read_bytes())
    data[data.index(HASH.encode())] ^= 1
    spoilt.write_bytes(data)
    for path, code in ((spoilt, "changed"), (pack(carried, 2), "sequence"), (carried / "none.mpk", "gone")):
        with pytest.raises(Problem) as refused:
            actions.take_package(path=str(path), medium=medium, by=by)
        assert refused.value.code == code
    assert Carried.objects.count() == 1 and package.last_sequence(queries.store()) == 3
    actions.retire_medium(medium=medium, reason="遗失", by=by)
    with pytest.raises(Problem) as refused:
        actions.take_package(path=str(pack(carried, 5)), medium=medium, by=by)
    assert refused.value.code == "retired"


def test_a_good_package_reaches_the_scanner_of_a_client(carried: Path, scanner: Any) -> None:
    """From the outer centre over the carrier to a clamd that could not find the test virus before."""
    base, _process = scanner
    by, medium = make_user(rights=ALL), Medium.objects.create(label="U-01", keeper="何若兰")
    address = str(base.parent / "ctl")
    assert not clamd.finds_the_test_virus(address)
    assert next(iter(queries.uploads(timezone.now()))).verdict == RED, "a scanner that lets it pass is no scanner"
    taken = actions.take_package(path=str(pack(carried, 1)), medium=medium, by=by)
    assert taken.scanned and package.last_sequence(queries.store()) == 1
    said = fetch(base.parent)
    assert (base / "local.hdb").read_text() == HASH, said
    _until(lambda: clamd.finds_the_test_virus(address))
    assert next(iter(queries.uploads(timezone.now()))).verdict == GREEN
    with pytest.raises(Problem) as refused:
        store_file(file=io.BytesIO(clamd.EICAR), name="a.txt", subject="test", by=by)
    assert refused.value.code == "quarantined"
    assert store_file(file=io.BytesIO(b"clean"), name="b.txt", subject="test", by=by).file.scan == File.Scan.CLEAN
    with pytest.raises(Problem) as refused:  # above the scanner's own limit: refused, never passed
        store_file(file=io.BytesIO(os.urandom(3 << 20)), name="c.bin", subject="test", by=by)
    assert refused.value.code == "quarantined"
    (carried / "in" / "letter.com").write_bytes(clamd.EICAR)
    with pytest.raises(Problem) as refused:
        actions.take_package(path=str(pack(carried, 2)), medium=medium, by=by)
    assert refused.value.code == "infected" and package.last_sequence(queries.store()) == 1


def test_a_silent_scanner_lets_nothing_in(carried: Path, settings: Any) -> None:
    settings.CLAMD = str(carried / "nobody")
    by, medium = make_user(rights=ALL), Medium.objects.create(label="U-01", keeper="何若兰")
    with pytest.raises(Problem) as refused:
        actions.take_package(path=str(pack(carried, 1)), medium=medium, by=by)
    assert refused.value.code == "no_scanner"
    with pytest.raises(Problem):
        store_file(file=io.BytesIO(b"clean"), name="b.txt", subject="test", by=by)
    assert next(iter(queries.uploads(timezone.now()))).verdict == RED


def test_without_a_scanner_the_board_says_so(settings: Any) -> None:
    settings.CLAMD = ""
    assert next(iter(queries.uploads(timezone.now()))).verdict == AMBER


def test_a_stale_signature_turns_the_tile_and_opens_a_todo() -> None:
    by, handler = make_user(rights=ALL), make_user(rights={HANDLE: ("all", None)})
    today = timezone.localdate()
    rows = [{"name": "gui-01", "engine": "X", "signatures_on": today}]
    assert actions.import_clients(rows=rows, by=by) == 1
    rows[0]["signatures_on"] = today - timedelta(days=9)
    assert actions.import_clients(rows=rows, by=by) == 0
    tile = tiles(timezone.now(), ["D4"])[0]
    assert tile.verdict == RED and "gui-01" in [str(one) for one in tile.wrong]
    assert "gui-01" in waiting_for(handler).get().title_zh
    rows[0]["signatures_on"] = today
    actions.import_clients(rows=rows, by=by)
    assert not waiting_for(handler).exists()


def test_the_page_tells_what_waits_and_why_not(client: Browser, carried: Path) -> None:
    pack(carried, 1)
    (carried / "in" / "b.mpk").write_bytes(b"rubbish")
    Client.objects.create(name="gui-01", signatures_at=datetime(2020, 1, 1, tzinfo=UTC), reported_at=timezone.now())
    client.force_login(make_user(rights=ALL))
    text = client.get("/antivirus/", headers={"accept-language": "en"}).content.decode()
    assert "good, can be taken" in text and "refused" in text and "too old" in text
    medium = Medium.objects.create(label="U-01", keeper="何若兰")
    sent = {"path": str(carried / "in" / "s1.mpk"), "medium": medium.pk}
    assert client.post("/antivirus/take/", sent).status_code == 302
    assert Carried.objects.get().sequence == 1
    outside = client.post("/antivirus/take/", {**sent, "path": "/etc/passwd"})
    assert outside.status_code == 422, "only what lies in the folder"
