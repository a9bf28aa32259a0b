"""The command: load the company, run the main job, tell what happened, serve."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from mainstay.commands.numbers import whole
from mainstay.commands.words import _
from mainstay.kit.collector import collector_at_rest

console = Console()


def main(argv: Sequence[str]) -> int:
    """Run the demonstration; returns 0, or 1 when the books do not balance at the end."""
    options = _parser().parse_args(list(argv))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    with collector_at_rest():
        _prepare()
        from mainstay.demo import story
    gc.freeze()  # what is loaded stays

    steps = story.tell(options.accounts, console)
    console.print(_as_table(steps))
    findings = story.findings()
    for line in findings:
        console.print(f"[red]{line}[/red]")
    if options.once or findings:
        return 1 if findings else 0
    console.print(story.log_ins())
    return _serve(options.host, options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mainstay demo", description=_("Show the product with a fictitious company"))
    parser.add_argument("--accounts", type=whole(), default=2_000, help=_("size of the company (default 2000)"))
    parser.add_argument("--once", action="store_true", help=_("end after the main job"))
    parser.add_argument("--host", default="127.0.0.1", help=_("address to serve at"))
    parser.add_argument("--port", type=whole(0, 65_535), default=8000, help=_("port to serve at"))
    return parser


def _prepare() -> None:
    """Compile the catalogues, start Django, bring the database up to date."""
    from mainstay.kit.messages import compile_messages

    compile_messages()
    import django

    django.setup()
    from django.core.management import call_command

    with console.status(_("Preparing the database")):
        call_command("migrate", verbosity=0, interactive=False)


def _as_table(steps: Sequence[tuple[str, str, float]]) -> Table:
    table = Table(title=_("What happened"))
    table.add_column(_("step"))
    table.add_column(_("result"))
    table.add_column(_("seconds"), justify="right")
    for title, result, seconds in steps:
        table.add_row(title, result, f"{seconds:.2f}")
    table.add_section()
    table.add_row(_("together"), "", f"{sum(step[2] for step in steps):.2f}")
    return table


def _serve(host: str, port: int) -> int:
    from mainstay.commands import serve

    return serve.main(["--host", host, "--port", str(port)])
