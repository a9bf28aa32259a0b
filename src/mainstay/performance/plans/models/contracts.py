"""Performance contracts: who promises what to whom, signed, and frozen by signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Bilingual, Person, Unit
from mainstay.performance.plans.models.periods import Period

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_RIGHT = "performance.plans.view_contract"
IN_FORCE = ("signed", "amending", "amended")


class ContractTemplate(Bilingual):
    """Targets to begin contracts with (合约模板): applied to a filter of people, each gets a draft.

    `lines` are {"indicator": code, "weight_bp", "target_e4", "threshold_e4", "challenge_e4", "rule"}.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["code"]
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")


def visible_where(user: User, prefix: str = "", right: str = VIEW_RIGHT) -> Q:
    """Return the condition that the contract at the end of `prefix` ("target__contract__") is one a user may see.

    Empty for somebody who may see all: long lists then need no look at contracts.
    """
    own = (
        Q(**{f"{prefix}person": user.person_id}) | Q(**{f"{prefix}party_a": user.person_id})
        if user.person_id
        else Q(pk=None)
    )
    if not rights.allowed(user, right):
        return own
    ids = rights.unit_ids(user, right)
    return Q() if ids is None else own | Q(**{f"{prefix}unit_id__in": ids})


class ContractQuerySet(models.QuerySet["Contract"]):
    """Vocabulary of contracts."""

    def visible_to(self, user: User, right: str = VIEW_RIGHT) -> ContractQuerySet:
        """Contracts of the units that the user may see, and those the user is a party to."""
        return self.filter(visible_where(user, right=right))

    def in_force(self) -> ContractQuerySet:
        """Contracts that both sides have signed and that are not closed."""
        return self.filter(state__in=IN_FORCE)

    def binding(self) -> ContractQuerySet:
        """Contracts whose targets appraisal reads: signed once, in force or closed."""
        return self.filter(state__in=(*IN_FORCE, "closed"))


class Contract(models.Model):
    """A performance contract (绩效合约): party A sets, party B answers for, the targets of a period.

    `person` is party B, always one: the head answers for a unit's contract, the general manager for the company's.
    Signing by both freezes it (`digest`, `version`); afterwards only an `Amendment` both agree to changes it.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        UNIT = "unit", _("unit")
        PERSON = "person", _("person")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        NEGOTIATING = "negotiating", _("negotiating")
        SIGNED = "signed", pgettext_lazy("contract", "signed")
        AMENDING = "amending", _("being amended")
        AMENDED = "amended", _("amended")
        CLOSED = "closed", pgettext_lazy("contract", "closed")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.PERSON)
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="contracts", verbose_name=pgettext_lazy("plan", "period")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    party_a = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("party A"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="contracts", verbose_name=_("party B"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    digest = models.CharField(_("content hash"), max_length=64, blank=True, editable=False)
    signed_a_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_a_at = models.DateTimeField(_("signed by party A"), null=True)
    signed_b_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_b_at = models.DateTimeField(_("signed by party B"), null=True)
    closed_at = models.DateTimeField(pgettext_lazy("plan", "closed at"), null=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-period__from_on", "unit__path", "kind", "number"]
        verbose_name = _("performance contract")
        verbose_name_plural = _("performance contracts")
        constraints = [
            models.UniqueConstraint(fields=["period", "kind", "unit", "person"], name="contract_once"),
            models.UniqueConstraint(
                fields=["period", "unit"], condition=Q(kind__in=["unit", "company"]), name="contract_unit_once"
            ),
            models.CheckConstraint(condition=~Q(party_a=F("person")), name="contract_two_parties"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "negotiating"])
                | (~Q(digest="") & Q(signed_a_at__isnull=False, signed_b_at__isnull=False)),
                name="contract_signed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(signed_a_by=None) | Q(signed_b_by=None) | ~Q(signed_a_by=F("signed_b_by")),
                name="contract_two_signers",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "period"], name="contract_person"),
            models.Index(fields=["period", "unit"], name="contract_period_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The contract's page."""
        return reverse("plans:contract_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether targets may still be written without an amendment."""
        return self.state in (self.State.DRAFT, self.State.NEGOTIATING)

    @property
    def is_in_force(self) -> bool:
        """Whether both have signed and it is not closed."""
        return self.state in IN_FORCE


class ContractVersion(models.Model):
    """What both sides signed, word for word (合约版本). Never changed; an amendment adds the next one."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", verbose_name=_("contract"))
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField()
    digest = models.CharField(_("content hash"), max_length=64)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    agreed_a_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_a_at = models.DateTimeField()
    agreed_b_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_b_at = models.DateTimeField()

    class Meta:
        ordering = ["contract", "version"]
        verbose_name = _("version of a contract")
        verbose_name_plural = _("versions of contracts")
        constraints = [models.UniqueConstraint(fields=["contract", "version"], name="contract_version_once")]


class Amendment(models.Model):
    """A change of signed targets that one side asks for and the other agrees to (合约变更).

    `changes` are {"target": id, "field", "before", "after", "moved_bp"}; the limit is that of the terms in force.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")
        REJECTED = "rejected", _("rejected")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="amendments", verbose_name=_("contract"))
    quarter = models.CharField(_("quarter"), max_length=6)
    reason = models.CharField(_("reason"), max_length=200)
    changes = models.JSONField()
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    proposed_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state="proposed"), name="amendment_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="amendment_by_another"
            ),
        ]
