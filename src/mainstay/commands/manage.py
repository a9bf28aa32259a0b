"""`mainstay manage …`: Django's own management commands."""

from __future__ import annotations

from mainstay.commands.ready import django_ready


def main(argv: list[str]) -> int:
    """Run one management command; Django's own exit codes pass through as SystemExit."""
    django_ready()
    from django.core.management import ManagementUtility

    ManagementUtility(["mainstay manage", *argv]).execute()
    return 0
