"""What both have signed stays as it was signed; closed periods stay closed; what was agreed or spent stays on record."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, RefuseWhen

_STATE = "(SELECT state FROM plans_contract WHERE id = {row}.contract_id)"
_FROZEN = "this contract is signed: its targets change by an amendment that both sides agree to"
_FACTS = ("number", "kind", "period_id", "unit_id", "party_a_id", "person_id", "signed_a_by_id", "signed_b_by_id")
_MOVED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FACTS)
_SIGNED = "('signed', 'amending', 'amended', 'closed')"
_WEIGHTS = "COALESCE((SELECT SUM(weight_bp) FROM plans_target WHERE contract_id = NEW.id), 0)"


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_tables")]
    operations = [
        RefuseWhen(
            "plans_target",
            "noinsert_signed",
            "INSERT",
            f"{_STATE.format(row='NEW')} NOT IN ('draft', 'negotiating')",
            _FROZEN,
        ),
        RefuseWhen(
            "plans_target",
            "noupdate_signed",
            "UPDATE",
            f"{_STATE.format(row='OLD')} NOT IN ('draft', 'negotiating', 'amending') "
            "OR NEW.contract_id <> OLD.contract_id",
            _FROZEN,
        ),
        RefuseWhen(
            "plans_target",
            "nodelete_signed",
            "DELETE",
            f"{_STATE.format(row='OLD')} NOT IN ('draft', 'negotiating')",
            _FROZEN,
        ),
        RefuseWhen(
            "plans_contract",
            "noupdate_signed",
            "UPDATE",
            f"OLD.state IN {_SIGNED} AND ({_MOVED} OR NEW.state IN ('draft', 'negotiating') OR OLD.state = 'closed' "
            "OR (OLD.state <> 'amending' AND (NEW.digest <> OLD.digest OR NEW.version <> OLD.version)))",
            "this contract is signed: it changes by an amendment that both sides agree to",
        ),
        RefuseWhen(
            "plans_contract",
            "weights",
            "UPDATE",
            f"NEW.state IN ('signed', 'amended') AND {_WEIGHTS} <> 10000",
            "the weights of a signed contract sum to exactly 100 %",
        ),
        RefuseWhen(
            "plans_contract",
            "nodelete_signed",
            "DELETE",
            f"OLD.state IN {_SIGNED}",
            "a signed contract is never deleted: close it",
        ),
        RefuseWhen(
            "plans_period",
            "noreopen",
            "UPDATE",
            "OLD.state = 'closed' AND (NEW.state <> 'closed' OR NEW.from_on <> OLD.from_on "
            "OR NEW.until_on <> OLD.until_on)",
            "a closed period stays closed",
        ),
        AppendOnly("plans_contractversion"),
        AppendOnly("plans_budgetentry"),
        AppendOnly("plans_amendment", except_columns=["state", "decided_by_id", "decided_at"]),
    ]
