"""Which pages the benchmark opens: every list page, and the pages of things spread over the whole company."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from mainstay.bench.pages_work import PERIOD
from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries import runs_visible_to
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.payments.models import Payment, Shift
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.tariffs.models import Plan
from mainstay.web.pages import ListPage

SUBJECTS = 20
HIDDEN = "web:gallery"  # the samples of the page shell, there while developing only


@dataclass(frozen=True, slots=True)
class Asked:
    """A page and the addresses under which it is opened in turn; `fragment` when only htmx asks for it."""

    name: str
    addresses: list[str]
    fragment: bool = False


def asked(first_id: int, options: argparse.Namespace, user: User, unit_id: int | None) -> Iterator[Asked]:
    """Every page to open for a person; those that lack a subject (no bills, no payments) are left out."""
    accounts = _samples(first_id, options.accounts, unit_id)
    found = [*_lists(), *_narrowed(accounts), *_pieces(accounts), *_details(accounts, user)]
    return (page for page in found if page.addresses)


def _samples(first_id: int, accounts: int, unit_id: int | None) -> list[Account]:
    """Accounts spread over the company or over a branch; with even keys, which have paid."""
    low, high = first_id, first_id + accounts
    if unit_id is not None:
        ids = Account.objects.filter(unit=unit_id).order_by("account_no").values_list("pk", flat=True)
        low, high = ids[0], ids.reverse()[0] + 1
    dice = random.Random(accounts)  # noqa: S311  # any accounts will do
    wanted = dice.sample(range(low + low % 2, high, 2), min(SUBJECTS, (high - low) // 2))
    return list(Account.objects.select_related("customer", "premise__area").filter(pk__in=wanted))


def _lists() -> Iterator[Asked]:
    """Every list page that needs no subject, by its name, and the workbench."""
    yield Asked("home:workbench", [reverse("home:workbench")])
    for name, view in _views(get_resolver().url_patterns, ""):
        if issubclass(view, ListPage) and not name.startswith(HIDDEN):
            try:
                yield Asked(name, [reverse(name)])
            except NoReverseMatch:
                continue  # it lists the parts of a thing; those are among the details


def _views(patterns: Iterable[Any], space: str) -> Iterator[tuple[str, type]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns, one.namespace or space)
        elif isinstance(one, URLPattern) and one.name and (view := getattr(one.callback, "view_class", None)):
            yield (f"{space}:{one.name}" if space else one.name), view


def _narrowed(accounts: list[Account]) -> list[Asked]:
    """Lists far down, filtered, and searched."""
    far = {"page": 40}

    def many(name: str, url: str, queries: Iterable[dict[str, Any]]) -> Asked:
        return Asked(name, [f"{reverse(url)}?{urlencode(query)}" for query in queries])

    numbers = [one.account_no for one in accounts]
    return [
        many("accounts far down", "customers:account_list", [far]),
        many("accounts filtered, nothing found", "customers:account_list", [{"state": "suspended"}]),
        many("accounts filtered", "customers:account_list", [{"category": "commercial"}]),
        many("accounts searched by number", "customers:account_list", [{"q": one} for one in numbers]),
        many("accounts searched by name", "customers:account_list", [{"q": a.customer.name} for a in accounts]),
        many("meters far down", "meters:meter_list", [far]),
        many("meters filtered", "meters:meter_list", [{"kind": "industrial"}]),
        many("bills far down", "billing:bill_list", [far]),
        many("bills of an account", "billing:bill_list", [{"q": one} for one in numbers]),
        many("bills of a period", "billing:bill_list", [{"period": PERIOD}]),
        many("bills of no period", "billing:bill_list", [{"period": PERIOD - 100}]),
        many("bills of a kind", "billing:bill_list", [{"kind": 3}]),
        many("payments far down", "payments:payment_list", [far]),
        many("payments of an account", "payments:payment_list", [{"q": one} for one in numbers]),
        many("audit log far down", "audit:entry_list", [far]),
        many("audit log, refused", "audit:entry_list", [{"outcome": "refused"}]),
        many("search box: number", "home:search", [{"q": one} for one in numbers]),
        many("search box: name", "home:search", [{"q": one.customer.name} for one in accounts]),
    ]


def _pieces(accounts: list[Account]) -> list[Asked]:
    """What htmx asks for: the counter's answers and the tabs of an account's page."""
    find = reverse("payments:counter_find")
    tabs = {
        "account: bills": "billing:account_bills", "account: payments": "payments:account_tab",
        "account: readings": "readings:account_readings", "account: meters": "meters:account_meters",
        "account: terms": "tariffs:account_terms",
    }  # fmt: skip
    return [
        Asked("counter: customer by number", [f"{find}?q={one.account_no}" for one in accounts], fragment=True),
        Asked("counter: customers by initials", [f"{find}?q={a.customer.initials}" for a in accounts], fragment=True),
        *(Asked(name, [reverse(url, args=[one.pk]) for one in accounts], fragment=True) for name, url in tabs.items()),
    ]


def _details(accounts: list[Account], user: User) -> list[Asked]:
    """Pages of single things."""
    ids = [one.pk for one in accounts]
    meters = Installation.objects.filter(account__in=ids).values_list("meter", flat=True)
    books = Book.objects.filter(entries__account__in=ids).distinct()
    bills = Bill.objects.filter(account__in=ids)
    payments = Payment.objects.filter(account__in=ids)
    readings = Reading.objects.filter(account__in=ids)
    runs, plans, shifts = (
        runs_visible_to(user),
        Plan.objects.all()[:5],
        Shift.objects.filter(payments__account__in=ids),
    )
    entries = Entry.objects.filter(by=user.pk).order_by("-id")[:SUBJECTS]

    def of(
        name: str, url: str, subjects: Iterable[Any], key: Callable[[Any], list[Any]] = lambda one: [one.pk]
    ) -> Asked:
        return Asked(name, [reverse(url, args=key(one)) for one in subjects])

    return [
        Asked("counter", [reverse("payments:counter")]),
        of("account", "customers:account_detail", accounts),
        of("meter", "meters:meter_detail", meters, lambda pk: [pk]),
        of("book", "readings:book_detail", books),
        of("book: entry of readings", "readings:book_entry", books),
        of("reading", "readings:reading_detail", readings, _four),
        of("bill", "billing:bill_detail", bills, lambda one: [one.account_id, one.period, one.seq]),
        of("billing run", "billing:run_detail", runs),
        of("billing run: exceptions", "billing:exception_list", runs),
        of("billing run: books", "billing:chunk_list", runs),
        of("payment", "payments:payment_detail", payments, lambda one: [one.account_id, one.payment_no]),
        of("shift", "payments:shift_detail", shifts.distinct()),
        of("tariff plan", "tariffs:plan_detail", plans),
        of("audit entry", "audit:entry_detail", entries),
    ]


def _four(reading: Reading) -> list[int]:
    return [reading.account_id, reading.installation_id, reading.period, reading.seq]
