"""Every app has the same rooms, and each room keeps to its work."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.contracts import tree

FACES = ("tables", "filters", "forms", "views", "urls", "api", "tasks")
LOGIC = ("rules", "models", "states", "queries", "actions", "batch")
ROOMS = (*LOGIC, *FACES, "apps", "checks", "middleware", "backends", "migrations", "templates", "templatetags")
ROOMS = (*ROOMS, "management")
# What apps.py registers, once it outgrows apps.py; the same words in every app.
REGISTERED = ("hooks", "menu", "papers", "providers", "rights", "search")
ROOMS = (*ROOMS, *REGISTERED)
FOLDERS = {"static", "locale", "typst", "library", "__pycache__"}
# Rooms that only these apps have, because their subject needs one. A new name here is a decision, not a habit.
OWN_ROOMS = {
    "core/access": {"bearer", "objections", "passwords", "preferences", "system", "tokens"},
    "core/audit": {"log"},
    "core/documents": {"numbers"},
    "core/events": {"bus"},
    "core/evidence": {"answers", "scanning", "uploads"},
    "core/home": {"cards", "counting"},
    "core/jobs": {"registry", "worker"},
    "core/outbox": {"sheet"},
    "core/sheets": {"registry"},
    "core/workflow": {"announce"},
    "continuity/antivirus": {"clamd", "package", "sheet"},
    "continuity/backup": {"declared", "journal", "pgbackrest", "places", "sqlite", "store", "work"},
    "continuity/power": {"nut"},
    "continuity/network": {"ipv6", "looking", "sheet"},
    "continuity/site": {"drift", "files", "install", "programs", "registry", "secrets"},
    "continuity/standby": {
        "agent",
        "arbiter",
        "database",
        "etcd",
        "knock",
        "observe",
        "patroni",
        "processes",
        "rehearsal",
        "takeup",
    },
    "gas/arrears": {"sheet"},
    "gas/bank": {"front", "library", "simulator"},
    "gas/billing": {"chain", "charges", "paper", "remake"},
    "gas/cards": {"agent", "posting"},
    "gas/customers": {"opening"},
    "gas/invoices": {"sheet"},
    "gas/ledger": {"chart"},
    "gas/payments": {"posting"},
    "gas/readings": {"before", "sheet", "words"},
    "gas/reports": {"catalogue", "pages"},
    "gas/tariffs": {"library", "rate_command", "words"},
    "inspection/campaigns": {"qr", "sheet"},
    "performance/plans": {"sheet"},
    "inspection/checklists": {"xlsform"},
    "performance/appraisal": {"pictures", "raters", "raters_command"},
    "web": {"context", "errors", "gallery", "navigation", "pages", "phone", "storage", "widgets"},
}
WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "asave", "adelete"}
KEYWORD_WRITES = {"create", "update", "acreate", "aupdate"}  # with keywords only; dict.update takes a mapping
ALLOWED = re.compile(r"#.*\bnot a model\b")
PURE = {"django.utils.translation", "django.utils.functional"}
CLOCKS = {"now", "today", "utcnow", "local_today"}


def _room(stem: str) -> str:
    """Return the room a file belongs to: `actions_bills` and `bill_rules` are parts of `actions` and `rules`."""
    for room in ROOMS:
        if stem == room or stem.startswith(f"{room}_") or stem.endswith(f"_{room}"):
            return room
    return ""


def test_apps_have_only_known_rooms() -> None:
    strange = []
    for app in tree.apps():
        part = app.relative_to(tree.PACKAGE).as_posix()
        for path in app.iterdir():
            known = path.name in FOLDERS or path.stem in {"__init__", *OWN_ROOMS.get(part, ())} or _room(path.stem)
            if not known and (path.is_dir() or path.suffix == ".py"):
                strange.append(tree.name(path))
    assert not strange, f"no such room (see CONTRIBUTING): {strange}"


def _files_of(rooms: tuple[str, ...]) -> list[Path]:
    """Return the Python files of some rooms in all apps: `views.py`, `views_bills.py`, `views/bills.py`."""
    found = []
    for app in tree.apps():
        for path in tree.own(".py", under=app):
            first = path.relative_to(app).parts[0].removesuffix(".py")
            if _room(first) in rooms:
                found.append(path)
    return found


def test_no_face_saves_a_model() -> None:
    commands = tree.own(".py", under=tree.PACKAGE / "commands")
    offences = []
    for path in [*_files_of((*FACES, "middleware")), *commands]:
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in tree.nodes(path, *(f".{name}" for name in WRITES | KEYWORD_WRITES)):
            if _writes(node) and not ALLOWED.search(lines[node.lineno - 1]):
                offences.append(f"{tree.name(path)}:{node.lineno}")
    assert not offences, f"call an action, or say `# not a model: …` on the line: {offences}"


def _writes(node: ast.AST) -> bool:
    """Tell whether a node is a call that would write a row."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    keywords_only = bool(node.keywords) and not node.args
    return node.func.attr in WRITES or (node.func.attr in KEYWORD_WRITES and keywords_only)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("bill.save()", True),
        ("Bill.objects.create(a=1)", True),
        ("Bill.objects.filter(a=1).update(b=2)", True),
        ("context.update({'a': 1})", False),
        ("pay(amount=1)", False),
    ],
)
def test_the_face_rule_sees_writes(source: str, verdict: bool) -> None:
    assert any(_writes(node) for node in ast.walk(ast.parse(source))) is verdict


