"""Many tariffs at once: the built-in library into the tables of plans and versions."""

from __future__ import annotations

from django.db import transaction

from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs.library import load
from mainstay.gas.tariffs.models import Plan, Version
from mainstay.gas.tariffs.rules import version_to_data
from mainstay.gas.tariffs.rules.plan import Plan as PlanRule

_CATEGORIES = {"residential": Account.Category.RESIDENTIAL, "institution": Account.Category.INSTITUTION}
_NAMES = {
    "residential": ("居民", "residential"),
    "institution": ("居民价非居民（学校、福利机构等）", "institutions"),
    "non-residential": ("非居民", "non-residential"),
}


def store_library() -> tuple[int, int]:
    """Store every plan of the built-in library with its versions; returns (new plans, new versions).

    A plan's code is its address ("Beijing/residential"). What is there already is left as it is, so running it
    again changes nothing.
    """
    rules = {plan.address: plan for plan in load(None).values()}
    with transaction.atomic():
        known = set(Plan.objects.filter(code__in=rules).values_list("code", flat=True))
        new = Plan.objects.bulk_create(_plan(rule) for code, rule in rules.items() if code not in known)
        versions = Version.objects.bulk_create(
            Version(plan=plan, effective_on=one.effective_on, notice=one.notice[:120], data=version_to_data(one))
            for plan in new
            for one in rules[plan.code].versions
        )
    return len(new), len(versions)


def _plan(rule: PlanRule) -> Plan:
    zh, en = _NAMES.get(rule.code, (rule.name_zh or rule.code, rule.name_en or rule.code))
    category = _CATEGORIES.get(rule.code, Account.Category.COMMERCIAL)
    return Plan(
        code=rule.address,
        name_zh=f"{rule.city_zh}{rule.name_zh or zh}",
        name_en=f"{rule.city_en} {rule.name_en or en}",
        category=category,
    )
