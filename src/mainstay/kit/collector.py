"""The garbage collector kept from looking for cycles where a great deal is made that has none, or that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Collect nothing inside.

    A large sheet is a million objects without a cycle, and what a program loads at its start stays to its end: looking
    for cycles among them costs as much as the work, or a seventh of the start.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
