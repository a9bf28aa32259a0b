"""Many tariffs at once: the built-in library into the tables of plans and versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs.library import load
from mainstay.gas.tariffs.models import Plan, Terms, Version
from mainstay.gas.tariffs.rules import version_to_data
from mainstay.gas.tariffs.rules.plan import Plan as PlanRule
from mainstay.gas.tariffs.rules_terms import Span, overlay

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


_COLUMNS = ("plan_id", "persons", "low_income", "heating", "contract_price_e4")


def with_plan(terms: Sequence[Terms], plan: Plan, from_on: date) -> list[Terms]:
    """One account's terms as they would be, had it been on a plan from a day on; nothing is written."""
    spans = [Span(one.from_on, one.until_on, {name: getattr(one, name) for name in _COLUMNS}) for one in terms]
    return [
        Terms(account_id=terms[0].account_id, from_on=span.from_on, until_on=span.until_on, **span.values)
        for span in overlay(spans, from_on, None, {"plan_id": plan.pk})
    ]


def put_terms(accounts: dict[int, Sequence[Terms]]) -> None:
    """Put other terms in the place of those of some accounts, as a whole; two statements for some hundreds."""
    Terms.objects.filter(account__in=list(accounts)).delete()
    Terms.objects.bulk_create(one for terms in accounts.values() for one in terms)
