"""The papers of posts and appraisal as PDF, in both languages, and only for those who may see them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mainstay.performance.appraisal.queries import VIEW as VIEW_APPRAISAL
from mainstay.performance.posts.queries import VIEW as VIEW_POSTS
from tests.core.make import make_unit, make_user
from tests.pages.battery import LANGUAGES, signed_in
from tests.performance.appraisal import make as appraisal
from tests.performance.posts import make as posts

pytestmark = pytest.mark.django_db


def description(unit) -> int:
    return posts.make_description(unit=unit, state="approved").pk


def process(unit) -> int:
    return posts.make_process(unit, state="draft").pk


def result(unit) -> int:
    found = appraisal.make_appraisal(unit)
    appraisal.make_result(found.contract, 90, 110)
    return found.pk


PAPERS = [
    ("posts:description_pdf", VIEW_POSTS, description),
    ("posts:process_pdf", VIEW_POSTS, process),
    ("appraisal:interview_pdf", VIEW_APPRAISAL, result),
    ("appraisal:notice_pdf", VIEW_APPRAISAL, result),
    ("appraisal:improvement_pdf", VIEW_APPRAISAL, result),
]


@pytest.mark.parametrize(("name", "right", "maker"), PAPERS)
def test_papers(name, right, maker) -> None:
    unit = make_unit()
    address = reverse(name, args=[maker(unit)])
    for language in LANGUAGES:
        user = make_user(rights={right: ("subtree", None)}, unit=unit)
        response = signed_in(user, language).get(address)
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF")
        assert response["Cache-Control"] == "no-store"
    stranger = make_user(rights={right: ("subtree", None)}, unit=make_unit("别处"))
    assert signed_in(stranger).get(address).status_code == 404
