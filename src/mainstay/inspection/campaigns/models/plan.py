"""What is to be inspected, by whom, when: targets, campaigns, groups, assignments."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Bilingual, Person, Unit
from mainstay.inspection.checklists.models import ChecklistVersion

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class Kind(models.TextChoices):
    """What a campaign and its targets are about; only checklist and rules differ."""

    VAULT = "vault", _("cash vaults")
    HOUSEHOLD = "household", _("household checks")
    ROOM = "room", _("machine-room patrols")


class Class(models.TextChoices):
    """Classes by which coverage is counted."""

    CITY = "city", _("city")
    COUNTY = "county", _("county")
    RURAL = "rural", _("rural")
    RESIDENT = "resident", _("resident")
    BUSINESS = "business", _("business customer")
    ROOM = "room", _("machine room")


class Target(models.Model):
    """Something that is inspected: a vault, a home, a machine room (检查对象). `qr` is what its label says."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VAULT)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("what it is"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit"))
    klass = models.CharField(_("class"), max_length=10, choices=Class.choices, default=Class.CITY)
    address = models.CharField(_("address"), max_length=200, blank=True)
    block = models.CharField(_("block"), max_length=60, blank=True)
    stair = models.CharField(_("stair"), max_length=20, blank=True)
    room = models.CharField(_("room"), max_length=20, blank=True)
    account_no = models.CharField(_("customer account"), max_length=24, blank=True, db_index=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    lat_e6 = models.IntegerField(_("latitude (1/1000000)"), null=True, blank=True)
    lng_e6 = models.IntegerField(_("longitude (1/1000000)"), null=True, blank=True)
    qr = models.UUIDField(_("QR label"), default=uuid.uuid4, unique=True, editable=False)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("inspection target")
        verbose_name_plural = _("inspection targets")
        indexes = [models.Index(fields=["kind", "unit", "block", "stair", "code"], name="target_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page: what was found there so far."""
        return reverse("campaigns:target_detail", args=[self.pk])


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Vocabulary of campaigns."""

    def visible_to(self, user: User, right: str = "inspection.campaigns.view_campaign") -> CampaignQuerySet:
        """Campaigns of the user's units, those his units organise, and those in whose groups he is."""
        ids = rights.unit_ids(user, right)
        if ids is None:
            return self
        organised = Organiser.objects.filter(campaign=OuterRef("pk"), unit__in=ids)
        member = GroupMember.objects.filter(group__campaign=OuterRef("pk"), person=user.person_id or 0)
        allowed = Q(unit__in=ids) | Exists(organised)
        return self.filter(allowed | Exists(member) if ids else Q(pk=None))


class Campaign(Bilingual):
    """One drive of inspections with its basis, window and groups (检查活动).

    `basis_number` is the number of the notice it rests on. `unit` is the lead organiser. Its list of targets is frozen
    at activation; what joins later is marked late. One with `round_on` is a round of a patrol,
    made by itself for that day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("started")
        COLLECTING = "collecting", _("being inspected")
        REVIEWING = "reviewing", _("under review")
        ISSUED = "issued", _("bulletin issued")
        CLOSED = "closed", _("campaign over")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VAULT)
    code = models.CharField(_("code"), max_length=30, unique=True)
    basis_title = models.CharField(_("basis"), max_length=200, blank=True)
    basis_number = models.CharField(_("number of the notice"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("lead organiser"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    versions = models.ManyToManyField(ChecklistVersion, related_name="campaigns", verbose_name=_("checklists"))
    min_inspectors = models.PositiveSmallIntegerField(_("inspectors who sign"), default=2)
    companion_needed = models.BooleanField(_("somebody of the unit signs too"), default=True)
    round_on = models.DateField(_("round of a patrol"), null=True, db_index=True, editable=False)
    activated_at = models.DateTimeField(_("started since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended since"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-id"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="campaign_until_after_from"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("campaigns:campaign_detail", args=[self.pk])


class Organiser(models.Model):
    """An organisation that issues a campaign, alone or with others (组织单位); each has one seal."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="organisers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["campaign", "order", "id"]
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="organiser_once")]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def seat(self) -> str:
        """The name of its seal on joint papers."""
        return self.unit.code


class InspectionGroup(models.Model):
    """People who inspect together, and where (检查组)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="groups")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name of the group"), max_length=60)
    area = models.CharField(_("area of the group"), max_length=120, blank=True)

    class Meta:
        ordering = ["campaign", "code"]
        verbose_name = _("inspection group")
        verbose_name_plural = _("inspection groups")
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="inspection_group_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """Somebody in a group, where he comes from, and his share of the work (检查组成员)."""

    group = models.ForeignKey(InspectionGroup, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    leads = models.BooleanField(_("leads the group"), default=False)
    duty = models.CharField(_("share of the work"), max_length=120, blank=True)
    sections = models.JSONField(_("parts of the checklists"), default=list, blank=True)

    class Meta:
        ordering = ["group", "-leads", "id"]
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="group_member_once"),
            models.UniqueConstraint(fields=["group"], condition=Q(leads=True), name="group_one_leader"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Vocabulary of assignments."""

    def visible_to(self, user: User, right: str = "inspection.campaigns.view_campaign") -> AssignmentQuerySet:
        """Those of the campaigns a user sees."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user, right))

    def of_inspector(self, user: User) -> AssignmentQuerySet:
        """Those of the user's own groups in campaigns where inspecting goes on."""
        mine = GroupMember.objects.filter(person=user.person_id or 0).values("group")
        running = (Campaign.State.ACTIVE, Campaign.State.COLLECTING)
        return self.filter(group__in=mine, campaign__state__in=running)

    def to_do(self) -> AssignmentQuerySet:
        """Neither inspected nor exempt."""
        return self.exclude(state__in=(Assignment.State.DONE, Assignment.State.EXEMPT))


class Assignment(models.Model):
    """A target in a campaign: which group goes there, until when, and what became of it (检查任务).

    Class, unit and place are those at activation. `revision` counts what was recorded here: a phone says which one it
    knew. `late`: joined after the list was frozen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not visited")
        VISITED = "visited", _("begun")
        UNREACHABLE = "unreachable", _("nobody there")
        REFUSED = "refused", _("refused entry")
        DONE = "done", _("inspected")
        EXEMPT = "exempt", _("exempt")

    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False, related_name="assignments")
    target = models.ForeignKey(Target, models.PROTECT, related_name="assignments", verbose_name=_("inspection target"))
    group = models.ForeignKey(
        InspectionGroup, models.PROTECT, null=True, db_index=False, related_name="assignments", verbose_name=_("group")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit"))
    klass = models.CharField(_("class"), max_length=10, choices=Class.choices)
    block = models.CharField(_("block"), max_length=60, blank=True)
    stair = models.CharField(_("stair"), max_length=20, blank=True)
    due_on = models.DateField(_("due on"), null=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    late = models.BooleanField(_("joined late"), default=False)
    revision = models.PositiveIntegerField(default=0)
    visits = models.PositiveSmallIntegerField(_("visits"), default=0)
    reached_on = models.DateField(_("reached on"), null=True)
    inspected_on = models.DateField(_("inspected on"), null=True)
    exempt_reason = models.CharField(_("reason of the exemption"), max_length=200, blank=True)
    exempt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "block", "stair", "target_id"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "target"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(inspected_on=None) | Q(state="done"), name="assignment_inspected_is_done"
            ),
            models.CheckConstraint(
                condition=~Q(state="exempt") | ~Q(exempt_reason=""), name="assignment_exempt_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "block", "stair", "target"], name="assignment_place"),
            models.Index(fields=["campaign", "state", "due_on"], name="assignment_state"),
            models.Index(fields=["group", "state"], name="assignment_group"),
        ]

    def __str__(self) -> str:
        return str(self.target)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("campaigns:assignment_detail", args=[self.pk])
