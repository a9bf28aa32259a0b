"""What a PDF says."""

from __future__ import annotations

import shutil
import subprocess

import pytest


def text_of(document: bytes) -> str:
    """Its text as it is laid out, one form feed after each sheet; skips the test where pdftotext is missing."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True, timeout=60
    )
    return run.stdout.decode()
