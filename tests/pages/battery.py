"""The battery every page passes. An app joins with one declaration:

    # tests/pages/test_billing.py
    from tests.pages.battery import Page, Rows, battery

    TestBilling = battery(
        Page("billing:bill_list", "gas.billing.view_bill", make=Rows(bill)),
        Page("billing:bill_detail", "gas.billing.view_bill", make=bill),  # {"pk": make_bill(unit).pk}
    )

`make(unit)` puts what the page shows into a unit and returns the arguments of its address. The battery then asks: a
stranger is led to the log-in; without the right 403; with it 200 in both languages and no template error; somebody of
another branch gets 404, or in a list no row more; and the number of queries is the pinned one (queries.json) and does
not grow with the rows. All of it is one test a page, because making what a page shows costs more than asking for it.
The second database is asked what depends on a database: the page with the right, somebody of another branch, and the
queries. `./mainstay test --fast` asks for a page once, in Chinese, with the right.
Pin again with `PIN_QUERIES=1 pytest tests/pages/test_billing.py`.

The people who ask are made once a class, and what several of its pages show once for all of these: a page finds it as
it was made, for what a test writes is taken back.
"""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import Resolver404, resolve, reverse

from mainstay.core.access.middleware import SEEN
from mainstay.core.access.models import Grant, RoleRight, User
from mainstay.core.organisation.models import Unit
from tests.core.make import LONG_AGO, grant, make_role, make_unit, make_user

PINS = Path(__file__).with_name("queries.json")
LANGUAGES = ("zh-hans", "en")
FIRST = "sqlite"  # the database on which everything is asked
ROW = b"<tr"
BUTTON = re.compile(r'<a class="btn[^"]*" href="(/[^"?#]*)')
PRESENT_S = 3600
HANDLER = ClientHandler(enforce_csrf_checks=False)  # one for all browsers, whose state is their cookies
SPLIT = ("SAVEPOINT", "RELEASE", "ROLLBACK")


def _nothing(_unit: Unit) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Rows:
    """What makes rows of a list: the same as makes the one of a page, without arguments for the list's address."""

    make: Callable[[Unit], Any]

    def __call__(self, unit: Unit) -> dict[str, Any]:
        """Make a row."""
        self.make(unit)
        return {}


@dataclass(frozen=True)
class Page:
    """A page and what it needs. `right` None: everybody who is logged in.

    `by_unit` False: the page shows something of the whole company, so no branch is "another" one.
    `extra` are further rights the page cannot do without; `query` is appended to the address; `pins` False leaves the
    number of queries open (pages that ask other systems, or change what they show).
    """

    url_name: str
    right: str | None = None
    make: Callable[[Unit], dict[str, Any]] = _nothing
    method: str = "get"
    by_unit: bool = True
    scope: str = "subtree"
    extra: tuple[str, ...] = ()
    query: str = ""
    pins: bool = True
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.url_name

    @property
    def rights(self) -> tuple[str, ...]:
        """Every right a person needs."""
        return (*((self.right,) if self.right else ()), *self.extra)

    @property
    def source(self) -> Callable[[Unit], Any]:
        """What makes its rows, a list's or those of pages of one."""
        return self.make.make if isinstance(self.make, Rows) else self.make

    @property
    def pinned(self) -> bool:
        """Tell whether the number of its queries is pinned."""
        return self.method == "get" and self.pins

    def arguments(self, made: Any) -> Any:
        """Return the arguments of its address, of what its source made."""
        return {} if isinstance(self.make, Rows) else made

    def grows(self, made: Any) -> bool:
        """Tell whether it is asked for before there is another row: the second database needs that for counts only."""
        counted = self.by_unit and not self.arguments(made)
        return connection.vendor == FIRST or not self.pinned or counted

    def ask(self, client: Client, address: str) -> Any:
        """Send the request."""
        return client.get(address) if self.method == "get" else client.post(address, self.data)


def person_with(page: Page, unit: Unit) -> User:
    """Return a user with the page's rights in a unit."""
    return make_user(rights=dict.fromkeys(page.rights, (page.scope, None)), unit=unit)


