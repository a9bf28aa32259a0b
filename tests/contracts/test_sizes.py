"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.contracts import tree

FILE_AIM, FILE_LIMIT = 400, 600
FUNCTION_AIM, FUNCTION_LIMIT = 30, 60


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring and decorators."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_files_stay_readable() -> None:
    sizes = {
        tree.name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in tree.own(".py", ".js", ".html", ".css")
        if "migrations" not in path.parts
    }
    assert sizes
    too_long = {path: size for path, size in sizes.items() if size > FILE_LIMIT}
    assert not too_long, f"split by noun: {too_long}"


def test_functions_stay_readable() -> None:
    sizes = {
        f"{tree.name(path)}:{function.lineno} {function.name}": _lines(function)
        for path in tree.own(".py")
        if "migrations" not in path.parts and path.read_text(encoding="utf-8").count("\n") >= FUNCTION_LIMIT
        for function in tree.functions(path)
    }
    assert sizes
    too_long = {where: size for where, size in sizes.items() if size > FUNCTION_LIMIT}
    assert not too_long, f"split: {too_long}"
