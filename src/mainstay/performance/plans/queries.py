"""Reads of plans: who sees which contract, and a contract's own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.performance.plans.models import Amendment, Backing, Contract, Target
from mainstay.performance.plans.models.contracts import VIEW_RIGHT

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mainstay.core.access.models import User

VIEW = register_right(VIEW_RIGHT, _("View performance contracts"))


def contracts_for(user: User) -> QuerySet[Contract]:
    """Contracts a user may see, with what lists show of them."""
    return Contract.objects.visible_to(user).select_related("period", "unit", "party_a", "person")


def targets_of(contract: Contract) -> list[Target]:
    """The targets of a contract with their indicators, in order: one query."""
    return list(contract.targets.select_related("indicator").order_by("position", "id"))


def contracts_to_sign(user: User) -> tuple[QuerySet[Contract], QuerySet[Contract]]:
    """Contracts that wait for the user's signature: as the leader's, and as the one's who is led."""
    waiting, person = Contract.objects.filter(state=Contract.State.NEGOTIATING), user.person_id or 0
    return waiting.filter(party_a=person, signed_a_at=None), waiting.filter(person=person, signed_b_at=None)


def backings_of(contract: Contract) -> dict[int, Backing]:
    """What stands behind the targets of a contract, by target: one query."""
    return {one.target_id: one for one in Backing.objects.filter(target__contract=contract)}


def changes_of(amendment: Amendment) -> list[dict[str, Any]]:
    """The changes of an amendment with the names of their indicators: one query."""
    names = {one.pk: str(one.indicator) for one in targets_of(amendment.contract)}
    words = {
        "target_e4": _("target"), "threshold_e4": _("threshold"), "challenge_e4": _("challenge"),
        "weight_bp": _("weight (%)"),
    }  # fmt: skip
    return [
        {
            **one,
            "name": names.get(one["target"], "–"),
            "what": words[one["field"]],
            "share": one["field"] == "weight_bp",
        }
        for one in amendment.changes
    ]