def signed_in(user: User, language: str = "en") -> Client:
    """Return a browser in which the user is logged in and reads a language."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
    speak(client, user, language)
    return client


def session_of(user: User) -> str:
    """Return the key of a session as a log-in leaves it: that has tests of its own, and costs five times as much."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SEEN] = int(time.time()) + PRESENT_S  # or a page would note the presence now and then
    session._session_key = key = uuid.uuid4().hex
    session.save(must_create=True)
    return key


def speak(client: Client, user: User, language: str) -> None:
    """Choose a language in a browser; it is kept with the user already, or the next page would write it."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    User.objects.filter(pk=user.pk).update(language=language)


class House:
    """A branch, and who asks for its pages: a reader with their rights, another one elsewhere, one without them."""

    def __init__(self, made: ExitStack) -> None:
        self.made, self.grown = made, False
        self.source: Callable[[Unit], Any] | None = None
        self.arguments: Any = None
        self.unit, elsewhere, self.role = make_unit(), make_unit("城西分公司"), make_role()
        self.reader, self.other, self.nobody = (make_user(language=LANGUAGES[0]) for _ in range(3))
        self.places = {self.reader: self.unit, self.other: elsewhere}
        grant(make_role({"core.nothing": ("all", None)}), self.unit, user=self.nobody)
        self.sessions = {user: session_of(user) for user in (self.reader, self.other, self.nobody)}

    def showing(self, page: Page) -> dict[str, Any]:
        """Return the arguments of a page whose rows are there, and another row if it is asked for with both only.

        They stay for the pages that follow, until one needs others.
        """
        if page.source is not self.source or (self.grown and page.grows(self.arguments)):
            self.made.close()
            self.source, self.grown = None, False
            self.made.enter_context(taken_back())
            self.arguments = page.source(self.unit)
            self.source = page.source
        if not self.grown and not page.grows(self.arguments):
            page.source(self.unit)
            self.grown = True
        return page.arguments(self.arguments)

    def open_to(self, page: Page) -> None:
        """Give the rights that a page needs."""
        if page.rights:
            RoleRight.objects.bulk_create(RoleRight(role=self.role, right=one, scope=page.scope) for one in page.rights)
            Grant.objects.bulk_create(
                Grant(role=self.role, unit=unit, user=user, from_on=LONG_AGO) for user, unit in self.places.items()
            )

    def browser(self, user: User | None = None) -> Client:
        """Return the browser of one of the people or of a stranger, who read Chinese."""
        client = Client()
        client.handler = HANDLER
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = LANGUAGES[0]
        if user:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[user]
        return client


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back at the end what is written meanwhile."""
    block: Any = transaction.atomic()
    block._from_testcase = True  # inside, as in every test, what must be the outermost transaction may begin
    with block:
        yield
        transaction.set_rollback(True)


