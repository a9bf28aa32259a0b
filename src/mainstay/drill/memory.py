"""Files that end with a run, in memory: making and removing thousands of them costs a disk's file system much time."""

from __future__ import annotations

import os
from pathlib import Path


def place(gib: int = 2) -> str | None:
    """Where so much memory is free for files and programs may run from it; other users reach it too. None elsewhere."""
    memory = Path("/dev/shm")  # noqa: S108
    if memory.is_dir() and os.access(memory, os.W_OK):
        facts = os.statvfs(memory)
        if facts.f_bavail * facts.f_frsize >= gib << 30 and not facts.f_flag & os.ST_NOEXEC:
            return str(memory)
    return None
