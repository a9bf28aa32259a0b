"""Texts that people must read and acknowledge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit


class Publication(models.Model):
    """A version of a rule, charter or notice (发布文件)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")

    kind = models.CharField(_("kind"), max_length=30)
    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title_zh = models.CharField(_("Chinese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    body = models.TextField(_("text"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("for unit and below"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    acknowledge_by = models.DateField(_("acknowledge by"), null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="publication_version_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language, Chinese where there is no other."""
        english = self.title_en and not (get_language() or "zh").startswith("zh")
        return self.title_en if english else self.title_zh


class Acknowledgement(models.Model):
    """A person has read a publication (阅知)."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "user"], name="acknowledged_once")]
