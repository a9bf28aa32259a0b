"""Who holds which roles, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from mainstay.core.access import rules
from mainstay.core.access.models import Grant, Role, User
from mainstay.core.organisation.models import Holding
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.organisation.models import Person, Post


def _not_over(prefix: str = "") -> Q:
    """In force now or later: what is granted for next month already counts when duties are separated."""
    return Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gte": local_today()})


def roles_by_user(users: Iterable[User] | None = None) -> dict[int, set[rules.RoleFact]]:
    """Return the roles of each user (of all, when none are named), given directly or through a post: two queries."""
    found: dict[int, set[rules.RoleFact]] = defaultdict(set)
    direct = Grant.objects.filter(_not_over(), user__isnull=False)
    through = Holding.objects.filter(_not_over(), person__user__isnull=False, post__grants__isnull=False)
    through = through.filter(_not_over("post__grants__"))
    if users is not None:
        ids = [user.pk for user in users]
        direct, through = direct.filter(user__in=ids), through.filter(person__user__in=ids)
    for user_id, code, protected in direct.values_list("user", "role__code", "role__protected"):
        found[user_id].add(rules.RoleFact(code, protected))
    path = "post__grants__role"
    for user_id, code, protected in through.values_list("person__user", f"{path}__code", f"{path}__protected"):
        found[user_id].add(rules.RoleFact(code, protected))
    return dict(found)


def roles_of_post(post: Post) -> set[rules.RoleFact]:
    """Return the roles that hang on a post."""
    rows = Grant.objects.filter(_not_over(), post=post).values_list("role__code", "role__protected")
    return {rules.RoleFact(code, protected) for code, protected in rows}


def users_of_post(post: Post) -> QuerySet[User]:
    """Return the users of the people who hold a post now or will."""
    return User.objects.filter(_not_over("person__holdings__"), person__holdings__post=post).distinct()


def user_of_person(person: Person) -> User | None:
    """Return the user of a person, if there is one."""
    return User.objects.filter(person=person).first()


def is_administrator(user: User) -> bool:
    """Tell whether a user is one of the three administrators."""
    return any(role.protected for role in roles_by_user([user]).get(user.pk, set()))


def who_may(right: str) -> QuerySet[User]:
    """Return the active people who hold a right anywhere today, by log-in: for lists to choose from."""
    holders = _holders(role__rights__right=right)
    people = User.objects.filter(pk__in=holders, kind=User.Kind.PERSON).exclude(person__left_on__lte=local_today())
    return people.select_related("person").order_by("username")


def active_holders(code: str) -> set[int]:
    """Return the ids of active users who hold a role today."""
    return _holders(role__code=code)


def _holders(**chosen: Any) -> set[int]:
    """Active users who hold one of the chosen grants today, directly or through a post: two queries."""
    today = local_today()
    grants = Grant.objects.filter(_not_over(), from_on__lte=today, **chosen)
    direct = set(grants.filter(user__is_active=True).values_list("user", flat=True))
    people = Holding.objects.current(today).filter(post__in=grants.filter(post__isnull=False).values("post"))
    people = people.filter(Q(person__left_on=None) | Q(person__left_on__gt=today), person__user__is_active=True)
    return direct | set(people.values_list("person__user", flat=True))


def last_of_administrators(user: User) -> str:
    """Return the code of an administrator's role that nobody would hold without this user, or nothing."""
    mine = {role.code for role in roles_by_user([user]).get(user.pk, set()) if role.protected}
    return next((code for code in sorted(mine) if active_holders(code) <= {user.pk}), "")


def role_codes(codes: Iterable[str]) -> str:
    """Return the names of roles for a message."""
    names = [role.name for role in Role.objects.filter(code__in=list(codes))]
    return "、".join(names) if any("\u4e00" <= one <= "\u9fff" for one in "".join(names)) else ", ".join(names)
