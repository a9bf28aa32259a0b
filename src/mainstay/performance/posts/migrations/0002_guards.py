"""What incumbents said stays as they said it; a version beyond its draft keeps its words."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, RefuseWhen

_STATE = "(SELECT state FROM posts_postdescription WHERE id = {row}.description_id)"
_KEPT = "this version of the job description is no draft: draft the next version"
_TEXTS = ("post_id", "version", "purpose", "authority", "relations", "conditions", "development")
_CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _TEXTS)
_PROCESS = "(SELECT state FROM posts_workprocess WHERE id = {row}.process_id)"
_KEPT_STEPS = "this version of the process is no draft: draft the next version"


def _guards(table: str, state: str, message: str) -> list[RefuseWhen]:
    return [
        RefuseWhen(table, "noinsert_kept", "INSERT", f"{state.format(row='NEW')} <> 'draft'", message),
        RefuseWhen(table, "noupdate_kept", "UPDATE", f"{state.format(row='OLD')} <> 'draft'", message),
        RefuseWhen(table, "nodelete_kept", "DELETE", f"{state.format(row='OLD')} <> 'draft'", message),
    ]


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]
    operations = [
        AppendOnly("posts_consultation"),
        RefuseWhen(
            "posts_analysisanswer",
            "noupdate_given",
            "UPDATE",
            "OLD.at IS NOT NULL",
            "an answer that was given is kept as it was given",
        ),
        RefuseWhen("posts_postdescription", "noupdate_kept", "UPDATE", f"OLD.state <> 'draft' AND ({_CHANGED})", _KEPT),
        *_guards("posts_duty", _STATE, _KEPT),
        *_guards("posts_requirement", _STATE, _KEPT),
        *_guards("posts_processstep", _PROCESS, _KEPT_STEPS),
    ]
