"""`mainstay site WHAT`: the site as it is declared in `site.toml`: its files, its drift, its state."""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

from mainstay.commands import authority
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, language, say
from mainstay.commands.words import gettext_noop as noop
from mainstay.continuity.site import drift, install, library, secrets
from mainstay.continuity.site.files import load
from mainstay.continuity.site.programs import complaint
from mainstay.continuity.site.rules import DeclarationError, Host, Site
from mainstay.continuity.site.rules.render import files_of, secrets_in

FILE = "/etc/mainstay/site.toml"
WHATS = {
    "ca": noop("Make the site's own authority and certificate, for phones"),
    "example": noop("Print the declaration of a fictitious company, to begin with"),
    "secrets": noop("Draw the secrets of the site, once"),
    "render": noop("Write the configuration files of every host into a folder"),
    "apply": noop("Install the files of this host and take them up"),
    "check": noop("Compare this host with the declaration"),
    "status": noop("Tell who runs what now, and what is not protected"),
    "watch": noop("Look at this host again and again and report what is seen (systemd starts it)"),
    "power": noop("Stop what runs on this host in the declared order when the supply ends (systemd starts it)"),
    "agent": noop("Hold the role of the application on this host (systemd starts it)"),
    "journal": noop("On an off-site host: receive every change of the database as it is written (systemd starts it)"),
    "arbiter": noop("On the witness: end the lease of a dead database leader (systemd starts it)"),
}


def main(argv: list[str]) -> int:
    """Run one subject; 0 all well, 1 something differs or failed, 2 called wrongly."""
    if argv and argv[0] in RUN:
        return _told(RUN[argv[0]], argv)
    asked = bool(argv) and argv[0] in {"-h", "--help"}
    say(usage(), error=not asked)
    return 0 if asked else 2


def usage() -> str:
    """The subjects, then the options of each."""
    wide = max(len(name) for name in WHATS)
    lines = [_("Usage: mainstay site WHAT [options]"), ""]
    lines += [f"  {name:<{wide}}  {_(text)}" for name, text in WHATS.items()]
    for made in (authority.parser(), *(parser(name) for name in WHATS if name != "ca")):
        lines += ["", made.format_help().strip()]
    return "\n".join(lines)


def parser(name: str) -> argparse.ArgumentParser:
    """Return the parser of a subject."""
    made = argparse.ArgumentParser(f"mainstay site {name}", description=_(WHATS[name]))
    if name in {"render", "apply", "check", "status", "watch", "power"}:
        made.add_argument(
            "--file", type=Path, default=Path(FILE), help=_("the declaration (default {file})").format(file=FILE)
        )
    if name in {"apply", "check", "watch", "power"}:
        made.add_argument("--host", default=socket.gethostname(), help=_("name of this host in the declaration"))
    if name in {"apply", "check", "secrets"}:
        made.add_argument(
            "--secrets", type=Path, help=_("the file of secrets (default: secrets.env beside the others)")
        )
    if name == "render":
        made.add_argument("--out", type=Path, required=True, help=_("folder for the files, one folder per host"))
    if name == "watch":
        made.add_argument("--once", action="store_true", help=_("look once; 1 when something is red"))
        made.add_argument("--every", type=whole(), default=20, help=_("seconds between two looks (default 20)"))
        made.add_argument("--to", default="", help=_("report to the application at this address, not to the database"))
        made.add_argument("--token-file", type=Path, help=_("file with the token for --to"))
    if name == "power":
        made.add_argument("--once", action="store_true", help=_("look once and end"))
        made.add_argument("--every", type=whole(), default=5, help=_("seconds between two looks (default 5)"))
    if name == "arbiter":
        made.add_argument("--config", type=Path, help=_("the arbiter's file (default /etc/mainstay/arbiter.json)"))
    if name == "agent":
        made.add_argument("--config", type=Path, help=_("the agent's file (default /etc/mainstay/role.json)"))
    if name == "apply":
        made.add_argument("--dry-run", action="store_true", help=_("only tell what would change"))
        made.add_argument("--no-units", action="store_true", help=_("write the files, leave running programs alone"))
    if name in {"check", "status"}:
        made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def _told(run: Callable[[list[str]], int], argv: list[str]) -> int:
    try:
        return run(argv if argv[0] == "ca" else argv[1:])
    except DeclarationError as error:
        say(error.told(language()), error=True)
        return 2


def _example(argv: list[str]) -> int:
    parser("example").parse_args(argv)
    say(library.example().rstrip("\n"))
    return 0


def _secrets(argv: list[str]) -> int:
    options = parser("secrets").parse_args(argv)
    path = options.secrets or Path(FILE).with_name(secrets.NAME)
    try:
        secrets.draw(path)
    except FileExistsError:
        say(_("{path} is there already and was left alone: other secrets would lock the hosts out.").format(path=path))
        return 1
    except OSError as error:
        say(_("{path} cannot be written: {reason}").format(path=path, reason=error.strerror), error=True)
        return 1
    say(_("Drawn: {path}. Carry it to each host; keep a copy where the backups are not.").format(path=path))
    return 0


def _render(argv: list[str]) -> int:
    options = parser("render").parse_args(argv)
    site = load(options.file)
    count, refused = 0, 0
    for host in site.hosts:
        for made in files_of(site, host):
            path = options.out / host.name / made.path.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made.text, encoding="utf-8")
            count += 1
            if said := complaint(made, site.paths.patroni):
                refused += 1
                say(f"{host.name} {made.path}: {said}", error=True)
    text = _("{count} files for {hosts} hosts in {folder}; {refused} refused by their own program.")
    say(text.format(count=count, hosts=len(site.hosts), folder=options.out, refused=refused))
    return 1 if refused else 0


