"""Tariffs and terms: plans, their dated versions, and what accounts are billed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs import batch, queries, rules
from mainstay.gas.tariffs.models import Plan, Terms, Version
from mainstay.gas.tariffs.rules_words import problem
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

LONGEST_NOTICE = 120
_DAY = timedelta(days=1)


def _about_plan(plan: Plan, **_facts: Any) -> str:
    return f"tariffs.plan:{plan.pk}"


def _about_version(version: Version, **_facts: Any) -> str:
    return f"tariffs.plan:{version.plan_id}"


@action("gas.tariffs.create_plan", title=_("Create tariff plan"))
def create_plan(*, code: str, name_zh: str, name_en: str = "", category: str, by: User) -> Plan:
    """A plan without prices yet; add its versions next. Raises Problem when the code is taken."""
    code = code.strip()
    if Plan.objects.filter(code=code).exists():
        raise Problem(_("There is a tariff plan with this code already."), field="code", code="taken")
    plan = Plan.objects.create(code=code, name_zh=name_zh.strip(), name_en=name_en.strip(), category=category)
    note_change(after={"code": code, "name_zh": plan.name_zh, "category": category})
    return plan


@action("gas.tariffs.change_plan", title=_("Change tariff plan"), subject=_about_plan)
def change_plan(*, plan: Plan, name_zh: str, name_en: str, category: str, by: User) -> Plan:
    """Change names and category of a plan; its prices are in its versions."""
    names = ("name_zh", "name_en", "category")
    before = {name: getattr(plan, name) for name in names}
    plan.name_zh, plan.name_en, plan.category = name_zh.strip(), name_en.strip(), category
    plan.save(update_fields=names)
    note_change(before=before, after={name: getattr(plan, name) for name in names})
    return plan


@action("gas.tariffs.load_library", title=_("Load the tariff library"))
def load_library(*, by: User) -> tuple[int, int]:
    """Store the published tariffs that come with the product; what is there stays. Returns (new plans, versions)."""
    lock("tariffs.library", 0)
    made = batch.store_library()
    note_change(subject="tariffs.library", after={"plans": made[0], "versions": made[1]})
    return made


@action("gas.tariffs.add_versions", title=_("Add tariff version"), subject=_about_plan)
def add_versions(*, plan: Plan, versions: Sequence[dict[str, Any]], by: User) -> int:
    """Add dated versions, each in the keys of the tariff file; returns how many are new.

    One that is stored already with the same content is passed over. Raises Problem: data that cannot be read (with
    the words of the tariff rules), a day whose version differs, a day before a version that bills rest on.
    """
    lock("tariffs.plan", plan.pk)
    stored = {one.effective_on: one for one in plan.versions.all()}
    new = []
    for data in versions:
        rule = _read(data)
        known = stored.get(rule.effective_on)
        if known is None:
            _check_order(rule.effective_on, stored.values())
            new.append(_version(plan, rule))
        elif rules.version_to_data(rule) != _regular(known):
            text = _("There is a version from %(day)s with other content. Choose another day, or change that version.")
            raise Problem(text % {"day": rule.effective_on}, field="effective_on", code="other_content")
    Version.objects.bulk_create(new)
    note_change(after={"versions": [f"{one.effective_on} {one.notice}".strip() for one in new]})
    return len(new)


@action("gas.tariffs.change_version", title=_("Change tariff version"), subject=_about_version)
def change_version(*, version: Version, data: dict[str, Any], by: User) -> Version:
    """Put other content in the place of a version on which no bill rests yet. Raises Problem."""
    lock("tariffs.plan", version.plan_id)
    _check_unused(version)
    rule = _read(data)
    others = version.plan.versions.exclude(pk=version.pk)
    if others.filter(effective_on=rule.effective_on).exists():
        text = _("Another version begins on %(day)s. Choose another day.") % {"day": rule.effective_on}
        raise Problem(text, field="effective_on", code="day_taken")
    _check_order(rule.effective_on, others)
    before = version.data
    new = _version(version.plan, rule)
    version.effective_on, version.notice, version.data = new.effective_on, new.notice, new.data
    version.save(update_fields=["effective_on", "notice", "data"])
    note_change(before=before, after=version.data)
    return version


@action("gas.tariffs.withdraw_version", title=_("Withdraw tariff version"), subject=_about_version)
def withdraw_version(*, version: Version, reason: str, by: User) -> None:
    """Delete a version on which no bill rests; the one before holds on. Raises Problem."""
    lock("tariffs.plan", version.plan_id)
    _check_unused(version)
    note_change(before=version.data, reason=reason)
    version.delete()


@action(
    "gas.tariffs.set_terms",
    title=_("Set billing terms"),
    unit=lambda account, **_facts: account.unit_id,
    subject=lambda account, **_facts: f"customers.account:{account.pk}",
)
def set_terms(
    *,
    account: Account,
    from_on: date,
    plan: Plan,
    persons: int = 3,
    low_income: bool = False,
    low_income_until: date | None = None,
    heating: bool = False,
    contract_price_e4: int | None = None,
    by: User,
) -> Terms:
    """What an account is billed by from a day on; what was set for that day and later is replaced.

    `low_income_until` is the last day of the approval: from the next day on the same terms hold without it. Raises
    Problem: billed already, no such price, bad persons or days. A bill takes the terms of its last day of use.
    """
    lock("account", account.pk)
    check_day(account, from_on)
    if low_income_until is not None and (not low_income or low_income_until < from_on):
        text = _("The approval of low income must end after these terms begin; leave the day out without low income.")
        raise Problem(text, field="low_income_until", code="bad_end")
    first = Terms(
        account=account, from_on=from_on, plan=plan, persons=persons, low_income=low_income, heating=heating,
        contract_price_e4=contract_price_e4,
    )  # fmt: skip
    check_price(first)
    new = [first, *_after_approval(first, low_income_until)]
    rows = list(Terms.objects.filter(account=account).order_by("from_on"))
    before = [_told(one) for one in rows if one.until_on is None or one.until_on > from_on]
    Terms.objects.filter(account=account, from_on__gte=from_on).delete()
    Terms.objects.filter(account=account).filter(_reaching(from_on)).update(until_on=from_on)
    Terms.objects.bulk_create(new)
    note_change(before=before, after=[_told(one) for one in new])
    return first


def _reaching(day: date) -> Q:
    return Q(until_on=None) | Q(until_on__gt=day)


def _after_approval(terms: Terms, last_on: date | None) -> list[Terms]:
    """End the terms with the approval of low income; return those that follow, if any."""
    if last_on is None:
        return []
    terms.until_on = last_on + _DAY
    return [
        Terms(
            account=terms.account, from_on=terms.until_on, plan=terms.plan, persons=terms.persons, low_income=False,
            heating=terms.heating, contract_price_e4=terms.contract_price_e4,
        )
    ]  # fmt: skip


def _told(terms: Terms) -> dict[str, Any]:
    return {
        "from": f"{terms.from_on}", "until": f"{terms.until_on}" if terms.until_on else None, "plan": terms.plan_id,
        "persons": terms.persons, "low_income": terms.low_income, "heating": terms.heating,
        "contract_price_e4": terms.contract_price_e4,
    }  # fmt: skip


def check_day(account: Account, from_on: date) -> None:
    """Raise Problem for a day that is billed already, and for a closed account."""
    billed = queries.billed_until(account.pk)
    if billed is not None and from_on < billed:
        text = _("The account is billed until %(day)s: give that day or a later one, or cancel those bills first.")
        raise Problem(text % {"day": billed}, field="from_on", code="billed")
    if account.state == Account.State.CLOSED:
        raise Problem(_("This account is closed: its terms do not change any more."), code="closed")


def check_price(terms: Terms) -> None:
    """Have the rules look at the situation, so that a bill does not find out later."""
    try:
        rules.schedule(
            queries.rule_of_plan(terms.plan).version_on(terms.from_on), on=terms.from_on, persons=terms.persons,
            low_income=terms.low_income, heating=terms.heating, contract_price_e4=terms.contract_price_e4,
        )  # fmt: skip
    except rules.TariffError as error:
        raise problem(error, _FIELDS.get(error.field or "", "plan")) from error


_FIELDS = {"persons": "persons", "contract_price": "contract_price", "from": "from_on"}


def _read(data: dict[str, Any]) -> rules.Version:
    try:
        rule = rules.version_from_data(data)
    except rules.TariffError as error:
        raise problem(error) from error
    return replace(rule, notice=rule.notice[:LONGEST_NOTICE])


def _regular(version: Version) -> dict[str, Any] | None:
    try:
        return queries.stored_data(version)
    except rules.TariffError:
        return None


def _version(plan: Plan, rule: rules.Version) -> Version:
    return Version(
        plan=plan, effective_on=rule.effective_on, notice=rule.notice, data=rules.version_to_data(rule)
    )  # fmt: skip


def _check_order(on: date, others: Any) -> None:
    """Prices of days that are billed do not change behind the bills."""
    late = [one for one in others if one.effective_on > on and queries.is_used(one)]
    if late:
        text = _("Bills rest on the version from %(day)s: a new version must begin after it.")
        raise Problem(text % {"day": late[0].effective_on}, field="effective_on", code="before_used")


def _check_unused(version: Version) -> None:
    if queries.is_used(version):
        raise Problem(_("Bills rest on this version: it stays as it is. Add a version with a later day."), code="used")
