"""Reads about tariffs: plans as rules, what holds when, what an account is billed by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.events.providers import answers, provide
from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs import rules
from mainstay.gas.tariffs.models import Plan, Terms, Version
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_PLAN = register_right("gas.tariffs.view_plan", _("View tariffs"))
VIEW_TERMS = register_right("gas.tariffs.view_terms", _("View billing terms"))
LOOKED_AT = 20  # accounts
PAST, CURRENT, FUTURE = "past", "current", "future"


def plans() -> QuerySet[Plan]:
    """All plans, with the number of their versions and the date of the newest."""
    today = Q(versions__effective_on__lte=local_today())
    return Plan.objects.annotate(
        version_count=Count("versions"), since_on=Max("versions__effective_on", filter=today),
        newest_on=Max("versions__effective_on"),
    )  # fmt: skip


def rule_of_version(version: Version) -> rules.Version:
    """A stored version as the rating engine takes it. Raises TariffError when its data cannot be read."""
    read = rules.version_from_data(version.data)
    return replace(read, effective_on=version.effective_on, notice=version.notice)


def rule_of_plan(plan: Plan) -> rules.Plan:
    """A stored plan as the rating engine takes it, in one statement. Raises TariffError: no versions, bad data."""
    versions = tuple(rule_of_version(one) for one in plan.versions.order_by("effective_on"))
    if not versions:
        raise rules.TariffError(
            "tariff.empty", field="plan",
            en=f"{plan.name_en or plan.code} has no prices yet: add a version",
            zh=f"{plan.name_zh} 还没有价格：请添加价格版本",
        )  # fmt: skip
    return rules.Plan(plan.name_en or plan.code, plan.name_zh, plan.code, versions)


@dataclass(frozen=True, slots=True)
class Era:
    """A version with the time it holds for: [effective_on, until_on), and when that is, seen from today.

    `rule` is None where the stored data cannot be read; `fault` says why.
    """

    version: Version
    until_on: date | None
    state: str
    rule: rules.Version | None
    fault: rules.TariffError | None = None


def eras_of(plan: Plan, today: date | None = None) -> list[Era]:
    """The versions of a plan, newest first."""
    day, until, found = today or local_today(), None, []
    for version in plan.versions.order_by("-effective_on"):
        state = FUTURE if version.effective_on > day else PAST if until and until <= day else CURRENT
        try:
            found.append(Era(version, until, state, rule_of_version(version)))
        except rules.TariffError as error:
            found.append(Era(version, until, state, None, error))
        until = version.effective_on
    return found


def is_used(version: Version) -> bool:
    """Whether bills rest on a version. One that is not yet in force cannot be used: no bill ends in the future."""
    return version.effective_on <= local_today() and any(answers("version_used", version_id=version.pk))


def plainly_used(plan: Plan) -> set[int]:
    """Versions on which bills of some accounts of the plan rest: enough to offer no change of them.

    A version that is missing may still be used: `is_used` knows, but has to look through all bills for it.
    """
    some = list(Terms.objects.filter(plan=plan).values_list("account_id", flat=True)[:LOOKED_AT])
    return set().union(*answers("billed_versions", account_ids=some)) if some else set()


def file_text(plan: Plan, data: dict[str, Any]) -> str:
    """A version as the text of a tariff file (YAML) that can be changed and sent in again."""
    city, _slash, code = plan.code.rpartition("/")
    names = {"zh": plan.name_zh.replace("/", " "), "en": (city or plan.name_en or plan.code).replace("/", " ")}
    area = {"city": names, "plans": [{"code": code, **data}]}
    return yaml.safe_dump([area], allow_unicode=True, sort_keys=False, width=100)


def stored_data(version: Version) -> dict[str, Any]:
    """A version's data in its one regular form. Raises TariffError when it cannot be read."""
    return rules.version_to_data(rule_of_version(version))


def terms_of(account: Account) -> list[Terms]:
    """What an account is and was billed by, newest first."""
    return list(Terms.objects.filter(account=account).select_related("plan").order_by("-from_on"))


def billed_until(account_id: int) -> date | None:
    """The day up to which the account is billed (exclusive); None when nobody knows of a bill."""
    return max((day for day in answers("billed_until", account_id=account_id) if day), default=None)


@dataclass(frozen=True, slots=True)
class Now:
    """The terms of today with the last day of an approval of low income, as a form shows them."""

    terms: Terms
    low_income_until: date | None


def terms_now(account: Account) -> Now | None:
    """The terms that hold today, else the newest; None when there are none."""
    rows, today = terms_of(account), local_today()
    held = next((one for one in rows if one.from_on <= today), rows[-1] if rows else None)
    if held is None:
        return None
    after = next((one for one in rows if one.from_on == held.until_on), None)
    ends = held.low_income and after is not None and not after.low_income and held.until_on is not None
    return Now(held, held.until_on - timedelta(days=1) if ends and held.until_on else None)


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "terms" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW_TERMS):
        return None
    return {
        "key": "terms", "title": _("Billing terms"), "url": reverse("tariffs:account_terms", args=[account.pk]),
        "order": 25,
    }  # fmt: skip
