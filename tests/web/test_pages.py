"""Form, step and detail pages: every way they can end."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mainstay.core.organisation.models import Unit
from tests.web import site
from tests.web.conftest import client_with


def send(client: Client, code: str, **more: str) -> tuple[int, str]:
    response = client.post("/test/form/", {"code": code, "note": "kept", **more})
    return response.status_code, response.content.decode()


def test_a_good_form_acts_and_leads_on(client: Client) -> None:
    response = client.post("/test/form/", {"code": "A1"}, follow=True)
    assert site.CALLS == ["A1"]
    assert response.redirect_chain == [("/test/list/", 302)]
    assert "The unit was added." in response.content.decode()


def test_a_wrong_field_is_told_twice_and_the_entry_is_kept(client: Client) -> None:
    status, html = send(client, "much too long")
    assert status == 422
    assert html.count("at most 8 characters") == 2
    assert 'href="#id_code"' in html
    assert 'aria-invalid="true"' in html
    assert "<title>Error: " in re.sub(r"\s+", " ", html)
    assert 'value="kept"' in html
    assert site.CALLS == []


def test_a_problem_of_the_action_stands_at_its_field_or_above_the_form(client: Client) -> None:
    status, html = send(client, "taken")
    assert (status, html.count("This code is taken: choose another.")) == (422, 2)
    assert "kept" in html
    status, html = send(client, "whole")
    assert (status, html.count("The books are closed")) == (422, 1)


def test_a_refusal_names_the_right_and_an_approval_says_that_nothing_changed(client: Client) -> None:
    status, html = send(client, "refused")
    assert status == 403
    assert "test.add" in html
    assert "Above your limit." in html
    status, html = send(client, "eyes")
    assert status == 202
    assert "Sent for approval" in html
    assert 'href="/workflow/1/"' in html


def test_the_same_form_sent_twice_acts_once(client: Client) -> None:
    token = re.search(r'name="_once" value="(\w+)"', client.get("/test/form/").content.decode())
    assert token
    for _again in range(2):
        response = client.post("/test/form/", {"code": "A1", "_once": token[1]})
        assert response["Location"] == "/test/list/"
    assert site.CALLS == ["A1"]


def test_htmx_gets_the_form_alone_and_a_redirect_of_the_window(client: Client) -> None:
    response = client.post("/test/form/", {"code": ""}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response.content.decode().strip().startswith("<form")
    response = client.post("/test/form/", {"code": "A1"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/test/list/")


def test_the_first_field_has_the_focus_until_something_is_wrong(client: Client) -> None:
    fields = re.findall(r"<input[^>]* autofocus[^>]*>", client.get("/test/form/").content.decode())
    assert [re.findall(r'name="(\w+)"', one) for one in fields] == [["code"]]
    assert "autofocus" not in send(client, "")[1]


def test_values_in_the_address_fill_the_form(client: Client) -> None:
    assert 'value="B7"' in client.get("/test/form/?code=B7").content.decode()


def test_steps_keep_the_draft_and_end_in_one_action(client: Client) -> None:
    assert client.post("/test/steps/", {"code": "", "note": ""}).status_code == 422
    assert client.post("/test/steps/", {"code": "first"})["Location"].endswith("?step=two")
    assert client.get("/test/steps/?step=check").context["view"].number == 1, "no step can be skipped"
    assert client.post("/test/steps/?step=two", {"code": "bad"})["Location"].endswith("?step=check")
    check = client.get("/test/steps/").content.decode()
    assert "first" in check
    assert "Add it all" in check
    response = client.post("/test/steps/?step=check", {"_once": "t1"})
    assert response.status_code == 422
    assert "Two is bad." in response.content.decode()
    assert 'value="first"' in client.get("/test/steps/?step=one").content.decode()
    client.post("/test/steps/?step=two", {"code": "good"})
    assert client.post("/test/steps/?step=check", {"_once": "t1"})["Location"] == "/test/list/"
    assert [call["two"]["code"] for call in site.CALLS] == ["good"]
    assert client.get("/test/steps/").context["view"].number == 0


def test_a_draft_can_be_discarded(client: Client) -> None:
    client.post("/test/steps/", {"code": "first"})
    client.post("/test/steps/?step=two", {"discard": "1"})
    assert client.get("/test/steps/").context["view"].number == 0


def test_detail_shows_facts_escaped_and_only_allowed_buttons(client: Client, units: list[Unit]) -> None:
    address = f"/test/detail/{units[0].pk}/"
    html = client.get(address).content.decode()
    assert "−123.45" in html
    assert "&lt;b&gt;nobody&lt;/b&gt;" in html
    assert 'hx-post="/test/reveal/"' in html
    assert "Close unit" in html
    assert "Close unit" not in client_with("test.view").get(address).content.decode()
    part = client.get(f"{address}?section=rooms", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert "Posts" not in part


@pytest.mark.parametrize("address", ["/test/detail/999999/", "/test/detail/999999/?section=posts", "/nowhere/"])
def test_what_is_not_there_is_404_in_the_shell(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
