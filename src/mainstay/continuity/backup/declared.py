"""pgBackRest as the site declaration has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from mainstay.continuity.backup.pgbackrest import Place
from mainstay.continuity.site.queries import declared


def place() -> Place | None:
    """Where this site's PostgreSQL is copied to; None on SQLite and where no repository is declared."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return None
    site = declared()
    if site is None or not site.repositories:
        return None
    return Place(
        conf=Path(site.paths.system, "pgbackrest", "pgbackrest.conf"),
        stanza=site.cluster,
        programs=Path(site.database.programs),
        repositories=tuple(one.name for one in site.repositories),
        offsite=tuple(one.name for one in site.repositories if one.kind == "offsite"),
        database=site.database.name,
        scratch=Path(site.paths.data),
        receivers=tuple(one.name for one in site.journals()),
        journals={one.name: Path(one.journal) for one in site.journals() if Path(one.journal).is_dir()},
    )


def address() -> str:
    """The running database in libpq's words, whichever server accepts writes."""
    from psycopg.conninfo import make_conninfo

    found: dict[str, Any] = settings.DATABASES["default"]
    words = {"dbname": found["NAME"], "user": found["USER"], "password": found["PASSWORD"]}
    words |= {"host": found["HOST"], "port": str(found["PORT"] or 5432), "connect_timeout": "5"}
    if "," in str(found["HOST"]):
        words["target_session_attrs"] = "read-write"
    return make_conninfo(**{key: value for key, value in words.items() if value})
