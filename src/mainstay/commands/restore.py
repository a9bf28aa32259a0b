"""`mainstay restore`: bring back the data as it was at a moment."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.commands.ready import django_ready
from mainstay.commands.words import _, say
from mainstay.kit.errors import CalledWrongly, Problem

if TYPE_CHECKING:
    from mainstay.continuity.backup.pgbackrest import Place
    from mainstay.continuity.backup.store import Repository
    from mainstay.continuity.backup.work import Plan
    from mainstay.continuity.standby.takeup import TakeUp

LATEST = ("latest", "now")


def main(argv: list[str]) -> int:
    """Restore; 0 when it was done, or when a dry run found everything that is needed."""
    options = parser().parse_args(argv)
    django_ready()
    from mainstay.continuity.backup import declared, places

    moment = moment_of(options.to)
    place = declared.place()
    if place:
        return _restore_postgresql(place, options, moment)
    try:
        repository = places.repository(options.repository)
    except KeyError:
        raise _no_such([one.name for one in places.repositories()]) from None
    return _restore_files(repository, options, moment)


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    made = argparse.ArgumentParser("mainstay restore", description=_("Bring back the data as it was at a moment"))
    made.add_argument(
        "--to", required=True, metavar="MOMENT", help=_('"2026-11-28 18:00" where the company works, or: latest')
    )
    made.add_argument("--dry-run", action="store_true", help=_("only tell what would be done"))
    made.add_argument("--repository", default="", help=_("from this repository (default: the one farthest away)"))
    made.add_argument("--into", type=Path, help=_("a new folder for the files (default: beside the data)"))
    made.add_argument(
        "--replace", action="store_true", help=_("take the place of the present data, which is kept beside")
    )
    made.add_argument("--software", action="store_true", help=_("bring back the software's archive instead"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def moment_of(text: str) -> dt.datetime | None:
    """A moment where the company works; None for the latest. Raises CalledWrongly."""
    from django.utils import timezone

    if text in LATEST:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        said = _('Give a moment like "{example}", or: latest.').format(example="2026-11-28 18:00")
        raise CalledWrongly(said, code="moment") from None
    return found if found.tzinfo else timezone.make_aware(found)


def _no_such(names: list[str]) -> CalledWrongly:
    text = _("There is no such repository. There are: {names}")
    return CalledWrongly(text.format(names=", ".join(names)), code="no_repository")


# ------------------------------------------------------------------------------------------------ SQLite and files


def _restore_files(repository: Repository, options: Any, moment: dt.datetime | None) -> int:
    from django.conf import settings

    from mainstay.continuity.backup import work
    from mainstay.continuity.backup.store import Damaged

    root = Path(settings.DATA)
    try:
        planned = work.plan(repository, moment, root, work.SOFTWARE if options.software else "")
        if planned is None:
            _no_copy(repository)
            return 1
        into = options.into or root / f"restored-{planned.copy.label}"
        _tell_plan(planned, repository, options, into)
        if options.dry_run:
            return 0
        if into.exists() and any(into.iterdir()):
            text = _("{path} is not empty. Give an empty folder with --into.")
            raise Problem(text.format(path=into), code="not_empty")
        work.write(repository, planned, into)
    except Damaged as error:
        text = _("Damaged in the repository: {what}. Nothing was changed; try another repository or moment.")
        raise Problem(text.format(what=error), code="damaged") from None
    if wrong := work.differs(into, planned.facts):
        text = _("The restored database is not as it was sealed: {what}. Nothing was changed; it lies in {path}.")
        raise Problem(text.format(what=wrong, path=into), code="differs")
    say(_("Restored and compared: {path}").format(path=into))
    if not options.software:
        _take_up(into, root, replace=options.replace)
    if options.json:
        say(json.dumps({"label": planned.copy.label, "moment": planned.copy.at.isoformat(), "into": str(into)}))
    return 0


def _take_up(into: Path, root: Path, *, replace: bool) -> None:
    from mainstay.continuity.backup import sqlite, work

    live = work.database()
    if not replace or live is None:
        text = _("To take it up, stop the site and start it with MAINSTAY_DATA={path}; or restore with --replace.")
        say(text.format(path=into))
        return
    try:
        aside = work.take_up(into, root, live)
    except sqlite.InUse:
        text = _("The site is running. Stop it, then restore again; the restored files lie in {path}.")
        raise Problem(text.format(path=into), code="in_use") from None
    say(_("In place. What was there before lies in {path}.").format(path=aside))


def _no_copy(repository: Repository) -> None:
    found = repository.copies() if repository.exists() else []
    if not found:
        text = _("There is no copy in the repository {name}. Make one: mainstay backup")
        say(text.format(name=repository.name), error=True)
        return
    text = _("No copy in the repository {name} is that old. The oldest holds the state of {moment}.")
    say(text.format(name=repository.name, moment=_local(found[0].at)), error=True)


def _tell_plan(planned: Plan, repository: Repository, options: Any, into: Path) -> None:
    copy, count = planned.copy, len(planned.files)
    text = _("Copy {label} of the repository {name}: the state of {moment}, {files} files, {size:,} bytes.")
    say(text.format(label=copy.label, name=repository.name, moment=_local(copy.at), files=count, size=copy.size))
    if not options.dry_run:
        return
    if options.replace:
        say(_("Would replace, and keep beside: {names}").format(names=", ".join(planned.replaced) or "–"))
    else:
        say(_("Would write them into {path}; the present data stay as they are.").format(path=into))
    if options.json:
        facts = {"label": copy.label, "moment": copy.at.isoformat(), "files": count, "size": copy.size}
        say(json.dumps({**facts, "dry_run": True, "replaced": list(planned.replaced)}))


def _local(moment: dt.datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


# ------------------------------------------------------------------------------------------------ PostgreSQL


def _restore_postgresql(place: Place, options: Any, moment: dt.datetime | None) -> int:
    """Restore into a folder of its own, recover to the moment; with --replace put it in place on the pair."""
    from mainstay.continuity.backup import pgbackrest

    if lacking := pgbackrest.lacking(place):
        raise Problem(_("This needs: {names}").format(names="; ".join(lacking)), code="lacking")
    taking = _take_up_of_pair() if options.replace else None
    if taking and taking.under_way and not options.dry_run:
        text = _("A restore stopped half-way here; it goes on. The data of before lie in {path}.")
        say(text.format(path=taking.aside))
        return _replace(taking)
    if taking:
        taking.check_place()
    name = _tell_copy(place, options, moment)
    if options.dry_run:
        say(_("Would restore into a new folder and recover there. The running database stays as it is."))
        for step in taking.steps() if taking else ():
            say(f"  {step.title}")
        return 0
    data = _recovered(place, name, moment, options.into)
    say(_("Restored and recovered: {path}").format(path=data))
    if taking:
        return _replace(_take_up_of_pair(data))
    say(_("To take it up, restore again with --replace on the host that leads the database."))
    return 0


def _tell_copy(place: Place, options: Any, moment: dt.datetime | None) -> str:
    """Say which copy of which repository serves the moment; returns the repository's name. Raises Problem."""
    from mainstay.continuity.backup import pgbackrest
    from mainstay.continuity.backup.rules import choose

    name: str = options.repository or next(iter(place.offsite), place.repositories[0])
    if name not in place.repositories:
        raise _no_such(list(place.repositories))
    copy = choose(pgbackrest.copies(place, name), moment)
    if copy is None:
        raise Problem(_("No copy in the repository {name} is that old.").format(name=name), code="no_copy")
    text = _("Copy {label} of the repository {name}, then the journal up to {moment}; {size:,} bytes.")
    say(text.format(label=copy.label, name=name, moment=_local(moment) if moment else _("its end"), size=copy.size))
    return name


