"""`mainstay raters FILE.csv`: who rates strictly, who softly; adjusted scores. No database; JSON on standard output."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mainstay.performance.appraisal.raters import Given, Ratings, RatingsError, Report, collect, report

LARGEST = 64 * 1024 * 1024  # bytes
LARGEST_NUMBER = 1e9
NAMES = {
    "rater": ("rater", "评分人", "考评人"),
    "ratee": ("ratee", "被评人", "被考评人"),
    "criterion": ("criterion", "指标", "要素", "评分要素"),
    "rating": ("rating", "评分", "得分"),
    "own": ("own", "直接上级"),
    "score": ("score", "核实得分", "合约得分"),
}
NEEDED = ("rater", "ratee", "criterion", "rating")
YES, NO = {"1", "yes", "true", "y", "是"}, {"0", "no", "false", "n", "否", ""}


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="mainstay raters",
        description="Estimate how strict each rater is, and adjust the scores. CSV in, one JSON object out. "
        "估计每位评分人的松紧并调整得分：读入 CSV 文件，输出一个 JSON 对象。",
        epilog="Columns 列: rater, ratee, criterion, rating; optional 可选: own (the rater is the ratee's superior "
        "评分人是否为直接上级: 1/0), score (verified contract score 核实的合约得分). "
        "Exit code 退出码: 0 adjusted 已调整, 1 not separable, nothing adjusted 无法区分、未作调整, "
        "2 the file cannot be used 文件不可用.",
    )
    made.add_argument("file", metavar="FILE", help="CSV file, UTF-8 or GB18030; - for standard input 标准输入")
    made.add_argument(
        "--covariate", action="store_true", help="use the column score as a covariate 把 score 列作为协变量"
    )
    made.add_argument("--compact", action="store_true", help="print JSON on one line 单行输出")
    return made


def main(argv: list[str]) -> int:
    """Judge the ratings of a file. Returns 0, 1 (not separable) or 2 (file not usable)."""
    options = _parser().parse_args(argv)
    try:
        found = report(read_csv(_text(options.file)), covariate=options.covariate)
    except RatingsError as problem:
        sys.stderr.write(f"{problem.en}\n{problem.zh}\n")
        return 2
    text = json.dumps(as_json(found), ensure_ascii=False, indent=None if options.compact else 2)
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()
    return 0 if found.separable else 1


def _text(name: str) -> str:
    """Read the file; UTF-8 first, then GB18030, as spreadsheets in China write it."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _bytes(Path(name))
    except OSError as problem:
        raise RatingsError(
            f"{name} cannot be read: {problem.strerror or problem}", f"无法读取 {name}：{problem.strerror or problem}"
        ) from None
    if len(raw) > LARGEST:
        raise RatingsError(f"{name} is over 64 MB. Split it.", f"{name} 超过 64 MB，请拆分。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RatingsError(
        f"{name} is neither UTF-8 nor GB18030 text. Save it as CSV UTF-8.",
        f"{name} 既不是 UTF-8 也不是 GB18030 文本，请另存为“CSV UTF-8”。",
    )


