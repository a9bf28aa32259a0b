"""State graphs as data: the states of a thing, what leads from one to the next, and the words for them.

The steps bar, the documentation and the tests read the same graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem


@dataclass(frozen=True)
class State:
    """One state: stored value, translated name, hue of its badge; `main` states form the steps bar."""

    key: str
    title: Any
    hue: str = "grey"
    main: bool = True


@dataclass(frozen=True)
class Arrow:
    """A way from one state to another by an action; an empty `action` means it happens by itself."""

    source: str
    target: str
    action: str = ""


@dataclass(frozen=True)
class Graph:
    """All states and arrows of a kind of thing. The first state is where it begins."""

    key: str
    title: Any
    states: Sequence[State]
    arrows: Sequence[Arrow]

    def state(self, key: str) -> State:
        """Return a state by its stored value (KeyError when there is none)."""
        return next((one for one in self.states if one.key == key), None) or self._unknown(key)

    def _unknown(self, key: str) -> State:
        raise KeyError(f"{self.key} has no state {key!r}")

    def may(self, source: str, target: str) -> bool:
        """Tell whether an arrow leads from one state to another."""
        return any(arrow.source == source and arrow.target == target for arrow in self.arrows)

    def require(self, source: str, target: str) -> None:
        """Raise Problem with the names of both states when no arrow leads there."""
        if not self.may(source, target):
            text = _("This is “%(now)s” and cannot become “%(then)s”.")
            names = {"now": self.state(source).title, "then": self.state(target).title}
            raise Problem(text % names, code="wrong_state")

    def actions_from(self, source: str) -> list[str]:
        """Return the names of the actions that lead away from a state."""
        return sorted({arrow.action for arrow in self.arrows if arrow.source == source and arrow.action})

    @property
    def path(self) -> list[tuple[str, Any]]:
        """The main states in order as (value, title): what `mainstay.web.pages.steps_of` takes."""
        return [(one.key, one.title) for one in self.states if one.main]

    @property
    def hues(self) -> dict[str, str]:
        """Hue of each state's badge."""
        return {one.key: one.hue for one in self.states}

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the graph itself: unknown states, states nothing leads to."""
        known = {one.key for one in self.states}
        for arrow in self.arrows:
            if not {arrow.source, arrow.target} <= known:
                yield f"{self.key}: arrow {arrow.source} → {arrow.target} names an unknown state"
        reached = {self.states[0].key} | {arrow.target for arrow in self.arrows}
        yield from (f"{self.key}: nothing leads to {key}" for key in sorted(known - reached))


APPROVAL = Graph(
    "approval",
    _("Approval"),
    [
        State("waiting", _("waiting"), "amber"),
        State("approved", _("approved"), "green"),
        State("rejected", _("rejected"), "red", main=False),
        State("withdrawn", _("withdrawn"), "grey", main=False),
    ],
    [
        Arrow("waiting", "approved", "core.workflow.approve"),
        Arrow("waiting", "rejected", "core.workflow.reject"),
        Arrow("waiting", "withdrawn", "core.workflow.withdraw"),
    ],
)
