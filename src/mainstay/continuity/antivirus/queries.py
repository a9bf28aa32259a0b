"""Signatures of hosts and clients, the scanner of uploads, packages that wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.antivirus import clamd, package
from mainstay.continuity.antivirus.models import Client
from mainstay.continuity.antivirus.rules import Manifest, Refused, check_sequence, judge_age
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen
from mainstay.core.door import register_right

VIEW = register_right("continuity.antivirus.view_centre", _("View the antivirus centre"))
DATABASES = Path("/var/lib/clamav")
HEADER = 512
ENDING = ".mpk"


def folder() -> Path:
    """Where carried packages, the public key and what clients are served lie."""
    return Path(settings.CARRIED)


def store() -> Path:
    """The folder that clients are served from."""
    return folder() / "served"


def public_key() -> Path:
    """The key that packages must be sealed with."""
    return folder() / "centre.pub"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A package that lies in the folder: its manifest, or why it is not taken."""

    path: Path
    manifest: Manifest | None
    refused: Refused | None


def waiting() -> list[Waiting]:
    """Packages that lie there, each verified; those that were taken are left out."""
    found = []
    last = package.last_sequence(store())
    for path in sorted(folder().glob(f"*{ENDING}")):
        try:
            manifest = package.inspect(path, public_key())
            if manifest.sequence == last and manifest.kind == "signatures":
                continue
            check_sequence(manifest, last)
            found.append(Waiting(path, manifest, None))
        except Refused as refused:
            found.append(Waiting(path, None, refused))
        except FileNotFoundError:
            text = ("the public key of the outer centre is not here yet", "尚未放入外网中心的公钥")
            found.append(Waiting(path, None, Refused("no_key", *text)))
    return found


def clients(now: datetime) -> Iterable[Seen]:
    """The probe of clients: each by the age of its signatures; one that is silent for a week proves nothing."""
    rows = list(Client.objects.all())
    if not rows:
        return [Seen("clients", UNKNOWN, "no client has reported yet", "尚无客户端上报")]
    return [judge_age(one.name, one.signatures_at, now) for one in rows]


def uploads(_now: datetime) -> Iterable[Seen]:
    """The probe of uploads: the scanner lives and does not let the test virus pass."""
    if not settings.CLAMD:
        text = (
            "uploads are not scanned: no scanner is set up (MAINSTAY_CLAMD)",
            "上传文件未扫描：未配置扫描程序（MAINSTAY_CLAMD）",
        )
        return [Seen("uploads", AMBER, *text)]
    try:
        if not clamd.finds_the_test_virus(settings.CLAMD):
            return [Seen("uploads", RED, "the scanner lets the test virus pass", "扫描程序放过了测试病毒")]
        version = clamd.says(settings.CLAMD, "VERSION")
    except OSError as error:
        text = (
            f"the scanner does not answer, every upload is refused: {error}",
            f"扫描程序无应答，所有上传均被拒绝：{error}",
        )
        return [Seen("uploads", RED, *text)]
    return [Seen("uploads", GREEN, figure=version)]


def signatures(site: Site, host: Host) -> Iterable[Seen]:
    """The probe of hosts: the age of the signatures that clamd uses there."""
    if not DATABASES.is_dir():
        return []
    return [judge_age("signatures", newest(DATABASES), datetime.now(UTC))]


def newest(place: Path) -> datetime | None:
    """When the signatures of a folder were made: the official daily file tells it itself, others by their time."""
    for name in ("daily.cld", "daily.cvd"):
        if (place / name).exists():
            with (place / name).open("rb") as file:
                return made_at(file.read(HEADER))
    times = [one.stat().st_mtime for one in place.glob("*.*") if one.suffix in {".hdb", ".hsb", ".ndb", ".cvd", ".cld"}]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def made_at(header: bytes) -> datetime | None:
    """The time in the head of a signature file: `ClamAV-VDB:07 Nov 2026 08-30 -0500:27500:…`."""
    parts = header.decode("ascii", "replace").split(":")
    if parts[0] != "ClamAV-VDB" or len(parts) < 3:  # noqa: PLR2004
        return None
    day, month, year, clock, *zone = parts[1].split()
    try:
        return parsedate_to_datetime(f"{day} {month} {year} {clock.replace('-', ':')}:00 {' '.join(zone)}")
    except ValueError:
        return None
