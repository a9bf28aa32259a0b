"""The register of devices, and who was seen on the network."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MAC = RegexValidator(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", _("Write six pairs of hexadecimal digits, a1:b2:…"))


class Terminal(models.Model):
    """A device that may be on the network (终端): where it belongs, who works with it, what for.

    `address` and `port` (of the switch) are compared with what is seen where they are filled in.
    """

    class Kind(models.TextChoices):
        WORK = "work", _("workstation")
        PRINTER = "printer", _("printer")
        SERVER = "server", _("server")
        SWITCH = "switch", _("switch or router")
        CAMERA = "camera", _("camera")
        OTHER = "other", _("other device")

    name = models.CharField(_("terminal"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.WORK)
    mac = models.CharField(_("hardware address"), max_length=17, unique=True, validators=[MAC])
    zone = models.CharField(_("zone"), max_length=31)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    port = models.CharField(_("switch port"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=80)
    user = models.CharField(_("user"), max_length=40, blank=True)
    purpose = models.CharField(_("purpose"), max_length=80, blank=True)
    registered_at = models.DateTimeField(_("registered at"), auto_now_add=True)
    retired_on = models.DateField(_("given up on"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("terminal")
        verbose_name_plural = _("terminals")
        constraints = [
            # No regular expression: SQLite by itself has none, and whoever opens a backup without this program could
            # neither check nor compact it.
            models.CheckConstraint(
                condition=Exact(Length("mac"), 17) & Exact(Lower("mac"), F("mac")), name="terminal_mac_form"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("network:terminal_detail", args=[self.pk])


class Sighting(models.Model):
    """Where a switch or address server says a device is (交换机/DHCP 导出记录); the newest of each source."""

    mac = models.CharField(_("hardware address"), max_length=17)
    source = models.CharField(_("switch or address server"), max_length=40)
    address = models.CharField(_("address"), max_length=45, blank=True)
    zone = models.CharField(_("zone"), max_length=31, blank=True)
    port = models.CharField(_("switch port"), max_length=40, blank=True)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        ordering = ["mac", "source"]
        constraints = [models.UniqueConstraint(fields=["mac", "source"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.mac} {self.source}"
