"""Standard roles of a part, described in a YAML file, put into the database.

role: names (`zh`, `en`), then rights as patterns ("*" at the end) by scope; `limits` in yuan, scope "subtree".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mainstay.core.access.actions.roles import create_role, set_role_rights
from mainstay.core.access.models import Role, RoleRight, User
from mainstay.core.access.rules import reserved_for_administrators
from mainstay.core.door import catalogue
from mainstay.kit.money import parse_yuan
from mainstay.kit.yamls import load_yaml

_SCOPES = (RoleRight.Scope.ALL, RoleRight.Scope.SUBTREE, RoleRight.Scope.UNIT, RoleRight.Scope.OWN)


def install_roles(file: Path, *, by: User) -> list[Role]:
    """Create the roles of a file that are missing, each with its rights; a role that exists is left as it is.

    Raises ValueError when the file names a right that no part declares.
    """
    wanted = load_yaml(file)
    known = set(Role.objects.values_list("code", flat=True))
    return [_create(code, facts, by) for code, facts in wanted.items() if code not in known]


def _create(code: str, facts: dict[str, Any], by: User) -> Role:
    role = create_role(code=code, name_zh=facts["zh"], name_en=facts["en"], by=by)
    set_role_rights(role=role, rights=rights_of_role(facts), by=by)
    return role


def rights_of_role(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rights of a role of a file, patterns resolved, the narrower scope winning over `all`."""
    rights: dict[str, dict[str, Any]] = {}
    for scope in _SCOPES:
        for pattern in facts.get(scope.value, ()):
            for name in _matching(pattern):
                rights[name] = {"right": name, "scope": scope.value, "limit_fen": None}
    for name, yuan in facts.get("limits", {}).items():
        _matching(name)
        rights[name] = {"right": name, "scope": RoleRight.Scope.SUBTREE.value, "limit_fen": parse_yuan(str(yuan))}
    return list(rights.values())


def _matching(pattern: str) -> list[str]:
    names = [name for name in catalogue() if name == pattern or (pattern[-1] == "*" and name.startswith(pattern[:-1]))]
    if not names:
        raise ValueError(f"no right matches {pattern}")
    return [name for name in names if not reserved_for_administrators(name)]
