"""Every change to users, roles, grants and keys."""

from mainstay.core.access.actions.own import (
    change_own_password,
    confirm_second_factor,
    log_in,
    note_failed_log_in,
    prepare_second_factor,
    remove_own_second_factor,
)
from mainstay.core.access.actions.roles import create_role, end_grant, grant_role, set_role_rights
from mainstay.core.access.actions.tokens import issue_token, revoke_token
from mainstay.core.access.actions.users import (
    Issued,
    change_user,
    create_service_user,
    create_user,
    lock_user,
    reset_password,
    reset_second_factor,
    unlock_user,
)

__all__ = [
    "Issued",
    "change_own_password",
    "change_user",
    "confirm_second_factor",
    "create_role",
    "create_service_user",
    "create_user",
    "end_grant",
    "grant_role",
    "issue_token",
    "lock_user",
    "log_in",
    "note_failed_log_in",
    "prepare_second_factor",
    "remove_own_second_factor",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "set_role_rights",
    "unlock_user",
]
