"""`mainstay rate --tariffs FILE < cases.jsonl`: rates cases without a database, one JSON line in, one out."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn

from mainstay.gas.tariffs.library import load
from mainstay.gas.tariffs.rules import TariffError

from .case import KEYS, Rater, answer

_LONGEST = 1_000_000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mainstay rate",
        description="Rate gas volumes with a tariff file. Reads one JSON case a line, writes one JSON answer a line. "
        "按价目文件计价：每行一个 JSON 用例，逐行输出结果。",
        epilog=f"Keys of a case 用例的键: {', '.join(KEYS)}. Exit code 退出码: 0 all rated 全部成功, "
        "1 some lines had errors 部分行有误, 2 the tariff file cannot be used 价目文件不可用.",
    )
    parser.add_argument(
        "--tariffs", metavar="FILE", help="tariff file (YAML); without it the built-in library 价目文件"
    )
    parser.add_argument("--explain", action="store_true", help="add the facts behind each amount 附计价依据")
    return parser


def main(argv: list[str]) -> int:
    """Rate standard input to standard output. Returns the exit code: 0, 1 (bad cases) or 2 (bad tariff file)."""
    options = _parser().parse_args(argv)
    try:
        rater = Rater(load(options.tariffs))
    except TariffError as problem:
        sys.stderr.write(f"{problem.en}\n{problem.zh}\n")
        return 2
    try:
        return _run(rater, sys.stdin.buffer, sys.stdout.buffer, explain=options.explain)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; closing here keeps the interpreter from complaining at exit.
        with contextlib.suppress(OSError):
            sys.stdout.close()
        return 1


def _run(rater: Rater, cases: BinaryIO, out: BinaryIO, *, explain: bool) -> int:
    failed = False
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    at_once = cases.isatty()
    for number, raw in _lines(cases):
        result = _rated(rater, raw, number, explain)
        failed = failed or "error" in result
        out.write(encode(result).encode("utf-8", "replace") + b"\n")
        if at_once:
            out.flush()
    out.flush()
    return 1 if failed else 0


def _rated(rater: Rater, raw: bytes | None, number: int, explain: bool) -> dict[str, Any]:
    named: dict[str, Any] = {}
    try:
        case = _decode(raw)
        if isinstance(case, dict) and case.get("id") is not None:
            named = {"id": case["id"] if isinstance(case["id"], int) else str(case["id"])[:200]}
        plan, rating = rater.rate(case)
    except TariffError as problem:
        error = {"code": problem.code, "field": problem.field, "zh": problem.zh, "en": problem.en}
        return {**named, "line": number, "error": error}
    return named | answer(plan, rating, explain=explain)


def _lines(cases: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank; None stands for a line too long to be a case."""
    number = 0
    while raw := cases.readline(_LONGEST):
        number += 1
        if len(raw) == _LONGEST and not raw.endswith(b"\n"):
            while (rest := cases.readline(_LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif raw.strip(b"\xef\xbb\xbf \t\r\n"):
            yield number, raw


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)[:40]
        raise TariffError(
            "case.input", field=twice, en=f"{twice}: is given twice: keep one", zh=f"{twice}：重复给出：请只保留一个"
        )
    return found


# Decimal keeps 12.345 what it is; NaN, Infinity and keys given twice are refused.
_read = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once).decode


def _decode(raw: bytes | None) -> object:
    if raw is None:
        raise TariffError("case.json", en="The line is over 1 MB: no case", zh="该行超过 1 MB，不是用例")
    try:
        return _read(raw.decode("utf-8-sig"))
    except TariffError:
        raise
    except UnicodeDecodeError:
        raise TariffError("case.json", en="The line is not UTF-8 text", zh="该行不是 UTF-8 文本") from None
    except json.JSONDecodeError as problem:
        place = problem.pos + 1
        raise TariffError(
            "case.json", en=f"Not valid JSON at character {place}", zh=f"JSON 格式有误：第 {place} 个字符"
        ) from None
    except (ValueError, RecursionError, ArithmeticError):
        raise TariffError(
            "case.json",
            en="Not valid JSON: a number too long, NaN or Infinity, or nested too deeply",
            zh="JSON 格式有误：数字过长、NaN 或 Infinity，或嵌套过深",
        ) from None
