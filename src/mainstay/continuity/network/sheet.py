"""Two sheets: the register of terminals, and the export of a switch or address server."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.continuity.network import actions
from mainstay.continuity.network.models import Terminal
from mainstay.continuity.network.rules import zone_of
from mainstay.continuity.site.queries import declared
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, RowError, Sheet
from mainstay.kit.sheets.columns import text_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User

KINDS = {
    "工作站": "work", "workstation": "work", "打印机": "printer", "printer": "printer", "服务器": "server",
    "server": "server", "交换机": "switch", "switch": "switch", "摄像机": "camera", "camera": "camera", "其他": "other",
    "other": "other",
}  # fmt: skip
HEX = re.compile(r"[0-9a-f]{12}")


def mac_of(cell: Any) -> str:
    """A hardware address however a switch writes it: 00-1A-…, 001a.2b3c.4d5e, 001a-2b3c-4d5e. Raises Problem."""
    digits = re.sub(r"[^0-9a-z]", "", text_of(cell).lower())
    if not HEX.fullmatch(digits):
        raise Problem(_("This is no hardware address: twelve hexadecimal digits."), code="mac")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def address_of(cell: Any) -> str:
    """An address. Raises Problem."""
    try:
        return str(ipaddress.ip_address(text_of(cell)))
    except ValueError:
        raise Problem(_("This is no address such as 10.77.0.1."), code="address") from None


TERMINALS = (
    Column("name", "终端名称", "Terminal", aliases=("名称", "主机名"), example="gui-01"),
    Column(
        "mac", "物理地址", "Hardware address", aliases=("MAC", "MAC地址"), parse=mac_of, example="02:77:01:00:00:11"
    ),
    Column("zone", "区域", "Zone", example="core"),
    Column("place", "位置", "Place", aliases=("存放地点",), example="城东营业所 1 号柜台"),
    Column("kind", "类别", "Kind", kind="choice", choices=KINDS, required=False, example="工作站"),
    Column("address", "IP 地址", "Address", aliases=("IP",), parse=address_of, required=False, example="10.77.0.101"),
    Column("port", "交换机端口", "Switch port", aliases=("端口",), required=False, example="SW1 Gi0/3"),
    Column("user", "使用人", "User", required=False, example="沈知秋"),
    Column("purpose", "用途", "Purpose", required=False, example="收费"),
)
SIGHTINGS = (
    Column("mac", "物理地址", "Hardware address", aliases=("MAC", "MAC地址", "mac-address"), parse=mac_of,
           example="0277-0100-0011"),
    Column("address", "IP 地址", "Address", aliases=("IP", "ip-address"), parse=address_of, required=False,
           example="10.77.0.101"),
    Column("port", "交换机端口", "Switch port", aliases=("端口", "interface"), required=False, example="SW1 Gi0/3"),
    Column("zone", "区域", "Zone", required=False, example="core"),
)  # fmt: skip
LENGTHS = {"name": 40, "place": 80, "user": 40, "purpose": 80, "port": 40}


class Source(forms.Form):
    """Which switch or address server the export is of."""

    source = forms.CharField(
        label=gettext_lazy("Switch or address server"), max_length=40,
        help_text=gettext_lazy("Its next export replaces this one."),
    )  # fmt: skip


def check_terminals(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Names and hardware addresses once each, zones that are declared."""
    good = [row for row in sheet.rows if not row.errors]
    site = declared()
    zones = {one.name for one in site.zones} if site else set()
    names = dict(Terminal.objects.values_list("name", "mac"))
    macs, taken, checked = set(names.values()), set[str](), Checked(payload=[])
    for row in good:
        facts = {column.key: row.values.get(column.key) or "" for column in TERMINALS}
        facts |= {"kind": facts["kind"] or "work", "address": facts["address"] or None}
        if error := _wrong(facts, zones, names, taken):
            checked.errors[row.number] = [error]
            continue
        taken |= {facts["name"], facts["mac"]}
        checked.payload.append(facts)
        checked.new += facts["mac"] not in macs
        checked.already += facts["mac"] in macs
    return checked


def _wrong(facts: dict[str, Any], zones: set[str], names: Mapping[str, str], taken: set[str]) -> RowError | None:
    for name, most in LENGTHS.items():
        if len(facts[name]) > most:
            return RowError(name, _("At most %(n)s characters.") % {"n": most})
    if zones and facts["zone"] not in zones:
        return RowError("zone", _("No such zone is declared: %(names)s.") % {"names": "、".join(sorted(zones))})
    if facts["name"] in taken or facts["mac"] in taken:
        return RowError("mac", _("This device stands in the sheet twice."))
    if names.get(facts["name"], facts["mac"]) != facts["mac"]:
        return RowError("name", _("There is a terminal with this name already."))
    return None


def check_sightings(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """The last line of each device counts; the zone follows from the address where it is not given."""
    site = declared()
    rows: dict[str, dict[str, str]] = {}
    for row in sheet.rows:
        if row.errors:
            continue
        facts = {column.key: str(row.values.get(column.key) or "")[:40] for column in SIGHTINGS}
        if site and not facts["zone"]:
            facts["zone"] = zone_of(site, facts["address"])
        rows[facts["mac"]] = facts
    return Checked(payload=list(rows.values()), new=len(rows))


def commit_terminals(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows."""
    return actions.import_terminals(rows=checked.payload, by=by)


def commit_sightings(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Take the export."""
    return actions.import_sightings(rows=checked.payload, source=str(sheet_import.options["source"]).strip(), by=by)


KIND = ImportKind(
    "network.terminals", gettext_lazy("Terminals"), actions.IMPORT, TERMINALS, check_terminals, commit_terminals
)
SIGHTING_KIND = ImportKind(
    "network.sightings", gettext_lazy("Export of a switch or address server"), actions.SIGHTINGS, SIGHTINGS,
    check_sightings, commit_sightings, Source,
)  # fmt: skip