def battery(*pages: Page) -> type:
    """Return the test class of these pages."""
    sources = list(dict.fromkeys(page.source for page in pages))
    ordered = sorted(pages, key=lambda page: (sources.index(page.source), not page.grows(page.arguments(True))))

    class TestPages:
        @pytest.fixture(scope="class")
        @classmethod
        def db(cls, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
            """Instead of pytest-django's, which takes everything back after each test."""
            with django_db_blocker.unblock(), taken_back():
                yield

        @pytest.fixture(scope="class")
        @classmethod
        def house(cls, db: None) -> Iterator[House]:
            with ExitStack() as made:
                yield House(made)

        @pytest.mark.parametrize("page", ordered, ids=str)
        def test_page(self, page: Page, house: House, request: pytest.FixtureRequest) -> None:
            assert not request.node.get_closest_marker("django_db"), "it would take back what several pages show"
            arguments = house.showing(page)
            with taken_back():
                check(page, house, arguments, fast=request.config.getoption("--fast"))
                connection.check_constraints()

    return TestPages


def check(page: Page, house: House, arguments: dict[str, Any], *, fast: bool) -> None:
    """Ask for a page as a stranger, without the right, with it, from another branch and with rows; if fast with it."""
    address = reverse(page.url_name, kwargs=arguments) + page.query
    house.open_to(page)
    client = house.browser(house.reader)
    if fast:
        check_seen(page, client, address)
        return
    first = connection.vendor == FIRST
    if first:
        check_refused(page, address, house)
    other = house.browser(house.other) if page.by_unit else None
    if other and arguments:
        assert page.ask(other, address).status_code == 404, "something of another branch"
    rows = count_rows(page, other, address) if other and not arguments else None
    few = check_seen(page, client, address) if first or not page.pinned else None
    if not house.grown and (rows is not None or page.pinned):
        page.make(house.unit)
    if first and page.method == "get":
        speak(client, house.reader, LANGUAGES[1])
    if page.pinned:
        check_queries(page, few, check_seen(page, client, address))
    elif first and page.method == "get":
        check_seen(page, client, address)
    if other and rows is not None:
        assert count_rows(page, other, address) == rows, "rows of another branch"


def check_seen(page: Page, client: Client, address: str) -> int:
    """Who has the right sees the page whole; a form's answer is one of those it may give. Returns how many queries."""
    queries: list[str] = []
    with connection.execute_wrapper(noting(queries)):
        response = page.ask(client, address)
    if page.method != "get":
        assert response.status_code in {200, 202, 204, 302, 422}
    else:
        check_whole(response, client.cookies[settings.LANGUAGE_COOKIE_NAME].value)
        check_offered(page, response)
    return sum(not query.startswith(SPLIT) for query in queries)


def noting(queries: list[str]) -> Callable[..., Any]:
    """Return what notes each statement before it is executed."""

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return run(sql, params, many, context)

    return execute


def check_offered(page: Page, response: Any) -> None:
    """Who may only look is offered no act that would be refused."""
    if ".view_" not in (page.right or ""):
        return
    for address in BUTTON.findall(response.content.decode()):
        try:
            view = resolve(address).func
        except Resolver404:
            continue
        right = getattr(getattr(view, "view_class", None), "right", None)
        refused = isinstance(right, str) and ".view_" not in right and right not in page.rights
        assert not refused, f"a button to {address} without {right}"


def check_refused(page: Page, address: str, house: House) -> None:
    """A stranger is led to the log-in, who has not the right is refused."""
    led = page.ask(house.browser(), address)
    assert (led.status_code, led["Location"].split("?")[0]) == (302, reverse("access:login")), "a stranger"
    if page.right is not None:
        assert page.ask(house.browser(house.nobody), address).status_code == 403, "without the right"


def count_rows(page: Page, client: Client, address: str) -> int:
    """Return how many rows of a table somebody is shown."""
    rows: int = page.ask(client, address).content.count(ROW)
    return rows


def check_whole(response: Any, language: str) -> None:
    """A page came, in the language asked for and with no piece of a template left in it."""
    assert response.status_code == 200, language
    text = response.content.decode()
    assert "<c-" not in text and "{%" not in text and "{{" not in text and ">None<" not in text
    assert f'lang="{"zh-CN" if language == "zh-hans" else "en"}"' in text


def check_queries(page: Page, few: int | None, many: int) -> None:
    """The number of queries for what is there is the pinned one; with another row it is no more, on any database."""
    name = page.url_name + page.query
    if few is None:
        few = pinned(name, many)
    else:
        assert few == pinned(name, few)
    assert many <= few, f"{few} queries, {many} with another row"


def pinned(name: str, now: int) -> int:
    """Return the pinned number; with PIN_QUERIES=1 pin the present one."""
    pins: dict[str, int] = json.loads(PINS.read_text()) if PINS.exists() else {}
    if os.environ.get("PIN_QUERIES") == "1":
        pins[name] = now
        PINS.write_text(json.dumps(dict(sorted(pins.items())), indent=1, ensure_ascii=False) + "\n")
    assert name in pins, f"{name} is not pinned; run PIN_QUERIES=1 pytest tests/pages -k … and look at the difference"
    return pins[name]
