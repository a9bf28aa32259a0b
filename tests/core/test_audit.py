"""Sealing the audit log, and finding whoever has been at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from mainstay.core.access.models import User
from mainstay.core.audit import batch, checks, queries, rules
from mainstay.core.audit.models import Entry, Seal
from mainstay.core.audit.queries import differences
from mainstay.core.audit.queries_words import changes_of
from mainstay.core.door import catalogue
from mainstay.kit.testing import guards_down
from tests.core.make import make_entry, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Twelve rows under three seals of five, five and two."""
    monkeypatch.setattr(batch, "ROWS_PER_SEAL", 5)
    user = make_user()
    rows = [make_entry(user, subject=f"test:{n}", before={"n": n, "名": "甲"}, amount_fen=n) for n in range(12)]
    assert [seal.rows for seal in batch.seal_audit()] == [5, 5, 2]
    return rows


def sql(statement: str, *values: object) -> None:
    """Do what the guards forbid, as somebody with the database's own password could."""
    with guards_down(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_untouched_is_in_order(sealed: list[Entry]) -> None:
    assert list(checks.audit_is_whole()) == []
    assert batch.seal_audit() == []
    assert queries.unsealed(None).count() == 0
    make_entry(sealed[0].by)
    assert queries.unsealed(None).count() == 1


def test_the_guards_refuse_the_honest_way(sealed: list[Entry]) -> None:
    for statement in ("UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry", "DELETE FROM audit_seal"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    ["reason = 'nothing'", "amount_fen = 1", "by_id = by_id + 0, ip = '10.0.0.1'", "outcome = 'done', subject = ''"],
)
def test_a_changed_row_is_found(sealed: list[Entry], change: str) -> None:
    row = sealed[6]
    sql(f"UPDATE audit_entry SET {change} WHERE id = %s", row.pk)
    found = list(batch.find_tampering())
    assert [(one.kind, one.row_id) for one in found] == [("changed", row.pk)]
    assert [finding.subject for finding in checks.audit_is_whole()] == [f"audit.entry:{row.pk}"]


def test_a_removed_row_is_found(sealed: list[Entry]) -> None:
    row = sealed[3]
    sql("DELETE FROM audit_entry WHERE id = %s", row.pk)
    assert [(one.kind, one.row_id) for one in batch.find_tampering()] == [("missing", row.pk)]


def test_a_row_slipped_into_a_sealed_range_is_found(sealed: list[Entry]) -> None:
    gone = sealed[8]
    sql("DELETE FROM audit_entry WHERE id = %s", gone.pk)
    facts = {field: getattr(gone, field) for field in rules.COLUMNS} | {"reason": "forged"}
    Entry.objects.create(**facts)
    below = {**facts, "id": 0}
    Entry.objects.create(**below)
    assert {(one.kind, one.row_id) for one in batch.find_tampering()} == {("changed", gone.pk), ("inserted", 0)}


def test_a_new_row_with_an_old_number_is_found() -> None:
    user = make_user()
    first = make_entry(user)
    sql("DELETE FROM audit_entry WHERE id = %s", first.pk)
    make_entry(user, id=first.pk + 2)
    batch.seal_audit()
    make_entry(user, id=first.pk + 1)
    assert [(one.kind, one.row_id) for one in batch.find_tampering()] == [("inserted", first.pk + 1)]


def test_a_forged_seal_breaks_the_chain(sealed: list[Entry]) -> None:
    row = sealed[0]
    sql("UPDATE audit_entry SET reason = 'x' WHERE id = %s", row.pk)
    first = Seal.objects.order_by("id")[0]
    fresh = rules.Batch()
    for one in Entry.objects.filter(id__lte=first.last_id).order_by("id").values(*rules.COLUMNS):
        fresh.add(one)
    fact = fresh.seal(first.first_id, first.last_id, rules.BEGINNING)
    with guards_down():
        Seal.objects.filter(pk=first.pk).update(digest=fact.digest, chain=fact.chain, marks=fresh.marks)
    kinds = {(one.kind, one.seal_id) for one in batch.find_tampering()}
    assert kinds == {("chain", Seal.objects.order_by("id")[1].pk)}


def test_rewriting_everything_is_found_by_the_export(sealed: list[Entry], tmp_path: Path) -> None:
    exported = batch.read_export(batch.export_seals(tmp_path))
    assert list(batch.find_tampering(exported)) == []
    with guards_down():
        Seal.objects.all().delete()
        Entry.objects.filter(pk=sealed[-1].pk).delete()
    batch.seal_audit()
    found = list(batch.find_tampering(exported))
    assert [one.kind for one in found] == ["export"]


def test_a_file_that_is_no_export(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("hello\n")
    with pytest.raises(ValueError, match="no file of exported seals"):
        batch.read_export(path)


def test_canonical_rows_do_not_depend_on_the_database() -> None:
    row = make_entry(make_user(), before={"b": 1, "a": [1, "二"]}, after=None, unit_id=None)
    stored = Entry.objects.filter(pk=row.pk).values(*rules.COLUMNS)[0]
    facts = {**{name: getattr(row, name) for name in rules.COLUMNS}}
    assert rules.canonical(stored) == rules.canonical(facts)


def test_differences_in_words() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": [3, None], "c": "x"}) == [("b", "2", "3, –"), ("c", "–", "x")]


def test_the_filters_of_the_log(client: object) -> None:
    user = make_user(rights={"core.audit.view_log": ("all", None)})
    make_entry(user, outcome="refused", subject="test:1", reason="findme")
    make_entry(user, outcome="done", subject="test:2", reason="other")
    client.force_login(user)  # type: ignore[attr-defined]
    for query, shown in (
        ("outcome=refused", "findme"),
        ("subject=test:2", "other"),
        ("subject=test:9", ""),
        ("since=2099-01-01", ""),
        (f"by={user.pk}&until=2099-01-01&outcome=refused", "findme"),
    ):
        page = client.get(f"/audit/?{query}").content.decode()  # type: ignore[attr-defined]
        for text in ("findme", "other"):
            assert (f">{text}<" in page) == (text == shown), (query, text)


def test_a_change_is_told_in_the_readers_words() -> None:
    from mainstay.core.organisation.models import Unit

    changes = [("code", "A", "B"), ("amount_fen", None, 123_456), ("index_l", 1_000, 2_500), ("is_active", True, False)]
    changes += [("kind", {"zh": "甲"}, ["a", "b"]), ("kind", None, "company"), ("unheard_of", 1, None)]
    changes += [("weight_bp", None, 2_505), ("daily_ppm", None, 500), ("period", None, 202_611), ("period", None, 7)]
    changes += [("despite", None, [])]  # a list with nothing in it is not told
    with override("en"):
        assert changes_of(Unit(), changes) == [
            "code: A → B", "amount: 1,234.56", "index: 1 m³ → 2.5 m³", "in use: yes → no", "kind: zh: 甲 → a, b",
            "kind: company", "unheard_of: 1 → –", "weight: 25.05 %", "rate a day: 0.0500 %",
            "period: 2026-11", "period: 7",
        ]  # fmt: skip
    view, pay = "core.audit.view_log", "core.workflow.approve"
    rights = [(view, ["unit", None], None), (pay, ["unit", "100.00"], ["all", "500.00"]), (view, None, ["own", None])]
    with override("zh-hans"):
        assert changes_of(None, [("amount_fen", None, 5)]) == ["金额: 0.05"]
        gone, more, new = changes_of(None, rights, "core.access.set_role_rights")
        assert gone == f"{catalogue()[view].title}: 本机构 → 已取消"
        assert more == f"{catalogue()[pay].title}: 本机构 ≤ 100.00 → 全部 ≤ 500.00"
        assert new.endswith(": 本人")
        assert changes_of(User(), [("kind", "person", "service")])[0].endswith(str(User.Kind.SERVICE.label))
