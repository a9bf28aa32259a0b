"""Papers: gapless numbers, one paper for its own number, prints counted, void with a reason."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.urls import reverse

from mainstay.core.audit.models import Entry
from mainstay.core.documents.actions import issue_document, print_document, void_document
from mainstay.core.documents.models import Document
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import Refused
from mainstay.kit.errors import Problem
from tests.gas.make import make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHTS = tuple(f"core.documents.{verb}_document" for verb in ("issue", "print", "void", "view"))
DATA = {"title": "催缴通知", "heads": ["户号"], "rows": [["1001"]]}


def issue(by, unit, **more):
    given = {"kind": "notice", "subject": "customers.account:1", "template": "listing", "data": DATA, **more}
    return issue_document(unit_id=unit.pk, by=by, **given)


def test_a_number_rolled_back_is_given_again() -> None:
    assert next_number("notice", 2026) == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number("notice", 2026) == 2
        raise RuntimeError
    assert next_number("notice", 2026) == 2
    assert next_number("notice", 2027) == 1
    assert next_number("contract", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_belong_to_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        next_number("notice", 2026)


def test_issue_print_void() -> None:
    unit, user = make_unit(), make_user(*RIGHTS)
    first, second = issue(user, unit), issue(user, unit)
    assert (first.number[5:], second.number[5:]) == ("000001", "000002")
    assert [print_document(document=first, by=user) for _time in range(2)] == [1, 2]
    void_document(document=first, reason="打印错误", by=user)
    with pytest.raises(Problem):
        void_document(document=first, reason="打印错误", by=user)
    stored = Document.objects.get(pk=first.pk)
    assert (stored.state, stored.void_reason, stored.prints) == ("void", "打印错误", 2)
    assert Entry.objects.filter(action="core.documents.void_document", outcome="done").count() == 1


def test_a_paper_with_its_own_number_is_issued_once() -> None:
    unit, user = make_unit(), make_user(*RIGHTS)
    first = issue(user, unit, number="W01-20261123-0001")
    assert issue(user, unit, number="W01-20261123-0001") == first
    assert Document.objects.count() == 1


def test_another_unit_is_refused_on_record() -> None:
    user = make_user(*RIGHTS, unit=make_unit("城西"), scope="unit")
    with pytest.raises(Refused):
        issue(user, make_unit("城东"))
    assert Entry.objects.get(action="core.documents.issue_document").outcome == "refused"


def test_the_pdf_counts_and_marks(client) -> None:
    unit, user = make_unit(), make_user(*RIGHTS)
    document = issue(user, unit)
    client.force_login(user)
    for prints in (1, 2):
        answer = client.get(reverse("documents:document_pdf", args=[document.pk]))
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
        document.refresh_from_db()
        assert document.prints == prints
    other = make_user(*RIGHTS, unit=make_unit("城西"), scope="unit")
    client.force_login(other)
    assert client.get(reverse("documents:document_pdf", args=[document.pk])).status_code == 404
