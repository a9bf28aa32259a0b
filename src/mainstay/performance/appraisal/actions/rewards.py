"""Consequences: bonus pools to the fen, and what grades lead to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.appraisal.actions.common import about_round, fresh_round, of_round
from mainstay.performance.appraisal.actions.following import FOLLOWED, follow_up
from mainstay.performance.appraisal.models import Appraisal, BonusPool, Consequence, PostFactor, Round
from mainstay.performance.appraisal.queries import factors_of
from mainstay.performance.appraisal.rules import FULL_BP, split_pool

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Post, Unit

MOST_BP = 100_000


@action(
    "performance.appraisal.set_post_factor",
    title=_("Set the bonus factor of a post"),
    unit=lambda post, **_f: post.unit_id,
)
def set_post_factor(*, post: Post, factor_bp: int, notice: str, from_on: date | None = None, by: User) -> PostFactor:
    """Lay down what a post weighs in bonuses from a day on, in basis points. Raises Problem: range, twice."""
    if not 0 < factor_bp <= MOST_BP:
        raise Problem(_("A factor lies above 0 and up to 10."), field="factor", code="range")
    day = from_on or local_today()
    if PostFactor.objects.filter(post=post, from_on=day).exists():
        raise Problem(_("There is a factor from this day already. Choose another day."), field="from_on", code="taken")
    made = PostFactor.objects.create(post=post, factor_bp=factor_bp, notice=notice.strip(), from_on=day)
    note_change(after={"post": post.code, "factor_bp": factor_bp, "from_on": day.isoformat()})
    return made


def _final(one: Round) -> Any:
    if one.state != Round.State.CLOSED:
        raise Problem(_("Close the round first: consequences follow from final results."), code="not_closed")
    return one.appraisals.filter(state=Appraisal.State.FINAL)


@action(
    "performance.appraisal.create_pool",
    title=_("Divide a bonus pool"),
    unit=lambda unit, **_facts: unit.pk,
    amount=lambda pool_fen, **_facts: pool_fen,
)
def create_pool(*, round: Round, unit: Unit, pool_fen: int, by: User) -> BonusPool:
    """Divide a pool among the people of a unit and below by score × post factor; the shares sum to it to the fen.

    Raises Problem: round not closed, pool there already or overlapping, nobody with a score.
    """
    fresh_round(round)
    people = _final(round).filter(unit__path__startswith=unit.path).exclude(result_e2=None)
    if pool_fen <= 0:
        raise Problem(_("A pool is more than nothing."), field="pool", code="amount")
    if Consequence.objects.filter(appraisal__in=people, kind=Consequence.Kind.BONUS).exists():
        raise Problem(_("Somebody here has a share of another pool already."), field="unit", code="overlap")
    rows = list(people.order_by("pk"))
    factors = factors_of([row.post_id for row in rows], round.period.until_on)
    weights = {row.pk: max(row.result_e2, 0) * factors.get(row.post_id, FULL_BP) for row in rows}
    if not any(weights.values()):
        raise Problem(_("Nobody here has a result to be paid for."), field="unit", code="nobody")
    pool = BonusPool.objects.create(round=round, unit=unit, pool_fen=pool_fen, proposed_by=by)
    shares = split_pool(pool_fen, weights)
    Consequence.objects.bulk_create(
        [
            Consequence(
                appraisal=row, kind=Consequence.Kind.BONUS, amount_fen=shares[row.pk], weight=weights[row.pk],
                pool=pool, proposed_by=by,
            )
            for row in rows
        ],
        batch_size=500,
    )  # fmt: skip
    note_change(after={"pool_fen": pool_fen, "people": len(rows)})
    return pool


@action(
    "performance.appraisal.approve_pool",
    title=_("Approve a bonus pool"),
    unit=lambda pool, **_facts: pool.unit_id,
    amount=lambda pool, **_facts: pool.pool_fen,
    subject=lambda pool, **_facts: f"appraisal.bonuspool:{pool.pk}",
)
def approve_pool(*, pool: BonusPool, by: User) -> BonusPool:
    """Agree to a divided pool as a second person."""
    lock("appraisal.pool", pool.pk)
    pool.refresh_from_db()
    if pool.proposed_by_id == by.pk:
        refuse(_("A second person approves what you proposed."))
    if pool.state != BonusPool.State.PROPOSED:
        raise Problem(_("This pool is approved already."), code="approved")
    paid = pool.shares.aggregate(sum=Sum("amount_fen"))["sum"]
    if paid != pool.pool_fen:
        raise Problem(_("The shares do not sum to the pool. Divide it anew."), code="sum")
    pool.shares.update(state=Consequence.State.APPROVED, approved_by=by)
    pool.state, pool.approved_by = BonusPool.State.APPROVED, by
    pool.save(update_fields=["state", "approved_by"])
    note_change(after={"state": "approved", "pool_fen": pool.pool_fen})
    return pool


@action(
    "performance.appraisal.propose_consequences", title=_("Propose consequences"), unit=of_round, subject=about_round
)
def propose_consequences(*, round: Round, by: User) -> int:
    """Write down what the final grades lead to by the scheme; returns how many are new. Nothing takes effect by it."""
    fresh_round(round)
    bands = {band.grade: band for band in round.scheme.grades}
    known = set(Consequence.objects.filter(appraisal__round=round).values_list("appraisal", "kind"))
    new = []
    for row in _final(round):
        band = bands[row.grade]
        kinds = [(kind, 0) for kind in band.consequences]
        if band.pay_steps:
            kinds.append((Consequence.Kind.PAY_STEP, band.pay_steps))
        new += [
            Consequence(appraisal=row, kind=kind, steps=steps, proposed_by=by)
            for kind, steps in kinds
            if (row.pk, kind) not in known
        ]
    Consequence.objects.bulk_create(new, batch_size=500)
    note_change(after={"proposed": len(new)})
    return len(new)


@action(
    "performance.appraisal.approve_consequences", title=_("Approve consequences"), unit=of_round, subject=about_round
)
def approve_consequences(*, round: Round, by: User) -> int:
    """Agree as a second person to everything proposed in a round but the bonuses; returns how many."""
    fresh_round(round)
    rows = Consequence.objects.filter(appraisal__round=round, state=Consequence.State.PROPOSED, pool=None)
    if rows.filter(proposed_by=by).exists():
        refuse(_("A second person approves what you proposed."))
    count = rows.update(state=Consequence.State.APPROVED, approved_by=by)
    if not count:
        raise Problem(_("Nothing waits for approval here."), code="nothing")
    note_change(after={"approved": count})
    return count


@action(
    "performance.appraisal.put_into_effect", title=_("Put consequences into effect"), unit=of_round, subject=about_round
)
def put_into_effect(*, round: Round, on: date, by: User) -> int:
    """Release everything approved in a round from a day on; returns how many. Raises Problem: nothing is approved.

    Trainings close the gaps between person and post, improvement plans become actions with owner and checker, and the
    superior is asked for the career plan.
    """
    fresh_round(round)
    rows = Consequence.objects.filter(appraisal__round=round, state=Consequence.State.APPROVED)
    told = ("appraisal__person", "appraisal__unit", "appraisal__round__period", "appraisal__contract__party_a__user",
            "appraisal__interview")  # fmt: skip
    work = list(rows.filter(kind__in=FOLLOWED).select_related(*told).order_by("pk"))
    count = rows.update(state=Consequence.State.EFFECTIVE, effective_on=on)
    if not count:
        raise Problem(_("Nothing approved waits here."), code="nothing")
    made = follow_up(work, on, by)
    note_change(after={"effective": count, "on": on.isoformat(), **made})
    return count
