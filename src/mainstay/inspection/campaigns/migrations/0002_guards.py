"""What was recorded stays; the list of targets freezes with its campaign, what joins later is marked."""

from django.db import migrations

from mainstay.kit.sqlkit.frozen import FrozenWithParent
from mainstay.kit.sqlkit.operations import AppendOnly

FROZEN = ("campaign_id", "target_id", "unit_id", "klass", "block", "stair", "late")


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_tables")]
    operations = [
        FrozenWithParent(
            "campaigns_assignment", "campaign_id", "campaigns_campaign", columns=FROZEN, free_insert="late"
        ),
        AppendOnly("campaigns_inspection", ("state", "current", "confirmed_by_id", "confirmed_at")),
        AppendOnly("campaigns_answer"),
        AppendOnly("campaigns_signature"),
        AppendOnly("campaigns_photo", ("attachment_id",)),
        AppendOnly("campaigns_numberblock", ("closed_at", "unused")),
    ]
