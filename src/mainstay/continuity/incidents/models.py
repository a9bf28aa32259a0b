"""What went wrong with the site, what was done about it, what is still to be done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.continuity.site.models import Observation


class Incident(models.Model):
    """Something that went wrong with the site (安全事件): since when, what it touched, its cause, who closed it."""

    class Kind(models.TextChoices):
        FACILITY = "facility", _("fault of a device or facility")
        MALWARE = "malware", _("malicious program")
        ATTACK = "attack", _("attack over the network")
        DATA = "data", _("data lost, changed or leaked")
        CONTENT = "content", _("forbidden content")
        MISUSE = "misuse", _("operation against the rules")
        WEAKNESS = "weakness", _("hidden danger")
        STRANGE = "strange", _("unusual behaviour")
        FORCE = "force", _("fire, water, power, weather")
        OTHER = "other", _("other incident")

    class Grade(models.IntegerChoices):
        FOURTH = 4, _("IV general")
        THIRD = 3, _("III considerable")
        SECOND = 2, _("II major")
        FIRST = 1, _("I extremely grave")

    class State(models.TextChoices):
        OPEN = "open", _("being handled")
        OVER = "over", _("over, to be closed")
        CLOSED = "closed", _("case closed")

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("what went wrong"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade.choices)
    measure = models.CharField(_("measure"), max_length=4, blank=True)
    touched = models.CharField(_("what it touched"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    began_at = models.DateTimeField(_("began at"))
    noticed_at = models.DateTimeField(_("noticed at"))
    over_at = models.DateTimeField(_("over since"), null=True)
    cause = models.CharField(_("cause"), max_length=500, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("incident", "closed at"), null=True)
    conclusion = models.CharField(_("conclusion"), max_length=500, blank=True)
    finding = models.ForeignKey(
        Observation, models.PROTECT, null=True, related_name="incidents", verbose_name=_("alarm")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("incident", "closed by"),
    )

    class Meta:
        ordering = ["-noticed_at", "-id"]
        verbose_name = pgettext_lazy("site", "incident")
        verbose_name_plural = pgettext_lazy("site", "incidents")
        constraints = [
            models.CheckConstraint(condition=Q(began_at__lte=F("noticed_at")), name="incident_began_before_noticed"),
            models.CheckConstraint(
                condition=Q(over_at=None) | Q(over_at__gte=F("began_at")), name="incident_over_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(state="open", over_at=None, closed_at=None)
                | Q(state="over", over_at__isnull=False, closed_at=None) & ~Q(cause="")
                | Q(state="closed", over_at__isnull=False, closed_at__isnull=False) & ~Q(cause=""),
                name="incident_state",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("opened_by")) & ~Q(closed_by=F("ended_by")),
                name="incident_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:incident_detail", args=[self.pk])


class Step(models.Model):
    """Something done or learnt while an incident was handled (处置记录). Written once."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="steps", verbose_name=pgettext_lazy("site", "incident")
    )
    at = models.DateTimeField(_("at"))
    text = models.CharField(_("what was done"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.text


class FollowUp(models.Model):
    """What has to be done so that it does not come back (后续措施): by whom, until when."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="follow_ups", verbose_name=pgettext_lazy("site", "incident")
    )
    what = models.CharField(_("what has to follow"), max_length=200)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom"))
    due_on = models.DateField(_("until"))
    done_on = models.DateField(_("done on"), null=True)
    result = models.CharField(_("result"), max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return self.what
