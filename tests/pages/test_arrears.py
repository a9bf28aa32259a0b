"""Pages of arrears."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mainstay.core.evidence.actions import store_file
from mainstay.core.organisation.models import Unit
from mainstay.gas.arrears.models import DunningAct, DunningRun, Message, MessageFile
from mainstay.kit.dates import local_today
from tests.core import make
from tests.gas.latefees.make import make_late
from tests.gas.make import make_account
from tests.pages.battery import Page, battery, signed_in

VIEW = "gas.arrears.view_arrears"


def run(unit: Unit) -> dict[str, Any]:
    account = make_late(account=make_account(unit=unit))
    made = DunningRun.objects.create(unit=unit, on=local_today(), proposed=1, by=make.make_user(), at=timezone.now())
    DunningAct.objects.create(
        account=account, run=made, place=1, kind="notice", on=local_today(), owed_fen=10_000,
        oldest_due_on=local_today() - timedelta(days=10),
    )  # fmt: skip
    return {"pk": made.pk}


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": make_late(account=make_account(unit=unit)).pk}


def many(unit: Unit) -> dict[str, Any]:
    run(unit)
    return {}


def dropping(unit: Unit) -> dict[str, Any]:
    return {**run(unit), "act": "drop"}


def stop(unit: Unit) -> dict[str, Any]:
    act = DunningAct.objects.get(run=run(unit)["pk"])
    DunningAct.objects.filter(pk=act.pk).update(kind="stop", state="done")
    return {"pk": act.pk}


def stopping(unit: Unit) -> dict[str, Any]:
    return {**stop(unit), "act": "carry-out"}


def stops(unit: Unit) -> dict[str, Any]:
    stop(unit)
    return {}


def messages(unit: Unit) -> dict[str, Any]:
    act = DunningAct.objects.get(run=run(unit)["pk"])
    by = make.make_user()
    kept = store_file(file=BytesIO(b"x"), name="DX.csv", subject=f"arrears.messagefile:{act.pk}", by=by)
    file = MessageFile.objects.create(
        number=f"DX{act.pk}", run=act.run, file=kept, messages=1, by=by, at=timezone.now()
    )  # fmt: skip
    Message.objects.create(number=f"DX{act.pk}-1", of_file=file, act=act, phone_tail="1111")
    return {}


TestArrears = battery(
    Page("arrears:act_list", VIEW, make=run),
    Page("arrears:stop_list", VIEW, make=stops),
    Page("arrears:stop_act", "gas.arrears.carry_out_stop", make=stopping, extra=(VIEW,)),
    Page("arrears:message_list", VIEW, make=messages),
    Page("arrears:step_take", "gas.arrears.take_step", make=account),
    Page("arrears:desk", VIEW, make=many),
    Page("arrears:run_list", VIEW, make=many),
    Page("arrears:run_detail", VIEW, make=run),
    Page("arrears:run_propose", "gas.arrears.propose_run"),
    Page("arrears:run_act", "gas.arrears.drop_run", make=dropping, extra=(VIEW,)),
    Page("arrears:ladder_set", "gas.arrears.save_ladder", by_unit=False),
    Page("arrears:promise_new", "gas.arrears.record_promise", make=account),
)


@pytest.mark.django_db
def test_paper_and_tab_keep_to_the_branch() -> None:
    unit, other = make.make_unit(), make.make_unit("城西分公司")
    client = signed_in(make.make_user(rights={VIEW: ("subtree", None)}, unit=unit))
    assert client.get(reverse("arrears:ladder_list")).status_code == 200
    for where, status in ((unit, 200), (other, 404)):
        act = DunningAct.objects.get(run=run(where)["pk"])
        assert client.get(reverse("arrears:act_pdf", args=[act.pk])).status_code == status
        assert client.get(reverse("arrears:account_tab", args=[act.account_id])).status_code == status


@pytest.mark.django_db
def test_the_list_of_stop_orders_offers_only_what_the_reader_may_do() -> None:
    order = stop(make.make_unit())["pk"]
    act = {name: reverse("arrears:stop_act", args=[order, name]) for name in ("carry-out", "withdraw")}
    seen = {}
    for right in ("", "gas.arrears.carry_out_stop", "gas.arrears.withdraw_stop"):
        page = signed_in(make.make_user(rights={name: ("all", None) for name in (VIEW, right) if name})).get(
            reverse("arrears:stop_list")
        )
        seen[right] = [name for name, address in act.items() if address in page.content.decode()]
    assert list(seen.values()) == [[], ["carry-out"], ["withdraw"]]
