"""What access has to say when people change posts: separation of duties, and the last administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.access import queries, rules
from mainstay.core.events.providers import provide

if TYPE_CHECKING:
    from mainstay.core.organisation.models import Person, Post


@provide("objections_to_holding")
def roles_must_stay_apart(*, person: Person, post: Post) -> Any:
    """Object when the roles of the post must not meet the roles the person has."""
    user = queries.user_of_person(person)
    if user is None:
        return None
    mixed = rules.mixed_roles(queries.roles_by_user([user]).get(user.pk, set()) | queries.roles_of_post(post))
    if not mixed:
        return None
    text = _("With this post %(person)s would hold roles that must stay apart: %(roles)s.")
    return text % {"person": person, "roles": queries.role_codes(mixed)}


@provide("objections_to_leaving")
def last_administrator_stays(*, person: Person, post: Post | None = None) -> Any:
    """Object when an administrator's role would be left without an active holder."""
    user = queries.user_of_person(person)
    if user is None:
        return None
    code = queries.last_of_administrators(user)
    if not code or (post is not None and code not in {role.code for role in queries.roles_of_post(post)}):
        return None
    text = _("%(person)s is the last active user with the role %(role)s. Appoint another one first.")
    return text % {"person": person, "role": queries.role_codes([code])}
