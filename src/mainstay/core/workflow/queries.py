"""Which approvals a user may decide, and which are his own."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet

from mainstay.core.audit.queries_words import number_shown, word_of_choice
from mainstay.core.audit.rules_words import WORDS
from mainstay.core.door import rights
from mainstay.core.door.arguments import from_json, key_of
from mainstay.core.door.spec import action_spec
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_for
from mainstay.core.workflow.models import Approval
from mainstay.kit.money import yuan

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "approval"
_UNSAID = {"serial"}  # makes an act safe to repeat and tells a person nothing


def visible_to(user: User) -> QuerySet[Approval]:
    """Return the approvals a user sees: his own requests, those he may decide, and those his units' acts asked for."""
    match = Q(requested_by=user.pk) | Q(decided_by=user.pk)
    for unit_ids, _limit_fen, names in rights.by_reach(user):
        reached = Q(action__among=names)
        match |= reached if unit_ids is None else reached & Q(unit_id__in=unit_ids)
    return Approval.objects.filter(match)


def may_decide(user: User, approval: Approval) -> bool:
    """Tell whether a user may decide: the same right, reaching the act, with a sufficient limit, and not his own."""
    if user.pk == approval.requested_by_id or not user.is_active:
        return False
    held = rights.reaching(user, approval.action, unit_id=approval.unit_id, owner_id=None)
    amount = None if approval.amount_fen is None else abs(approval.amount_fen)
    return any(one.limit_fen is None or amount is None or amount <= one.limit_fen for one in held)


@dataclass(frozen=True, slots=True)
class Argument:
    """What an act was asked to do: a label, a text, and the address of the row where it is one with a page."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a request is about: its own words, and the address of its page where it has one."""

    text: str
    href: str = ""


def things_of(approvals: Iterable[Approval]) -> dict[int, Thing]:
    """Return what each request is about, by the request's key; one query for each kind of thing.

    It is the row the request's subject names, else the first row the act takes. A request about no row, or about one
    that is gone, keeps the subject it was filed under.
    """
    named = {one.pk: _row_named(one) or (Model, None) for one in approvals}
    wanted = defaultdict(set)
    for model, key in named.values():
        wanted[model].add(key)
    wanted.pop(Model, None)
    found = {
        (model, row.pk): row
        for model, keys in wanted.items()
        # A key of two columns is looked for in a list only.
        for row in model._default_manager.select_related(*_joined(model)).filter(pk__in=list(keys))
    }
    return {one.pk: _thing(found.get(named[one.pk]), one.subject) for one in approvals}


def _joined(model: Any, depth: int = 2) -> list[str]:
    """The rows that a row's own words may be made of: those it refers to, and those these refer to."""
    near = [field for field in model._meta.concrete_fields if field.remote_field]
    further = [f"{one.name}__{name}" for one in near if depth > 1 for name in _joined(one.related_model, depth - 1)]
    return [one.name for one in near] + further


def _row_named(approval: Approval) -> tuple[type[Model], Any] | None:
    """Model and key of the row a request is about."""
    rows = {name: key for name, value in approval.arguments.items() if (key := key_of(value))}
    for model, key in rows.values():
        if f"{model._meta.label_lower}:{key}" == approval.subject:
            return model, key
    order = list(rows)
    with suppress(KeyError):  # the database may keep the arguments in another order than the act takes them in
        order = [*inspect.signature(action_spec(approval.action).run).parameters, *order]
    return next((rows[name] for name in order if name in rows), None)


def _thing(row: Model | None, subject: str) -> Thing:
    if row is None:
        return Thing(subject)
    return Thing(str(row), row.get_absolute_url() if hasattr(row, "get_absolute_url") else "")


def arguments_shown(approval: Approval) -> list[Argument]:
    """Return what the act was asked to do in the reader's words.

    Rows are shown by their own names and lead to their pages. A plain value that is called as a field of one of the
    rows takes that field's label and the words of its choices; amounts are shown in yuan.
    """
    given = from_json(approval.arguments)
    rows = [value for value in given.values() if isinstance(value, Model)]
    return [_argument(name, value, rows, approval.action) for name, value in given.items() if name not in _UNSAID]


def _argument(name: str, value: Any, rows: list[Model], act: str) -> Argument:
    if isinstance(value, Model):
        thing = _thing(value, "")
        kind = value._meta  # called as its kind it is named so: a word may mean something else of another row
        label = kind.verbose_name if name == kind.model_name else WORDS.get(name, kind.verbose_name)
        return Argument(str(label), thing.text, thing.href)
    if isinstance(value, list):
        return Argument(str(WORDS.get(name, name)), "、".join(str(one) for one in value))
    label, words = _words_of(name, rows)
    if value is None:
        return Argument(label, "–")
    if name == "fen" and isinstance(value, int):
        return Argument(label, yuan(value))
    if (shown := number_shown(name, value)) is not None:
        return Argument(label, shown)
    return Argument(label, str(words.get(value) or word_of_choice(name, value, act) or value))


def _words_of(name: str, rows: list[Model]) -> tuple[str, dict[Any, Any]]:
    """Label and words of the choices of the field that is called so; the name alone when no row has one."""
    for row in rows:
        with suppress(FieldDoesNotExist):
            field: Any = row._meta.get_field(name)
            return str(getattr(field, "verbose_name", name)), dict(getattr(field, "flatchoices", []) or [])
    return str(WORDS.get(name, name)), {}


def title_of(approval: Approval) -> str:
    """Return the translated title of the act that waits."""
    try:
        return str(action_spec(approval.action).title)
    except KeyError:
        return approval.action


def waiting_for_decision(user: User) -> QuerySet[Todo]:
    """Return the requests that wait for this user, at most a hundred."""
    return waiting_for(user).filter(kind=TODO_KIND).order_by()[:100]
