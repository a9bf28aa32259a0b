"""Pages of facts: settings, rights, roles, ledger accounts, doubts of readings, states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from mainstay.config.env import SETTINGS
from mainstay.core.access import rules as access
from mainstay.core.access.batch_roles import rights_of_role
from mainstay.core.access.queries_matrix import catalogue_by_part
from mainstay.core.door import catalogue
from mainstay.core.workflow.states import Graph
from mainstay.gas.ledger.chart import CHART
from mainstay.gas.readings.rules_words import DOUBTS, REFUSALS
from mainstay.kit.money import yuan
from tools.reference import ROOT, bank
from tools.reference.texts import HEADS, SETTINGS_ZH, TABLES

Page = Callable[[str, str], str]
PARTS = ("core", "gas", "performance", "inspection", "continuity")


def table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table."""
    heads = list(columns)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _page(name: str, language: str, link: str, *parts: str) -> str:
    return "\n".join([HEADS[name][language].format(link=link), *parts])


def settings(language: str, link: str) -> str:
    """Every environment variable."""
    rows = [
        (f"`{one.name}`", f"`{one.default}`" if one.default else "–", one.purpose if language == "en" else zh)
        for one, zh in ((one, SETTINGS_ZH[one.name]) for one in SETTINGS)
    ]
    return _page("settings", language, link, table(TABLES["settings"][language], rows))


def actions(language: str, link: str) -> str:
    """The catalogue of actions and rights."""
    parts = []
    columns = [_("Right"), _("Name"), _("Kind"), _("Where"), _("Amount"), _("Second person")]
    for part, rows in catalogue_by_part():
        if part.split(".")[0] not in PARTS:
            continue
        cells = [
            (
                row["title"],
                f"`{row['name']}`",
                f"{row['kind']}, {_('everybody')}" if row["everyone"] else row["kind"],
                row["place"],
                row["amount"],
                row["second"],
            )
            for row in rows
        ]
        parts.append(f"## {part}\n\n{table(columns, cells)}")
    return _page("actions", language, link, *parts)


def roles(language: str, link: str) -> str:
    """The three administrators and the standard roles."""
    import yaml

    from mainstay.core.access.batch import NAMES

    titles = {name: str(spec.title) for name, spec in catalogue().items()}
    words = TABLES["roles"][language]
    parts = []
    for code in access.ADMINISTRATORS:
        held = [(titles[name], f"`{name}`", words[3], "") for name in access.rights_of_administrator(code, titles)]
        parts.append(_role(NAMES[code][language == "en"], code, held, words))
    reach = {"all": words[3], "subtree": words[4], "own": words[6]}
    for file in sorted((ROOT / "src" / "mainstay").glob("*/roles.yaml")):
        for code, facts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            held = [
                (
                    titles[one["right"]],
                    f"`{one['right']}`",
                    reach[one["scope"]],
                    "" if one["limit_fen"] is None else yuan(one["limit_fen"]),
                )
                for one in sorted(rights_of_role(facts), key=lambda one: str(one["right"]))
            ]
            parts.append(_role(facts["en" if language == "en" else "zh"], code, held, words))
    return _page("roles", language, link, *parts)


def _role(name: str, code: str, held: Sequence[tuple[str, ...]], words: tuple[str, ...]) -> str:
    return f"## {name}\n\n`{code}`\n\n{table((words[0], words[1], words[2], words[5]), held)}"


def ledger_accounts(language: str, link: str) -> str:
    """The chart of accounts, and which document posts what."""
    sides = TABLES["sides"][language]
    rows = [(code, zh, en, sides[side == "credit"]) for code, side, zh, en in CHART]
    chart = table(TABLES["ledger-accounts"][language], rows)
    return _page("ledger-accounts", language, link, chart, HEADS["postings"][language])


def reading_checks(language: str, link: str) -> str:
    """Doubts and refusals of readings."""
    from mainstay.gas.readings.rules import _EXPLAINED

    words = TABLES["doubts"][language]
    doubts = [(short, long, words[3] if flag & _EXPLAINED else words[4]) for flag, (short, long) in DOUBTS.items()]
    refused = [(text,) for text in REFUSALS.values()]
    return _page(
        "reading-checks",
        language,
        link,
        table(words[:3], doubts),
        HEADS["refusals"][language],
        table(TABLES["refusals"][language], refused),
    )


def states(language: str, link: str) -> str:
    """State graphs, and the states of things that have no graph of their own."""
    parts = [_graph(graph, language) for graph in _graphs()]
    drawn = {graph.key for graph in _graphs()}
    parts.append(HEADS["other-states"][language])
    rows = [
        (model._meta.verbose_name, ", ".join(str(label) for label in model.State.labels))
        for model in apps.get_models()
        if hasattr(model, "State") and model._meta.model_name not in drawn and model.__module__.startswith("mainstay.")
    ]
    parts.append(table(TABLES["states"][language], rows))
    return _page("states", language, link, *parts)


def _graphs() -> list[Graph]:
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("mainstay."):
            continue
        try:
            module = import_module(f"{config.name}.states")
        except ModuleNotFoundError:
            continue
        found += [value for value in vars(module).values() if isinstance(value, Graph)]
    return sorted(found, key=lambda graph: graph.key)


def _graph(graph: Graph, language: str) -> str:
    titles = {name: str(spec.title) for name, spec in catalogue().items()}
    lines = ["```mermaid", "stateDiagram-v2", f"  [*] --> {graph.states[0].key}"]
    lines += [f"  {state.key}: {state.title}" for state in graph.states]
    lines += [f"  {one.source} --> {one.target}: {titles.get(one.action, one.action)}" for one in graph.arrows]
    rows = [
        (graph.state(one.source).title, titles.get(one.action, ""), f"`{one.action}`", graph.state(one.target).title)
        for one in graph.arrows
    ]
    drawing = "\n".join([*lines, "```"])
    return f"## {graph.title}\n\n{drawing}\n\n{table(TABLES['graph'][language], rows)}"


def api_addresses(language: str, link: str) -> str:
    """Every address of the API by its subject, as its own description tells."""
    from mainstay.config.api import api

    groups: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, facts in methods.items():
            asked = [one["name"] for one in facts.get("parameters", ()) if one["in"] == "query"]
            row = (f"`{method.upper()} {path}`", facts["summary"], ", ".join(f"`{name}`" for name in asked) or "–")
            groups.setdefault(facts["tags"][0], []).append(row)
    parts = [f"## {subject}\n\n{table(TABLES['api'][language], rows)}" for subject, rows in groups.items()]
    return _page("api-addresses", language, link, *parts)


PAGES: dict[str, Page] = {
    "api-addresses": api_addresses,
    "bank-layouts": bank.page,
    "settings": settings,
    "actions": actions,
    "roles": roles,
    "ledger-accounts": ledger_accounts,
    "reading-checks": reading_checks,
    "states": states,
}
