"""What people may do with the pair: move the application on purpose. A second person agrees first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.queries import declared
from mainstay.continuity.standby.etcd import Silent
from mainstay.continuity.standby.observe import Status, ask_for_application, observe
from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SWITCH = "continuity.standby.switch_application"


@action(SWITCH, title=_("Switch the application to the other server"), subject=lambda to, **_: to, four_eyes="always")
def switch_application(*, to: str, reason: str, by: User) -> Status:
    """Ask the server that runs the application to give it to `to`; it does so when that one is ready, within seconds.

    Raises Problem (nothing moved): no declaration, `to` runs it already, is not ready, or the votes do not answer.
    """
    site = declared()
    if site is None or to not in {host.name for host in site.pair()}:
        raise Problem(_("There is no such server in the site declaration."), field="to", code="no_server")
    before = observe(site)
    if before.application_on == to:
        raise Problem(_("%(host)s runs the application already.") % {"host": to}, field="to", code="runs_already")
    spare = next(one for one in before.members if one.host == to)
    if spare.application != "ready":
        text = _("%(host)s is not ready to run the application. Nothing was moved; mend it first.")
        raise Problem(text % {"host": to}, field="to", code="not_ready")
    try:
        ask_for_application(site, to)
    except Silent:
        text = _("The votes do not answer. Nothing was moved; look at the three hosts.")
        raise Problem(text, code="silent") from None
    note_change(before={"application": before.application_on}, after={"application": to}, reason=reason.strip()[:200])
    return before
