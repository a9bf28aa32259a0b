"""The paper of an exchange and of a removal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from mainstay.gas.meters.actions import exchange_meter, remove_meter
from mainstay.gas.meters.papers import change_paper
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.make import make_account, make_meter, make_unit, make_user
from tests.support.papers import text_of

pytestmark = pytest.mark.django_db
PRINTS = ("gas.meters.view_meter", "core.documents.print_document", "core.documents.issue_document")


@pytest.mark.parametrize(
    ("language", "exchange", "removal"),
    [("zh", "换表确认单", "拆表确认单"), ("en", "Exchange of a meter", "Removal of a meter")],
)
def test_a_meter_that_came_down_has_its_paper(client: Any, language: str, exchange: str, removal: str) -> None:
    account, clerk = make_account(), make_user(*PRINTS)
    fitter = make_user("gas.meters.exchange_meter", "gas.meters.install_meter", "gas.meters.remove_meter")
    old, meter = account.installations.get(), make_meter(unit=account.unit)
    with pytest.raises(Problem) as told:
        change_paper(old, by=clerk)
    assert told.value.code == "hangs"
    day = date(2026, 5, 10)
    new = exchange_meter(
        installation=old, meter=meter, on=day, last_index_l=1_234_000, first_index_l=2_000, reason="到期", by=fitter
    )
    remove_meter(installation=new, until_on=day, last_index_l=5_000, reason="拆", by=fitter)
    old.refresh_from_db()
    papers = [change_paper(one, by=clerk) for one in (old, new)]
    said = [
        text_of(render_pdf("meter_change", {**one.data, "number": one.number}, language=language)) for one in papers
    ]
    assert exchange in said[0]
    assert all(piece in said[0] for piece in (str(old.meter), str(meter), "1,234", "2026-05-10"))
    assert removal in said[1]
    assert str(old.meter) not in said[1]
    address = reverse("meters:change_paper", args=[old.pk])
    elsewhere = make_user(*PRINTS, unit=make_unit(), scope="subtree")
    for user, status in ((clerk, 302), (elsewhere, 404), (make_user("gas.meters.view_meter"), 403)):
        client.force_login(user)
        assert client.get(address).status_code == status
