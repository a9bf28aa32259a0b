"""The files of the product, for tests that read all of them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mainstay.kit.messages import walk

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "mainstay"
LEFT_OUT = {".venv", ".git", "node_modules", "mainstay-data", "staticfiles", "build", "dist", "__pycache__"}
LEFT_OUT |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
VENDORED = "vendor"  # folders of other projects' files, listed in assets.lock


@cache
def files() -> tuple[Path, ...]:
    """Return the files git tracks or would track; in a copy without git, all but the known products of work."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return _walk()
    if done.returncode:
        return _walk()
    named = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in named if path.is_file()))


def _walk() -> tuple[Path, ...]:
    """List the files without git."""
    found = (path for path in ROOT.rglob("*") if path.is_file() and path.suffix not in {".mo", ".pyc"})
    return tuple(sorted(path for path in found if not LEFT_OUT & set(path.relative_to(ROOT).parts)))


def own(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Return our own files with one of the suffixes: nothing vendored."""
    return [path for path, suffix, place in _ours() if suffix in suffixes and place.startswith(f"{under}/")]


@cache
def _ours() -> tuple[tuple[Path, str, str], ...]:
    """Return our own files with suffix and place as texts, which are compared much faster than paths."""
    named = ((path, path.suffix, str(path)) for path in files())
    return tuple(one for one in named if f"/{VENDORED}/" not in one[2].removeprefix(str(ROOT)))


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file; kept trees would cost the garbage collector more than parsing anew."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def nodes(path: Path, *words: str) -> Iterator[ast.AST]:
    """Yield every node of a Python file, which is only parsed when it has one of the words."""
    text = path.read_text(encoding="utf-8")
    if any(word in text for word in words):
        yield from walk(ast.parse(text, filename=str(path)))


def apps() -> list[Path]:
    """Return the folders of all apps: those with an apps.py."""
    return sorted(path.parent for path in own(".py", under=PACKAGE) if path.name == "apps.py")


def name(path: Path) -> str:
    """Return a path as messages show it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file: they are statements, so no expression is looked into."""
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, block, ())
            waiting += inner if isinstance(inner, list) else ()  # the body of a lambda is an expression
