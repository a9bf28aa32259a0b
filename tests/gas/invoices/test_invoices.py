"""From the request to the file that came back; no bill is on two invoices; nothing is half taken in."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mainstay.core.evidence.actions import open_file
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.gas.invoices import actions
from mainstay.gas.invoices.models import Invoice, InvoiceLine
from mainstay.gas.invoices.queries import must_be_red, open_bills
from mainstay.gas.invoices.views import exchanges
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import OutColumn, write_xlsx
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db
RIGHTS = (
    "gas.invoices.view_invoice", "gas.invoices.save_title", "gas.invoices.request_invoice", "gas.invoices.request_red",
    "gas.invoices.withdraw_request", "gas.invoices.export_requests", "gas.invoices.import_results",
    "gas.invoices.keep_xml", "gas.invoices.deliver_invoice",
)  # fmt: skip
NO = "26112000000012345678"


@pytest.fixture
def clerk():
    return make_user(*RIGHTS)


@pytest.fixture
def account():
    account = make_account(name="李明")
    make_bill(account, 202609, 5_220, vat_fen=431)
    make_bill(account, 202610, 5_220, vat_fen=431)
    return account


def results(clerk, *rows, skip_bad: bool = False) -> int:
    """Import rows of results: request, result, invoice number, date, reason."""
    file = BytesIO()
    heads = ("申请号", "开具结果", "发票号码", "开票日期", "失败原因")
    write_xlsx(file, "结果", [OutColumn(head, "date" if head == "开票日期" else "text") for head in heads], rows)
    file.seek(0)
    checked = check_sheet(kind="gas.invoices", file=file, name="results.xlsx", options={}, by=clerk)
    return commit_sheet(sheet_import=checked, skip_bad=skip_bad, by=clerk).new_rows


def issued(account, clerk, number: str = NO) -> Invoice:
    invoice = actions.request_invoice(account=account, bills=[(202609, 0), (202610, 0)], by=clerk)
    actions.export_requests(by=clerk)
    assert results(clerk, (invoice.number, "成功", number, local_today(), "")) == 1
    return Invoice.objects.get(pk=invoice.pk)


def test_from_request_to_delivery(account, clerk) -> None:
    invoice = issued(account, clerk)
    assert (invoice.state, invoice.amount_fen, invoice.vat_fen, invoice.invoice_no) == ("issued", 10_440, 862, NO)
    content = f"<发票><号码>{NO}</号码><价税合计>104.40</价税合计></发票>".encode()
    for _time in range(2):
        actions.keep_xml(invoice=invoice, file=BytesIO(content), name="a.xml", by=clerk)
    invoice = Invoice.objects.select_related("xml__file").get(pk=invoice.pk)
    with open_file(invoice.xml.file) as kept:
        assert kept.read() == content
    assert invoice.xml.file.digest == hashlib.sha256(content).hexdigest()
    with pytest.raises(Problem) as caught:
        actions.keep_xml(invoice=invoice, file=BytesIO(content + b"<!-- other -->"), name="b.xml", by=clerk)
    assert caught.value.code == "xml_kept"
    with pytest.raises(Problem) as caught:
        actions.keep_xml(invoice=invoice, file=BytesIO(content.replace(b"104.40", b"99.00")), name="b.xml", by=clerk)
    assert caught.value.code == "other_invoice"
    assert actions.deliver_invoice(invoice=invoice, way="print", by=clerk).state == "delivered"
    with open_file(invoice.exchange.file.file) as file:
        lines = file.read().decode("utf-8-sig").split("\r\n")
    assert lines[1].startswith(f"{invoice.number},蓝字,,李明,")
    assert ",202609,管道燃气费,20,52.20,4.31," in lines[1]
    assert len(lines) == 4


def test_a_bill_is_never_invoiced_twice(account, clerk) -> None:
    first = actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    assert [one.period for one in open_bills(account)] == [202610]
    with pytest.raises(Problem) as caught:
        actions.request_invoice(account=account, bills=[(202610, 0), (202609, 0)], by=clerk)
    assert caught.value.code == "not_open"
    with pytest.raises(IntegrityError), transaction.atomic():  # not even past the action
        facts = {"amount_fen": 1, "vat_fen": 0, "volume_l": 0}
        InvoiceLine.objects.create(invoice=first, account=account, period=202609, seq=0, **facts)
    actions.withdraw_request(invoice=first, reason="抬头错", by=clerk)
    assert len(open_bills(account)) == 2
    with pytest.raises(Problem):
        actions.withdraw_request(invoice=first, reason="再次", by=clerk)


def test_red_frees_the_bills(account, clerk, client) -> None:
    invoice = issued(account, clerk)
    assert not must_be_red(clerk).exists()
    make_bill(account, 202610, -5_220, seq=1)
    assert list(must_be_red(clerk)) == [invoice]
    assert (202610, 0) not in {(one.period, one.seq) for one in open_bills(account)}
    red = actions.request_red(invoice=invoice, reason="账单已冲正", by=clerk)
    assert actions.request_red(invoice=invoice, reason="再点一次", by=clerk) == red
    assert (red.amount_fen, red.vat_fen) == (-10_440, -862)
    client.force_login(clerk)
    (section,) = client.get(f"/invoices/{red.pk}/").context["sections"]
    assert sum(line.amount_fen for line in section.context["lines"]) == red.amount_fen  # its page shows them in minus
    assert not must_be_red(clerk).exists()
    actions.export_requests(by=clerk)
    results(clerk, (red.number, "成功", "26112000000087654321", local_today(), ""))
    assert Invoice.objects.get(pk=invoice.pk).state == "red"
    assert [(one.period, one.seq) for one in open_bills(account)] == [(202609, 0)]  # the other was taken back
    with pytest.raises(Problem):
        actions.request_red(invoice=red, reason="x", by=clerk)


def test_bad_rows_stop_the_sheet_or_are_left_out(account, clerk) -> None:
    one = actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    two = actions.request_invoice(account=account, bills=[(202610, 0)], by=clerk)
    waiting = (one.number, "成功", NO, local_today(), "")
    with pytest.raises(Problem):
        results(clerk, waiting)  # not carried out yet
    actions.export_requests(by=clerk)
    for bad in (
        ("FP20260000000", "成功", NO, local_today(), ""),
        (two.number, "也许", NO, local_today(), ""),
        (two.number, "成功", "123", local_today(), ""),
        (two.number, "成功", "26112000000087654321", None, ""),
        (one.number, "成功", NO, local_today(), ""),
    ):
        with pytest.raises(Problem) as caught:
            results(clerk, waiting, bad)
        assert caught.value.code == "bad_rows"
        assert set(Invoice.objects.values_list("state", flat=True)) == {"sent"}
    assert results(clerk, waiting, (two.number, "也许", "", None, ""), skip_bad=True) == 1
    assert results(clerk, waiting) == 0  # the same sheet again
    assert results(clerk, (two.number, "失败", "", None, "税号不存在")) == 1
    two.refresh_from_db()
    assert (two.state, two.note) == ("failed", "税号不存在")
    assert [bill.period for bill in open_bills(account)] == [202610]
    with pytest.raises(Problem) as caught:
        actions.export_requests(by=clerk)
    assert caught.value.code == "nothing_waits"


def test_titles_and_tax_numbers_of_firms_are_checked(account, clerk) -> None:
    account.customer.kind = "firm"
    account.customer.save()
    with pytest.raises(Problem) as caught:
        actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    assert caught.value.code == "no_tax_no"
    for tax_no, code in [("", "no_tax_no"), ("91350100M000100Y44", "tax_no_check"), ("123", "tax_no_form")]:
        with pytest.raises(Problem) as caught:
            actions.save_title(account=account, name="汇通酒楼有限公司", tax_no=tax_no, by=clerk)
        assert caught.value.code == code
    actions.save_title(account=account, name=" 汇通酒楼 有限公司 ", tax_no="91350100m000100y43", by=clerk)
    invoice = actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    assert (invoice.title, invoice.tax_no) == ("汇通酒楼 有限公司", "91350100M000100Y43")


def test_an_exchange_file_shows_its_newest_requests_and_leads_only_those_who_may_see_it(
    clerk, account, client, monkeypatch
) -> None:
    first = actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    second = actions.request_invoice(account=account, bills=[(202610, 0)], by=clerk)
    file = actions.export_requests(by=clerk)  # of the whole company
    monkeypatch.setattr(exchanges, "MOST_SHOWN", 1)
    client.force_login(clerk)
    page = client.get(file_page := reverse("invoices:exchange_detail", args=[file.pk])).content.decode()
    assert second.number in page and first.number not in page
    found = client.get(reverse("invoices:invoice_list"), {"exchange": file.number}).content.decode()
    assert second.number in found and first.number in found
    assert f'href="{file_page}"' in client.get(reverse("invoices:invoice_detail", args=[first.pk])).content.decode()
    client.force_login(make_user("gas.invoices.view_invoice", unit=account.unit, scope="subtree"))
    shown = client.get(reverse("invoices:invoice_detail", args=[first.pk])).content.decode()
    assert file.number in shown and file_page not in shown
    assert client.get(file_page).status_code == 404


def test_a_persons_name_is_masked_everywhere_but_on_the_paper(clerk, account, client) -> None:
    invoice = actions.request_invoice(account=account, bills=[(202609, 0)], by=clerk)
    client.force_login(clerk)
    list_page, one = reverse("invoices:invoice_list"), reverse("invoices:invoice_detail", args=[invoice.pk])
    tab = reverse("invoices:account_tab", args=[account.pk])
    for address in (list_page, one, tab, f"{one}withdraw/"):
        shown = client.get(address).content.decode()
        assert "李*" in shown and "李明" not in shown, address
    actions.save_title(account=account, name="汇通酒楼有限公司", tax_no="91350100M000100Y43", by=clerk)
    actions.request_invoice(account=account, bills=[(202610, 0)], by=clerk)
    assert "汇通酒楼有限公司" in client.get(list_page).content.decode(), "a firm's is no personal data"
