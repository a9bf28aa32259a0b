"""The declaration on one page: who stands where, what may pass, what carries it, what saves it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site import queries
from mainstay.continuity.site.rules import DeclarationError, Site
from mainstay.web.pages import Page, SignedRequest

ROLE_WORDS = {
    "appsrv": _("application server"),
    "datasrv": _("database server"),
    "witness": _("witness machine"),
    "other": _("other host"),
}
STEP_WORDS = {
    "notify": _("Tell the people on duty"),
    "stop-reports": _("Stop reports and scans"),
    "extra-backup": _("Make an extra backup"),
    "stop-app": _("Stop the application"),
    "stop-standby": _("Stop the standby database"),
    "stop-primary": _("Stop the database"),
    "power-off": _("Switch the hosts off"),
}


class Declaration(Page):
    """The site as declared."""

    title = _("Site declaration")
    right = queries.VIEW
    template_name = "site/declaration.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The declaration, or what is wrong with it, or how to begin one."""
        try:
            site = queries.declared()
        except DeclarationError as error:
            return self.page(error=error.told(get_language() or "zh"), place=settings.SITE_FILE)
        if site is None:
            return self.page(place=settings.SITE_FILE)
        return self.page(site=site, hosts=_hosts(site), steps=_steps(site), place=settings.SITE_FILE)


def _hosts(site: Site) -> list[dict[str, Any]]:
    supplies = {one.host: one for one in site.ups}
    centres = {one.host: one for one in site.antivirus}
    return [
        {
            "name": host.name,
            "role": ROLE_WORDS[host.role],
            "cards": host.interfaces,
            "supply": supplies.get(host.name),
            "centre": centres.get(host.name),
        }
        for host in site.hosts
    ]


def _steps(site: Site) -> list[tuple[Any, Any]]:
    """Each step of the power policy, when and what."""
    found = []
    for step in site.power:
        if step.after_s is not None:
            when = _("on battery for %(seconds)s s") % {"seconds": step.after_s}
        else:
            when = _("less than %(minutes)s min left") % {"minutes": step.below_minutes}
        found.append((when, STEP_WORDS[step.do]))
    return found
