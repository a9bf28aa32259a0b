"""The demonstration's posts and appraisal: loaded twice, there once, and whole."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from mainstay.demo.appraised import POOL_FEN, load_appraisal
from mainstay.demo.company import load_company
from mainstay.demo.responsibility import load_responsibility
from mainstay.performance.appraisal.models import Appraisal, Consequence, RatingTask
from mainstay.performance.posts.models import PostDescription


@pytest.mark.django_db
@pytest.mark.slow
def test_the_demonstration_describes_posts_and_appraises_once() -> None:
    load_company()
    first = (load_responsibility(), load_appraisal())
    assert first == (PostDescription.objects.count(), Appraisal.objects.count())
    assert (load_responsibility(), load_appraisal()) == first
    assert set(Appraisal.objects.values_list("state", flat=True)) == {"final"}
    assert not RatingTask.objects.filter(given_at=None).exists()
    assert Consequence.objects.filter(kind="bonus").aggregate(sum=Sum("amount_fen"))["sum"] == POOL_FEN
