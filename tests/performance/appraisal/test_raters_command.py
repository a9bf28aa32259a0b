"""`mainstay raters` as a program: CSV in, JSON out, every kind of bad file answered in both languages."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.performance.appraisal.raters_command import main
from tests.performance.appraisal.ratings import simulate


def _csv(links: str, seed: int = 1) -> str:
    rows = simulate(links, seed, criteria=2, people=60, raters=6).ratings
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["rater", "ratee", "criterion", "rating"])
    for k, value in enumerate(rows.value):
        names = (rows.raters[rows.rater[k]], rows.ratees[rows.ratee[k]], rows.criteria[rows.criterion[k]])
        writer.writerow([*names, f"{value:.2f}"])
    return out.getvalue()


def test_it_prints_severities_and_adjusted_scores(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(_csv("random"), encoding="utf-8-sig")
    assert main([str(file)]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["separable"] and told["connected"]
    assert len(told["raters"]) == 6 and len(told["ratees"]) == 60
    one = told["raters"][0]
    assert one["interval"][0] < one["severity"] < one["interval"][1]
    assert {"raw", "adjusted", "interval"} <= set(told["ratees"][0])


def test_a_nested_file_is_refused_with_a_proposal(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "nested.csv"
    file.write_text(_csv("none"), encoding="utf-8")
    assert main([str(file), "--compact"]) == 1
    told = json.loads(capfdbinary.readouterr().out)
    assert not told["separable"]
    assert "Not separable" in told["note"]["en"] and "无法区分" in told["note"]["zh"]
    assert told["proposed_ratings"]
    assert all(line["adjusted"] is None for line in told["ratees"])


def test_chinese_headers_and_encoding(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "中文.csv"
    text = _csv("random").replace("rater,ratee,criterion,rating", "评分人,被评人,指标,评分")
    file.write_bytes(text.encode("gb18030"))
    assert main([str(file)]) == 0
    assert json.loads(capfdbinary.readouterr().out)["separable"]


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("", "empty", "空"),
        ("rater,ratee,rating\na,b,3\n", "lacks the column criterion", "缺少列：指标"),
        ("rater,ratee,criterion,rating\na,b,c,good\n", "Line 2: the rating “good” is no number", "第 2 行：评分“good”"),
        ("rater,ratee,criterion,rating\na,b,c,nan\n", "no number", "不是数字"),
        ("rater,ratee,criterion,rating\n,b,c,3\n", "Line 2: the rater is missing", "第 2 行：缺少评分人"),
        ("rater,ratee,criterion,rating\na,b,c,\n", "Line 2: the rating is missing", "第 2 行：缺少评分，"),
        ("rater,ratee,criterion,rating\na,b\n", "Line 2: the rating is missing", "第 2 行：缺少评分，"),
        ("rater,ratee,criterion,rating\na,b,c,3\na,b,c,4\n", "twice", "评了两次"),
        ("rater,ratee,criterion,rating\n", "no ratings", "没有"),
        ("rater,ratee,criterion,rating,own\na,b,c,3,maybe\n", "own is “maybe”", "直接上级"),
        ("rater,ratee,criterion,rating,score\na,b,c,3,80\nd,b,c,3,81\n", "two different scores", "两个不同"),
    ],
)
def test_bad_files(text: str, english: str, chinese: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    assert main([str(file)]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert english in told.err and chinese in told.err


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xff")
    assert main([str(tmp_path / "picture.csv")]) == 2
    assert "无法" in (told := capsys.readouterr().err) or "不是" in told or "缺少" in told


@pytest.mark.slow
def test_it_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(_csv("random"), encoding="utf-8")
    code = (
        "import sys; from mainstay.cli import main; code = main(['raters', sys.argv[1]]); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
