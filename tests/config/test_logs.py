"""Log lines say which request, user, part and action, and never whose data."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from structlog.stdlib import ProcessorFormatter

from mainstay.config.logs import logging_settings
from mainstay.core.door import action, run, spec
from tests.gas.make import make_user

ACT = "gas.customers.log_something"


@pytest.fixture(scope="module", autouse=True)
def act() -> Iterator[None]:
    """Register an act for these tests only."""
    before = dict(spec._catalogue)

    @action(ACT, title="log", everyone=True)
    def log_something(*, by: object) -> None:
        values = "DETAIL: Key (phone, name)=(13800001234, 王芳)"
        structlog.get_logger("mainstay.tests").warning("half way", error=values)

    yield
    spec._catalogue.clear()
    spec._catalogue.update(before)


def broken(request: HttpRequest) -> HttpResponse:
    run._pass(spec.action_spec(ACT), {"by": request.user})
    raise IntegrityError("duplicate key 13800001234 王芳")


customers = ([path("broken/", broken, name="broken")], "customers")
urlpatterns = [path("customers/", include(customers)), path("", include("mainstay.config.urls"))]


@pytest.fixture(params=["json", "text"])
def lines(request: pytest.FixtureRequest) -> Iterator[tuple[str, io.StringIO]]:
    """A handler with the format, at the root."""
    formatter = dict(logging_settings(request.param)["formatters"]["line"])
    formatter.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ProcessorFormatter(**formatter))
    logging.getLogger().addHandler(handler)
    yield request.param, stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.urls("tests.config.test_logs")
def test_lines_of_a_request_and_of_an_act(client, lines: tuple[str, io.StringIO]) -> None:
    form, stream = lines
    user = make_user()
    client.force_login(user)
    client.raise_request_exception = False
    assert client.get("/customers/broken/?q=王芳", headers={"X-Request-ID": "request-0001"}).status_code == 500
    written = stream.getvalue()
    assert "王芳" not in written
    assert "13800001234" not in written
    if form == "text":
        assert "half way" in written
        assert "WARNING" in written
        assert "request_id=request-0001" in written
        return
    half_way, fault = (json.loads(line) for line in written.splitlines())
    assert half_way["action"] == ACT
    assert fault["error"] == "IntegrityError"
    assert fault["page"] == "customers:broken"
    assert any("broken" in place for place in fault["where"])
    for line in (half_way, fault):
        assert (line["request_id"], line["user_id"], line["part"]) == ("request-0001", user.pk, "customers")
        assert line["level"] in {"warning", "error"}


def test_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="text or json"):
        logging_settings("xml")


@pytest.mark.slow
def test_the_setting_is_read(tmp_path) -> None:
    code = "import django, logging; django.setup(); logging.getLogger('x').warning('hello')"
    environment = {
        **os.environ,
        "MAINSTAY_LOG_FORMAT": "json",
        "MAINSTAY_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mainstay.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(done.stderr.splitlines()[-1])["event"] == "hello"
