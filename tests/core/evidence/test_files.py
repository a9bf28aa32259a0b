"""Files are kept by content, scanned, limited in size, and never opened when in doubt."""

from __future__ import annotations

import hashlib
import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from django.http import HttpRequest

from mainstay.core.audit.models import Entry
from mainstay.core.evidence.actions import file_path, open_file, store_file
from mainstay.core.evidence.answers import download
from mainstay.core.evidence.models import Attachment, File
from mainstay.core.evidence.uploads import Limit
from mainstay.core.sheets.actions import check_sheet
from mainstay.kit.errors import Problem
from tests.gas.make import make_user

pytestmark = pytest.mark.django_db


def keep(content: bytes, name: str = "证据.pdf") -> Attachment:
    return store_file(file=io.BytesIO(content), name=name, subject="test:1", by=make_user())


def test_the_same_content_is_kept_once() -> None:
    one, two = keep(b"%PDF-1.7 same"), keep(b"%PDF-1.7 same", "another.pdf")
    assert one.file == two.file
    assert (one.file.media_type, one.file.scan) == ("application/pdf", File.Scan.NONE)
    with open_file(one.file) as file:
        assert file.read() == b"%PDF-1.7 same"
    assert Entry.objects.filter(action="core.evidence.store_file", subject="test:1").count() == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [("..\\..\\etc\\passwd", "passwd"), ("/tmp/a\nb.csv", "ab.csv"), ("x" * 300 + ".csv", "x" * 196 + ".csv")],
)
def test_names_lose_what_could_harm(given: str, kept: str) -> None:
    assert keep(b"content", given).name == kept


def test_empty_and_too_large_files_are_refused(settings) -> None:
    settings.UPLOAD_LIMIT = 10
    for content in (b"", b"x" * 11):
        with pytest.raises(Problem):
            keep(content)
    assert not File.objects.exists()


def test_an_upload_stops_at_the_limit_while_it_streams(settings) -> None:
    settings.UPLOAD_LIMIT = 10
    request = HttpRequest()
    handler = Limit(request)
    handler.new_file("file", "big.xlsx", "", None)
    assert handler.receive_data_chunk(b"x" * 10, 0) == b"x" * 10
    with pytest.raises(SkipFile):
        handler.receive_data_chunk(b"x", 10)
    assert request.upload_too_large == "big.xlsx"


def test_a_file_is_only_ever_saved_never_shown() -> None:
    response = download(keep(b"<script>alert(1)</script>", "page.html"))
    assert b"".join(response.streaming_content).startswith(b"<script>")
    response.close()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


@contextmanager
def scanner(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that speaks clamd's INSTREAM and always gives the same answer."""
    server, got = socket.create_server(("127.0.0.1", 0)), []

    def serve() -> None:
        line, _address = server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", stream.read(4))[0]:
                got.append(stream.read(size))
            line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}", got
    finally:
        thread.join(5)
        server.close()


def test_a_clean_file_passes_the_scanner(settings) -> None:
    with scanner(b"stream: OK\0") as (settings.CLAMD, got):
        assert keep(b"harmless" * 20_000).file.scan == File.Scan.CLEAN
    assert b"".join(got) == b"harmless" * 20_000


def test_a_virus_is_quarantined(settings) -> None:
    with scanner(b"stream: Eicar FOUND\0") as (settings.CLAMD, _got), pytest.raises(Problem):
        keep(b"virus")
    assert not Attachment.objects.exists()


def test_a_silent_scanner_lets_nothing_pass(settings) -> None:
    settings.CLAMD = "/nowhere/clamd.sock"
    with pytest.raises(Problem):
        keep(b"unknown")
    file = File.objects.create(digest="0" * 64, size=1, media_type="x", scan=File.Scan.QUARANTINED)
    with pytest.raises(Problem):
        open_file(file)
    settings.CLAMD = ""
    assert file_path(keep(b"unknown").file).read_bytes() == b"unknown"


def test_django_names_the_upload(settings) -> None:
    assert settings.FILE_UPLOAD_HANDLERS[0] == "mainstay.core.evidence.uploads.Limit"
    assert SimpleUploadedFile("a.csv", b"a").size == 1


def test_bytes_of_an_act_that_is_undone_leave_with_it() -> None:
    kept, by = keep(b"kept before"), make_user("gas.readings.import_readings")
    for content in (b"no sheet at all", b"kept before"):
        with pytest.raises(Problem):
            check_sheet(kind="gas.readings", file=io.BytesIO(content), name="a.xlsx", options={}, by=by)
        assert not Attachment.objects.exclude(pk=kept.pk).exists()
    assert {path.name for path in (Path(conf.DATA) / "files").rglob("*") if path.is_file()} >= {kept.file.digest}
    assert not file_path(File(digest=hashlib.sha256(b"no sheet at all").hexdigest())).exists()


def test_bytes_of_a_virus_stay_in_quarantine(settings) -> None:
    with scanner(b"stream: Eicar FOUND\0") as (settings.CLAMD, _got), pytest.raises(Problem):
        keep(b"another virus")
    assert file_path(File(digest=hashlib.sha256(b"another virus").hexdigest())).read_bytes() == b"another virus"
