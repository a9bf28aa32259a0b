"""Pages of billing and of the queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mainstay.core.jobs.models import Job
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.actions import plan_rebilling
from mainstay.gas.billing.batch_rebilling import count
from mainstay.gas.billing.models import Bill, BillingRun, Rebilling
from tests.core import make
from tests.gas.billing.make import compute, make_run, make_tariff
from tests.gas.make import make_account, make_book, make_reading
from tests.pages.battery import Page, battery, signed_in


def _run(unit: Unit) -> BillingRun:
    book = make_book(unit)
    plan = make_tariff(f"plan-{book.pk}")
    make_reading(make_account(plan=plan, book=book, unit=unit), 202610, volume_l=31_000)
    make_account(plan=plan, book=book, unit=unit)
    return compute(make_run(unit, 202610, [book], by=make.make_user()), "computed")


def run(unit: Unit) -> dict[str, Any]:
    return {"pk": _run(unit).pk}


def bill(unit: Unit) -> dict[str, Any]:
    one = Bill.objects.get(run=_run(unit))
    return {"account_id": one.account_id, "period": one.period, "seq": one.seq}


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": Bill.objects.get(run=_run(unit)).account_id}


def many(unit: Unit) -> dict[str, Any]:
    _run(unit)
    return {}


def job(_unit: Unit) -> dict[str, Any]:
    now = timezone.now()
    one = Job.objects.create(kind="gas.billing.run", by=make.make_user(), created_at=now, run_after=now)
    return {"pk": one.pk}


def jobs(unit: Unit) -> dict[str, Any]:
    job(unit)
    return {}


def rebilling(unit: Unit) -> dict[str, Any]:
    run = _run(unit)
    book = run.chunks.get().book
    Rebilling.objects.filter(unit=unit).update(state="dropped")  # one at a time
    by = make.make_user(rights={"gas.billing.plan_rebilling": ("all", None)})
    one = plan_rebilling(unit=unit, from_period=202610, to_period=202610, reason="misread", by=by, books=[book])
    count(one, lambda _done, _total: None)
    return {"pk": one.pk}


def dropping(unit: Unit) -> dict[str, Any]:
    return {**rebilling(unit), "act": "drop"}


def rebillings(unit: Unit) -> dict[str, Any]:
    rebilling(unit)
    Rebilling.objects.update(state="dropped")
    return {}


TestBilling = battery(
    Page("billing:rebilling_list", "gas.billing.view_run", make=rebillings),
    Page("billing:rebilling_plan", "gas.billing.plan_rebilling"),
    Page("billing:rebilling_detail", "gas.billing.view_run", make=rebilling),
    Page("billing:rebilling_rows", "gas.billing.view_run", make=rebilling),
    Page("billing:rebilling_act", "gas.billing.drop_rebilling", make=dropping, extra=("gas.billing.view_run",)),
    Page("billing:run_list", "gas.billing.view_run", make=many),
    Page("billing:run_plan", "gas.billing.plan_run"),
    Page("billing:run_detail", "gas.billing.view_run", make=run),
    Page("billing:exception_list", "gas.billing.view_run", make=run),
    Page("billing:chunk_list", "gas.billing.view_run", make=run),
    Page("billing:bill_list", "gas.billing.view_bill", make=many),
    Page("billing:bill_detail", "gas.billing.view_bill", make=bill),
    Page("billing:bill_cancel", "gas.billing.cancel_bill", make=bill, extra=("gas.billing.view_bill",)),
    Page("billing:bill_rebill", "gas.billing.rebill", make=bill, extra=("gas.billing.view_bill",)),
    Page("billing:account_bill", "gas.billing.bill_account", make=account),
    Page("jobs:job_list", "core.jobs.view_job", make=jobs, by_unit=False),
)


@pytest.mark.django_db
@pytest.mark.parametrize("url_name", ["billing:bill_pdf", "billing:account_bills"])
def test_paper_and_tab_keep_to_the_branch(url_name: str) -> None:
    """The PDF and the fragment have no shell, so the battery does not fit them; the questions are the same."""
    mine, other = make.make_unit(), make.make_unit("城西分公司")
    rights = {"gas.billing.view_bill": ("subtree", None)}
    client = signed_in(make.make_user(rights=rights, unit=mine))
    facts = bill if url_name == "billing:bill_pdf" else account
    good = client.get(reverse(url_name, kwargs=facts(mine)))
    assert good.status_code == 200
    assert good.content.startswith(b"%PDF") if facts is bill else b"<table" in good.content
    assert client.get(reverse(url_name, kwargs=facts(other))).status_code == 404
    stranger = signed_in(make.make_user(rights={"core.nothing": ("all", None)}, unit=mine))
    assert stranger.get(reverse(url_name, kwargs=facts(mine))).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("url_name", ["billing:rebilling_plan", "billing:run_plan", "readings:plan"])
def test_only_branches_with_books_in_or_below_them_are_offered(url_name: str) -> None:
    company = make.make_unit()
    branch, section, hall = (make.make_unit(parent=company) for _again in range(3))
    crew = make.make_unit(parent=section)
    make_book(branch)
    make_book(crew)
    rights = ("gas.billing.plan_rebilling", "gas.billing.plan_run", "gas.readings.plan_period")
    client = signed_in(make.make_user(rights=dict.fromkeys(rights, ("subtree", None)), unit=company))
    offered = client.get(reverse(url_name)).context["form"].fields["unit"].queryset
    assert set(offered) == {company, branch, section, crew}
    assert hall not in offered
