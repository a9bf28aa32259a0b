"""Who belongs where: units, posts, people."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Bilingual(models.Model):
    """Something with a name in Chinese and in English."""

    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, Chinese where there is no other."""
        if self.name_en and not (get_language() or "zh").startswith("zh"):
            return self.name_en
        return self.name_zh


class Unit(Bilingual):
    """A part of the company: company, branch, section, crew (机构).

    `path` holds the ids from the root down ("1.4.9."), so that a subtree is one prefix.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    path = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, default="section")
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class Person(models.Model):
    """Somebody who works for the company (人员)."""

    staff_no = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        ordering = ["staff_no"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name


class Post(Bilingual):
    """A position in a unit that people hold (岗位); roles hang on it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))

    class Meta:
        ordering = ["unit__path", "code"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Vocabulary of holdings."""

    def current(self, on: date) -> HoldingQuerySet:
        """Holdings in force on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)


class Holding(models.Model):
    """A person in a post from one day to another, both inclusive (任职)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name=_("person"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name=_("post"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["person", "from_on"]
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        constraints = [
            models.UniqueConstraint(fields=["person", "post", "from_on"], name="holding_once"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="holding_until_after_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.post}"
