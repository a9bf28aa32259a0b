"""Translations: .po files compiled to .mo at start, and the search for strings nobody has translated."""

from __future__ import annotations

import ast
import os
import re
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
# Which argument of a translation function is the message and which its context.
_CALLS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "_"), (None, 0)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), (0, 1)),
}
_PYTHON_CALL = re.compile(r"gettext|\b_\b")  # a file without any of their names is not parsed
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# `templatize` writes a template as calls like these, one for each string in it.
_TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({_STRING})(?:\s*,\s*({_STRING}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A translatable string and where it stands."""

    path: Path
    line: int
    message: str
    context: str | None = None


def compile_messages(*, force: bool = False, root: Path = PACKAGE) -> int:
    """Compile each catalogue under `root` whose .mo file is missing or older; returns how many were compiled.

    Several processes may do this at once: each writes a file of its own and puts it in place in one step.
    """
    catalogues = sorted(root.rglob("locale/*/LC_MESSAGES/django.po"))
    return sum(_compile(path) for path in catalogues if force or _outdated(path))


def untranslated(*, root: Path = PACKAGE, language: str = LANGUAGE) -> list[str]:
    """Each string of the sources under `root` without a translation in any catalogue there: "file:line: text".

    Fuzzy and empty translations count as none.
    """
    known = _translated(root, language)
    return [
        f"{source.path.relative_to(root)}:{source.line}: {source.message}"
        for source in sources(root)
        if (source.context, _canonical(source.message)) not in known
    ]


def sources(root: Path = PACKAGE) -> Iterator[Source]:
    """All translatable strings of the Python files and templates under `root`, in the order of the files."""
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _python_sources(path)
    for path in sorted(root.rglob("templates/**/*")):
        if path.is_file() and path.suffix in {".html", ".txt", ".svg"}:
            yield from _template_sources(path)


def _outdated(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> int:
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    mo = po.with_suffix(".mo")
    try:
        handle, name = tempfile.mkstemp(dir=po.parent, suffix=".mo.part")
    except PermissionError:
        if mo.exists():  # installed read-only with its catalogues compiled: files unpacked in any order are fine
            return 0
        raise
    try:
        with os.fdopen(handle, "wb") as target:
            write_mo(target, catalogue)
        Path(name).chmod(0o644)
        Path(name).replace(mo)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return 1


def _translated(root: Path, language: str) -> set[tuple[str | None, str]]:
    known: set[tuple[str | None, str]] = set()
    for path in root.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and not message.fuzzy and all(texts):
                first = message.id if isinstance(message.id, str) else message.id[0]
                known.add((message.context or None, _canonical(first)))
    return known


def _canonical(message: str) -> str:
    return message.replace("\r\n", "\n")


def _python_sources(path: Path) -> Iterator[Source]:
    text = path.read_text(encoding="utf-8")
    if not _PYTHON_CALL.search(text):
        return
    nodes = [node for node in walk(ast.parse(text, str(path))) if isinstance(node, ast.Call | ast.ImportFrom)]
    names = _imported_names(nodes)
    for node in nodes:
        if isinstance(node, ast.Call) and (call := _CALLS.get(_called(node.func, names))):
            context, message = (_text(node.args, position) for position in call)
            if message is not None:
                yield Source(path, node.lineno, message, context)


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes of a syntax tree as `ast.walk` does, in half the time; without the contexts of names."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                waiting.extend([one for one in value if isinstance(one, ast.AST)])
            elif isinstance(value, ast.AST) and field != "ctx":
                waiting.append(value)


def _imported_names(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Names that translation functions, Django's or another module's of the same name, have in a module."""
    return {
        alias.asname or alias.name: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in _CALLS
    }


def _called(function: ast.expr, names: dict[str, str]) -> str:
    if isinstance(function, ast.Name):
        return names.get(function.id, "")
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id == "translation" else ""
    return ""


def _text(arguments: list[ast.expr], position: int | None) -> str | None:
    if position is None or position >= len(arguments):
        return None
    argument = arguments[position]
    if isinstance(argument, ast.JoinedStr):
        return ast.unparse(argument)  # can never be found in a catalogue, so it is reported
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def _template_sources(path: Path) -> Iterator[Source]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in _TEMPLATE_CALL.finditer(code):
        first, second = (ast.literal_eval(text) if text else None for text in match.group(2, 3))
        line = code.count("\n", 0, match.start()) + 1
        if "pgettext" in match[1]:
            yield Source(path, line, second or "", first)
        else:
            yield Source(path, line, first or "")
