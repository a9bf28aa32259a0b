"""The set-based billing engine against `rate`, row by row, on random accounts with every tariff feature.

    ./mainstay drill engine --accounts 100000

Two periods are billed; every bill must equal what `rate` says about the same usage, line by line, to the fen.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.billing.models import Bill, BillingRun

PERIODS = (202610, 202611)
READ_ON = {202610: date(2026, 10, 20), 202611: date(2026, 11, 22)}
PER_BOOK = 200


def main(argv: list[str]) -> int:
    """Build a random company in a database of its own, bill it twice, compare; 0 when every line agrees."""
    made = argparse.ArgumentParser("mainstay drill engine", description=_("Compare the billing engine with rate()"))
    made.add_argument("--accounts", type=whole(), default=10_000, help=_("random accounts to bill"))
    made.add_argument("--seed", type=int, default=1, help=_("another seed makes another company"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    options = made.parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("engine") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        begun = time.monotonic()
        found = compare(options.accounts, options.seed)
        found |= {"database": name, "seconds": round(time.monotonic() - begun, 1)}
    say(_("{bills} bills compared with rate(): {different} differ").format(**found))
    for text in found["examples"]:
        say(f"    {text}")
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    return 0 if found["different"] == 0 and found["bills"] > 0 else 1


def compare(accounts: int, seed: int = 1) -> dict[str, Any]:
    """Build, bill both periods through the real run, and compare every bill with `rate`."""
    from mainstay.gas.billing.batch import fill_plan, finish_run, work_run
    from mainstay.gas.billing.models import BillingRun
    from mainstay.gas.readings.models import Book

    build_random(accounts, seed)
    bills = different = slow = exceptions = 0
    examples: list[str] = []
    for period in PERIODS:
        run = _run(period)
        fill_plan(run, list(Book.objects.all()))
        run.state = BillingRun.State.RUNNING
        run.save(update_fields=["state"])
        slow += work_run(run).slow
        finish_run(run)
        exceptions += run.exceptions.count()
        for bill, wrong in differences(run):
            bills += 1
            if wrong:
                different += 1
                if len(examples) < 5:  # noqa: PLR2004
                    examples.append(f"{bill.account_id} {bill.period}: {wrong}")
    return {
        "accounts": accounts, "bills": bills, "different": different, "rated_one_by_one": slow,
        "exceptions": exceptions, "examples": examples,
    }  # fmt: skip


def _run(period: int) -> BillingRun:
    from django.utils import timezone

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.billing.models import BillingRun

    on = READ_ON[period]
    return BillingRun.objects.create(
        period=period, unit=Unit.objects.earliest("pk"), issued_on=on, due_on=on + timedelta(days=15), business_on=on,
        by=User.objects.earliest("pk"), planned_at=timezone.now(),
    )  # fmt: skip


def differences(run: BillingRun) -> Iterator[tuple[Bill, str]]:
    """Each bill of a run with what is wrong about it ("" when `rate` says the same)."""
    from mainstay.gas.billing.batch.slow import Usage, rate_usage
    from mainstay.gas.billing.batch.tariffs import PlanBook
    from mainstay.gas.billing.models import Bill, ChargeLine

    plans = PlanBook()
    chunks = run.chunks.values_list("book_id", "book__cycle")
    for book_id, cycle in chunks.iterator():
        bills = list(Bill.objects.filter(run=run, book_id=book_id).select_related("version", "account"))
        ids = [bill.account_id for bill in bills]
        lines: dict[int, list[tuple[int, ...]]] = {}
        for one in ChargeLine.objects.filter(account__in=ids, period=run.period).order_by("account_id"):
            told = (one.kind, one.tier, one.volume_l, one.price_e4, one.amount_fen, one.vat_fen, one.version_id)
            lines.setdefault(one.account_id, []).append(told)
        before: dict[int, tuple[date, int]] = {}
        for last in Bill.objects.filter(account__in=ids, period__lt=run.period).order_by("period", "seq"):
            before[last.account_id] = (last.year_start_on, last.year_after_l)
        for bill in bills:
            usage = Usage(
                bill.version.plan_id, bill.from_on, bill.to_on, bill.volume_l, bill.persons, bill.low_income,
                bill.heating, bill.contract_price_e4, bill.account.opened_on, None, before.get(bill.account_id), cycle,
            )  # fmt: skip
            yield bill, _compared(bill, lines.get(bill.account_id, []), rate_usage(plans, usage), plans)


def _compared(bill: Bill, lines: list[tuple[int, ...]], rated: Any, plans: Any) -> str:
    plan_id = rated.usage.plan_id
    wanted = sorted(
        (o.kind, o.tier, o.volume_l, o.price_e4, o.amount_fen, o.vat_fen, plans.version_id(plan_id, o.version_on))
        for o in rated.lines
    )
    if sorted(lines) != wanted:
        return f"lines {sorted(lines)}, rate() {wanted}"
    have = (bill.amount_fen, bill.vat_fen, bill.year_before_l, bill.year_after_l, bill.year_start_on, bill.version_id)
    want = (
        rated.amount_fen, rated.vat_fen, rated.year_before_l, rated.year_after_l, rated.year_start_on, rated.version_id,
    )  # fmt: skip
    return "" if have == want else f"bill {have}, rate() {want}"


def random_plans() -> dict[str, tuple[Any, ...]]:
    """Made-up tariffs that between them have every feature a ladder may have, and two that must be rated one by one."""
    from mainstay.gas.tariffs.rules.plan import (
        DayBlock,
        Fee,
        Household,
        Ladder,
        LowIncome,
        MonthDay,
        Season,
        Version,
        WholeBand,
        YearStart,
    )  # fmt: skip
    from mainstay.gas.tariffs.rules.rounding import Rounding

    since, change = date(2020, 1, 1), date(2026, 11, 5)
    tiers = Ladder((30_000, 55_000), ((26_100, 28_300, 42_300),))
    dear = Ladder((30_000, 55_000), ((27_350, 29_990, 45_555),))
    plain = Version(since, "N1", ladder=tiers)
    seasons = (Season("off", MonthDay(4, 1), MonthDay(10, 31)), Season("peak", MonthDay(11, 1), MonthDay(3, 31)))
    family = replace(
        plain, heating=Ladder((90_000, 150_000), ((26_100, 28_300, 42_300),)),
        household=Household(4, (10_000, 20_000), per_person=True, max_persons=9),
        low_income=LowIncome(free_year_l=12_000),
    )  # fmt: skip
    return {
        "plain": (plain,),
        "family": (family,),
        "by-day": (plain, replace(plain, effective_on=change, notice="N2", ladder=dear)),
        "by-reading": (plain, replace(plain, effective_on=change, ladder=dear, change_method="by_reading")),
        "season": (
            replace(
                plain,
                seasons=seasons,
                ladder=Ladder((30_000, 55_000), ((17_200, 18_900, 20_600), (20_000, 22_000, 24_000))),
                change_method="by_reading",
            ),
        ),
        "fees": (
            replace(
                plain,
                base_fee=Fee(55_000, "month"),
                minimum=Fee(200_000, "period"),
                low_income=LowIncome(free_month_l=4_000),
            ),
        ),
        "carry": (
            replace(plain, rounding=Rounding(carry=True), ladder=Ladder((30_500, 55_250), ((26_137, 28_391, 42_343),))),
        ),
        "groups": (
            replace(
                plain,
                year_start=YearStart("reading_group", groups=(("odd", MonthDay(11, 1)), ("monthly", MonthDay(1, 1)))),
            ),
        ),
        "account-year": (replace(plain, year_start=YearStart("account")),),
        "firm": (Version(since, "N1", ladder=Ladder((), ((43_600,),)), maximum=True),),
        "blocks": (Version(since, "N1", blocks=(DayBlock(900, 21_000), DayBlock(None, 25_000))),),
        "bands": (Version(since, "N1", bands=(WholeBand(20_000, 30_000, 759), WholeBand(None, 25_000, 1_056))),),
    }


def build_random(accounts: int, seed: int) -> None:
    """Random accounts over all plans with accepted readings of both periods; some have two meters, some give back."""
    from django.utils import timezone

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.customers.models import Account, Area, Customer, Premise
    from mainstay.gas.meters.models import Installation, Meter
    from mainstay.gas.readings.models import Book, BookEntry, Reading
    from mainstay.gas.tariffs.models import Plan, Terms, Version
    from mainstay.gas.tariffs.rules import version_to_data

    dice = random.Random(seed)  # noqa: S311  # a company to test with, no secret
    unit = Unit.objects.create(code=f"R{seed}", name_zh="随机营业所", path="")
    User.objects.get_or_create(username="drill", defaults={"kind": "system"})
    plans = []
    for code, versions in random_plans().items():
        plan = Plan.objects.create(code=f"drill/{seed}/{code}", name_zh=code, category="residential")
        plans.append(plan)
        Version.objects.bulk_create(
            Version(plan=plan, effective_on=one.effective_on, notice=one.notice, data=version_to_data(one))
            for one in versions
        )
    books = Book.objects.bulk_create(
        Book(code=f"R{seed}-{number}", name="册", unit=unit, cycle=dice.choice(["monthly", "odd"]))
        for number in range(-(-accounts // PER_BOOK))
    )
    area = Area.objects.create(kind="community", name=f"随机小区{seed}", initials="sjxq")
    customer = Customer.objects.create(name="随机", initials="sj")
    premise = Premise.objects.create(area=area, address=f"随机小区{seed}")
    begin = READ_ON[PERIODS[0]] - timedelta(days=31)
    for book_number, book in enumerate(books):
        count = min(PER_BOOK, accounts - book_number * PER_BOOK)
        first = book_number * PER_BOOK + seed * 10_000_000
        made = Account.objects.bulk_create(
            Account(
                account_no=f"{first + number}", customer=customer, premise=premise, unit=unit, state="active",
                opened_on=dice.choice([date(2020, 1, 1), date(2026, 1, 31), date(2026, 5, 10), begin]),
            )
            for number in range(count)
        )  # fmt: skip
        meters = Meter.objects.bulk_create(Meter(meter_no=f"R{first * 2 + number}") for number in range(count * 2))
        hung = Installation.objects.bulk_create(
            Installation(account=made[number // 2], meter=meter, from_on=begin) for number, meter in enumerate(meters)
        )
        BookEntry.objects.bulk_create(BookEntry(account=one, book=book, sequence=n) for n, one in enumerate(made))
        Terms.objects.bulk_create(_terms(Terms, dice, one, plans) for one in made)
        now = timezone.now()
        Reading.objects.bulk_create(
            Reading(**facts, book=book, recorded_at=now, source=1, state=3)
            for number, one in enumerate(made)
            for facts in _readings(dice, one, hung[number * 2 : number * 2 + 2], begin)
        )


def _terms(model: Any, dice: random.Random, account: Any, plans: list[Any]) -> Any:
    plan = dice.choice(plans)
    agreed = dice.choice([None, None, 40_000, 43_600]) if plan.code.endswith("/firm") else None
    return model(
        account=account, from_on=date(2020, 1, 1), plan=plan, persons=dice.randint(1, 12),
        low_income=dice.random() < 0.2, heating=dice.random() < 0.2, contract_price_e4=agreed,  # noqa: PLR2004
    )  # fmt: skip


def _readings(dice: random.Random, account: Any, hung: list[Any], begin: date) -> Iterator[dict[str, Any]]:
    meters = 2 if dice.random() < 0.05 else 1  # noqa: PLR2004
    for place in range(meters):
        before, since = dice.randrange(0, 900_000), begin
        for period in PERIODS:
            on = READ_ON[period] + timedelta(days=dice.randint(-2, 2))
            volume = dice.choice([0, 30_000, 25_000, 55_000, dice.randrange(0, 130) * 1000, dice.randrange(0, 90_000)])
            if period == PERIODS[1] and dice.random() < 0.03:  # noqa: PLR2004
                volume = -min(3_000, before)
            yield {
                "account": account, "installation": hung[place], "period": period, "seq": 0, "taken_on": on,
                "index_l": before + volume, "previous_on": since, "previous_index_l": before, "volume_l": volume,
            }  # fmt: skip
            before, since = before + volume, on
