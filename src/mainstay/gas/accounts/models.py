"""What happens to accounts: cases from opening to closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    """Vocabulary of cases."""

    def visible_to(self, user: User, right: str = "gas.accounts.view_case") -> CaseQuerySet:
        """Cases of the units that the user may see with `right`."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(unit__in=ids)


class Case(models.Model):
    """One step in the life of an account, from request to paper (业务办理单): its number is on the paper.

    `facts` are what the paper says besides the columns (JSON): of an application the applicant, of a leaving customer
    the last indexes, the final bills and what became of the money. Amounts in fen, volumes in litres.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", pgettext_lazy("case", "opening")
        TRANSFER = "transfer", pgettext_lazy("case", "transfer")
        SUSPENSION = "suspension", pgettext_lazy("case", "suspension")
        RESTORATION = "restoration", pgettext_lazy("case", "restoration")
        CLOSING = "closing", pgettext_lazy("case", "closing")

    class State(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("case", "begun")
        DONE = "done", pgettext_lazy("case", "done")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")

    number = models.CharField(_("case number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BEGUN)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="cases", verbose_name=_("account")
    )  # none while an application waits
    new_account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("new account")
    )  # of a transfer
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("account", "branch"))
    on = models.DateField(_("date"))
    until_on = models.DateField(_("foreseen until"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun at"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="begun"), name="account_one_case"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(kind="opening"), name="case_names_its_account"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="case_of_unit"),
            models.Index(fields=["state", "-id"], condition=Q(state="begun"), name="case_begun"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page that leads through the case."""
        return reverse("accounts:case_detail", args=[self.pk])