def test_rules_are_pure() -> None:
    offences = []
    for path in _files_of(("rules",)):
        for node in tree.nodes(path, "django", *CLOCKS):
            offences += [f"{tree.name(path)}:{node.lineno} {what}" for what in _impure(node)]
    assert not offences, f"rules know no database, clock or settings: {offences}"


def _impure(node: ast.AST) -> list[str]:
    """Return what a pure function must not touch: Django beyond texts, the clock."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] == "django"]
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "django":
        return [] if node.module in PURE else [node.module or ""]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
        return [f"{node.func.attr}()"]
    return []


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("from django.db import models", True),
        ("from django.conf import settings", True),
        ("date.today()", True),
        ("from django.utils.translation import gettext_lazy as _", False),
        ("import datetime", False),
    ],
)
def test_the_purity_rule_sees_offences(source: str, verdict: bool) -> None:
    assert any(_impure(node) for node in ast.walk(ast.parse(source))) is verdict


def test_raw_sql_stays_in_its_rooms() -> None:
    rooms = tuple(room for room in ROOMS if room not in {"queries", "batch", "migrations", "checks"})
    offences = [
        f"{tree.name(path)}:{node.lineno}"
        for path in _files_of(rooms)
        for node in tree.nodes(path, ".cursor", ".raw")
        if _runs_sql(node)
    ]
    assert not offences, f"raw SQL belongs in batch.py, queries.py and kit.sqlkit: {offences}"


def _runs_sql(node: ast.AST) -> bool:
    """Tell whether a node opens a cursor or calls `raw` on a manager or queryset."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    called, owner = node.func.attr, node.func.value
    return called == "cursor" or (called == "raw" and isinstance(owner, ast.Attribute) and owner.attr == "objects")


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("connection.cursor()", True),
        ("Bill.objects.raw('SELECT 1')", True),
        ("reader.raw('tiers')", False),
    ],
)
def test_the_sql_rule_sees_offences(source: str, verdict: bool) -> None:
    assert any(_runs_sql(node) for node in ast.walk(ast.parse(source))) is verdict


def test_only_mass_writers_check_references_in_place_of_the_guards() -> None:
    users = {
        path.relative_to(tree.PACKAGE).as_posix()
        for path in tree.PACKAGE.rglob("*.py")
        if re.search(r"checked_by_writer|references_checked|of_a_checking_writer", path.read_text())
    }
    kit = {f"kit/sqlkit/{name}.py" for name in ("__init__", "setwise", "trust")}
    writers = (
        "billing/batch/again_post",
        "billing/batch/post",
        "billing/batch/run",
        "billing/batch_accruals",
        "latefees/batch",
        "readings/batch_sheet",
    )
    assert users - kit == {f"gas/{name}.py" for name in writers}