def _apply(argv: list[str]) -> int:
    options = parser("apply").parse_args(argv)
    site = load(options.file)
    host = _host(site, options.host)
    if host is None:
        return 2
    held = secrets.read(options.secrets or Path(site.paths.etc, secrets.NAME))
    if missing := [name for name in secrets_in(files_of(site, host)) if name not in held]:
        text = _("Secrets are missing: {names}. `mainstay site secrets` draws them once; then carry the file here.")
        say(text.format(names=", ".join(missing)), error=True)
        return 1
    changes = install.plan(site, host, held)
    for change in changes:
        say(f"{_('new file') if change.new else _('changed file'):<13} {change.made.path}")
    if refused := install.complaints(site, changes):
        for path, said in refused.items():
            say(f"{path}: {said}", error=True)
        say(_("Nothing was changed: files were refused by their own program."), error=True)
        return 1
    units = ", ".join(install.units_of(changes)) or "–"
    if options.dry_run or not changes:
        text = _("{count} files would change; units that would take them up: {units}.")
        say(text.format(count=len(changes), units=units))
        return 0
    return _install(changes, held, units=not options.no_units)


def _install(changes: list[install.Change], held: dict[str, str], *, units: bool) -> int:
    if os.geteuid() != 0:
        say(_("Only root can install. Run it with sudo."), error=True)
        return 1
    install.install(changes, held)
    failed = install.take_up(changes) if units and Path("/run/systemd/system").is_dir() else []
    for text in failed:
        say(text, error=True)
    say(_("{count} files installed.").format(count=len(changes)))
    return 1 if failed else 0


def _check(argv: list[str]) -> int:
    options = parser("check").parse_args(argv)
    site = load(options.file)
    host = _host(site, options.host)
    if host is None:
        return 2
    found = drift.drift(site, host, secrets.read(options.secrets or Path(site.paths.etc, secrets.NAME)))
    wrong = [one for one in found if not one.fine]
    for one in wrong:
        say(f"{one.subject}: {one.told(language())}")
    say(_("{count} things compared, {wrong} differ.").format(count=len(found), wrong=len(wrong)))
    if options.json:
        facts = {"host": host.name, "compared": len(found), "wrong": {one.subject: one.en for one in wrong}}
        say(json.dumps(facts, ensure_ascii=False))
    return 1 if wrong else 0


def _host(site: Site, name: str) -> Host | None:
    """This host's entry; tells which there are when it has none."""
    try:
        return site.host(name)
    except KeyError:
        names = ", ".join(one.name for one in site.hosts)
        text = _("{name} is no host of the declaration. Choose with --host one of: {names}.")
        say(text.format(name=name, names=names), error=True)
        return None


def _agent(argv: list[str]) -> int:
    from mainstay.continuity.standby import agent

    return agent.main(argv)


def _watch(argv: list[str]) -> int:
    made = parser("watch")
    options = made.parse_args(argv)
    if options.to and options.token_file is None:
        made.error(_("--to needs --token-file."))
    site = load(options.file)
    host = _host(site, options.host)
    if host is None:
        return 2
    from mainstay.commands import site_watch

    return site_watch.run(options, host, site)


def _power(argv: list[str]) -> int:
    options = parser("power").parse_args(argv)
    site = load(options.file)
    host = _host(site, options.host)
    if host is None:
        return 2
    from mainstay.commands import site_power

    return site_power.run(options, host, site)


def _arbiter(argv: list[str]) -> int:
    from mainstay.continuity.standby import arbiter

    return arbiter.main(argv)


def _journal(argv: list[str]) -> int:
    from mainstay.continuity.backup import journal

    return journal.main(argv)


def _status(argv: list[str]) -> int:
    options = parser("status").parse_args(argv)
    from mainstay.continuity.standby.observe import PAIR, observe

    found = observe(load(options.file))
    words = {"pair": _("Both servers stand in for each other."), "single": _("One server carries everything.")}
    say(words.get(found.mode, _("The site does not work.")))
    say(_("application on {host}").format(host=found.application_on or "–"))
    say(_("database on {host}").format(host=found.database_on or "–"))
    for one in found.members:
        lag = "–" if one.lag_bytes is None else str(one.lag_bytes)
        text = _("{host}: votes {votes}, database {database}, {lag} bytes behind, application {application}")
        facts = {
            "votes": "+" if one.votes else "–",
            "database": one.database or "–",
            "application": one.application or "–",
        }
        say("  " + text.format(host=one.host, lag=lag, **facts))
    for word in found.unprotected:
        say("  ! " + _(UNPROTECTED[word]))
    if options.json:
        say(json.dumps(found.as_dict(), ensure_ascii=False))
    return 0 if found.mode == PAIR and not found.unprotected else 1


UNPROTECTED = {
    "no-database": noop("No database accepts writes."),
    "no-application": noop("Nobody runs the application."),
    "no-copy": noop("There is no second copy of the data now: if this server dies, what was written since is lost."),
    "no-journal": noop(
        "No off-site host receives the journal: if this building burns, what was written since is lost."
    ),
    "votes": noop("A vote is missing: one more failure and nobody takes over."),
    "no-spare": noop("No other server is ready to run the application."),
}
RUN: dict[str, Callable[[list[str]], int]] = {
    "ca": authority.main,
    "example": _example,
    "secrets": _secrets,
    "render": _render,
    "apply": _apply,
    "check": _check,
    "status": _status,
    "watch": _watch,
    "power": _power,
    "agent": _agent,
    "arbiter": _arbiter,
    "journal": _journal,
}
