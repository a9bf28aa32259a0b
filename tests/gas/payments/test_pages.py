"""Pages answer, the counter pays, receipts print."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mainstay.core.documents.models import Document
from mainstay.core.workflow.models import Approval
from mainstay.gas.payments.actions import close_shift, issue_receipt_book
from mainstay.gas.payments.models import Cheque, Payment
from mainstay.gas.payments.papers import shift_data
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db
MORE = (
    "gas.ledger.view_ledger",
    "gas.ledger.make_voucher",
    "gas.ledger.view_statement",
    "gas.payments.view_shift",
    "gas.payments.accept_shift",
    "gas.payments.save_till",
    "gas.payments.issue_receipt_book",
    "gas.payments.print_on_form",
    "core.documents.print_document",
    "core.documents.issue_document",
    "core.documents.view_document",
)


@pytest.fixture
def desk(client):
    account = make_account(name="王芳", phone="13800005678")
    clerk = make_clerk(None, *MORE)
    client.force_login(clerk)
    return account, clerk, make_shift(clerk, make_till(account.unit))


def test_every_page_answers(client, desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_000)
    payment = pay(account, 6_000, clerk, shift)
    own = [account.pk, payment.payment_no]
    pages = [
        ("payments:counter", []),
        ("payments:payment_list", []),
        ("payments:payment_detail", own),
        ("payments:payment_reverse", own),
        ("payments:account_tab", [account.pk]),
        ("payments:advance_refund", [account.pk]),
        ("payments:statement", [account.pk]),
        ("payments:shift_list", []),
        ("payments:shift_acceptance", []),
        ("payments:shift_open", []),
        ("payments:shift_detail", [shift.pk]),
        ("payments:shift_close", [shift.pk]),
        ("payments:till_list", []),
        ("payments:till_create", []),
        ("payments:till_change", [shift.till_id]),
        ("ledger:voucher_list", []),
        ("ledger:voucher_make", []),
        ("ledger:trial_balance", []),
        ("documents:document_list", []),
    ]
    for name, args in pages:
        for language in ("zh-hans", "en"):
            answer = client.get(reverse(name, args=args), headers={"accept-language": language})
            assert answer.status_code == 200, (name, answer.status_code)
            assert "<c-" not in answer.content.decode(), name


def test_the_only_hit_opens(client, desk) -> None:
    account, _clerk, _shift = desk
    make_bill(account, 202610, 5_000)
    meter = account.installations.get().meter.meter_no
    for text in (account.account_no, meter, "5678", "wf", "王芳"):
        answer = client.get(reverse("payments:counter_find"), {"q": text})
        assert f'name="account" value="{account.pk}"' in answer.content.decode(), text
    make_account(name="王方", unit=account.unit)
    assert b"data-account" in client.get(reverse("payments:counter_find"), {"q": "wf"}).content
    assert b"pc-form" not in client.get(reverse("payments:counter_find"), {"q": "nobody"}).content


def test_the_customer_of_an_address_is_open_at_once(client, desk) -> None:
    account, _clerk, _shift = desk
    make_bill(account, 202610, 5_000)
    answer = client.get(reverse("payments:counter"), {"account": account.pk})
    assert f'name="account" value="{account.pk}"' in answer.content.decode()


def test_the_counter_pays_once(client, desk) -> None:
    account, _clerk, _shift = desk
    make_bill(account, 202610, 5_220)
    sent = {
        "account": account.pk, "serial": "a" * 32, "tender": "1", "amount": "52.20", "received": "100",
        "bill": "202610-0",
    }  # fmt: skip
    for _time in range(2):
        answer = client.post(reverse("payments:counter_pay"), sent)
        assert answer.status_code == 200
        assert "47.80" in answer.content.decode()
    assert Payment.objects.count() == 1
    assert open_fen(account) == {}


def test_what_is_wrong_is_said_and_nothing_booked(client, desk) -> None:
    account, _clerk, _shift = desk
    make_bill(account, 202610, 5_220)
    good = {"account": account.pk, "serial": "b" * 32, "tender": "1", "amount": "52.20", "bill": "202610-0"}
    for change, field in (
        ({"amount": "abc"}, "amount"),
        ({"received": "50"}, "received"),
        ({"bill": "x"}, None),
        ({"bill": "202609-0"}, None),
        ({"account": "999999"}, None),
        ({"tender": "7"}, "tender"),
    ):
        answer = client.post(
            reverse("payments:counter_pay"), {**good, **change}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422, change
        error = answer.json()["error"]
        assert (error["field"], error["money_moved"]) == (field, False)
    assert not Payment.objects.exists()


def test_another_branch_is_not_there(client, desk) -> None:
    account, clerk, shift = desk
    payment = pay(account, 100, clerk, shift)
    stranger = make_clerk(make_unit("城西"), *MORE)
    for grant in stranger_rights(stranger):
        grant.scope = "unit"
        grant.save()
    client.force_login(stranger)
    for name, args in (
        ("payments:payment_detail", [account.pk, payment.payment_no]),
        ("payments:receipt", [account.pk, payment.payment_no]),
        ("payments:statement", [account.pk]),
        ("payments:account_tab", [account.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name
    assert b"pc-form" not in client.get(reverse("payments:counter_find"), {"q": account.account_no}).content


def stranger_rights(user):
    from mainstay.core.access.models import RoleRight

    return RoleRight.objects.filter(role__grants__user=user)


def test_receipt_reprint_and_shift_report(client, desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_220)
    payment = pay(account, 6_000, clerk, shift, received_fen=10_000)
    for prints in (1, 2):
        answer = client.get(reverse("payments:receipt", args=[account.pk, payment.payment_no]), follow=True)
        assert answer.content.startswith(b"%PDF")
        document = Document.objects.get()
        assert (document.number, document.prints) == (payment.receipt_no, prints)
    close_shift(shift=shift, counted_fen=56_000, by=clerk)
    report = client.get(reverse("payments:shift_report", args=[shift.pk]))
    assert report.content.startswith(b"%PDF")
    statement = client.get(reverse("payments:statement", args=[account.pk]), {"format": "pdf"})
    assert statement.content.startswith(b"%PDF")


def test_the_counter_takes_a_cheque_and_prints_on_forms(client, desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_220)
    shift.till.layout = "continuous-241-3"
    shift.till.save()
    issue_receipt_book(unit=account.unit, holder=clerk, series="", first_no=7, last_no=9, by=clerk)
    sent = {
        "account": account.pk, "serial": "c" * 32, "tender": "6", "amount": "52.20", "bill": "202610-0",
        "cheque_number": "１２３４ ５６７８", "cheque_bank": "汇通银行", "cheque_drawer": "汇通酒楼",
        "cheque_date": local_today().isoformat(),
    }  # fmt: skip
    refused = client.post(
        reverse("payments:counter_pay"), {**sent, "cheque_date": "2020-01-01"}, headers={"accept": "application/json"}
    )
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "cheque_date")
    answer = client.post(reverse("payments:counter_pay"), sent)
    address = reverse("payments:form_receipt", args=[account.pk, Payment.objects.get().payment_no])
    assert address in answer.content.decode()
    assert client.get(address).content[:4] == b"%PDF"
    assert client.get(address)["Content-Disposition"] == 'inline; filename="receipt-00000007.pdf"'
    assert Cheque.objects.get().number == "12345678"
    close_shift(shift=shift, counted_fen=50_000, by=clerk)
    report = shift_data(shift, clerk)
    assert [one[3] for one in report["cheques"]] == [5_220]
    assert report["forms"] == [("00000007", "00000007", 1)]
    assert client.get(reverse("payments:shift_report", args=[shift.pk])).content[:4] == b"%PDF"


def test_nobody_is_asked_to_agree_to_a_refund_of_more_than_there_is(client, desk) -> None:
    account, clerk, shift = desk
    pay(account, 6_000, clerk, shift)
    sent = {"amount": "60.01", "tender": "1", "reason": "搬家", "_once": "c" * 32}
    answer = client.post(reverse("payments:advance_refund", args=[account.pk]), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount"]
    assert not Approval.objects.exists()
    assert client.post(answer.request["PATH_INFO"], {**sent, "amount": "60.00"}).status_code == 302


def test_payments_are_listed_by_channel(client, desk) -> None:
    account, clerk, shift = desk
    own = pay(account, 6_000, clerk, shift)
    line = pay(account, 100, make_user("gas.payments.take_payment"), None, channel="bank:ICBC", tender=4)
    for channel, one in (("counter", own), ("bank:", line), ("bank:ICBC", line)):
        answer = client.get(reverse("payments:payment_list"), {"channel": channel})
        assert [row.record.pk for row in answer.context["table"].paginated_rows] == [one.pk]
    assert client.get(reverse("payments:payment_list"), {"channel": "card"}).context["paginator"].count == 0
