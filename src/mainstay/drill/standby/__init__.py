"""Kill hosts, cut links, stop programs under a client that pays bills; nothing acknowledged may be lost.

./mainstay drill standby --namespaces [--short] [--only NAME] [--asynchronous] [--json]     (root)
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from mainstay.commands.words import _, say
from mainstay.continuity.standby import patroni
from mainstay.drill.standby.faults import (
    ARBITER_S,
    FAULTS,
    POSTGRES_S,
    Fault,
    move_database,
    pinned,
    switch_application,
)
from mainstay.drill.standby.measure import WRITES, acknowledged, booked, longest_gap, lost
from mainstay.drill.standby.world import World
from mainstay.kit.errors import Problem

PROGRAMS = ("ip", "nft", "etcd", "unshare", "setpriv")
ACCOUNTS, THREADS = 400, 4
QUIET_S, WATCH_S, RISE_S, BACK_S = 2.0, 120.0, 400.0, 60.0


def main(argv: list[str]) -> int:
    """Run the drill; 0 when every goal was met and nothing was lost."""
    options = parser().parse_args(argv)
    if not options.namespaces:
        say(_("Give --namespaces: three hosts are made in network namespaces of this machine."), error=True)
        return 2
    if lacking := missing():
        say(_("This drill needs: {names}").format(names="; ".join(lacking)), error=True)
        return 2
    only = {name for name in options.only.split(",") if name}
    known = [one for one in FAULTS if options.asynchronous or not one.control]
    if unknown := only - {one.name for one in known}:
        say(_("There is no such fault: {names}").format(names=", ".join(sorted(unknown))), error=True)
        return 2
    chosen = [one for one in known if (one.short or not options.short) and (not only or one.name in only)]
    signal.signal(signal.SIGTERM, lambda *_facts: sys.exit(143))  # the hosts are taken down on the way out
    found = run(chosen, synchronous=not options.asynchronous, arbiter=options.arbiter, timed=not options.untimed)
    tell(found)
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    return 0 if found["fine"] else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    made = argparse.ArgumentParser(
        "mainstay drill standby", description=_("Prove that the pair stands in for each other")
    )
    made.add_argument("--namespaces", action="store_true", help=_("make three hosts in network namespaces (root)"))
    made.add_argument("--short", action="store_true", help=_("only the most telling faults"))
    names = ", ".join(one.name for one in FAULTS)
    only = _("only these faults, separated by commas: {names}").format(names=names)
    made.add_argument("--only", default="", metavar="NAMES", help=only)
    made.add_argument(
        "--asynchronous", action="store_true", help=_("the control: without synchronous copies it must lose")
    )
    made.add_argument(
        "--arbiter", action="store_true", help=_("with the witness's arbiter: dead hosts have a goal of 3 s")
    )
    made.add_argument(
        "--untimed", action="store_true", help=_("judge losses and order alone, not seconds (on a busy machine)")
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def missing() -> list[str]:
    """What this machine lacks for the drill, in words; [] when it can run."""
    found = [] if os.geteuid() == 0 else [_("root")]
    found += [name for name in PROGRAMS if shutil.which(name) is None]
    if postgresql() is None:
        found.append("PostgreSQL 15")
    return found


def postgresql() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return folders[-1] if folders else None


def run(chosen: list[Fault], *, synchronous: bool = True, arbiter: bool = False, timed: bool = True) -> dict[str, Any]:
    """Raise the hosts, let the client pay, strike one fault after the other, compare at the end."""
    programs = postgresql()
    if programs is None:
        raise Problem(_("PostgreSQL is missing."), code="missing")
    say(_("Raising three hosts …"))
    begun = time.monotonic()
    try:
        place = patroni.ensure()
    except patroni.CannotInstall as error:
        raise Problem(_("Patroni could not be installed: {reason}").format(reason=error), code="no_patroni") from error
    if arbiter:
        chosen = [replace(one, most_s=ARBITER_S) if one.dead == "database" else one for one in chosen]
    wanted = {"synchronous": synchronous, "arbiter": arbiter}
    with World(place, wanted, postgresql=programs, accounts=ACCOUNTS) as world:
        log = _raise(world)
        found: dict[str, Any] = {
            **wanted,
            "raised_s": round(time.monotonic() - begun, 1),
            "faults": [],
        }
        say(_("Up after {seconds} s; the client pays.").format(seconds=found["raised_s"]))
        for fault in chosen:
            found["faults"].append(_strike(world, fault, log, timed=timed))
            _tell_one(found["faults"][-1])
        found |= _balance(world, log)
    found["seconds"] = round(time.monotonic() - begun, 1)
    found["fine"] = _fine(found)
    return found


def _raise(world: World) -> Path:
    """From hosts that are off to a client that pays; returns the client's log."""
    world.rise(RISE_S)
    normal(world)
    company, log = world.template.folder / "company.json", world.folder / "paid.log"
    python = [sys.executable, "-P", "-m"]
    service = world.site.service
    words = [
        "mainstay.drill.standby.payer",
        str(service.address),
        str(service.port),
        str(company),
        str(log),
        str(THREADS),
    ]
    log.touch()
    world.client(*python, *words, log=world.folder / "payer.log")
    _paying(log, time.monotonic(), 60)
    return log


def normal(world: World) -> None:
    """Everything whole, the application on appsrv and the database on datasrv, as on a quiet day."""
    found = world.settle()
    if found.database_on != "datasrv":
        _move_back(world, found.database_on)
        found = world.wait(lambda one: one.database_on == "datasrv" and world.whole(one), 60, "database back")
    if found.application_on != "appsrv":
        switch_application(world, "appsrv")
        world.wait(lambda one: one.application_on == "appsrv" and world.whole(one), 60, "application back")


