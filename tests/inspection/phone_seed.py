"""Fills a served site with a joint campaign of four vaults, and tells the sessions of its two inspectors."""

from __future__ import annotations

import itertools

from django.test import Client

import tests.core.make as core_make
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.inspection.campaigns import actions
from mainstay.inspection.checklists.actions import install_library
from mainstay.inspection.checklists.models import ChecklistVersion
from tests.inspection.make import joint

VAULTS = (
    ("中山路金库", "中山路 18 号地下一层", "钱库主", "0512-66880101"),
    ("东山县局金库", "东山县人民路 6 号", "孙守库", "0512-66880102"),
    ("临江支局金库", "临江镇解放街 31 号", "李值守", "0512-66880103"),
    ("青石支局金库", "青石镇桥头 2 号", "周值守", "0512-66880104"),
    ("白马支局金库", "白马镇南街 9 号", "吴值守", "0512-66880105"),
    ("红旗支局金库", "红旗乡政府旁", "郑值守", "0512-66880106"),
)


def seed() -> dict[str, object]:
    """Make everything; returns sessions and ids."""
    core_make._next = itertools.count(810_000)  # beside the demo company's own numbers
    install_library(by=system_user())
    one = joint(active=False, vaults=len(VAULTS))
    one.campaign.versions.set(ChecklistVersion.objects.filter(checklist__code="vault-security", state="published"))
    issuing = core_make.make_role({"inspection.hazards.issue_notice": ("all", None)})
    for user in (one.leader, one.member):
        core_make.grant(issuing, one.bureau, user=user)
    for target, (name, address, contact, phone) in zip(one.targets, VAULTS, strict=True):
        target.name, target.address, target.contact, target.phone = name, address, contact, phone
        target.save()
    actions.activate_campaign(campaign=one.campaign, by=system_user())
    rows = {
        row.target.name: {"id": row.pk, "qr": str(row.target.qr), "code": row.target.code} for row in one.assignments
    }
    return {"leader": _session(one.leader), "member": _session(one.member), "targets": rows}


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
