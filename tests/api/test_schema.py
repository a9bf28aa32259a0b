"""Whatever a program sends, fitting the description or not: the answer is 2xx or 4xx and looks as described."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.api.make import ALL, make_caller
from tests.gas.make import make_account, make_reading
from tests.gas.payments.make import make_bill

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = {"postgresql": 8, "sqlite": 3}  # PostgreSQL alone refuses NUL, long texts and large numbers


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's transaction open: a server closes its connection after a request, as the test client does not."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def no_words_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tool alone offer the texts of our sources: hypothesis would hold all of them to every pattern too."""
    monkeypatch.setattr(providers.HypothesisProvider, "_local_constants", Constants())
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))


@cache
def description() -> Any:
    """Return the API's description as the tool reads it, with values from our sources: once for both modes."""
    import schemathesis  # here, as below: to load it takes a while, and not everybody who collects tests runs these

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.usefixtures("one_connection", "no_words_twice")
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_no_request_breaks_the_api(mode: str) -> None:
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    account = make_account()
    make_reading(account, 202610)
    make_bill(account, 202610, 10_00)
    caller = make_caller(*ALL, "gas.payments.reverse_payment")
    asked, examples = 0, EXAMPLES[connection.vendor]

    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers=caller.headers, checks=checks)

    quietly = settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for found in description().get_all_operations():
        operation = found.ok()
        quietly(given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))(ask))()
    assert asked >= examples
