"""Who may log in, and what a role allows."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Person, Post, Unit


class UserManager(BaseUserManager["User"]):
    """Finds users by their log-in name."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account to log in with: a person's, an integration's, or the system's own (用户)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        SERVICE = "service", _("integration")
        SYSTEM = "system", _("system")

    username = models.CharField(_("log-in name"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PERSON)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    one_seat = models.BooleanField(_("one seat at a time"), default=False)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    workstation = models.CharField(_("workstation"), max_length=40, blank=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.person.name if self.person_id and self.person else self.username

    def get_absolute_url(self) -> str:
        """The user's page."""
        return reverse("access:user_detail", args=[self.pk])


class UsedPassword(models.Model):
    """Hash of a password somebody had before; may not come back (历史密码)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)


class Role(Bilingual):
    """A named set of rights (角色)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    protected = models.BooleanField(
        default=False, help_text=_("One of the three administrators: cannot be mixed with others")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class RoleRight(models.Model):
    """One right of a role: an action's name, how far it reaches, up to which amount (角色权限)."""

    class Scope(models.TextChoices):
        OWN = "own", _("own")
        UNIT = "unit", _("own unit")
        SUBTREE = "subtree", _("unit and below")
        ALL = "all", _("everything")

    role = models.ForeignKey(Role, models.CASCADE, related_name="rights")
    right = models.CharField(_("right"), max_length=80)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.SUBTREE)
    limit_fen = models.BigIntegerField(_("amount limit (fen)"), null=True, blank=True)

    class Meta:
        ordering = ["role", "right"]
        constraints = [
            models.UniqueConstraint(fields=["role", "right"], name="role_right_once"),
            models.CheckConstraint(condition=Q(limit_fen=None) | Q(limit_fen__gte=0), name="role_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return self.right


class Grant(models.Model):
    """A role given to a post (whoever holds it) or to one user, at a unit, for a time (授权)."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name=_("role"))
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="grants")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="grants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name=_("unit"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, user__isnull=False) | Q(user=None, post__isnull=False),
                name="grant_to_post_or_user",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="grant_until_after_from"
            ),
            models.UniqueConstraint(
                fields=["role", "post", "unit", "from_on"], condition=Q(user=None), name="grant_post_once"
            ),
            models.UniqueConstraint(
                fields=["role", "user", "unit", "from_on"], condition=Q(post=None), name="grant_user_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.post} · {self.role} · {self.unit}"


class ApiToken(models.Model):
    """Key of an integration; only its hash is stored (接口令牌). Its rights are those of its service user."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("user"))
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
