"""Papers: PDFs of plan, record form, notice, receipt, recheck; the QR label."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from mainstay.inspection.campaigns.actions import lend_numbers, record_inspection, store_photo
from mainstay.inspection.campaigns.qr import label_svg, label_text
from mainstay.inspection.campaigns.rules_png import HEAD, is_sound_png
from mainstay.inspection.hazards import papers
from mainstay.inspection.hazards.models import Notice
from mainstay.kit.dates import local_today
from tests.core.make import grant, make_role, make_unit
from tests.inspection.hazards.make import noticed, reported
from tests.inspection.make import failing, joint, person_in, sha
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


def test_every_paper_can_be_edited_in_word() -> None:
    one = joint()
    hazard = reported(one)
    notice = hazard.notices.get()
    client = signed_in(person_in(one.bureau, "看", RIGHTS), "zh-hans")
    said = {
        reverse("campaigns:record_docx", args=[hazard.inspection.pk]): (
            "安全检查记录表",
            "K1.1",
            "转字锁完好",
            "不合格",
        ),
        reverse("hazards:notice_docx", args=[notice.pk, "notice"]): ("隐患整改通知书", notice.number, "重大", "五落实"),
        reverse("hazards:notice_docx", args=[notice.pk, "receipt"]): ("隐患整改回执", notice.number, hazard.measures),
        reverse("hazards:notice_docx", args=[notice.pk, "recheck"]): ("隐患整改复查意见书", "继续整改"),
    }
    for address, wanted in said.items():
        text = words_of(client.get(address).content)
        assert [word for word in wanted if word not in text] == [], address


def test_a_phone_finds_the_paper_of_its_notice_by_the_number() -> None:
    one = joint()
    notice = noticed(one).notices.get()
    address = reverse("hazards:notice_number", args=[notice.number])
    answer = signed_in(person_in(one.bureau, "看", RIGHTS)).get(address)
    assert answer["Location"] == reverse("hazards:notice_pdf", args=[notice.pk, "notice"])
    assert signed_in(person_in(make_unit("别处"), "看", RIGHTS)).get(address).status_code == 404


def words_of(docx: bytes) -> str:
    """All text of a Word document, in paragraphs and tables."""
    body = Document(BytesIO(docx)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def png(width: int = 3, height: int = 2) -> bytes:
    """A small white picture."""
    rows = b"".join(b"\0" + b"\xff" * 3 * width for _row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return HEAD + b"".join(chunks)


@pytest.mark.parametrize(
    "data", [b"", HEAD, png()[:-1], png()[:40] + b"x" + png()[41:], png(9_000, 1), b"\xff\xd8\xff" + png()]
)
def test_what_is_no_whole_picture_is_not_printed(data: bytes) -> None:
    assert is_sound_png(png()) and not is_sound_png(data)


def test_the_receivers_signature_stands_on_the_notice_once_the_phone_has_sent_it() -> None:
    one = joint()
    assignment, numbers = one.assignments[0], lend_numbers(device="d1", count=1, by=one.member)
    number, signature = numbers.numbers[0], png()
    grant(make_role({"inspection.hazards.issue_notice": ("all", None)}), one.bureau, user=one.member)
    body = failing(assignment, device="d1")
    body["photos"].append({"hash": sha(signature), "item": "", "name": f"notice-{number}"})
    body["notices"] = [
        {
            "number": number, "items": ["K1.1"], "deadline_on": f"{local_today()}", "served": "hand",
            "received_by": "钱库主", "refused": False, "witness": "", "measures": "",
        }
    ]  # fmt: skip
    record = record_inspection(assignment=assignment, body=body, by=one.member)
    notice = Notice.objects.get(number=number)
    assert papers.receiver_signature(notice) is None
    store_photo(inspection=record, digest=sha(signature), file=BytesIO(signature), by=one.member)
    assert papers.receiver_signature(notice) == list(signature)


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
