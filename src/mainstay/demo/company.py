"""The company itself: units, roles, people, tills, rules to read. Every step leaves alone what is there already."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from mainstay.core.access.actions.roles import grant_role
from mainstay.core.access.batch import install_standard_roles, system_user
from mainstay.core.access.models import Grant, Role, User
from mainstay.core.audit.batch import install_schedule as install_sealing
from mainstay.core.organisation.actions import assign_post, create_person, create_post, create_unit
from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.core.publications.actions import acknowledge, edit_publication, publish
from mainstay.core.publications.models import Publication
from mainstay.core.todos.batch import install_schedule as install_escalation
from mainstay.gas.payments.actions import save_till
from mainstay.gas.payments.models import Till
from mainstay.gas.roles import install_business_roles
from mainstay.gas.tariffs.batch import store_library
from mainstay.kit.dates import local_today
from mainstay.kit.yamls import load_yaml

FOLDER = Path(__file__).parent
FOUNDED = date(2020, 1, 1)


@cache
def facts() -> dict[str, Any]:
    """What company.yaml says."""
    loaded: dict[str, Any] = load_yaml(FOLDER / "company.yaml")
    return loaded


def password() -> str:
    """The password of every demonstration log-in: drawn once per data folder, readable by its owner only."""
    path = settings.DATA / "demo-password.txt"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"Haitang-{secrets.randbelow(9000) + 1000}-gas")
    return path.read_text().strip()


def add_log_in(username: str, person: Person) -> None:
    """Let a person log in with the demonstration's password."""
    User.objects.create(username=username, person=person, password=_encoded(), password_changed_at=timezone.now())


@cache
def _encoded() -> str:
    """The password's one hash for all: a demonstration need not wait for a hundred slow ones."""
    return make_password(password())


def load_company() -> int:
    """Make the company; returns the number of people it has. Running it again changes nothing."""
    by = system_user()
    install_standard_roles()
    install_sealing()
    install_escalation()
    install_business_roles(by=by)
    units = _units(by)
    _people(units, by)
    for code, unit, name_zh, name_en in facts()["tills"]:
        if not Till.objects.filter(code=code).exists():
            save_till(unit=units[unit], code=code, name_zh=name_zh, name_en=name_en, by=by)
    _rules(units["HT"])
    store_library()
    return Person.objects.count()


def _units(by: User) -> dict[str, Unit]:
    units = {unit.code: unit for unit in Unit.objects.all()}
    for code, parent, name_zh, name_en, kind in facts()["units"]:
        if code not in units:
            units[code] = create_unit(
                code=code, name_zh=name_zh, name_en=name_en, parent=units.get(parent), kind=kind, by=by
            )
    return units


def _people(units: dict[str, Unit], by: User) -> None:
    known = set(User.objects.values_list("username", flat=True))
    for number, (username, name, post_code, unit, post_zh, post_en, roles, reach) in enumerate(facts()["people"], 1):
        if username in known:
            continue
        person = create_person(
            staff_no=f"HT{number:04d}", name=name, phone=f"139000{number:05d}", joined_on=FOUNDED, by=by
        )
        post = Post.objects.filter(code=post_code).first() or create_post(
            code=post_code, name_zh=post_zh, name_en=post_en, unit=units[unit], by=by
        )
        assign_post(person=person, post=post, from_on=FOUNDED, by=by)
        add_log_in(username, person)
        for code in roles:
            _grant(Role.objects.get(code=code), post, units[reach], by)


def _rules(company: Unit) -> None:
    """Publish the company's rules; its clerk has read the first of them already."""
    by = User.objects.get(username="safety")
    for code, title_zh, title_en, body in facts()["rules"]:
        if Publication.objects.filter(code=code).exists():
            continue
        draft = edit_publication(
            code=code, title_zh=title_zh, title_en=title_en, body=body, unit=company, kind="rule",
            acknowledge_by=local_today() + timedelta(days=14), by=by,
        )  # fmt: skip
        publish(publication=draft, by=by)
    first, reader = Publication.objects.get(code="ZD-01"), User.objects.get(username="clerk2")
    if not first.acknowledgements.filter(user=reader).exists():
        acknowledge(publication=first, by=reader)


def _grant(role: Role, post: Post, unit: Unit, by: User) -> None:
    """Give a role to a post. The first administrators are appointed by the installation: nobody is there to agree."""
    if role.protected:
        Grant.objects.create(role=role, post=post, unit=unit, from_on=FOUNDED)
    else:
        grant_role(role=role, post=post, unit=unit, from_on=FOUNDED, by=by)


def organisation(code: str, name_zh: str, name_en: str, kind: str) -> Unit:
    """An organisation beside the company: a page makes only one root, a demonstration of two companies needs more."""
    unit = Unit.objects.create(code=code, name_zh=name_zh, name_en=name_en, kind=kind, path="")
    unit.path = f"{unit.pk}."
    unit.save(update_fields=["path"])
    return unit
