"""The repository: every byte counts, nothing twice, nothing readable off-site, nothing half there."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mainstay.continuity.backup.store import PIECE, Damaged, Kept, Repository

AT = dt.datetime(2026, 11, 28, 10, 0, tzinfo=dt.UTC)
SIGNER = Ed25519PrivateKey.generate()
TEXT = "海棠 gas ledger ".encode() * 20_000


def _filled(path: Path, password: str = "", body: bytes = TEXT) -> tuple[Repository, str]:
    made = Repository("one", path, password, SIGNER)
    with made.alone():
        pieces, size, _fresh = made.put(io.BytesIO(body))
        copy = made.close(AT, "data", [Kept("base", size, 0o600, pieces)], {"note": 1})
    return made, copy.label


@pytest.mark.parametrize("password", ["", "open sesame"])
def test_what_went_in_comes_out(tmp_path: Path, password: str) -> None:
    made, label = _filled(tmp_path, password)
    again = Repository("one", tmp_path, password)
    copy, files, facts = again.open(label, SIGNER.public_key())
    assert (copy.at, copy.size, facts) == (AT, len(TEXT), {"note": 1})
    assert b"".join(again.get(files[0])) == TEXT
    assert made.damage(SIGNER.public_key()) == ([], 3)


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    body = os.urandom(PIECE * 4)
    made, _label = _filled(tmp_path, body=body)
    changed = body[:PIECE] + b"x" * PIECE + body[2 * PIECE :]
    _pieces, size, fresh = made.put(io.BytesIO(changed))
    assert size == PIECE * 4 and 0 < fresh < PIECE, "one piece in four is new, and it packs well"


@pytest.mark.parametrize("password", ["", "open sesame"])
def test_one_flipped_bit_anywhere_is_found(tmp_path: Path, password: str) -> None:
    made, _label = _filled(tmp_path, password, TEXT[: PIECE + 500])
    for path in [*(tmp_path / "pieces").glob("*/*"), *(tmp_path / "copies").iterdir()]:
        whole = path.read_bytes()
        places = {0, 1, 4, 5, 8, len(whole) // 2, len(whole) - 2, len(whole) - 1}
        for place in places:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert made.damage()[0], f"{path.name} byte {place}"
        path.write_bytes(whole)
    assert made.damage()[0] == []


def test_a_missing_piece_and_a_foreign_signature_are_found(tmp_path: Path) -> None:
    made, label = _filled(tmp_path)
    assert made.damage(Ed25519PrivateKey.generate().public_key())[0] == [f"copies/{label}: signature"]
    next((tmp_path / "pieces").glob("*/*")).unlink()
    assert len(made.damage()[0]) == 1


def test_off_site_nothing_can_be_read_or_guessed(tmp_path: Path) -> None:
    made, label = _filled(tmp_path / "a", "open sesame")
    other, _label = _filled(tmp_path / "b", "open sesame")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert b"gas ledger" not in everything and b"base" not in everything
    names = [{path.name for path in (one.path / "pieces").glob("*/*")} for one in (made, other)]
    assert not names[0] & names[1], "the same bytes have other names under another salt"
    with pytest.raises(Damaged):
        Repository("one", tmp_path / "a", "wrong").open(label)
    with pytest.raises(Damaged):
        Repository("one", tmp_path / "a").open(label)


def test_a_copy_that_was_interrupted_is_not_there(tmp_path: Path) -> None:
    made, label = _filled(tmp_path)
    made.put(io.BytesIO(b"half"))
    assert [one.label for one in Repository("one", tmp_path).copies()] == [label]
    assert made.sweep(set()) == 1, "its piece is swept with the next copy"
    assert made.damage()[0] == []


def test_sweeping_keeps_what_another_copy_needs(tmp_path: Path) -> None:
    made, first = _filled(tmp_path)
    with made.alone():
        pieces, size, _fresh = made.put(io.BytesIO(TEXT + b"more"))
        second = made.close(AT + dt.timedelta(hours=1), "data", [Kept("base", size, 0o600, pieces)], {})
    made.sweep({first})
    assert [one.label for one in made.copies()] == [second.label]
    assert b"".join(made.get(made.open(second.label)[1][0])) == TEXT + b"more"


def test_nothing_is_swept_while_a_list_cannot_be_read(tmp_path: Path) -> None:
    made, label = _filled(tmp_path)
    (tmp_path / "copies" / "20990101T000000Z-abc").write_bytes(b"p")
    before = sorted((tmp_path / "pieces").glob("*/*"))
    made.sweep({label})
    assert sorted((tmp_path / "pieces").glob("*/*")) == before
