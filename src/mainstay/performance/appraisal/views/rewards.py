"""Pages of consequences and bonus pools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.kit.money import yuan
from mainstay.performance.appraisal import actions, forms, queries
from mainstay.performance.appraisal.filters import ConsequenceFilter
from mainstay.performance.appraisal.models import BonusPool, Consequence, Round
from mainstay.performance.appraisal.states import CONSEQUENCE
from mainstay.performance.appraisal.tables import ConsequenceTable, ShareTable
from mainstay.performance.appraisal.views.common import APP, RoundAct
from mainstay.performance.posts.views.common import ActPage, within
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section


class ConsequenceList(ListPage):
    """What a round leads to: proposed, approved, in effect."""

    right = queries.VIEW_REWARD
    template_name = "appraisal/consequences.html"
    table_class = ConsequenceTable
    filterset_class = ConsequenceFilter
    search_fields = ("appraisal__person__name",)
    first_use = FirstUse(
        _("Nothing is proposed yet"), _("Propose what the grades lead to by the scheme; a second person approves it.")
    )

    @cached_property
    def round(self) -> Round:
        """The round, or 404."""
        rows = within(Round.objects.select_related("period", "unit", "scheme"), self.request.user, queries.VIEW_REWARD)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Which round."""
        return _("Consequences: %(round)s") % {"round": self.round}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the round."""
        return [(str(self.round), self.round.get_absolute_url())]

    def get_actions(self) -> Sequence[Button]:
        """Propose, approve, release."""
        pk = (self.round.pk,)
        return [
            Button(_("Propose"), "appraisal:propose", pk, f"{APP}.propose_consequences", "plus", True),
            Button(_("Approve"), "appraisal:approve", pk, f"{APP}.approve_consequences", "check"),
            Button(_("Put into effect"), "appraisal:effect", pk, f"{APP}.put_into_effect", "send"),
        ]

    def queryset(self) -> Any:
        """Those this person may see."""
        rows = queries.consequences_for(self.request.user).filter(appraisal__round=self.round)
        return rows.order_by("appraisal__unit__path", "appraisal__person__staff_no", "kind")

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the preview: what the scheme would lead to, counted by grade."""
        grades = Counter(self.round.appraisals.exclude(grade="").values_list("grade", flat=True))
        kinds = dict(Consequence.Kind.choices)
        preview = [
            {
                "grade": band.grade,
                "people": grades[band.grade],
                "steps": f"{band.pay_steps:+d}" if band.pay_steps else "–",
                "kinds": [kinds[kind] for kind in band.consequences],
            }
            for band in self.round.scheme.grades
        ]
        return super().context(preview=preview, **extra)


class RewardAct(RoundAct):
    """A form about a round's consequences."""

    def success(self, result: Any) -> Any:
        """Back to the consequences."""
        return reverse("appraisal:consequences", args=[self.subject.pk])


class Propose(RewardAct):
    """By the scheme."""

    title = _("Propose consequences")
    right = f"{APP}.propose_consequences"
    verb = "propose_consequences"
    submit_label = _("Propose consequences")


class Approve(RewardAct):
    """As a second person."""

    title = _("Approve consequences")
    right = f"{APP}.approve_consequences"
    verb = "approve_consequences"
    submit_label = _("Approve consequences")


class Effect(RewardAct):
    """From a day on."""

    title = _("Put into effect")
    right = f"{APP}.put_into_effect"
    verb = "put_into_effect"
    form_class = forms.EffectForm
    submit_label = _("Put into effect")
    intro = _(
        "Trainings are planned for what the person lacks for the post; improvement plans become actions of the person, "
        "checked by the superior."
    )


class PoolCreate(RoundAct):
    """Divide a sum."""

    title = _("Divide pool")
    right = f"{APP}.create_pool"
    verb = "create_pool"
    form_class = forms.PoolForm
    submit_label = _("Divide pool")
    intro = _("Everybody's share follows score × post factor; the shares sum to the pool to the fen.")

    def form_kwargs(self) -> dict[str, Any]:
        """Units of the round."""
        return {"one": self.subject}

    def success(self, result: Any) -> Any:
        """To the pool."""
        return result.get_absolute_url()


class PoolDetail(DetailPage):
    """One pool with everybody's share."""

    right = queries.VIEW_REWARD

    def queryset(self) -> Any:
        """Pools of the units this person may see."""
        rows = BonusPool.objects.select_related("round__period", "round__unit", "unit", "proposed_by__person",
                                                "approved_by__person")  # fmt: skip
        return within(rows, self.request.user, queries.VIEW_REWARD)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the round."""
        return [(str(self.subject.round), self.subject.round.get_absolute_url())]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = CONSEQUENCE.state(self.subject.state)
        return state.title, state.hue

    def get_actions(self) -> Sequence[Button]:
        """Approve it."""
        if self.subject.state != BonusPool.State.PROPOSED:
            return []
        return [
            Button(
                _("Approve pool"), "appraisal:pool_approve", (self.subject.pk,), f"{APP}.approve_pool", "check", True
            )
        ]

    @cached_property
    def shares(self) -> list[Consequence]:
        """Everybody's share, largest first."""
        rows = self.subject.shares.select_related("appraisal__person", "appraisal__unit")
        return list(rows.order_by("-amount_fen", "pk"))

    def facts(self) -> Sequence[Fact]:
        """Pool and sum of shares."""
        one = self.subject
        return [
            Fact(_("Unit"), one.unit),
            Fact(_("Pool (yuan)"), yuan(one.pool_fen)),
            Fact(_("Sum of shares (yuan)"), yuan(sum(share.amount_fen or 0 for share in self.shares))),
            Fact(_("Proposed by"), one.proposed_by),
            Fact(_("Approved by"), one.approved_by or "–"),
        ]

    def sections(self) -> Sequence[Section]:
        """The shares."""
        return [Section(_("Shares"), table=ShareTable(self.shares), count=len(self.shares))]


class PoolApprove(ActPage):
    """Agree as a second person."""

    acts = actions
    title = _("Approve pool")
    right = f"{APP}.approve_pool"
    verb = "approve_pool"
    name = "pool"
    submit_label = _("Approve pool")

    def rows(self) -> Any:
        """Pools in the reach of the right."""
        return within(BonusPool.objects.select_related("unit", "round__period", "round__unit"), self.request.user,
                      self.right or "")  # fmt: skip
