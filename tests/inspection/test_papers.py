"""Papers: PDFs of plan, record form, notice, receipt, recheck; the QR label."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mainstay.inspection.campaigns.actions import record_inspection
from mainstay.inspection.campaigns.qr import label_svg, label_text
from tests.core.make import make_unit
from tests.inspection.hazards.make import noticed, reported
from tests.inspection.make import failing, joint, person_in
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db
RIGHTS = dict.fromkeys(("inspection.campaigns.view_campaign", "inspection.hazards.view_hazard"), ("subtree", None))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_paper_is_a_pdf(language: str) -> None:
    one = joint()
    hazard = reported(one)
    notice = hazard.notices.get()
    record = hazard.inspection
    inside, outside = (signed_in(person_in(unit, "看", RIGHTS), language) for unit in (one.bureau, make_unit("别处")))
    addresses = [
        reverse("campaigns:campaign_plan", args=[one.campaign.pk]),
        reverse("campaigns:record_pdf", args=[record.pk]),
        *(reverse("hazards:notice_pdf", args=[notice.pk, paper]) for paper in ("notice", "receipt", "recheck")),
    ]
    for address in addresses:
        answer = inside.get(address)
        assert answer.content.startswith(b"%PDF"), address
        assert outside.get(address).status_code == 404, address


def test_an_old_label_stays_good() -> None:
    one = joint()
    target = one.targets[0]
    before = label_text(target)
    target.name = "新名 <金库>"
    assert label_text(target) == before and str(target.qr) in before
    assert b"&lt;" in label_svg(target)
    client = signed_in(person_in(one.bureau, "看", RIGHTS))
    assert client.get(reverse("campaigns:target_label", args=[target.pk]))["Content-Type"] == "image/svg+xml"


def test_a_photo_is_given_to_those_who_see_its_campaign() -> None:
    one = joint()
    record = record_inspection(assignment=one.assignments[0], body=failing(one.assignments[0]), by=one.member)
    photo = record.photos.get()
    client = signed_in(person_in(one.bureau, "看", RIGHTS))
    assert client.get(reverse("campaigns:photo", args=[photo.pk])).status_code == 404  # not arrived yet


def test_evidence_is_given_to_those_who_see_the_hazard() -> None:
    one = joint()
    hazard = noticed(one)
    client = signed_in(person_in(one.bureau, "看", RIGHTS))
    assert client.get(reverse("hazards:evidence", args=[hazard.pk, 999])).status_code == 404
