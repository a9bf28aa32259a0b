"""Files that prove something."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """An uploaded file, kept under the hash of its content (证据文件). Never executed, never served inline."""

    class Scan(models.TextChoices):
        NONE = "none", _("no scanner set up")
        CLEAN = "clean", _("clean")
        QUARANTINED = "quarantined", _("quarantined")

    digest = models.CharField(_("content hash"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type"), max_length=80)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan.choices, default=Scan.NONE)
    stored_at = models.DateTimeField(auto_now_add=True)
    keep_until = models.DateField(_("keep until"), null=True, blank=True)


class Attachment(models.Model):
    """A file's name and place in the business (附件)."""

    CONTENT = "file_id"  # two attachments of one file say the same (`door.arguments.same`)

    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    subject = models.CharField(_("subject"), max_length=80, db_index=True)
    name = models.CharField(_("file name"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
