"""What the acts of appraisal share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mainstay.core.door import note_change, refuse
from mainstay.kit.sqlkit import lock
from mainstay.performance.appraisal.models import Appraisal, Round
from mainstay.performance.appraisal.queries import bar_to_appraise
from mainstay.performance.appraisal.states import APPRAISAL, ROUND

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def of_round(round: Round, **_facts: Any) -> int:
    """The unit a round belongs to."""
    return int(round.unit_id)


def about_round(round: Round, **_facts: Any) -> str:
    """The subject of audit rows about a round."""
    return f"appraisal.round:{round.pk}"


def of_appraisal(appraisal: Appraisal, **_facts: Any) -> int:
    """The unit a person is appraised in."""
    return int(appraisal.unit_id)


def about_appraisal(appraisal: Appraisal, **_facts: Any) -> str:
    """The subject of audit rows about an appraisal."""
    return f"appraisal.appraisal:{appraisal.pk}"


def fresh_round(one: Round) -> Round:
    """Lock a round and read it again."""
    lock("appraisal.round", one.pk)
    one.refresh_from_db()
    return one


def move_round(one: Round, state: str) -> None:
    """Lead a locked round to its next state. Raises Problem where no arrow leads there."""
    ROUND.require(one.state, state)
    note_change(before={"state": one.state}, after={"state": state})
    one.state = state
    one.save(update_fields=["state"])


def fresh(appraisal: Appraisal) -> Appraisal:
    """Lock an appraisal and read it again."""
    lock("appraisal.appraisal", appraisal.pk)
    appraisal.refresh_from_db()
    return appraisal


def move(appraisal: Appraisal, state: str) -> None:
    """Lead a locked appraisal to its next state. Raises Problem where no arrow leads there."""
    APPRAISAL.require(appraisal.state, state)
    note_change(before={"state": appraisal.state}, after={"state": state})
    appraisal.state = state
    appraisal.save(update_fields=["state"])


def only_trained(user: User, one: Round) -> None:
    """Refuse an appraiser who has not acknowledged the policy and finished its training (A16)."""
    if reason := bar_to_appraise(user, one):
        refuse(reason)
