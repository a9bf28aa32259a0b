"""Logging in, staying in, and being put out."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axes.utils import reset
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.kit.dates import local_today
from tests.core.make import PASSWORD, make_person, make_user

pytestmark = pytest.mark.django_db
LOGIN, HOME = "/access/login/", "/"


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    reset()
    yield
    reset()


@pytest.fixture
def user() -> User:
    return make_user("lin", password=PASSWORD)


def log_in(client: Client, name: str = "lin", password: str = PASSWORD, **data: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, **data}, headers={"accept-language": "en"})


def text(response: Any) -> str:
    return response.content.decode()


def test_a_person_gets_in_and_it_is_on_record(client: Client, user: User) -> None:
    assert log_in(client)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert Entry.objects.get(action="core.access.log_in").by == user


def test_back_to_where_one_was_but_never_to_another_site(client: Client, user: User) -> None:
    assert log_in(client, next="/todos/")["Location"] == "/todos/"
    assert log_in(Client(), next="https://evil.example/")["Location"] == HOME


@pytest.mark.parametrize("why", ["password", "name", "locked", "left", "service"])
def test_who_is_not_let_in(client: Client, why: str) -> None:
    person = make_person(left_on=local_today()) if why == "left" else None
    kind = User.Kind.SERVICE if why == "service" else User.Kind.PERSON
    make_user("lin", password=PASSWORD, person=person, is_active=why != "locked", kind=kind)
    name, password = ("nobody" if why == "name" else "lin"), ("wrong" if why == "password" else PASSWORD)
    response = log_in(client, name, password)
    assert response.status_code == 422
    assert "Name or password is wrong" in text(response)
    assert client.get(HOME).status_code == 302


def test_five_failures_lock_this_name_here_with_a_clear_page(client: Client, user: User) -> None:
    make_user("wu", password=PASSWORD)
    for _attempt in range(4):
        assert log_in(client, password="wrong").status_code == 422
    locked = log_in(client, password="wrong")
    assert locked.status_code == 429
    assert "30 minutes" in text(locked)
    assert log_in(client).status_code == 429
    assert Entry.objects.filter(action="core.access.log_in", outcome="refused", by=user).count() == 6
    assert log_in(Client(), "wu").status_code == 302
    chinese = client.post(LOGIN, {"username": "lin", "password": "x"}, headers={"accept-language": "zh-hans"})
    assert "30 分钟" in text(chinese)


def test_the_second_factor(client: Client, user: User) -> None:
    device = TOTPDevice.objects.create(user=user, name="totp", confirmed=True)
    assert log_in(client)["Location"] == reverse("access:second_factor")
    assert client.get(HOME).status_code == 302
    assert client.post("/access/login/code/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = f"{totp(device.bin_key):06d}"
    assert client.post("/access/login/code/", {"code": code})["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_the_second_step_needs_the_first(client: Client) -> None:
    assert client.get("/access/login/code/")["Location"] == LOGIN
    assert client.post("/access/login/code/", {"code": "123456"})["Location"] == LOGIN


def test_setting_up_and_removing_the_second_factor(client: Client, user: User) -> None:
    client.force_login(user)
    page = text(client.get("/access/me/second-factor/"))
    assert "<svg" in page and "data:" not in page.split("<main")[1]
    device = TOTPDevice.objects.get(user=user)
    assert client.post("/access/me/second-factor/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post("/access/me/second-factor/", {"code": f"{totp(device.bin_key):06d}"})
    device.refresh_from_db()
    assert device.confirmed
    TOTPDevice.objects.update(last_t=-1)
    client.post("/access/me/second-factor/remove/", {"code": f"{totp(device.bin_key):06d}"})
    assert not TOTPDevice.objects.filter(user=user).exists()


def test_idle_people_are_logged_out_and_told(client: Client, user: User) -> None:
    client.force_login(user)
    client.get(HOME)
    session = client.session
    session["seen"] = int(time.time()) - settings.IDLE_MINUTES * 60 - 1
    session.save()
    response = client.get("/todos/?x=1")
    assert response["Location"] == "/access/login/?why=idle&next=/todos/%3Fx%3D1"
    assert "without use" in text(client.get(response["Location"], headers={"accept-language": "en"}))


def test_what_a_page_asks_by_itself_keeps_nobody_in(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    session["seen"] = seen = int(time.time()) - 600
    session.save()
    client.get(HOME, headers={"X-Poll": "1"})
    assert client.session["seen"] == seen
    client.get(HOME)
    assert client.session["seen"] > seen


def test_one_seat_at_a_time(user: User) -> None:
    User.objects.update(one_seat=True)
    first, second = Client(), Client()
    log_in(first)
    assert first.get(HOME).status_code == 200
    log_in(second)
    assert "ended" in text(second.get(HOME, headers={"accept-language": "en"}))
    ended = first.get(HOME)
    assert ended["Location"].startswith("/access/login/?why=seat")
    assert "another place" in text(first.get(ended["Location"], headers={"accept-language": "en"}))
    assert second.get(HOME).status_code == 200


def test_logging_out_is_a_post(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/access/logout/").status_code == 405
    assert client.post("/access/logout/")["Location"].endswith("why=out")
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("due", ["must", "old"])
def test_an_old_password_goes_first(client: Client, user: User, due: str) -> None:
    if due == "must":
        User.objects.update(must_change_password=True)
    else:
        User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    log_in(client)
    assert client.get(HOME)["Location"] == "/access/me/password/"
    form = {"old": PASSWORD, "new": "Another-Horse-8", "again": "Another-Horse-8"}
    assert client.post("/access/me/password/", form)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert log_in(Client(), password="Another-Horse-8").status_code == 302


@pytest.mark.parametrize(
    ("new", "field"),
    [("Short-1", "new"), ("alllowercase", "new"), (PASSWORD, "new"), ("wrong again", "again"), ("Aa1-ok-ok-ok", "old")],
)
def test_weak_passwords_are_refused_with_the_reason(client: Client, user: User, new: str, field: str) -> None:
    client.force_login(user)
    old = "not mine" if field == "old" else PASSWORD
    again = "different" if field == "again" else new
    response = client.post("/access/me/password/", {"old": old, "new": new, "again": again})
    assert response.status_code == 422
    assert f'href="#id_{field}"' in text(response)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_last_five_passwords_do_not_come_back(user: User) -> None:
    from mainstay.core.access.actions import change_own_password
    from mainstay.kit.errors import Problem

    past = [PASSWORD, *(f"Correct-Horse-{n}{n}" for n in range(6))]
    for old, new in itertools.pairwise(past):
        change_own_password(old=old, new=new, by=user)
    with pytest.raises(Problem):
        change_own_password(old=past[-1], new=past[2], by=user)
    change_own_password(old=past[-1], new=PASSWORD, by=user)
    assert user.used_passwords.count() <= 5


def test_the_language_is_kept_on_the_user(client: Client, user: User) -> None:
    client.force_login(user)
    client.post("/i18n/setlang/", {"language": "en", "next": HOME})
    client.get(HOME)
    user.refresh_from_db()
    assert user.language == "en"
    elsewhere = Client()
    elsewhere.force_login(user)
    assert 'lang="en"' in text(elsewhere.get(HOME))
    third = Client()
    assert log_in(third).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_a_leaver_is_out_the_same_day(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(HOME).status_code == 200
    person = user.person
    assert person is not None
    person.left_on = local_today()
    person.save()
    assert client.get(HOME)["Location"].startswith(LOGIN)
