"""The pages of reports."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import Accrual, BillingRun, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.reports import queries
from mainstay.gas.reports.queries import VIEW
from mainstay.gas.reports.views import ArrearsList
from mainstay.gas.tariffs.models import Plan
from mainstay.kit.dates import local_today
from tests.gas.billing.make import compute, make_run, make_tariff
from tests.gas.make import make_account, make_book, make_reading, make_unit, make_user
from tests.gas.payments.make import make_clerk, make_shift, make_till, pay
from tests.gas.reports.test_deposits import move
from tests.pages.battery import Page, battery, person_with


def debt(unit: Unit) -> dict[str, Any]:
    plan = Plan.objects.filter(code="tiers").first() or make_tariff()
    account = make_account(plan=plan, book=make_book(unit), unit=unit)
    make_reading(account, 202610, volume_l=20_000)
    compute(make_run(unit, 202610, [account.book_entry.book]))
    return {}


def deposit(unit: Unit) -> dict[str, Any]:
    account = make_account(book=make_book(unit), unit=unit)
    move(account, 1, local_today(), 90_000)
    return {}


TestReports = battery(
    Page("reports:overview", VIEW, debt),
    Page("reports:reading_rate", VIEW, debt),
    Page("reports:collection_rate", VIEW, debt),
    Page("reports:ageing", VIEW, debt),
    Page("reports:top_debtors", VIEW, debt),
    Page("reports:deposits", VIEW, deposit),
    Page("reports:takings", VIEW, debt),
    Page("reports:channels", VIEW, debt),
    Page("reports:tiers", VIEW, debt),
    Page("reports:supply", VIEW, debt),
    Page("reports:supply_record", "gas.reports.record_supply"),
    Page("reports:arrears_list", VIEW, debt),
)


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(VIEW))
    return client


@pytest.mark.django_db
def test_a_number_leads_to_rows_that_add_up_to_it(reader: Client) -> None:
    unit = make_unit()
    debt(unit)
    debt(unit)
    page = reader.get(reverse("reports:ageing"), {"day": "2026-12-01"}).content.decode()
    assert "80.00" in page
    rows = reader.get(reverse("reports:arrears_list"), {"age": "d30", "day": "2026-12-01", "unit": unit.pk})
    assert rows.context["table"].paginator.count == OpenItem.objects.count() == 2
    none = reader.get(reverse("reports:arrears_list"), {"age": "d90", "day": "2026-12-01", "unit": unit.pk})
    assert none.context["table"].paginator.count == 0
    assert f"age=d30&amp;day=2026-12-01&amp;unit={unit.pk}" in page


@pytest.mark.django_db
def test_the_bills_of_a_branch_are_those_of_the_branch() -> None:
    client = Client()
    client.force_login(make_user(VIEW, "gas.billing.view_bill"))
    here, there = make_unit("甲所"), make_unit("乙所")
    debt(here)
    debt(there)
    debt(there)
    page = client.get(reverse("reports:collection_rate"), {"period": "2026-10"}).content.decode()
    counts = {}
    for unit in (here, there):
        address = f"{reverse('billing:bill_list')}?period=2026-10&unit={unit.pk}"
        assert address.replace("&", "&amp;") in page
        counts[unit.name_zh] = client.get(address).context["table"].paginator.count
    assert counts == {"甲所": 1, "乙所": 2}


@pytest.mark.django_db
def test_who_may_not_see_the_rows_is_shown_the_number_alone(client: Client) -> None:
    debt(make_unit())
    client.force_login(make_user(VIEW))
    page = client.get(reverse("reports:collection_rate"), {"period": "2026-10"}).content.decode()
    assert reverse("reports:arrears_list") in page
    assert reverse("billing:bill_list") not in page


@pytest.mark.django_db
def test_a_report_is_exported_as_it_is_shown(reader: Client) -> None:
    debt(make_unit("甲所"))
    answer = reader.get(reverse("reports:collection_rate"), {"period": "2026-10", "export": "xlsx"})
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert lines[1][1:] == [1, 40, 0, 40, 0, "0.00 %"]
    assert len(lines) == 3  # the head, the branch, the total


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "query", "total"),
    [
        ("takings", {}, ["合计", 1, 25, 0, 0, 0, 0, 0, 25]),
        ("channels", {"channel": "counter"}, ["合计", 1, 25, "100.00 %"]),
    ],
)
def test_a_report_by_day_is_exported_with_its_sums(
    reader: Client, name: str, query: dict[str, str], total: list[Any]
) -> None:
    unit = make_unit()
    debt(unit)
    clerk = make_clerk(unit)
    pay(OpenItem.objects.get().account, 2_500, clerk, make_shift(clerk, make_till(unit)))
    asked = {**query, "period": f"{local_today():%Y-%m}", "export": "xlsx"}
    answer = reader.get(reverse(f"reports:{name}"), asked)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (lines[1][0], lines[2]) == (local_today(), total)


@pytest.mark.django_db
def test_deposits_are_shown_and_exported_by_how_long_they_are_held(reader: Client) -> None:
    deposit(make_unit("甲所"))
    assert "900.00" in reader.get(reverse("reports:deposits")).content.decode()
    answer = reader.get(reverse("reports:deposits"), {"export": "xlsx"})
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert lines[1][6:] == [900, 900, 0, 0, 0]
    assert lines[2][6:] == [900, 900, 0, 0, 0]
    earlier = reader.get(reverse("reports:deposits"), {"day": "2020-01-01"}).content.decode()
    assert "900.00" not in earlier


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "query"), [("ageing", {"day": "2026-13-40"}), ("takings", {"period": "soon"})])
def test_nonsense_is_answered_with_what_to_do(reader: Client, name: str, query: dict[str, str]) -> None:
    answer = reader.get(reverse(f"reports:{name}"), query)
    assert answer.status_code in (400, 422)


@pytest.mark.django_db
def test_a_branch_leafs_through_the_beginning_of_all_it_owes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not narrowed, the list reads the first accounts that owe; the same rows in the same order as all of them."""
    here, below = make_unit("甲所"), make_unit("乙所")
    for unit in (here, below, here, make_unit("丙所"), here):
        debt(unit)
    debt(here)
    latest = BillingRun.objects.latest("pk")
    BillingRun.objects.filter(pk=latest.pk).update(state=BillingRun.State.COMPUTED)  # nobody's debt yet
    account = Account.objects.filter(unit=below).earliest("pk")
    item = OpenItem.objects.get(account=account)
    made = dict.fromkeys(("from_on", "to_on", "due_on", "business_on"), local_today())
    Accrual.objects.create(account=account, period=item.period, seq=item.seq, run_id=1, amount_fen=5, **made)
    OpenItem.objects.filter(account=account).delete()
    units = [here.pk, below.pk]
    rows = queries.in_order(queries.arrears(units), units)
    whole = list(rows.values_list("account_id", flat=True))
    assert len(whole) == 4
    assert queries.first_owing(units, 9) == whole
    assert queries.first_owing(units, 2) == whole[:2]
    client = Client()
    client.force_login(person_with(Page("reports:arrears_list", VIEW), here))
    monkeypatch.setattr(ArrearsList, "count_limit", 2)
    listed = client.get(reverse("reports:arrears_list")).context["table"].paginator
    assert (listed.count, listed.capped) == (2, True)
    narrowed = client.get(reverse("reports:arrears_list"), {"period": "202610"}).context["table"].paginator
    assert (narrowed.count, narrowed.capped) == (2, True)
