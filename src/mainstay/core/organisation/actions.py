"""Units, people, posts, and who holds which post when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse, register_right
from mainstay.core.events.providers import answers
from mainstay.core.organisation.models import Holding, Person, Post, Unit
from mainstay.kit import pinyin
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_UNITS = register_right("core.organisation.view_units", _("View the organisation"))
VIEW_PEOPLE = register_right("core.organisation.view_people", _("View people"))


def _place(unit: Unit | None = None, parent: Unit | None = None, **_facts: Any) -> int | None:
    """A unit is changed by whoever may act in it, a new one made by whoever may act above it."""
    above = unit or parent
    return above.pk if above else None


@action("core.organisation.create_unit", title=_("Create a unit"), unit=_place)
def create_unit(
    *, code: str, name_zh: str, name_en: str = "", parent: Unit | None = None, kind: str = "section", by: User
) -> Unit:
    """Make a unit below `parent`; there is one root only, the company."""
    if Unit.objects.filter(code=code).exists():
        raise Problem(_("This code is taken. Choose another."), field="code", code="code_taken")
    if parent is None and Unit.objects.filter(parent=None).exists():
        raise Problem(_("Choose the unit above it: the company exists already."), field="parent", code="second_root")
    if parent is not None and parent.closed_on:
        raise Problem(_("The unit above is closed. Choose another."), field="parent", code="closed")
    unit = Unit.objects.create(code=code, name_zh=name_zh, name_en=name_en, parent=parent, kind=kind, path="")
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    note_change(after={"code": code, "name": name_zh, "parent": parent.pk if parent else None})
    return unit


@action("core.organisation.change_unit", title=_("Change a unit"), unit=_place)
def change_unit(*, unit: Unit, name_zh: str, name_en: str = "", kind: str = "section", by: User) -> Unit:
    """Rename a unit."""
    before = {"name_zh": unit.name_zh, "name_en": unit.name_en, "kind": unit.kind}
    unit.name_zh, unit.name_en, unit.kind = name_zh, name_en, kind
    unit.save(update_fields=["name_zh", "name_en", "kind"])
    note_change(before=before, after={"name_zh": name_zh, "name_en": name_en, "kind": kind})
    return unit


@action("core.organisation.close_unit", title=_("Close a unit"), unit=_place)
def close_unit(*, unit: Unit, on: date, by: User) -> Unit:
    """Close a unit that has no open unit below and nobody in its posts from that day on."""
    if unit.children.filter(closed_on=None).exists():
        raise Problem(_("Close the units below first."), code="has_children")
    if Holding.objects.current(on).filter(post__unit=unit).exists():
        raise Problem(_("People still hold posts here. End their posts first."), code="has_people")
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    note_change(after={"closed_on": on.isoformat()})
    return unit


@action("core.organisation.create_person", title=_("Register a person"))
def create_person(*, staff_no: str, name: str, phone: str = "", joined_on: date | None = None, by: User) -> Person:
    """Register somebody who works for the company."""
    if Person.objects.filter(staff_no=staff_no).exists():
        raise Problem(_("This staff number is taken."), field="staff_no", code="staff_no_taken")
    person = Person.objects.create(
        staff_no=staff_no, name=name, initials=pinyin.initials(name)[:60], phone=phone, joined_on=joined_on
    )
    note_change(after={"staff_no": staff_no})
    return person


@action("core.organisation.change_person", title=_("Change a person"))
def change_person(*, person: Person, name: str, phone: str = "", by: User) -> Person:
    """Correct name and telephone."""
    changed = [field for field, new in (("name", name), ("phone", phone)) if getattr(person, field) != new]
    person.name, person.phone, person.initials = name, phone, pinyin.initials(name)[:60]
    person.save(update_fields=["name", "phone", "initials"])
    note_change(after={"changed": changed})
    return person


@action("core.organisation.record_leaver", title=_("Record that a person leaves"))
def record_leaver(*, person: Person, on: date, by: User) -> Person:
    """Note the day from which a person no longer works here; all posts and rights end with the day before."""
    for objection in _objections("objections_to_leaving", person=person):
        raise Problem(objection, field="on", code="objection")
    if person.joined_on and on < person.joined_on:
        raise Problem(_("This day lies before the day of joining."), field="on", code="dates")
    person.left_on = on
    person.save(update_fields=["left_on"])
    for holding in person.holdings.current(on):
        _end(holding, on)
    note_change(after={"left_on": on.isoformat()})
    return person


@action("core.organisation.create_post", title=_("Create a post"), unit=_place)
def create_post(*, code: str, name_zh: str, unit: Unit, name_en: str = "", by: User) -> Post:
    """Make a post in a unit."""
    if Post.objects.filter(code=code).exists():
        raise Problem(_("This code is taken. Choose another."), field="code", code="code_taken")
    post = Post.objects.create(code=code, name_zh=name_zh, name_en=name_en, unit=unit)
    note_change(after={"code": code, "unit": unit.pk})
    return post


@action(
    "core.organisation.assign_post",
    title=_("Assign a post"),
    unit=lambda post, **_facts: post.unit_id,
    subject=lambda person, **_facts: f"organisation.person:{person.pk}",
)
def assign_post(
    *, person: Person, post: Post, from_on: date | None = None, until_on: date | None = None, by: User
) -> Holding:
    """Put a person into a post. Nobody assigns himself: rights come with posts."""
    if by.person_id == person.pk:
        refuse(_("Nobody assigns a post to himself."))
    first = from_on or local_today()
    if person.left_on and person.left_on <= first:
        raise Problem(_("This person has left the company."), field="person", code="left")
    if until_on and until_on < first:
        raise Problem(_("The last day lies before the first."), field="until_on", code="dates")
    if Holding.objects.current(first).filter(person=person, post=post).exists():
        raise Problem(_("This person holds the post already."), field="post", code="held")
    for objection in _objections("objections_to_holding", person=person, post=post):
        raise Problem(objection, field="post", code="objection")
    holding = Holding.objects.create(person=person, post=post, from_on=first, until_on=until_on)
    note_change(after={"post": post.code, "from_on": first.isoformat()})
    return holding


@action(
    "core.organisation.end_holding",
    title=_("End a post"),
    unit=lambda holding, **_facts: holding.post.unit_id,
    subject=lambda holding, **_facts: f"organisation.person:{holding.person_id}",
)
def end_holding(*, holding: Holding, on: date, by: User) -> Holding:
    """Take a person out of a post: `on` is the first day without it."""
    for objection in _objections("objections_to_leaving", person=holding.person, post=holding.post):
        raise Problem(objection, code="objection")
    _end(holding, on)
    note_change(after={"post": holding.post.code, "ended_on": on.isoformat()})
    return holding


def _end(holding: Holding, on: date) -> None:
    last = date.fromordinal(on.toordinal() - 1)
    if last < holding.from_on:
        holding.delete()
        return
    holding.until_on = last
    holding.save(update_fields=["until_on"])


def _objections(question: str, **facts: Any) -> list[Any]:
    """Ask the parts that know (who may hold what) whether something speaks against it."""
    return [answer for answer in answers(question, **facts) if answer]
