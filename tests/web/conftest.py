"""Fixtures: the test pages' addresses, people with and without rights, units to list."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mainstay.core.organisation.models import Unit
from tests.gas.make import make_user
from tests.web import site


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.site"
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    site.CALLS.clear()


def client_with(*rights: str) -> Client:
    """A browser of somebody who has exactly these rights and reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(*rights))
    return client


@pytest.fixture
def client(db: None) -> Client:
    return client_with("test.view", "test.add", "test.close")


@pytest.fixture
def units(db: None) -> list[Unit]:
    rows = [Unit(code=f"X{n:03}", name_zh=f"站{n}", name_en=f"Station {n % 7}", path=f"{n}.") for n in range(60)]
    return Unit.objects.bulk_create(rows)
