"""Pages of log-in, one's own account, users, roles and keys."""

from mainstay.core.access.views.session import locked_out

__all__ = ["locked_out"]
