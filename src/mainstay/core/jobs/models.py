"""Long work that outlives a request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of background work with real progress (后台任务). Killed and restarted, it goes on where it was."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=60)
    arguments = models.JSONField(default=dict)
    subject = models.CharField(_("subject"), max_length=80, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"))
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("total"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["state", "run_after"], condition=models.Q(state__in=["waiting", "running"]), name="job_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """The page with the progress bar."""
        return reverse("jobs:job_detail", args=[self.pk])


class Schedule(models.Model):
    """When a kind of job starts by itself (计划任务)."""

    kind = models.CharField(_("kind"), max_length=60, unique=True)
    arguments = models.JSONField(default=dict)
    every_minutes = models.PositiveIntegerField(_("every (minutes)"))
    next_at = models.DateTimeField(_("next at"))
    active = models.BooleanField(_("active"), default=True)
