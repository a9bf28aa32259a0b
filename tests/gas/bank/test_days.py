"""Reconciliation: every payment in one class, sums that tie, differences settled by two people, settlements posted."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from mainstay.core.access.models import User
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.todos.models import Todo
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.queries import arguments_shown
from mainstay.gas.bank.actions import (
    cut_day,
    reconcile,
    record_settlement,
    reverse_payment,
    settle_difference,
    take_payments,
)
from mainstay.gas.bank.batch import compare as compare_module
from mainstay.gas.bank.batch.compare import compare
from mainstay.gas.bank.batch.truth import wrong
from mainstay.gas.bank.library import layouts
from mainstay.gas.bank.models import Bank, Difference, Statement
from mainstay.gas.bank.queries import (
    ageing,
    day_board,
    next_to_reconcile,
    our_payments,
    waiting_for_approval,
    with_proposals,
)
from mainstay.gas.bank.rules import statements
from mainstay.gas.bank.rules.files import BadFile, fee_fen
from mainstay.gas.bank.rules.sorting import WAYS, moves_of, sort_out
from mainstay.gas.bank.rules.statements import StatementFile, StatementRow, read_statement, write_statement
from mainstay.gas.bank.rules.values import CHARSETS
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.bank.make import back, make_bank, make_debtor, make_debtors, pay, system
from tests.gas.make import make_user

DAY = dt.date(2026, 11, 26)


def file_of(bank: Bank, rows: list[StatementRow], day: dt.date | None = None) -> bytes:
    return write_statement(layouts()[bank.layout]["statement"], day or local_today(), rows)


def reconciled(bank: Bank, rows: list[StatementRow]) -> Statement:
    """Compare a file of today with ours."""
    return reconcile(bank=bank, business_on=local_today(), name="bank.txt", raw=file_of(bank, rows), by=system())


def a_day(**values: Any) -> tuple[Bank, list[StatementRow], list[Account]]:
    """A bank whose day is cut with three payments; the rows of its file, and the accounts."""
    bank, accounts = make_bank(**values), make_debtors(3)
    calls = [pay(bank, account) for account in accounts]
    take_payments(bank=bank, calls=calls, by=system())
    bank = cut_day(bank=bank, business_on=bank.business_on, by=system())
    return bank, our_payments(bank, local_today()), accounts


ROWS = st.lists(
    st.builds(
        StatementRow,
        st.text("AB12", min_size=1, max_size=3),
        st.sampled_from(["1000000001", "1000000002"]),
        st.integers(-500, 500).filter(bool),
    ),
    max_size=12,
)


@given(rows=ROWS)
def test_a_file_is_read_as_it_was_written(rows: list[StatementRow]) -> None:
    if sum(row.amount_fen for row in rows) < 0:
        return
    for layout, words in layouts().items():
        shape = words["statement"]
        read = read_statement(shape, write_statement(shape, DAY, rows), DAY)
        assert (list(read.rows), read.business_on) == (rows, DAY), layout


@pytest.mark.parametrize(("place", "layout"), [(0, "iso8583"), (1, "fixed-gbk")])
@pytest.mark.parametrize(
    ("change", "line_no"),
    [
        (lambda raw: b"", (1, 1)),
        (lambda raw: raw.replace(b"2", b"3", 1), (1, 1)),
        (lambda raw: raw[: raw.rindex(b"20261126")], (1, 3)),
        (lambda raw: raw + b"garbage\r\n", (4, 4)),
        (lambda raw: raw.replace(b"20261126", b"20261125"), (2, 1)),
        (lambda raw: raw.replace(b"S2", b"\xff\xff"), (3, 3)),
        (lambda raw: raw.replace(b"P\r\n", b"Q\r\n"), (2, 2)),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(place: int, layout: str, change: Any, line_no: tuple[int, ...]) -> None:
    shape = layouts()[layout]["statement"]
    raw = write_statement(shape, DAY, [StatementRow("S1", "1000000001", 100), StatementRow("S2", "1000000001", 100)])
    with pytest.raises(BadFile) as caught:
        read_statement(shape, change(raw), DAY)
    assert caught.value.line_no == line_no[place]


NOISE = [b"", b"-", b" ", b"\r\n", b"|", b"9", b"R", b".", "气".encode("gbk"), b"\xff"]
CHANGES = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(NOISE)), max_size=3)


@given(rows=ROWS.filter(bool), changes=CHANGES, longer=st.booleans())
def test_columns_say_what_the_lines_say(
    rows: list[StatementRow], changes: list[tuple[int, bytes]], longer: bool
) -> None:
    """The quick way through a file never takes what the exact way refuses, nor reads anything else from it."""
    for layout, words in layouts().items():
        shape, raw = words["statement"], b""
        for row in rows:
            raw += write_statement(shape, DAY, [row]).split(b"\r\n", 1)[1]
        for place, change in changes:
            raw = raw[: place % len(raw)] + change + raw[place % len(raw) + (0 if longer else len(change)) :]
        text = raw.decode(CHARSETS[shape["charset"]], "replace")
        lines = text.replace("\r\n", "\n").split("\n")
        quick = statements._by_columns(shape, lines, "20261126")
        try:
            exact = statements._by_lines(shape, lines, 0, "20261126")
        except BadFile:
            assert quick is None, layout
        else:
            assert quick in (None, exact), layout
            assert quick is not None or changes, f"{layout}: a file in order is read by columns"


def test_an_error_names_the_line_as_an_editor_counts_it() -> None:
    shape = layouts()["iso8583"]["statement"]
    raw = write_statement(shape, DAY, [StatementRow("S1", "1", 100)]).replace(b"\r\n", b"\r\n\r\n")
    assert len(read_statement(shape, raw, DAY)) == 1
    with pytest.raises(BadFile) as caught:
        read_statement(shape, raw + b"garbage", DAY)
    assert caught.value.line_no == 5


@given(theirs=ROWS, ours=st.dictionaries(st.text("AB12", min_size=1, max_size=3), st.tuples(
    st.sampled_from(["1000000001", "1000000002"]), st.integers(1, 500))))  # fmt: skip
def test_every_payment_ends_in_one_class_and_the_sums_tie(
    theirs: list[StatementRow], ours: dict[str, tuple[str, int]]
) -> None:
    found = sort_out(theirs, ours)
    assert len({one.serial for one in found}) == len(found)
    assert sum(one.bank_fen or 0 for one in found) == sum(row.amount_fen for row in theirs)
    assert sum(one.ours_fen or 0 for one in found) == sum(fen for _account, fen in ours.values())


@pytest.mark.django_db
class TestReconciliation:
    def test_all_match(self) -> None:
        bank, rows, _accounts = a_day()
        statement = reconciled(bank, rows)
        assert (statement.matched, statement.matched_fen) == (3, 15_660)
        assert not Difference.objects.exists()
        assert not Todo.objects.filter(kind="bank_differences").exists()

    @pytest.mark.parametrize("layout", sorted(layouts()))
    def test_the_four_classes(self, layout: str) -> None:
        bank, rows, _accounts = a_day(layout=layout)
        changed = [rows[0], StatementRow(rows[1].serial, rows[1].account_no, 9_999), StatementRow("X1", "404", 700)]
        statement = reconciled(bank, changed)
        assert (statement.matched, statement.bank_only, statement.ours_only, statement.differs) == (1, 1, 1, 1)
        assert (statement.differs_bank_fen, statement.differs_ours_fen) == (9_999, 5_220)
        found = dict(Difference.objects.values_list("serial", "kind"))
        assert found == {"X1": "bank_only", rows[1].serial: "differs", rows[2].serial: "ours_only"}
        assert Todo.objects.get(kind="bank_differences").right == "gas.bank.settle_difference"

    @pytest.mark.parametrize("plain", [True, False])
    @pytest.mark.parametrize("part", [1, 2, 3, 20_000])
    def test_the_sets_say_what_the_rules_say(self, part: int, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compare_module, "_CHUNK", part)
        bank, rows, accounts = a_day()
        theirs = [rows[1], StatementRow(rows[0].serial, accounts[2].account_no, 1), StatementRow("X2", "404", 1)]
        theirs = theirs if plain else [
            rows[0], rows[0], StatementRow(rows[0].serial, rows[0].account_no, -rows[0].amount_fen),
            StatementRow(rows[1].serial, accounts[2].account_no, rows[1].amount_fen),
            StatementRow("X1", "404", 700), StatementRow("X1", "404", -700), StatementRow("X2", "404", 1),
        ]  # fmt: skip
        statement = reconciled(bank, theirs)
        sums, found = compare(
            statement, StatementFile(local_today(), *map(list, zip(*map(astuple, theirs), strict=True)))
        )
        ours = {row.serial: (row.account_no, row.amount_fen) for row in our_payments(bank, local_today())}
        wanted = sort_out(theirs, ours)
        assert found == [one for one in wanted if one.kind != "matched"]
        assert sums["matched"][0] == sum(one.kind == "matched" for one in wanted) == 1

    def test_again_gives_the_same(self) -> None:
        bank, rows, _accounts = a_day()
        first = reconciled(bank, rows[:2])
        before = list(Difference.objects.values())
        again = reconciled(bank, rows[:2])
        assert again.pk == first.pk
        assert list(Difference.objects.values()) == before

    def test_a_later_file_takes_the_place_of_the_first(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, rows[:2])
        reconciled(bank, rows)
        assert Difference.objects.get().state == Difference.State.GONE
        assert not Todo.objects.filter(kind="bank_differences", done_at=None).exists()
        reconciled(bank, rows[:2])
        assert Difference.objects.get().state == Difference.State.OPEN

    def test_what_was_taken_back_is_not_ours(self) -> None:
        bank, account = make_bank(), make_debtor()
        call = pay(bank, account)
        take_payments(bank=bank, calls=[call], by=system())
        reverse_payment(bank=bank, call=back(bank, account, call.message.serial), by=system())
        bank = cut_day(bank=bank, business_on=bank.business_on, by=system())
        assert reconciled(bank, []).ours_only == 0

    def test_a_day_that_is_open_is_not_reconciled(self) -> None:
        bank = make_bank()
        with pytest.raises(Problem) as caught:
            reconciled(bank, [])
        assert caught.value.code == "not_cut"

    def test_a_wrong_file_leaves_nothing(self) -> None:
        bank, _rows, _accounts = a_day()
        with pytest.raises(Problem, match="1"):
            reconcile(bank=bank, business_on=local_today(), name="x", raw=b"7|7\r\n", by=system())
        assert not Statement.objects.exists()


def settled(difference: Difference, way: str) -> Difference:
    """Settle a difference with the second person who must agree."""
    with pytest.raises(ApprovalFiled) as filed:
        settle_difference(difference=difference, way=way, reason="查明", by=make_user("gas.bank.settle_difference"))
    approve(approval=filed.value.approval, by=make_user("gas.bank.settle_difference"))
    difference.refresh_from_db()
    return difference


@pytest.mark.django_db
class TestDifferences:
    def test_one_person_alone_settles_nothing(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, rows[:2])
        user: User = make_user("gas.bank.settle_difference")
        with pytest.raises(ApprovalFiled) as filed:
            settle_difference(difference=Difference.objects.get(), way="reverse", reason="查明", by=user)
        assert Payment.objects.count() == 3
        with pytest.raises(Refused):
            approve(approval=filed.value.approval, by=user)
        assert Difference.objects.get().state == Difference.State.OPEN

    def test_a_proposal_shows_until_it_is_decided(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, rows[:2])
        clerk, second = make_user("gas.bank.settle_difference"), make_user("gas.bank.settle_difference")
        difference = Difference.objects.get()
        with pytest.raises(ApprovalFiled) as filed:
            settle_difference(difference=difference, way="claim", reason="查明", by=clerk)
        assert waiting_for_approval(difference) == filed.value.approval
        with override("zh-hans"):
            shown = [(one.label, one.text) for one in arguments_shown(filed.value.approval)]
        assert shown[0][0] == "银行差错"
        assert shown[1:] == [("处理方式", "保留缴费，向银行追款"), ("原因", "查明")]
        assert arguments_shown(filed.value.approval)[0].href == difference.get_absolute_url()
        assert with_proposals(Difference.objects.all()).get().waits
        approve(approval=filed.value.approval, by=second)
        assert waiting_for_approval(difference) is None
        assert not with_proposals(Difference.objects.all()).get().waits

    @pytest.mark.parametrize("way", ["post", "suspense", "reverse", "correct"])
    def test_the_proposed_entry_is_what_gets_booked(self, way: str) -> None:
        bank, rows, _accounts = a_day()
        theirs = {
            "post": [*rows, StatementRow("X1", make_debtor().account_no, 5_220)],
            "suspense": [*rows, StatementRow("X1", "404", 5_220)],
            "reverse": rows[:2],
            "correct": [*rows[:2], StatementRow(rows[2].serial, rows[2].account_no, 5_000)],
        }[way]
        reconciled(bank, theirs)
        difference = Difference.objects.get()
        before = list(Posting.objects.values_list("pk", flat=True))
        settled(difference, way)
        booked = Posting.objects.exclude(pk__in=before)
        proposed = moves_of(way, difference.bank_fen, difference.ours_fen)
        wanted = sorted((move.debit, move.credit, move.fen) for move in proposed)
        assert sorted(booked.values_list("debit_id", "credit_id", "amount_fen")) == wanted

    def test_open_ones_are_counted_by_age(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, [rows[0], StatementRow(rows[1].serial, rows[1].account_no, 9_999)])
        ages = [ageing([bank], local_today() + dt.timedelta(days=days)) for days in (0, 1, 3, 4, 7, 8)]
        assert [[part[0] for part in one.parts] for [one] in ages] == [
            [2, 0, 0, 0], [2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 2, 0], [0, 0, 0, 2],
        ]  # fmt: skip
        assert ages[0][0].total == (2, 9_999 + 5_220)

    def test_money_the_bank_still_holds_shows_on_the_board(self) -> None:
        bank, rows, _accounts = a_day()
        day = local_today()
        assert {row.missing_fen for row in day_board([bank])} == {0}
        reconciled(bank, rows)
        record_settlement(bank=bank, collected_on=day, amount_fen=15_000, fee_fen=0, reference="1", by=system())
        assert [row.missing_fen for row in day_board([bank]) if row.business_on == day] == [660]
        record_settlement(bank=bank, collected_on=day, amount_fen=660, fee_fen=0, reference="2", by=system())
        assert {row.missing_fen for row in day_board([bank])} == {0}

    def test_the_oldest_day_without_a_file_is_the_next(self) -> None:
        bank, rows, _accounts = a_day()
        assert next_to_reconcile([bank]) == (bank, local_today())
        reconciled(bank, rows)
        assert next_to_reconcile([bank]) is None

    def test_money_only_at_the_bank_is_posted(self) -> None:
        bank, rows, _accounts = a_day()
        debtor = make_debtor()
        reconciled(bank, [*rows, StatementRow("X1", debtor.account_no, 5_220)])
        assert settled(Difference.objects.get(), "post").state == Difference.State.SETTLED
        assert Payment.objects.get(account=debtor).amount_fen == 5_220
        assert not wrong("payment")

    def test_money_of_nobody_is_held(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, [*rows, StatementRow("X1", "404", 700)])
        difference = Difference.objects.get()
        with pytest.raises(ApprovalFiled) as filed:
            settle_difference(difference=difference, way="post", reason="查明", by=make_user(
                "gas.bank.settle_difference"))  # fmt: skip
        with pytest.raises(Problem) as caught:
            approve(approval=filed.value.approval, by=make_user("gas.bank.settle_difference"))
        assert caught.value.code == "no_account"
        settled(difference, "suspense")
        posting = Posting.objects.get(document=Posting.Document.BANK_DIFFERENCE)
        assert (posting.debit_id, posting.credit_id, posting.amount_fen) == (chart.CLEARING, chart.UNIDENTIFIED, 700)

    def test_ours_alone_is_reversed(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, rows[:2])
        difference = Difference.objects.get()
        settled(difference, "reverse")
        assert Payment.objects.filter(kind=Payment.Kind.REVERSAL).count() == 1
        with pytest.raises(ApprovalFiled) as filed:
            settle_difference(difference=difference, way="claim", reason="x", by=make_user(
                "gas.bank.settle_difference"))  # fmt: skip
        with pytest.raises(Problem) as caught:
            approve(approval=filed.value.approval, by=make_user("gas.bank.settle_difference"))
        assert caught.value.code == "not_open"

    def test_another_amount_is_corrected(self) -> None:
        bank, rows, accounts = a_day()
        reconciled(bank, [*rows[:2], StatementRow(rows[2].serial, accounts[2].account_no, 6_000)])
        settled(Difference.objects.get(), "correct")
        amounts = sorted(Payment.objects.filter(account=accounts[2]).values_list("amount_fen", flat=True))
        assert amounts == [-5_220, 5_220, 6_000]

    def test_a_claim_books_nothing_and_a_settled_one_stays_settled(self) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, rows[:2])
        settled(Difference.objects.get(), "claim")
        assert Payment.objects.count() == 3
        reconciled(bank, rows[:2])
        assert Difference.objects.get().state == Difference.State.SETTLED

    @pytest.mark.parametrize("way", ["reverse", "nonsense"])
    def test_a_way_that_does_not_fit(self, way: str) -> None:
        bank, rows, _accounts = a_day()
        reconciled(bank, [*rows, StatementRow("X1", "404", 700)])
        assert way not in WAYS["bank_only"]
        with pytest.raises(ApprovalFiled) as filed:
            settle_difference(difference=Difference.objects.get(), way=way, reason="x", by=make_user(
                "gas.bank.settle_difference"))  # fmt: skip
        with pytest.raises(Problem) as caught:
            approve(approval=filed.value.approval, by=make_user("gas.bank.settle_difference"))
        assert caught.value.code == "wrong_way"


@pytest.mark.django_db
class TestSettlements:
    def test_money_paid_over_is_posted_with_its_fee_once(self) -> None:
        bank, _rows, _accounts = a_day()
        facts: dict[str, Any] = {"collected_on": local_today(), "amount_fen": 15_660, "fee_fen": 47, "reference": "R1"}
        made = record_settlement(bank=bank, by=system(), **facts)
        assert record_settlement(bank=bank, by=system(), **facts).pk == made.pk
        rows = Posting.objects.filter(document=Posting.Document.BANK_SETTLEMENT).order_by("line")
        assert [(row.debit_id, row.credit_id, row.amount_fen) for row in rows] == [
            (chart.BANK, chart.CLEARING, 15_613),
            (chart.BANK_CHARGES, chart.CLEARING, 47),
        ]
        assert not wrong("settlement")
        assert day_board([bank])[-1].settled_fen == 15_660

    @pytest.mark.parametrize(
        ("change", "code"),
        [({"fee_fen": 1}, "reference_used"), ({"amount_fen": 0, "fee_fen": 0, "reference": "R2"}, "amount")],
    )
    def test_what_is_refused(self, change: dict[str, Any], code: str) -> None:
        bank = make_bank()
        facts: dict[str, Any] = {"collected_on": local_today(), "amount_fen": 100, "fee_fen": 0, "reference": "R1"}
        record_settlement(bank=bank, by=system(), **facts)
        with pytest.raises(Problem) as caught:
            record_settlement(bank=bank, by=system(), **{**facts, **change})
        assert caught.value.code == code

    def test_a_closed_day_takes_none(self) -> None:
        bank = make_bank()
        ClosedDay.objects.create(
            unit=bank.unit, business_on=local_today(), closed_by=system(), closed_at="2026-11-26T12:00Z"
        )
        with pytest.raises(Problem) as caught:
            record_settlement(
                bank=bank, collected_on=local_today(), amount_fen=1, fee_fen=0, reference="R", by=system()
            )
        assert caught.value.code == "day_closed"

    def test_the_fee_is_rounded_half_up(self) -> None:
        assert fee_fen(3, 15_660, 10, 30) == 30 + 47
        assert fee_fen(0, 0, 10, 30) == 0
