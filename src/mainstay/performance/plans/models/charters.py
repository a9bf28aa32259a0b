"""The company's operating charter."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.publications.models import Publication
from mainstay.performance.plans.models.contracts import Contract
from mainstay.performance.plans.models.periods import Period


class Charter(models.Model):
    """The charter of a year (经营任务书): the company's signed targets, published to and acknowledged by everybody."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", pgettext_lazy("charter", "approved")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="charters", verbose_name=pgettext_lazy("plan", "period")
    )
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="charters", verbose_name=_("contract"))
    preamble_zh = models.TextField(_("preamble in Chinese"))
    preamble_en = models.TextField(_("preamble in English"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, related_name="charter", verbose_name=_("publication")
    )

    class Meta:
        ordering = ["-period__from_on", "-id"]
        verbose_name = _("operating charter")
        verbose_name_plural = _("operating charters")

    def __str__(self) -> str:
        return f"{self.period}"

    def get_absolute_url(self) -> str:
        """The charter's page."""
        return reverse("plans:charter_detail", args=[self.pk])
