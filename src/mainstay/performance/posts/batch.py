"""Owners of stale descriptions are told, by whatever made them stale or by the daily look."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import open_todo
from mainstay.performance.posts.models import PostDescription
from mainstay.performance.posts.queries import staleness

JOB = "posts.stale"
JOB_TITLE = _("Find stale job descriptions")
STALE_TODO = "stale_description"
DAY = 24 * 60


def install_schedule() -> None:
    """Let stale descriptions be looked for once a day, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": DAY, "next_at": timezone.now()})


def tell_owners(posts: Iterable[int] | None = None) -> int:
    """Open a to-do for the owner of every stale description (of these posts, or all); returns how many are stale."""
    rows = PostDescription.objects.in_force().select_related("post", "owner")
    descriptions = list(rows if posts is None else rows.filter(post__in=list(posts)))
    stale = staleness(descriptions)
    for one in descriptions:
        if one.pk in stale:
            open_todo(
                kind=STALE_TODO,
                subject=f"posts.postdescription:{one.pk}",
                title_zh=f"职务说明书需要更新：{one.post.name_zh}",
                title_en=f"Bring the job description up to date: {one.post.name_en or one.post.name_zh}",
                url=reverse("posts:description_detail", args=[one.pk]),
                user=one.owner,
            )
    return len(stale)
