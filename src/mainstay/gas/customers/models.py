"""Customers, where they live, and their accounts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.kit import masking

if TYPE_CHECKING:
    from mainstay.core.access.models import User


_BYTEWISE = ["varchar_pattern_ops", "int8_ops"]  # PostgreSQL's; SQLite orders text by bytes anyway


def shown_name(kind: str, name: str) -> str:
    """A firm's name whole, for it is no personal data; of a person the first character of the surname."""
    return name if kind == Customer.Kind.FIRM else masking.name(name)


class Customer(models.Model):
    """A person or a firm that uses gas (客户)."""

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("customer", "person")
        FIRM = "firm", pgettext_lazy("customer", "firm")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(pgettext_lazy("customer", "name"), max_length=80)
    initials = models.CharField(_("pinyin initials"), max_length=80, editable=False)
    phone = models.CharField(pgettext_lazy("customer", "phone"), max_length=20, blank=True)
    phone_reversed = models.CharField(
        max_length=20, blank=True, editable=False
    )  # a tail search is a prefix search here
    id_no = models.CharField(_("ID or credit code"), max_length=30, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        # In the order of bytes a beginning is one range of an index, and its hits come in order.
        indexes = [
            models.Index(fields=["name", "id"], name="customer_name", opclasses=_BYTEWISE),
            models.Index(fields=["initials", "id"], name="customer_initials", opclasses=_BYTEWISE),
            models.Index(fields=["phone_reversed", "id"], name="customer_phone_tail", opclasses=_BYTEWISE),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as everybody sees it."""
        return shown_name(self.kind, self.name)


class Area(models.Model):
    """District or residential community (区域、小区). `unit` is the branch that serves it."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        COMMUNITY = "community", _("community")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(max_length=60, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("lies in"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("account", "branch")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="area_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as everybody sees it."""
        return shown_name(self.kind, self.name)


class Premise(models.Model):
    """A flat, shop or works that gas is delivered to (用气地址): community → building → entrance → room."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, verbose_name=_("community"))
    building = models.CharField(_("building"), max_length=10, blank=True)
    entrance = models.CharField(_("entrance"), max_length=10, blank=True)
    room = models.CharField(_("room"), max_length=10, blank=True)
    address = models.CharField(pgettext_lazy("account", "address"), max_length=160)
    longitude_e6 = models.IntegerField(null=True, blank=True)
    latitude_e6 = models.IntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("premise")
        verbose_name_plural = _("premises")
        constraints = [
            models.UniqueConstraint(fields=["area", "building", "entrance", "room", "address"], name="premise_once")
        ]

    def __str__(self) -> str:
        return self.address


class AccountQuerySet(models.QuerySet["Account"]):
    """Vocabulary of accounts."""

    def visible_to(self, user: User, right: str = "gas.customers.view_account") -> AccountQuerySet:
        """Accounts of the units that the user may see with `right`."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(unit_id__in=ids)


class Account(models.Model):
    """A customer at a premise: what is read, billed and paid for (用户). Its money is in the ledger, never here."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("account", "applied")
        READY = "ready", pgettext_lazy("account", "ready")
        ACTIVE = "active", pgettext_lazy("account", "active")
        SUSPENDED = "suspended", pgettext_lazy("account", "suspended")
        CLOSED = "closed", pgettext_lazy("account", "closed")

    class Category(models.TextChoices):
        RESIDENTIAL = "residential", _("residential")
        INSTITUTION = "institution", _("institution")
        COMMERCIAL = "commercial", _("commercial")
        INDUSTRIAL = "industrial", _("industrial")

    account_no = models.CharField(_("account number"), max_length=12, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="accounts", verbose_name=_("customer"))
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="accounts", verbose_name=_("premise"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("account", "branch"))
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, default=Category.RESIDENTIAL)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPLIED)

    class Difference(models.TextChoices):
        BILLED = "billed", _("difference billed")
        REPORTED = "reported", _("difference reported")

    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    counts_from = models.DateField(
        _("counted from"), null=True, blank=True, editable=False
    )  # where a tariff goes on counting at a transfer: the day since when gas is used here
    difference = models.CharField(
        _("master meter"), max_length=8, choices=Difference.choices, null=True, blank=True
    )  # what happens with the difference of a master meter and its sub meters (总分表差额)
    closed_on = models.DateField(pgettext_lazy("account", "closed on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["account_no"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="active") | models.Q(opened_on__isnull=False), name="account_active_opened"
            )
        ]
        # One for each way to narrow the list: its pages are then read in the order of the index.
        indexes = [
            models.Index(fields=["unit", "account_no"], name="account_of_unit"),
            models.Index(fields=["state", "account_no"], name="account_in_state"),
            models.Index(fields=["category", "account_no"], name="account_of_category"),
            models.Index(fields=["unit", "state", "account_no"], name="account_of_unit_in_state"),
            models.Index(fields=["unit", "category", "account_no"], name="account_of_unit_category"),
        ]

    def __str__(self) -> str:
        return self.account_no

    def get_absolute_url(self) -> str:
        """The page with everything about the account."""
        return reverse("customers:account_detail", args=[self.pk])

    @property
    def with_name(self) -> str:
        """Its number with the name of its customer, masked where that is a person."""
        return f"{self.account_no} {self.customer.shown_name}"

    @property
    def used_since(self) -> date | None:
        """The day from which months of use are counted in a tariff year: of the opening unless a transfer says else."""
        return self.counts_from or self.opened_on
