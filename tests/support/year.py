"""What the scenarios of a year share: going on as somebody else, sending forms."""

from __future__ import annotations


def become(page, live_site, cookie: str) -> None:
    """Go on as somebody else."""
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])


def send(page) -> None:
    """Press the one button of a form page."""
    page.click("#form .btn-primary")
    page.wait_for_load_state()
