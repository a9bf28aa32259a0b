"""Receipt books: no number twice, none lost, every one explained; forms are printed where the printer needs it."""

from __future__ import annotations

import pytest

from mainstay.gas.payments import form_papers
from mainstay.gas.payments.actions import (
    issue_receipt_book,
    print_on_form,
    reprint_on_form,
    return_receipt_book,
    void_form,
    waste_forms,
)
from mainstay.gas.payments.models import ReceiptBook, ReceiptSlip
from mainstay.gas.payments.queries import count_of
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_clerk, make_shift, make_till, pay
from tests.support.papers import text_of

pytestmark = pytest.mark.django_db
PRINTS = ("gas.payments.print_on_form", "gas.payments.reprint_on_form", "gas.payments.waste_forms")
HANDS_OUT = ("gas.payments.issue_receipt_book", "gas.payments.return_receipt_book", "gas.payments.void_form")


@pytest.fixture
def desk():
    account, clerk = make_account(), make_clerk(None, *PRINTS)
    shift = make_shift(clerk, make_till(account.unit))
    return account, clerk, shift, make_user(*HANDS_OUT)


def hand_out(desk, first: int = 1, last: int = 5) -> ReceiptBook:
    account, clerk, _shift, boss = desk
    return issue_receipt_book(
        unit=account.unit, holder=clerk, series="26a", first_no=first, last_no=last, digits=6, by=boss
    )


def test_every_number_of_a_book_is_explained(desk) -> None:
    account, clerk, shift, boss = desk
    book = hand_out(desk)
    paid = [pay(account, 1_000, clerk, shift) for _time in range(2)]
    slips = [print_on_form(payment=one, by=clerk) for one in paid]
    assert [str(one) for one in slips] == ["26A000001", "26A000002"]
    assert print_on_form(payment=paid[0], by=clerk) == slips[0]  # shown again, not used again
    again = reprint_on_form(payment=paid[0], reason="卡纸", by=clerk)
    assert (str(again), again.copy) == ("26A000003", 1)
    assert waste_forms(book=book, last_no=4, reason="撕破", by=clerk) == 1
    void_form(slip=slips[1], reason="顾客退回", by=boss)
    count = count_of(ReceiptBook.objects.get())
    assert (count.used, count.void, count.wasted, count.left, count.missing) == (1, 2, 1, 1, 0)
    with pytest.raises(Problem) as caught:
        return_receipt_book(book=book, counted=0, by=boss)
    assert caught.value.code == "count_differs"
    assert return_receipt_book(book=book, counted=1, by=boss).state == "returned"
    with pytest.raises(Problem) as caught:
        print_on_form(payment=pay(account, 1_000, clerk, shift), by=clerk)
    assert caught.value.code == "no_book"


def test_no_number_is_handed_out_twice(desk) -> None:
    account, clerk, _shift, boss = desk
    hand_out(desk, 100, 199)
    for first, last in [(199, 210), (1, 100), (120, 130), (50, 300)]:
        with pytest.raises(Problem) as caught:
            hand_out(desk, first, last)
        assert caught.value.code == "book_overlap"
    hand_out(desk, 200, 210)
    other = issue_receipt_book(unit=account.unit, holder=clerk, series="26B", first_no=100, last_no=199, by=boss)
    assert str(other) == "26B00000100–26B00000199"


def test_the_last_form_ends_the_book_and_the_next_begins(desk) -> None:
    account, clerk, shift, _boss = desk
    hand_out(desk, 1, 1)
    hand_out(desk, 2, 9)
    numbers = [str(print_on_form(payment=pay(account, 100, clerk, shift), by=clerk)) for _time in range(2)]
    assert numbers == ["26A000001", "26A000002"]
    assert sorted(ReceiptBook.objects.values_list("state", flat=True)) == ["finished", "open"]
    with pytest.raises(Problem) as caught:
        waste_forms(book=ReceiptBook.objects.get(state="open"), last_no=2, reason="旧号", by=clerk)
    assert caught.value.code == "not_next"


def test_a_form_is_placed_and_moved_as_the_till_says(desk) -> None:
    account, clerk, shift, _boss = desk
    hand_out(desk)
    payment = pay(account, 325_04, clerk, shift, received_fen=330_00)
    values = form_papers.slip_values(print_on_form(payment=payment, by=clerk), payment, clerk)
    assert values["capitals"] == "人民币叁佰贰拾伍元零肆分"
    assert values["mark"] == ""
    again = reprint_on_form(payment=payment, reason="卡纸", by=clerk)
    assert form_papers.slip_values(again, payment, clerk)["mark"]
    till = shift.till
    for layout in form_papers.layouts():
        till.layout, till.right_mm10, till.down_mm10 = layout, 25, -10
        data = form_papers.form_data(till, values)
        assert all(0 <= one["x"] < data["width"] and 0 <= one["y"] < data["height"] for one in data["fields"])
        assert (data["right"], data["down"]) == (25, -10)
        assert "人民币叁佰贰拾伍元零肆分" in " ".join(one["text"] for one in data["fields"])
        assert all(one["x"] + one["w"] <= data["width"] for one in data["fields"])
        long = values | {
            "name": "内蒙古自治区鄂伦春自治旗大杨树镇国际商业广场投资管理股份有限责任公司第七分店",
            "items": "气费\t1.00",
        }
        form = render_pdf("receipt_form", form_papers.form_data(till, long))
        said = "".join(text_of(form).split())
        assert said.count("第七分店") == 1
        assert "气费1.00" in said
    assert render_pdf("receipt_form", form_papers.form_data(till, form_papers.test_values(), test=True))[:4] == b"%PDF"
    till.layout = "nobody-knows"
    with pytest.raises(Problem) as caught:
        form_papers.form_data(till, values)
    assert caught.value.code == "no_layout"


def test_forms_are_kept(desk) -> None:
    from django.db import IntegrityError, transaction

    account, clerk, shift, _boss = desk
    hand_out(desk)
    slip = print_on_form(payment=pay(account, 100, clerk, shift), by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceiptSlip.objects.filter(pk=slip.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceiptSlip.objects.filter(pk=slip.pk).update(number=5)