def _move_back(world: World, leader: str) -> None:
    """Ask for the switch until it is granted: a server that came back is a candidate only once it follows again."""
    deadline = time.monotonic() + BACK_S
    while True:
        try:
            return move_database(world, leader, "datasrv")
        except Problem:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _paying(log: Path, since: float, seconds: float) -> float:
    """Wait until the client was acknowledged after a moment, and again; returns the moment of the first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = [one.at for one in acknowledged(log) if one.at > since]
        if len(found) >= THREADS * 2:
            return found[0]
        time.sleep(0.3)
    raise Problem(_("No payment within {seconds} s.").format(seconds=int(seconds)), code="no_payment")


def _strike(world: World, fault: Fault, log: Path, *, timed: bool) -> dict[str, Any]:
    """One fault, from a quiet day to a quiet day."""
    normal(world)
    _paying(log, time.monotonic(), 60)
    time.sleep(QUIET_S)
    found = world.look()
    base, app = found.database_on, found.application_on
    with pinned(world, base) if fault.pinned else contextlib.nullcontext() as writer:
        begun = time.monotonic()
        told = fault.strike(world, base, app) or {}
        struck = time.monotonic()
        _again(log, struck, fault.most_s)
        if writer:
            time.sleep(max(0.0, fault.most_s - (time.monotonic() - begun)))
    until = time.monotonic()
    written = writer.acknowledged if writer else []
    after = sum(one.at > struck + GRACE_S for one in written)
    _mend(world, fault, base, app)
    healed = time.monotonic()
    leader = world.settle(WATCH_S).database_on
    gone = lost(written, booked(world, leader, WRITES)) if written else 0
    gap = longest_gap(acknowledged(log), begun, until)
    return {
        "name": fault.name,
        "title": _(fault.title),
        "without_payment_s": round(gap, 2),
        "goal_s": fault.most_s,
        "pinned_acknowledged": after,
        "pinned_lost": gone,
        "whole_again_s": round(time.monotonic() - healed, 1),
        **told,
        "fine": (gap <= fault.most_s or not timed) and not after and not gone and _as_planned(told, timed=timed),
    }


def _as_planned(told: dict[str, Any], *, timed: bool) -> bool:
    """Whether the product's own record of a rehearsal has both switches, nothing lost, each as fast as it should be."""
    if "rehearsed" not in told:
        return True
    fine = {"", "slow"} if not timed else {""}
    return len(told["rehearsed"]) == 2 and all(one["trouble"] in fine for one in told["rehearsed"])  # noqa: PLR2004


GRACE_S = 0.1  # an acknowledgement that was on its way when the cable was pulled


def _again(log: Path, struck: float, most_s: float) -> None:
    """Wait until payments flow steadily again: the gap may begin some time after the strike."""
    steady_s = 5.0 if most_s <= POSTGRES_S else 12.0
    deadline = struck + WATCH_S
    while time.monotonic() < deadline:
        found, now = acknowledged(log), time.monotonic()
        if now - struck > steady_s and longest_gap(found, now - CALM_S, now) < HICCUP_S:
            return
        time.sleep(0.5)


CALM_S, HICCUP_S = 3.0, 1.5


def _mend(world: World, fault: Fault, base: str, app: str) -> None:
    world.join_all()
    dead = {"database": base, "application": app, "witness": "witness"}.get(fault.dead)
    if dead:
        world.revive(dead)


def _balance(world: World, log: Path) -> dict[str, Any]:
    """Compare what was acknowledged with what is booked."""
    paid = acknowledged(log)
    leader = world.settle().database_on
    there = booked(world, leader)
    twice = [key for key, count in there.items() if count > 1]
    return {"acknowledged": len(paid), "lost": lost(paid, there), "twice": len(twice)}


def _fine(found: dict[str, Any]) -> bool:
    return not found["lost"] and not found["twice"] and all(one["fine"] for one in found["faults"])


def _tell_one(one: dict[str, Any]) -> None:
    text = _("{title}: {seconds} s without a payment (goal {goal} s), whole again after {whole} s")
    facts = {"seconds": one["without_payment_s"], "goal": one["goal_s"], "whole": one["whole_again_s"]}
    say(("  " if one["fine"] else "! ") + text.format(title=one["title"], **facts))
    for own in one.get("rehearsed", []):
        text = _("the page says: {from} → {to} in {seconds} s, {lost} of {acknowledged} writes lost {trouble}")
        say("    " + text.format(seconds=own["gap_ms"] / 1000, **own).rstrip())
    if one["pinned_acknowledged"]:
        say("! " + _("the cut-off database acknowledged {count} writes").format(count=one["pinned_acknowledged"]))
    if one["pinned_lost"]:
        say("! " + _("{count} acknowledged writes of the cut-off database are gone").format(count=one["pinned_lost"]))


def tell(found: dict[str, Any]) -> None:
    """The table of all faults and the closing lines."""
    wide = max((len(one["name"]) for one in found["faults"]), default=4)
    say(f"\n  {_('fault'):<{wide}}  {_('without (s)'):>12}  {_('goal (s)'):>9}  {_('whole after (s)'):>15}")
    for one in found["faults"]:
        numbers = (one["without_payment_s"], one["goal_s"], one["whole_again_s"])
        mark = " " if one["fine"] else "!"
        say(
            "{mark} {name:<{wide}}  {0:>12.2f}  {1:>9.1f}  {2:>15.1f}".format(
                *numbers, mark=mark, name=one["name"], wide=wide
            )
        )
    text = _("{acknowledged} payments acknowledged, {lost} of them lost, {twice} booked twice; {seconds} s in all")
    say(text.format(**found))
    say(_("Every goal was met.") if found["fine"] else _("A goal was missed."))
