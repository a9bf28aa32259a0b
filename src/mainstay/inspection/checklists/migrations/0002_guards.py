"""A version that left its draft never changes: neither its items and parts nor its own wording."""

from django.db import migrations

from mainstay.kit.sqlkit.frozen import FrozenWithParent


class Migration(migrations.Migration):
    dependencies = [("checklists", "0001_tables")]
    operations = [
        FrozenWithParent("checklists_checklistsection", "version_id", "checklists_checklistversion"),
        FrozenWithParent("checklists_checklistitem", "version_id", "checklists_checklistversion"),
    ]
