"""One inbox for everyone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Todo(models.Model):
    """Something that waits for a person, or for whoever has a right in a unit (待办).

    `amount_fen` hides it from people whose limit is lower, `not_for` from the one who asked for it.
    """

    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("subject"), max_length=80)
    title_zh = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    right = models.CharField(max_length=80, blank=True)
    unit_id = models.BigIntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    not_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"), null=True)
    escalated_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("to-do")
        verbose_name_plural = _("to-dos")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "user"], condition=models.Q(done_at=None), name="todo_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["user", "due_at"], condition=models.Q(done_at=None), name="todo_user_open"),
            models.Index(fields=["right", "unit_id"], condition=models.Q(done_at=None), name="todo_right_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of this to-do."""
        return reverse("todos:todo_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_zh if (get_language() or "zh").startswith("zh") else self.title_en
