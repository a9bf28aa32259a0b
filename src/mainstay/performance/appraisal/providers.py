"""What appraisal tells the app on its left: the own results and the career plan, on the own page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.events.providers import provide
from mainstay.performance.appraisal.queries import appraisals_for, careers_of
from mainstay.web.pages import Section

SHOWN = 3


@provide("my_page_sections")
def my_page_sections(*, user: User) -> list[Section]:
    """The latest own appraisals that were talked over, and where the way leads."""
    if not user.person_id:
        return []
    rows = list(appraisals_for(user).filter(person=user.person_id).order_by("-round__period__from_on", "-pk")[:SHOWN])
    careers = careers_of(user.person_id)
    found = []
    if rows:
        found.append(Section(_("My appraisals"), template="appraisal/mine.html", context={"appraisals": rows}))
    if careers:
        found.append(Section(_("Career plan"), template="appraisal/career.html", context={"careers": careers}))
    return found
