"""Values of closed periods stay; what was reported, and what was said in coaching, is never rewritten."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, RefuseWhen

_CLOSED = "(SELECT state FROM plans_period WHERE id = {row}.period_id) = 'closed'"
_FROZEN = "this period is closed: its values are frozen"


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial"), ("plans", "0002_guards")]
    operations = [
        RefuseWhen("tracking_actual", "noinsert_closed", "INSERT", _CLOSED.format(row="NEW"), _FROZEN),
        RefuseWhen("tracking_actual", "noupdate_closed", "UPDATE", _CLOSED.format(row="OLD"), _FROZEN),
        AppendOnly("tracking_actual", except_columns=["state", "verified_by_id", "verified_at", "dispute"]),
        AppendOnly("tracking_coachingnote"),
    ]