def _bytes(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(LARGEST + 1)


def read_csv(text: str) -> Ratings:
    """Read ratings from CSV text with a header row. Raises RatingsError that names the line and what to do."""
    first = text.partition("\n")[0]
    comma = max(",;\t", key=first.count) if first.strip() else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    try:
        header = next((row for row in rows if any(cell.strip() for cell in row)), None)
        if header is None:
            raise RatingsError("The file is empty.", "文件是空的。")
        columns = _columns(header)
        scores: dict[str, float] = {}
        given = [_given(row, columns, place, scores) for place, row in _numbered(rows)]
    except csv.Error as problem:
        raise RatingsError(f"Line {rows.line_num}: {problem}", f"第 {rows.line_num} 行：{problem}") from None
    return collect(given, scores)


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    for row in rows:
        if any(cell.strip() for cell in row):
            yield rows.line_num, row


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Find the columns by their English or Chinese names, in any order."""
    plain = [cell.strip().lower() for cell in header]
    found = {key: next((plain.index(name) for name in names if name in plain), -1) for key, names in NAMES.items()}
    if missing := [key for key in NEEDED if found[key] < 0]:
        zh = "、".join(NAMES[key][1] for key in missing)
        raise RatingsError(
            f"The header lacks the column {', '.join(missing)}. It needs rater, ratee, criterion, rating.",
            f"表头缺少列：{zh}。需要 rater、ratee、criterion、rating（评分人、被评人、指标、评分）。",
        )
    return {key: place for key, place in found.items() if place >= 0}


def _given(row: list[str], columns: dict[str, int], line: int, scores: dict[str, float]) -> Given:
    cells = {key: row[place].strip() if place < len(row) else "" for key, place in columns.items()}
    for key in ("rater", "ratee"):
        if not cells[key]:
            raise RatingsError(
                f"Line {line}: the {key} is missing. Fill it in.", f"第 {line} 行：缺少{NAMES[key][1]}，请填写。"
            )
    value = _number(cells["rating"], line, "rating", "评分")
    if cells.get("score"):
        score = _number(cells["score"], line, "score", "核实得分")
        if scores.setdefault(cells["ratee"], score) != score:
            raise RatingsError(
                f"Line {line}: {cells['ratee']} has two different scores. Give one.",
                f"第 {line} 行：{cells['ratee']} 有两个不同的核实得分，请只保留一个。",
            )
    return Given(cells["rater"], cells["ratee"], cells["criterion"], value, _own(cells.get("own"), line))


def _number(text: str, line: int, en: str, zh: str) -> float:
    if not text:
        raise RatingsError(
            f"Line {line}: the {en} is missing. Fill it in, or take the line out.",
            f"第 {line} 行：缺少{zh}，请填写或删除此行。",
        )
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise RatingsError(
            f"Line {line}: the {en} “{text[:40]}” is no number. Write it as 4 or 3.5.",
            f"第 {line} 行：{zh}“{text[:40]}”不是数字，请写成 4 或 3.5。",
        )
    return value


def _own(text: str | None, line: int) -> bool | None:
    if text is None:
        return None
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise RatingsError(
        f"Line {line}: own is “{text[:40]}”. Write 1 for the own superior, 0 for others.",
        f"第 {line} 行：“直接上级”一列是“{text[:40]}”，请填 1（直接上级）或 0（其他人）。",
    )


def as_json(found: Report) -> dict[str, Any]:
    """Return the report as plain data. `severity` is what a rater takes off a rating: positive is strict."""
    v = found.variances
    return {
        "separable": found.separable,
        "connected": found.connected,
        "note": {"en": found.note_en, "zh": found.note_zh} if found.note_en else None,
        "model": "rating = mean + person - severity of the rater + criterion + noise; REML, BLUP, 95 % intervals",
        "variance": None
        if v is None
        else {
            "person": _n(v.person, 6),
            "rater": _n(v.rater, 6),
            "criterion": _n(v.criterion, 6),
            "pair": _n(v.pair, 6),
            "noise": _n(v.noise, 6),
        },
        "mean": _n(found.mean),
        "covariate_slope": _n(found.covariate_slope),
        "criteria": {name: _n(effect) for name, effect in found.criteria.items()},
        "raters": [_rater(line) for line in found.raters],
        "ratees": [
            {
                "ratee": line.name,
                "ratings": line.ratings,
                "raters": line.raters,
                "raw": _n(line.raw),
                "adjusted": _n(line.adjusted),
                "interval": None if line.low is None else [_n(line.low), _n(line.high)],
            }
            for line in found.ratees
        ],
        "review": [
            {"ratee": one.ratee, "rater": one.rater, "gap": _n(one.gap), "z": _n(one.z, 2)} for one in found.review
        ],
        "proposed_ratings": [{"rater": link.rater, "ratee": link.ratee} for link in found.proposed],
        "self_ratings_left_out": found.selves,
    }


def _rater(line: Any) -> dict[str, Any]:
    one = line.habits
    return {
        "rater": line.name,
        "severity": _n(line.severity),
        "interval": None if line.low is None else [_n(line.low), _n(line.high)],
        "reliability": _n(line.reliability),
        "flagged": line.flagged,
        "ratings": one.ratings,
        "people": one.people,
        "mean": _n(one.mean),
        "spread": _n(one.spread),
        "halo": _n(one.halo),
        "range": [_n(one.lowest), _n(one.highest)],
        "agreement": _n(one.agreement),
    }


def _n(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits) + 0.0
