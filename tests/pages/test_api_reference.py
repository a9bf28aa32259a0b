"""The reference of the API for people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.core.make import make_user
from tests.pages.battery import Page, battery, signed_in

TestReference = battery(Page("access:api_reference", by_unit=False))


@pytest.mark.django_db
def test_it_names_every_operation_and_needs_no_other_host() -> None:
    page = signed_in(make_user(rights={"core.nothing": ("all", None)}), "zh-hans").get(reverse("access:api_reference"))
    text = page.content.decode()
    described = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "zh-CN"}).json()
    for path, methods in described["paths"].items():
        for method, facts in methods.items():
            assert f"{method.upper()} {path}" in text and facts["summary"] in text
    assert "card | qr | transfer" in text and "cdn" not in text
    assert "unsafe" not in page["Content-Security-Policy"]


def test_the_usual_address_leads_there() -> None:
    assert Client().get("/api/v1/docs")["Location"] == reverse("access:api_reference")
