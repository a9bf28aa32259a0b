"""The one exception that users are meant to read."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """Something the user can mend: says what is wrong and what to do, in the user's language.

    `message` is a translated (lazy) text; `field` names the form or sheet column it belongs to;
    `code` is a stable machine-readable word for the API; `money_moved` tells truthfully whether
    any money was booked before the problem arose (almost always False).
    """

    def __init__(
        self, message: Any, *, field: str | None = None, code: str = "invalid", money_moved: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.money_moved = money_moved

    def __str__(self) -> str:
        return str(self.message)


class CalledWrongly(Problem):
    """A command was given what it cannot take, as a misspelt option: its exit code is 2."""
