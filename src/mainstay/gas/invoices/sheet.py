"""The sheet of results that comes back into the isolated network: one row for each request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.gas.invoices import queries
from mainstay.gas.invoices.actions import import_results
from mainstay.gas.invoices.models import Invoice
from mainstay.gas.invoices.rules import INVOICE_NO
from mainstay.kit.dates import local_today
from mainstay.kit.sheets import Column, Kind, Row, RowError, Sheet
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "gas.invoices.import_results"
GOOD, BAD = {"成功", "已开具", "ok", "issued", "success"}, {"失败", "failed", "fail"}
COLUMNS = (
    Column("number", "申请号", "Request no.", aliases=("流水号", "request")),
    Column("result", "开具结果", "Result", aliases=("结果", "status")),
    Column("invoice_no", "发票号码", "Invoice no.", aliases=("数电票号码", "invoice"), required=False),
    Column("issued_on", "开票日期", "Issued on", Kind.DATE, aliases=("日期", "date"), required=False),
    Column("reason", "失败原因", "Reason", aliases=("原因", "备注"), required=False),
)


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's request and judge its result; writes nothing."""
    if final:
        lock("invoices.export", 0)
    checked = Checked(payload=[])
    rows = [row for row in sheet.rows if not row.errors]
    numbers = [str(row.values["number"]).strip() for row in rows]
    known = {one.number: one for one in queries.invoices_visible_to(user, RIGHT).filter(number__in=numbers)}
    taken = dict(
        Invoice.objects.filter(invoice_no__in=[_no(row) for row in rows if _no(row)]).values_list(
            "invoice_no", "number"
        )
    )
    seen: set[str] = set()
    for row in rows:
        _weigh(row, known.get(str(row.values["number"]).strip()), taken, seen, checked)
    checked.new = len(checked.payload)
    return checked


def _no(row: Row) -> str:
    return str(row.values.get("invoice_no") or "").strip()


def _weigh(row: Row, invoice: Invoice | None, taken: Mapping[str, str], seen: set[str], checked: Checked) -> None:
    """Put one row among the good ones, among those known already, or among the wrong ones with its sentence."""
    word, invoice_no = str(row.values["result"]).strip().lower(), _no(row)
    ok = word in GOOD
    fault: tuple[str, str] | None = None
    if invoice is None:
        fault = ("number", _("No such request in your branches."))
    elif invoice.number in seen:
        fault = ("number", _("This request is in the sheet twice."))
    elif not ok and word not in BAD:
        fault = ("result", _("The result is 成功 or 失败."))
    elif ok and not INVOICE_NO.fullmatch(invoice_no):
        fault = ("invoice_no", _("An invoice number has 20 digits (8 for older ones)."))
    elif ok and (row.values.get("issued_on") is None or row.values["issued_on"] > local_today()):
        fault = ("issued_on", _("The date of issue is missing or still to come."))
    elif ok and taken.get(invoice_no, invoice.number) != invoice.number:
        fault = ("invoice_no", _("Another request has this invoice number."))
    elif invoice.state != Invoice.State.SENT and invoice.invoice_no != invoice_no:
        fault = (
            "number",
            _("This request is “%(state)s” and waits for no result.") % {"state": invoice.get_state_display()},
        )
    if fault or invoice is None:
        checked.errors[row.number] = [RowError(*(fault or ("", "")))]
        return
    seen.add(invoice.number)
    if invoice.state != Invoice.State.SENT:
        checked.already += 1
        return
    facts = {"ok": ok, "invoice_no": invoice_no, "issued_on": row.values.get("issued_on")}
    checked.payload.append((invoice, {**facts, "reason": row.values.get("reason") or ""}))


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows; returns how many are new."""
    return import_results(results=checked.payload, by=by)


KIND = ImportKind(
    "gas.invoices",
    gettext_lazy("Results of invoices"),
    RIGHT,
    COLUMNS,
    check,
    commit,
    hint=gettext_lazy(
        "One row for each request as it came back from the invoice platform. Nothing counts before you import."
    ),
)
