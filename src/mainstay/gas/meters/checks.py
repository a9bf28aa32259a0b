"""What must hold between meters and the places where they hang."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.checks import Finding, check
from mainstay.gas.meters.models import Installation, Meter

SHOWN = 100


@check(
    "meters.places", title=gettext_lazy("A meter is “installed” exactly while it hangs, and in its account's branch")
)
def places() -> Iterator[Finding]:
    """Compare each meter's state and branch with its open installation; at most a hundred findings of each sort."""
    hangs = Exists(Installation.objects.filter(meter=OuterRef("pk"), until_on=None))
    for meter in Meter.objects.filter(~hangs, state=Meter.State.INSTALLED)[:SHOWN]:
        yield Finding(_("Meter %(number)s is “installed” but hangs nowhere.") % {"number": meter}, _subject(meter))
    for meter in Meter.objects.filter(hangs).exclude(state=Meter.State.INSTALLED)[:SHOWN]:
        yield Finding(_("Meter %(number)s hangs but is not “installed”.") % {"number": meter}, _subject(meter))
    moved = Installation.objects.filter(until_on=None).exclude(meter__unit=F("account__unit")).select_related("meter")
    for hung in moved.filter(meter__unit__isnull=False)[:SHOWN]:
        text = _("Meter %(number)s belongs to another branch than its account.")
        yield Finding(text % {"number": hung.meter}, _subject(hung.meter))


def _subject(meter: Meter) -> str:
    return f"meters.meter:{meter.pk}"
