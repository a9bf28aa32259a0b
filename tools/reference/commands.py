"""The page of commands, from the verbs' own help."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from importlib import import_module

from mainstay.cli import VERBS
from mainstay.commands import words
from mainstay.commands.group import subjects
from mainstay.core import checks

Main = Callable[[list[str]], int]
HEAD = {
    "en": """# Commands

{link}

`./mainstay VERB …` in a checkout, `mainstay VERB …` where it is installed. Every verb answers `--help`.

Exit codes: 0 done and well; 1 done, and something was found or failed; 2 called wrongly. `check`, `bench` and `drill`
take `--json` and then print one JSON object as their last line. A misspelt `MAINSTAY_*` setting is refused.
""",
    "zh-hans": """# 命令

{link}

在源码目录中运行 `./mainstay 命令 …`，安装后运行 `mainstay 命令 …`。每个命令都支持 `--help`。

退出码：0 正常完成；1 已完成，但发现问题或失败；2 用法有误。`check`、`bench`、`drill` 加 `--json` 时，最后一行输出一个
JSON 对象。`MAINSTAY_*` 设置名拼写有误时拒绝运行。
""",
}
CHECKS = {"en": "The checks:", "zh-hans": "检查项目："}
MANAGE = {
    "en": "`mainstay manage help` lists them all. Those of Mainstay itself:",
    "zh-hans": "`mainstay manage help` 列出全部。Mainstay 自带的有：",
}
# What each management command of the product is for; its own help is written for developers.
MANAGED = {
    "create_administrators": (
        "Set up an empty site: the company and its three administrators, each with a password for one log-in",
        "初始化空白系统：建立公司与三员账号，各给一个首次登录密码",
    ),
    "install_business_roles": (
        "Create the standard roles of a gas company that are missing; one that exists is left as it is",
        "建立尚缺的燃气公司标准角色；已有的角色保持不变",
    ),
    "install_performance_roles": (
        "Create the standard roles of 4R management that are missing; one that exists is left as it is",
        "建立尚缺的 4R 管理标准角色；已有的角色保持不变",
    ),
    "migrate": (
        "Bring the database's tables up to this release; an empty SQLite file begins with a kept copy",
        "将数据库表升级到本版本；空白的 SQLite 文件由保存的副本开始",
    ),
    "actions_catalogue": ("Print the catalogue of actions in both languages", "打印两种语言的操作目录"),
    "seal_audit": ("Seal the audit log, and export the seals to a file", "封存审计日志，并将封签导出到文件"),
    "check_seals": ("Compare the audit log with exported seals kept elsewhere", "将审计日志与异地保存的封签逐一核对"),
    "escalate_todos": ("Mark overdue to-dos, as the schedule does", "将超期待办升级（计划任务同样会做）"),
}


def page(language: str, link: str) -> str:
    """Return the page in a language."""
    parts = [HEAD[language].format(link=link)]
    with _terminal(language):
        for verb in VERBS:
            summary = words.gettext_now(verb.summary)
            if verb.name == "manage":
                parts.append(_manage(language, summary))
                continue
            parts.append(_section([verb.name], summary, verb.load()))
            if verb.name == "check":
                parts.append(_checks(language))
            if verb.name in {"bench", "drill"}:
                parts += _subjects(verb.name)
    return "\n".join(parts)


def _subjects(verb: str) -> Iterator[str]:
    for name, text in subjects(f"mainstay.{verb}").items():
        yield _section([verb, name], text.rstrip("."), import_module(f"mainstay.{verb}.{name}").main)


def _checks(language: str) -> str:
    lines = [f"- `{one.name}` {one.title}" for one in checks.registered().values()]
    return f"{CHECKS[language]}\n\n" + "\n".join(lines) + "\n"


def _manage(language: str, summary: str) -> str:
    from django.core.management import get_commands

    own = sorted(name for name, app in get_commands().items() if str(app).startswith("mainstay."))
    lines = [f"- `mainstay manage {name}` {MANAGED[name][language != 'en']}" for name in own]
    return f"## manage\n\n{summary}{'.' if language == 'en' else '。'} {MANAGE[language]}\n\n" + "\n".join(lines) + "\n"


def _section(verb: list[str], summary: str, main: Main) -> str:
    """Return one verb's heading and what it says of itself."""
    end = "" if summary.endswith(("。", "）")) or not summary.isascii() else "."
    level = "#" * (1 + len(verb))
    return f"{level} {' '.join(verb)}\n\n{summary}{end}\n\n```text\n{_help(main)}\n```\n"


def _help(main: Main) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main(["--help"])
    lines = [line.rstrip() for line in said.getvalue().strip().splitlines()]
    return "\n".join(lines)


@contextlib.contextmanager
def _terminal(language: str) -> Iterator[None]:
    """A terminal of 100 columns without colours that speaks a language."""
    wanted = {"COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "zh_CN.UTF-8" if language != "en" else "C.UTF-8"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    words._catalogue.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        words._catalogue.cache_clear()
