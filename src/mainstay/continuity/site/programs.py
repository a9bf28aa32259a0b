"""Each file is read by the program it is for, before it is installed: `nft -c`, `patroni --validate-config`, …"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from mainstay.continuity.site.rules.render import Made

SECONDS = 60
Check = Callable[[Path, Made], str | None]


def complaint(made: Made, patroni: str = "") -> str | None:
    """What the file's own program says against it: "" when it accepts it, None when the program cannot be asked.

    `patroni` is the folder of Patroni's environment. Secrets may still be marks. Only root may ask `nft -c`.
    """
    check, program = CHECKS[made.checker]
    if program and not (_patroni(patroni) if program == "patroni" else shutil.which(program)):
        return None
    with tempfile.TemporaryDirectory(prefix="mainstay-check-") as folder:
        path = Path(folder, Path(made.path).name)
        path.write_text(made.text, encoding="utf-8")
        return check(path, made) if program != "patroni" else _validate(path, patroni)


def _said(*words: str | Path, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code and everything the program said."""
    done = subprocess.run(
        [os.fspath(word) for word in words],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def _verdict(*words: str | Path) -> str:
    code, said = _said(*words)
    return (said or f"exit {code}") if code else ""


def _json(path: Path, _made: Made) -> str:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return str(error)
    return ""


def _yaml(path: Path, _made: Made) -> str:
    """etcd has no dry run; the drill starts it with this file."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return str(error)
    return "" if isinstance(found, dict) else "no table"


def _text(path: Path, _made: Made) -> str:
    return "" if path.read_text(encoding="utf-8").endswith("\n") else "no end of line"


def _sh(path: Path, _made: Made) -> str:
    return _verdict("sh", "-n", path)


def _nft(path: Path, _made: Made) -> str | None:
    """nft asks the kernel even for a dry run; who may not ask it cannot check."""
    said = _verdict("nft", "-c", "-f", path)
    return None if "not permitted" in said else said


def _sysctl(path: Path, _made: Made) -> str:
    """A setting of a card that is not there yet is no fault; it is one when the kernel knows no such setting."""
    _code, said = _said("sysctl", "--dry-run", "-e", "-q", "-p", path)
    known = {one.name for one in Path("/proc/sys/net/ipv6/conf/default").glob("*")}
    words = [line.partition("=")[0].strip() for line in path.read_text(encoding="utf-8").splitlines() if "=" in line]
    strange = [one for one in words if known and one.rpartition(".")[2] not in known]
    complaints = [line for line in said.splitlines() if line.startswith("sysctl:")]  # a dry run tells what it would set
    return "\n".join([*complaints, *(f"no such setting: {one}" for one in strange)])


def _patroni(folder: str) -> Path | None:
    program = Path(folder, "bin", "patroni")
    return program if folder and program.exists() else None


def _validate(path: Path, folder: str) -> str:
    """Patroni refuses root, and leaves the file to whoever may read it."""
    path.parent.chmod(0o755)
    path.chmod(0o644)
    program = [str(_patroni(folder)), "--validate-config", "--ignore-listen-port", str(path)]
    code, said = _said(*program)
    return (said or f"exit {code}") if code else ""


def _pgbackrest(path: Path, made: Made) -> str:
    """It warns about options it does not know and fails on bad values; that there is no backup yet is no fault."""
    stanza = next(line[1:-1] for line in made.text.splitlines() if line.startswith("[") and line != "[global]")
    folder = path.parent
    places = [f"--log-path={folder}", f"--lock-path={folder}", "--repo=1", f"--repo1-path={folder}"]
    _code, said = _said("pgbackrest", f"--config={path}", f"--stanza={stanza}", *places, "info")
    return "\n".join(line for line in said.splitlines() if "WARN: configuration" in line or line.startswith("ERROR"))


def _clamav(path: Path, _made: Made) -> str:
    _code, said = _said("clamconf", "-c", path.parent)
    return "\n".join(line for line in said.splitlines() if line.startswith("ERROR"))


def _nut(path: Path, _made: Made) -> str:
    """NUT's driver controller reads ups.conf; its other files have no dry run and are checked for their words."""
    if path.name != "ups.conf":
        known = NUT_WORDS[path.name]
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        heads = [line.split("=")[0].split()[0] for line in lines if line and not line.startswith(("#", "["))]
        return "\n".join(f"unknown word {head}" for head in heads if head not in known)
    code, said = _said("upsdrvctl", "-t", "start", environment={"NUT_CONFPATH": str(path.parent)})
    return said if code or "Fatal" in said else ""


def _unit(path: Path, _made: Made) -> str:
    """What is wrong with the unit itself; programs that are not installed yet are another matter."""
    _code, said = _said("systemd-analyze", "verify", "--man=no", path)
    known = ("is not executable", "Failed to load", "not found")
    lines = [line for line in said.splitlines() if path.name in line and not any(word in line for word in known)]
    return "\n".join(lines)


NUT_WORDS = {
    "nut.conf": {"MODE"},
    "upsd.conf": {"LISTEN", "MAXAGE"},
    "upsd.users": {"password", "upsmon"},
    "upsmon.conf": {
        "MINSUPPLIES", "POLLFREQ", "POLLFREQALERT", "HOSTSYNC", "DEADTIME", "FINALDELAY", "SHUTDOWNCMD",
        "POWERDOWNFLAG", "MONITOR",
    },
}  # fmt: skip
CHECKS: dict[str, tuple[Check, str]] = {
    "": (_text, ""),
    "json": (_json, ""),
    "yaml": (_yaml, ""),
    "sh": (_sh, "sh"),
    "nft": (_nft, "nft"),
    "sysctl": (_sysctl, "sysctl"),
    "patroni": (_text, "patroni"),
    "pgbackrest": (_pgbackrest, "pgbackrest"),
    "clamav": (_clamav, "clamconf"),
    "nut": (_nut, "upsdrvctl"),
    "unit": (_unit, "systemd-analyze"),
}
