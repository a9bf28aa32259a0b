"""To-dos, publications, the search box and the workbench."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.core.door import Refused
from mainstay.core.events.bus import listen, publish
from mainstay.core.organisation.models import Unit
from mainstay.core.publications import actions as publications
from mainstay.core.publications.models import Publication
from mainstay.core.publications.queries import counts_by_unit, missing_readers, to_acknowledge
from mainstay.core.publications.rules import Block, blocks_of
from mainstay.core.todos import actions
from mainstay.core.todos.batch import escalate_overdue
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import bell, waiting_for
from mainstay.kit.errors import Problem
from mainstay.kit.testing import count_queries
from tests.core.make import hold, make_person, make_post, make_publication, make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHT = "core.organisation.change_unit"
WRITER = {
    f"core.publications.{verb}": ("subtree", None) for verb in ("edit_publication", "publish", "supersede", "remind")
}


def open_one(**facts: object) -> Todo:
    return actions.open_todo(**{"kind": "k", "subject": "s:1", "title_zh": "甲", "title_en": "A", **facts})  # type: ignore[arg-type]


def test_a_todo_is_open_once() -> None:
    user = make_user()
    assert open_one(user=user) == open_one(user=user)
    assert open_one(right=RIGHT) == open_one(right=RIGHT)
    assert open_one(user=make_user()) != open_one(user=user)
    assert actions.close_todos(kind="k", subject="s:1", by=user) == 3
    assert open_one(user=user).done_at is None


def test_shared_todos_are_seen_where_the_right_reaches() -> None:
    unit = make_unit()
    below, other = make_unit(parent=unit), make_unit()
    for number, one in enumerate((unit, below, other, None)):
        open_one(subject=f"s:{number}", right=RIGHT, unit_id=one.pk if one else None)
    reach = {scope: make_user(rights={RIGHT: (scope, None)}, unit=unit) for scope in ("unit", "subtree", "all")}
    assert {scope: waiting_for(user).count() for scope, user in reach.items()} == {"unit": 1, "subtree": 2, "all": 4}
    assert not waiting_for(make_user()).exists()


def test_the_bell_costs_one_query_once_rights_are_known() -> None:
    user = make_user(rights={RIGHT: ("subtree", None), "core.todos.assign_todo": ("subtree", None)}, unit=make_unit())
    bell(user)
    with count_queries(1):
        assert bell(user) == 0


def test_taking_assigning_finishing() -> None:
    unit = make_unit()
    rights = {RIGHT: ("unit", None), "core.todos.assign_todo": ("unit", None)}
    one, two, stranger = make_user(rights=rights, unit=unit), make_user(rights=rights, unit=unit), make_user()
    todo = open_one(right=RIGHT, unit_id=unit.pk)
    with pytest.raises(Refused):
        actions.take_todo(todo=todo, by=stranger)
    with pytest.raises(Problem):
        actions.assign_todo(todo=todo, to=stranger, by=one)
    actions.take_todo(todo=todo, by=one)
    assert not waiting_for(two).exists()
    actions.assign_todo(todo=todo, to=two, by=one)
    with pytest.raises(Refused):
        actions.finish_todo(todo=todo, by=one)
    assert actions.finish_todo(todo=todo, by=two).done_by == two
    with pytest.raises(Problem):
        actions.finish_todo(todo=todo, by=two)


def test_overdue_todos_are_escalated_once() -> None:
    now = timezone.now()
    open_one(user=make_user(), due_at=now - timedelta(hours=1))
    open_one(user=make_user(), due_at=now + timedelta(hours=1))
    assert (escalate_overdue(now), escalate_overdue(now)) == (1, 0)


def staff(unit: Unit, number: int) -> list:  # type: ignore[type-arg]
    people = [make_person() for _n in range(number)]
    for person in people:
        hold(person, make_post(unit))
    return [make_user(person=person) for person in people]


def test_a_publication_is_read_and_counted() -> None:
    company = make_unit()
    branch, other = make_unit(parent=company), make_unit()
    readers, outsider = staff(branch, 3), staff(other, 1)[0]
    writer = make_user(rights=WRITER, unit=company)
    day = timezone.localdate() + timedelta(days=3)
    text = publications.edit_publication(
        code="R1", title_zh="规定", body="甲", unit=branch, acknowledge_by=day, by=writer
    )
    assert not to_acknowledge(readers[0]).exists()
    publications.publish(publication=text, by=writer)
    assert to_acknowledge(readers[0]).get() == text
    assert waiting_for(readers[0]).get().title == "阅读并确认:规定".replace(":", "\uff1a")
    publications.acknowledge(publication=text, by=readers[0])
    publications.acknowledge(publication=text, by=readers[0])
    with pytest.raises(Refused):
        publications.acknowledge(publication=text, by=outsider)
    assert not waiting_for(readers[0]).exists()
    assert [(line.expected, line.acknowledged) for line in counts_by_unit(text)] == [(3, 1)]
    newcomer = staff(branch, 1)[0]
    assert publications.remind(publication=text, by=writer) == 3
    assert set(missing_readers(text)) == {*readers[1:], newcomer}
    assert waiting_for(newcomer).count() == 1


def test_a_published_text_is_followed_by_a_version_never_changed() -> None:
    unit = make_unit()
    writer = make_user(rights=WRITER, unit=unit)
    facts = {"code": "R1", "title_zh": "规定", "unit": unit, "by": writer}
    first = publications.edit_publication(body="甲", **facts)
    with pytest.raises(Problem):
        publications.edit_publication(body="乙", **facts)
    publications.publish(publication=first, by=writer)
    with pytest.raises(Problem):
        publications.edit_publication(body="乙", publication=first, **facts)
    with pytest.raises(Problem):
        publications.publish(publication=first, by=writer)
    second = publications.edit_publication(body="乙", **facts)
    publications.publish(publication=second, by=writer)
    first.refresh_from_db()
    assert (second.version, first.state) == (2, Publication.State.SUPERSEDED)
    with pytest.raises(Problem):
        publications.acknowledge(publication=first, by=writer)


def test_texts_are_shown_as_text(client: Client) -> None:
    unit = make_unit()
    body = "# <b>题</b>\n<script>alert(1)</script>\n\n- 一\n- 二\n## 节\n完"
    text = make_publication(unit, body=body, state="published")
    client.force_login(make_user(rights=WRITER, unit=unit))
    page = client.get(f"/publications/{text.pk}/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "&lt;b&gt;" in page
    assert blocks_of("# a\nb\nc\n\n- d\n* e\nf") == [
        Block("h2", ("a",)),
        Block("p", ("b", "c")),
        Block("ul", ("d", "e")),
        Block("p", ("f",)),
    ]


def test_the_search_box_finds_people_within_reach(client: Client) -> None:
    mine, other = make_unit(), make_unit()
    for unit in (mine, other):
        hold(make_person("欧阳晓"), make_post(unit))
    client.force_login(make_user(rights={"core.organisation.view_people": ("subtree", None)}, unit=mine))
    for text, hits in (("欧阳", 1), ("oyx", 1), ("zzz", 0), ("欧", 0), ("<b>", 0)):
        answer = client.get("/search/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
        assert answer.count('role="option"') == hits, text
        assert "<b>" not in answer and "<html" not in answer
    assert "欧阳晓" in client.get("/search/", {"q": "欧阳"}).content.decode()


def test_events_are_told_after_the_commit(django_capture_on_commit_callbacks: object) -> None:
    class Happened:
        pass

    heard: list[Happened] = []

    @listen(Happened)
    def break_down(_event: Happened) -> None:
        raise ValueError

    listen(Happened)(heard.append)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        publish(Happened())
        assert heard == []
    assert len(heard) == 1
