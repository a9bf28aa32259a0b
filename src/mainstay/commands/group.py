"""Verbs that have several subjects: `bench billing`, `drill billing`. A subject is a module with `main(argv)`."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from mainstay.commands.words import _, say


def bench(argv: list[str]) -> int:
    """Measure one subject, a module of mainstay.bench."""
    return _run("bench", "mainstay.bench", argv)


def drill(argv: list[str]) -> int:
    """Rehearse one failure, a module of mainstay.drill."""
    return _run("drill", "mainstay.drill", argv)


def subjects(package: str) -> dict[str, str]:
    """Return the subjects of a package: name → first line of the module's docstring, read without importing it."""
    spec = find_spec(package)
    found: dict[str, str] = {}
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for module in pkgutil.iter_modules([folder]):
            source = Path(folder, module.name, "__init__.py") if module.ispkg else Path(folder, f"{module.name}.py")
            tree = ast.parse(source.read_text(encoding="utf-8"))
            if _has_main(tree):
                found[module.name] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def _has_main(tree: ast.Module) -> bool:
    """Tell whether a module defines or imports `main`; helpers beside the subjects do not."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            return True
        if isinstance(node, ast.ImportFrom) and any((name.asname or name.name) == "main" for name in node.names):
            return True
    return False


def _run(verb: str, package: str, argv: list[str]) -> int:
    """Run `main` of the named subject, or list the subjects."""
    known = subjects(package)
    if argv and argv[0] in known:
        main: Callable[[list[str]], int] = import_module(f"{package}.{argv[0]}").main
        return main(argv[1:])
    asked = not argv or argv[0] in {"-h", "--help"}
    wide = max((len(name) for name in known), default=0)
    head = _("Usage: mainstay {verb} SUBJECT [options] [--json]").format(verb=verb)
    lines = [head, "", *(f"  {name:<{wide}}  {text}" for name, text in known.items())]
    if not asked:
        lines.insert(0, _("Unknown subject: {name}").format(name=argv[0]))
    say("\n".join(lines), error=not asked)
    return 0 if argv and asked else 2
