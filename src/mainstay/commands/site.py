"""Bringing a site up to date before it serves: database tables and static files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mainstay import __version__
from mainstay.commands.words import _, say

MARK = ".collected"


def prepare() -> None:
    """Apply open migrations and collect the static files when they changed. Django must be ready."""
    if count := open_migrations():
        from django.core.management import call_command

        say(_("Updating the database: {count} migrations …").format(count=count))
        call_command("migrate", interactive=False, verbosity=0)
    collect_static()


def open_migrations() -> int:
    """Return how many migrations the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Collect the static files into the data folder when any of them changed; return whether that was needed."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return False
    mark = Path(settings.STATIC_ROOT) / MARK
    print_now = _static_fingerprint()
    if mark.exists() and mark.read_text() == print_now:
        return False
    say(_("Preparing the static files …"))
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(print_now)
    return True


def _static_fingerprint() -> str:
    """Return a hash over names, sizes and times of all static files, and the product's version."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
