"""`python -m mainstay.config.granian`: the web server, with the application loaded before its processes are made.

Where they are forks of this one, each begins with everything in place, and they share the memory it takes.
"""

from __future__ import annotations

import multiprocessing
from importlib import import_module

from granian.cli import entrypoint

if __name__ == "__main__":
    if multiprocessing.get_start_method() == "fork":
        import_module("mainstay.config.wsgi")
    entrypoint()
