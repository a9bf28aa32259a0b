"""Whatever a program sends, fitting the description or not: the answer is 2xx or 4xx and looks as described."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.api.make import ALL, make_caller
from tests.gas.make import make_account, make_reading
from tests.gas.payments.make import make_bill

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = {"postgresql": 8, "sqlite": 3}  # PostgreSQL alone refuses NUL, long texts and large numbers
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's transaction open: a server closes its connection after a request, as the test client does not."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def description() -> Any:
    """Return the API's description as the tool reads it, with values from our sources: once for both modes."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_breaks_the_api(mode: GenerationMode) -> None:
    account = make_account()
    make_reading(account, 202610)
    make_bill(account, 202610, 10_00)
    caller = make_caller(*ALL, "gas.payments.reverse_payment")
    asked, examples = 0, EXAMPLES[connection.vendor]

    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers=caller.headers, checks=CHECKS)

    quietly = settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for found in description().get_all_operations():
        operation = found.ok()
        quietly(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    assert asked >= examples
