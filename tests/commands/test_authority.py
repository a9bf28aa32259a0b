"""The site's own authority: what phones check, nothing overwritten, keys for their owner alone."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from mainstay.commands import authority
from mainstay.kit.errors import Problem


def test_a_client_that_trusts_the_authority_trusts_the_server_under_its_names_alone(tmp_path: Path) -> None:
    authority.ensure(tmp_path, ["inspect.example", "127.0.0.1"])
    assert _greets(tmp_path, "inspect.example") and _greets(tmp_path, "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        _greets(tmp_path, "other.example")


def _greets(folder: Path, name: str) -> bool:
    """Shake hands over TLS, checked as strictly as the platform can."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.crt", folder / "server.key")
    client = ssl.create_default_context(cafile=os.fspath(folder / "ca.crt"))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(there, server_side=True).close()
        except (ssl.SSLError, OSError):
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as line:
            return bool(line.version())
    finally:
        here.close()
        thread.join()


def test_nothing_is_overwritten_and_keys_are_their_owners(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    made = authority.ensure(folder, ["a.example"])
    assert [path.name for path in made] == ["ca.key", "ca.crt", "server.key", "server.crt"]
    assert {path.stat().st_mode & 0o777 for path in made if path.suffix == ".key"} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert authority.ensure(folder, ["b.example"]) == []
    renewed = authority.ensure(folder, ["b.example"], renew=True)
    assert [path.name for path in renewed] == ["server-2.key", "server-2.crt"]
    assert {name: (folder / name).read_bytes() for name in before} == before
    new = x509.load_pem_x509_certificate((folder / "server-2.crt").read_bytes())
    ca = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    new.verify_directly_issued_by(ca)
    assert (new.not_valid_after_utc - new.not_valid_before_utc).days <= 398


@pytest.mark.parametrize("name", ["", "a b", "-x.example", "x" * 300])
def test_names_that_are_none_are_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(Problem):
        authority.ensure(tmp_path / "ca", [name])
    assert not (tmp_path / "ca").exists()


def test_days_and_half_a_pair(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        authority.ensure(tmp_path / "ca", ["a.example"], days=398)
    authority.ensure(tmp_path / "ca", ["a.example"])
    shutil.move(tmp_path / "ca" / "ca.key", tmp_path / "elsewhere.key")
    with pytest.raises(Problem):
        authority.ensure(tmp_path / "ca", ["a.example"], renew=True)


def test_the_verb_tells_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("MAINSTAY_DATA", os.fspath(tmp_path))
    assert authority.main(["ca", "--name", "inspect.example"]) == 0
    said = capsys.readouterr().out
    assert authority.fingerprint(tmp_path / "ca" / "ca.crt") in said and "/phone/ca.crt" in said
    assert authority.main(["ca", "--name", "inspect.example"]) == 0
    assert "server.crt" in capsys.readouterr().out