def _recovered(place: Place, name: str, moment: dt.datetime | None, into: Path | None) -> Path:
    from mainstay.continuity.backup import pgbackrest

    folder = into or Path(tempfile.mkdtemp(prefix="restored-", dir=place.scratch))
    folder.mkdir(parents=True, exist_ok=True)
    conf = pgbackrest.alone(place, name, folder)
    pgbackrest.restore(place, name, conf, folder / "data", pgbackrest.at_moment(moment))
    with pgbackrest.started(place, folder):
        pass
    return folder / "data"


def _take_up_of_pair(restored: Path | None = None) -> TakeUp:
    """The steps that put restored data in place on this host's pair. Raises Problem where no Patroni is set up."""
    from mainstay.continuity.backup import pgbackrest
    from mainstay.continuity.site.queries import declared
    from mainstay.continuity.standby.takeup import TakeUp, watchman

    site = declared()
    path = Path(site.paths.etc if site else "", "patroni.yml")
    if not path.exists():
        text = _("There is no {path}: run this on the server that leads the database.")
        raise Problem(text.format(path=path), code="no_pair")
    return TakeUp(watchman(path), restored or Path(), pgbackrest.run)


def _replace(taking: TakeUp) -> int:
    for step in taking.go():
        say(f"  {step.title} …")
    say(_("In place. What was there before lies in {path}.").format(path=taking.aside))
    say(_("Copy it into every repository now: mainstay backup --type full"))
    return 0
