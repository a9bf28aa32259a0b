"""My page: what I have signed, what I owe, what I must read, what was talked over with me."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.events.providers import answers
from mainstay.core.publications.queries import to_acknowledge
from mainstay.kit.dates import local_today
from mainstay.performance.tracking import queries
from mainstay.performance.tracking.queries_mine import contracts_with_results, open_tasks
from mainstay.web.pages import Button, Page


class MyPage(Page):
    """One's own contract with progress, actions, texts to read, sessions and coaching notes."""

    title = _("My 4R")
    template_name = "tracking/my_page.html"
    actions = (Button(_("Write a coaching note"), "tracking:coach", (), "performance.tracking.coach", "message"),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add everything."""
        user, today = self.request.user, local_today()
        owed, to_check = open_tasks(user)
        sessions = queries.sessions_for(user).filter(held_on__gte=today).order_by("held_on")[:5]
        return super().context(
            contracts=contracts_with_results(user, today),
            owed=owed,
            to_check=to_check,
            texts=to_acknowledge(user)[:8],
            sessions=sessions,
            notes=queries.coaching_of(user, user.person_id)[:5] if user.person_id else (),
            today=today,
            sections=[one for answer in answers("my_page_sections", user=user) for one in answer],
            **extra,
        )
