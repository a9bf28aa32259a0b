"""Pages of late fees."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import Accrual, Bill
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.kit.dates import local_today
from tests.core import make
from tests.gas.latefees.make import make_late, make_rule
from tests.gas.make import make_account
from tests.pages.battery import Page, battery, signed_in

VIEW = "gas.latefees.view_late_fees"


def run(unit: Unit, **more: Any) -> dict[str, Any]:
    account = make_late(account=make_account(unit=unit))
    state = more.get("state") or ("posted" if LateFeeRun.objects.filter(unit=unit).exists() else "proposed")
    made = LateFeeRun.objects.create(
        unit=unit, through_on=local_today(), business_on=local_today(), by=make.make_user(), at=timezone.now(),
        state=state, proposed=[["residential", 1, 300]],
        top=[[account.pk, 202601, 10, 300]],
    )  # fmt: skip
    return {"pk": made.pk}


def runs(unit: Unit) -> dict[str, Any]:
    run(unit, state="posted")
    return {}


def rules(_unit: Unit) -> dict[str, Any]:
    make_rule("industrial", from_on=local_today())
    return {}


def fee(unit: Unit) -> dict[str, Any]:
    from mainstay.gas.latefees.actions import charge_account
    from mainstay.gas.latefees.models import LateFeeRule

    if not LateFeeRule.objects.exists():
        make_rule()
    account = make_late(account=make_account(unit=unit))
    charge_account(account=account, by=make.make_user(rights={"gas.latefees.charge_account": ("all", None)}))
    one = Bill.objects.get(account=account, kind=Bill.Kind.LATE_FEE)
    return {"account_id": account.pk, "period": one.period, "seq": one.seq}


def accrued(unit: Unit) -> dict[str, Any]:
    """An account whose bill has a late fee that a run accrued."""
    found = run(unit, state="posted")
    account = Bill.objects.filter(account__unit=unit).latest("account_id").account
    Accrual.objects.create(
        account=account, period=202601, seq=0, run_id=found["pk"], from_on=local_today(), to_on=local_today(),
        due_on=local_today(), business_on=local_today(), amount_fen=300,
    )  # fmt: skip
    return {"pk": account.pk}


def late(unit: Unit) -> dict[str, Any]:
    account = make_late(account=make_account(unit=unit))
    return {"account_id": account.pk, "period": 202601, "seq": 0}


def dropping(unit: Unit) -> dict[str, Any]:
    return {**run(unit), "act": "drop"}


_SEE = ("gas.billing.view_bill",)
TestLateFees = battery(
    Page("latefees:run_list", VIEW, make=runs),
    Page("latefees:run_detail", VIEW, make=run),
    Page("latefees:run_propose", "gas.latefees.propose_run"),
    Page("latefees:run_act", "gas.latefees.drop_run", make=dropping, extra=(VIEW,)),
    Page("latefees:rule_new", "gas.latefees.save_rule", by_unit=False),
    Page("latefees:account_charge", "gas.latefees.charge_account", make=accrued),
)
TestCharges = battery(
    Page("billing:bill_waive", "gas.billing.waive_late_fee", make=fee, extra=_SEE),
    Page("billing:bill_adjust", "gas.billing.adjust_bill", make=late, extra=_SEE),
    Page("billing:bill_reduce", "gas.billing.reduce_bill", make=late, extra=_SEE),
    Page("billing:bill_write_off", "gas.billing.write_off", make=late, extra=_SEE),
    Page("billing:bill_recover", "gas.billing.recover_write_off", make=late, extra=_SEE),
)


@pytest.mark.django_db
def test_terms_and_the_tab_of_an_account() -> None:
    unit, other = make.make_unit(), make.make_unit("城西分公司")
    client = signed_in(make.make_user(rights={VIEW: ("subtree", None)}, unit=unit))
    make_rule(ppm=2_500)
    assert "2.5 ‰" in client.get(reverse("latefees:rule_list")).content.decode()
    mine, theirs = (make_late(account=make_account(unit=one)) for one in (unit, other))
    tab = client.get(reverse("latefees:account_tab", args=[mine.pk]))
    assert "2.50" in tab.content.decode()
    assert client.get(reverse("latefees:account_tab", args=[theirs.pk])).status_code == 404


@pytest.mark.django_db
def test_what_a_run_accrued_is_shown_and_charged_from_the_tab() -> None:
    unit = make.make_unit()
    pk = accrued(unit)["pk"]
    rights = {
        VIEW: ("all", None),
        "gas.latefees.charge_account": ("all", None),
        "gas.customers.view_account": ("all", None),
    }
    client = signed_in(make.make_user(rights=rights))
    tab, charge = reverse("latefees:account_tab", args=[pk]), reverse("latefees:account_charge", args=[pk])
    assert charge in client.get(tab).content.decode()
    assert client.post(charge).status_code == 302
    assert not Accrual.objects.exists()
    assert [one.amount_fen for one in Bill.objects.filter(account=pk, kind=Bill.Kind.LATE_FEE)] == [300]
    assert charge not in client.get(tab).content.decode()
