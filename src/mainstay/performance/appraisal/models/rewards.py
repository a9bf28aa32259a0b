"""What follows from appraisals: bonus pools, pay, posts, training, career."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Post, Unit
from mainstay.performance.appraisal.models.appraisals import Appraisal
from mainstay.performance.appraisal.models.rounds import Round


class PostFactor(models.Model):
    """What a post weighs in the bonus, from a day on (岗位系数), in basis points: 10,000 is 1.0."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="factors", verbose_name=_("post"))
    from_on = models.DateField(_("from"))
    factor_bp = models.PositiveIntegerField(_("factor (bp)"))
    notice = models.CharField(_("notice"), max_length=120)

    class Meta:
        ordering = ["post", "-from_on"]
        verbose_name = _("post factor")
        verbose_name_plural = _("post factors")
        constraints = [
            models.UniqueConstraint(fields=["post", "from_on"], name="post_factor_once"),
            models.CheckConstraint(condition=Q(factor_bp__gt=0, factor_bp__lte=100_000), name="post_factor_range"),
        ]


class BonusPool(models.Model):
    """A sum that is divided among the people of a unit and below by score × post factor (奖金包)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("consequence", "proposed")
        APPROVED = "approved", pgettext_lazy("consequence", "approved")

    round = models.ForeignKey(Round, models.PROTECT, related_name="pools", verbose_name=_("appraisal round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    pool_fen = models.BigIntegerField(_("pool (fen)"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )

    class Meta:
        ordering = ["round", "unit__path"]
        verbose_name = _("bonus pool")
        verbose_name_plural = _("bonus pools")
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="pool_once"),
            models.CheckConstraint(condition=Q(pool_fen__gt=0), name="pool_above_nothing"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="pool_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.period} · {self.unit}"

    def get_absolute_url(self) -> str:
        """The pool's page."""
        return reverse("appraisal:pool_detail", args=[self.pk])


class Consequence(models.Model):
    """What an appraisal leads to (结果应用): proposed by the rules, approved by a second person, then in effect."""

    class Kind(models.TextChoices):
        PAY_STEP = "pay_step", _("pay step")
        BONUS = "bonus", _("bonus")
        PROMOTION = "promotion", _("promotion to be considered")
        POST_CHANGE = "post_change", _("change of post to be considered")
        TRAINING = "training", _("training")
        IMPROVEMENT = "improvement", _("improvement plan")
        CAREER = "career", _("career plan")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("consequence", "proposed")
        APPROVED = "approved", pgettext_lazy("consequence", "approved")
        EFFECTIVE = "effective", pgettext_lazy("consequence", "effective")

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="consequences", verbose_name=_("appraisal"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    steps = models.SmallIntegerField(_("pay steps"), default=0)
    amount_fen = models.BigIntegerField(_("amount"), null=True)
    pool = models.ForeignKey(BonusPool, models.PROTECT, null=True, related_name="shares", verbose_name=_("bonus pool"))
    weight = models.BigIntegerField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField(_("effective from"), null=True)

    class Meta:
        ordering = ["appraisal", "kind"]
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "kind"], name="consequence_once"),
            models.CheckConstraint(
                condition=Q(kind="bonus", amount_fen__gte=0, pool__isnull=False)
                | (~Q(kind="bonus") & Q(amount_fen=None, pool=None)),
                name="consequence_bonus_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="consequence_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_on__isnull=False), name="consequence_has_a_day"
            ),
        ]
