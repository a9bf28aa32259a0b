"""The catalogue of actions and rights: names, titles, scope, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mainstay.core.door.together import Together

FourEyes = Literal["never", "above_limit", "always"]
WhenFourEyes = FourEyes | Callable[..., FourEyes]


@dataclass(frozen=True)
class RightSpec:
    """Something a role may allow: `name` is "part.app.verb_noun", `title` its translated name."""

    name: str
    title: Any


@dataclass(frozen=True)
class ActionSpec(RightSpec):
    """An act that changes data, as declared by `@action`.

    `unit(**arguments)` gives the id of the organisational unit the act touches (None: the whole company);
    `owner(**arguments)` the id of the user whose own case it is, for rights of scope "own";
    `amount(**arguments)` the fen compared with the rank's limit; `subject(**arguments)` the text under
    which the audit row is found; `four_eyes` when a second person must agree (or a function of the arguments that
    says so). An act with `everyone` needs no right: it is open to every active user (his own password, say).
    `together` does several that wait at the same moment in one transaction (see door.together).
    """

    run: Callable[..., Any]
    unit: Callable[..., int | None] | None
    owner: Callable[..., int | None] | None
    amount: Callable[..., int] | None
    subject: Callable[..., str] | None
    four_eyes: WhenFourEyes
    everyone: bool = False
    together: Together | None = None

    def needs_second(self, facts: dict[str, Any]) -> FourEyes:
        """Tell when a second person must agree to the act with these arguments."""
        return self.four_eyes(**facts) if callable(self.four_eyes) else self.four_eyes


_catalogue: dict[str, RightSpec] = {}


def register_right(name: str, title: Any) -> str:
    """Register a right that guards a page or a read; returns its name for use in declarations."""
    _register(RightSpec(name, title))
    return name


def _register(spec: RightSpec) -> None:
    if spec.name in _catalogue:
        raise ValueError(f"{spec.name} is registered twice")
    _catalogue[spec.name] = spec


def register_action(spec: ActionSpec) -> None:
    """Register an action; a name may exist once."""
    _register(spec)


def catalogue() -> dict[str, RightSpec]:
    """Return every right and action by name, in order of name."""
    return dict(sorted(_catalogue.items()))


def action_spec(name: str) -> ActionSpec:
    """Return the declaration of an action (KeyError when there is none)."""
    spec = _catalogue[name]
    if not isinstance(spec, ActionSpec):
        raise KeyError(name)
    return spec
