"""The pages of docs/reference that are made from the code, in both languages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
PAGE = FOLDER / "commands.md"
