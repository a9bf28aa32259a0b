"""Meetings that look at results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Person, Unit
from mainstay.performance.plans.models import Period

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_RIGHT = "performance.tracking.view_session"


class SessionQuerySet(models.QuerySet["Session"]):
    """Vocabulary of sessions."""

    def visible_to(self, user: User) -> SessionQuerySet:
        """Sessions of the units the user may see, and those the user sits in."""
        own = Q(pk__in=Seat.objects.filter(person=user.person_id or 0).values("session"))
        own |= Q(host=user.person_id or 0) | Q(recorder=user.person_id or 0)
        if not rights.allowed(user, VIEW_RIGHT):
            return self.filter(own)
        ids = rights.unit_ids(user, VIEW_RIGHT)
        return self if ids is None else self.filter(own | Q(unit_id__in=ids))


class Session(models.Model):
    """A meeting about results (例会、业绩质询、阶段评审): its agenda comes from the data, its decisions become actions.

    The host leads, the recorder writes; everybody with a seat confirms the minutes.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", _("regular meeting")
        CHALLENGE = "challenge", _("challenge session")
        REVIEW = "review", _("stage review")
        COACHING = "coaching", _("coaching interview")
        CALIBRATION = "calibration", _("calibration session")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("session", "planned")
        HELD = "held", pgettext_lazy("session", "held")
        CONFIRMED = "confirmed", pgettext_lazy("session", "minutes confirmed")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="sessions", verbose_name=pgettext_lazy("plan", "period")
    )
    held_on = models.DateField(_("day"))
    host = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("host"))
    recorder = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("recorder"))
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name=_("session before")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    minutes = models.TextField(_("minutes"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [models.CheckConstraint(condition=~Q(host=F("recorder")), name="session_host_not_recorder")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The session's page."""
        return reverse("tracking:session_detail", args=[self.pk])


class Seat(models.Model):
    """Somebody who sits in a session (参会人): reporters answer for their results; all confirm the minutes."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="seats", verbose_name=_("session"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    reports = models.BooleanField(_("reports"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        ordering = ["session", "position", "id"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="seat_once")]


class Report(models.Model):
    """What a reporter said about the own results (述职): why there is a gap, what comes next, what was asked."""

    seat = models.OneToOneField(Seat, models.CASCADE, related_name="report", verbose_name=_("seat"))
    cause = models.TextField(_("why there is a gap"), blank=True)
    outlook = models.TextField(_("results of the next period"), blank=True)
    questions = models.TextField(_("questions and answers"), blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")


class CoachingNote(models.Model):
    """What a superior and an employee talked over between sessions (辅导记录). Never changed; both can read it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="coaching_notes", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    text = models.TextField(_("what was talked over"))
    agreed = models.CharField(_("agreed next step"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("coaching note")
        verbose_name_plural = _("coaching notes")
