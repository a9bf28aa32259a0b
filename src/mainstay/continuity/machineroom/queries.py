"""What is due in the room, who is in it, whether cameras answer, whether patrols were walked."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.continuity.machineroom.rules import judge_item, judge_visit
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen
from mainstay.core.door import register_right
from mainstay.core.events.providers import answers

VIEW = register_right("continuity.machineroom.view_room", _("View machine room register"))
RTSP = 554
WAIT = 2.0


def look_at_items(now: datetime) -> Iterable[Seen]:
    """The probe of items: each by when it was checked."""
    today = timezone.localdate(now)
    rows = Item.objects.filter(retired_on=None)
    found = [judge_item(str(one), one.last_on, one.fine, one.every_days, today) for one in rows]
    return found or [Seen("register", UNKNOWN, "nothing of the room is registered yet", "机房设施尚未登记")]


def look_at_visits(now: datetime) -> Iterable[Seen]:
    """The probe of visitors: who is in the room now."""
    inside = Visit.objects.filter(came_at__isnull=False, left_at=None)
    found = [judge_visit(one.who, timezone.localtime(one.came_at), timezone.localtime(now)) for one in inside]
    return found or [Seen("visitors", GREEN, figure="0")]


def look_at_cameras(_now: datetime) -> Iterable[Seen]:
    """The probe of cameras: each accepts a connection at its stream's port."""
    rows = list(Item.objects.filter(kind=Item.Kind.CAMERA, retired_on=None).exclude(address=""))
    with ThreadPoolExecutor(16) as pool:
        alive = list(pool.map(answers_at, (one.address for one in rows)))
    return [
        Seen(f"{one}", GREEN, figure=one.address)
        if fine
        else Seen(
            f"{one}", RED, "does not answer; look at its power and cable", "无应答；请检查电源与线路", one.address
        )
        for one, fine in zip(rows, alive, strict=True)
    ]


def answers_at(address: str) -> bool:
    """Whether something accepts a connection at `host` or `host:port`."""
    host, _colon, port = address.partition(":")
    try:
        with socket.create_connection((host, int(port or RTSP)), timeout=WAIT):
            return True
    except (OSError, ValueError):
        return False


def look_at_patrols(now: datetime) -> Iterable[Seen]:
    """The probe of patrols: rounds of the last week, told by the inspections, where those are switched on."""
    found = []
    for rounds in answers("patrols_of_the_week", today=timezone.localdate(now)):
        for name, walked, missed in rounds:
            figure = f"{walked} / {walked + missed}"
            if missed:
                en = "1 point was missed" if missed == 1 else f"{missed} points were missed"
                found.append(Seen(name, AMBER, f"{en} within a week", f"一周内漏检 {missed} 点", figure))
            else:
                found.append(Seen(name, GREEN, figure=figure))
    return found
