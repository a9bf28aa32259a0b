"""What a web process does once, before its first request."""

from __future__ import annotations

import gc
from importlib import import_module


def load_and_settle() -> None:
    """Load every address and what stands behind it, and take all that is loaded out of later garbage collections.

    The first request finds everything there. And a full collection, which stops all requests of the process, has no
    longer to walk some hundred thousand objects that never go: it took longer than most requests.
    """
    import_module("mainstay.config.urls")
    gc.collect()
    gc.freeze()
