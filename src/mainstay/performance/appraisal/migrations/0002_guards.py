"""Ratings and what people decided stay as they were; a final result changes no more; a paid pool is whole."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, RefuseWhen

_SUM = "(SELECT COALESCE(SUM(amount_fen), 0) FROM appraisal_consequence WHERE pool_id = NEW.id)"
_POOL = "(SELECT state FROM appraisal_bonuspool WHERE id = OLD.pool_id)"
_SCORED = (
    "result_e2", "grade", "grade_rule", "ability_e2", "potential_e2", "box", "contract_id", "contract_version",
    "contract_digest", "person_id", "round_id", "unit_id",
)  # fmt: skip
_CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _SCORED)


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0001_tables")]
    operations = [
        AppendOnly("appraisal_rating"),
        AppendOnly("appraisal_appraisalchange"),
        AppendOnly("appraisal_careerplan"),
        AppendOnly("appraisal_gradescheme"),
        AppendOnly("appraisal_interview", except_columns=["confirmed_at"]),
        AppendOnly("appraisal_appeal", except_columns=["decided_by_id", "decided_at", "upheld", "answer"]),
        AppendOnly("appraisal_consequence", except_columns=["state", "approved_by_id", "effective_on"]),
        RefuseWhen(
            "appraisal_appraisal",
            "noupdate_final",
            "UPDATE",
            f"OLD.state = 'final' AND (NEW.state <> 'final' OR {_CHANGED})",
            "a final appraisal is never changed",
        ),
        RefuseWhen(
            "appraisal_bonuspool",
            "whole",
            "UPDATE",
            f"NEW.state = 'approved' AND {_SUM} <> NEW.pool_fen",
            "the shares of an approved pool sum to the pool exactly",
        ),
    ]
