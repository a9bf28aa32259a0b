"""The launcher script: finds its checkout from anywhere, and tells plainly what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "sh",
    "cat",
    "dirname",
    "readlink",
    "mkdir",
    "rm",
    "cmp",
    "date",
    "ps",
    "sleep",
    "grep",
    "sed",
    "sort",
    "wc",
    "tr",
)
TOOLS = (*TOOLS, "tail", "cp", "mv", "id", "env")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a small checkout whose environment is ready: its Python is this one."""
    root = tmp_path / "a checkout"
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "mainstay", root / "mainstay")
    package = root / "src" / "mainstay"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text("import os, sys; print(os.getcwd(), *sys.argv[1:]); sys.exit(7)")
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("run", "dev"):
        shutil.copy(root / "requirements" / f"{name}.lock", root / ".venv" / f"{name}.lock")
    return root


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """Give a PATH with the common tools, without Python, uv and apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return str(folder)


def start(script: Path, *words: str, cwd: Path, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Run the launcher with an empty home."""
    environment = {"PATH": path, "HOME": str(cwd)}
    command = [str(script), *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_it_passes_words_and_exit_code_on(checkout: Path, tmp_path: Path) -> None:
    done = start(checkout / "mainstay", "check", "two words", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (7, f"{tmp_path} check two words --json\n", "")


def test_it_works_through_links(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "far").symlink_to(checkout / "mainstay")
    (tmp_path / "near").symlink_to("far")
    assert start(tmp_path / "near", "demo", cwd=tmp_path).returncode == 7


def test_a_ready_environment_costs_little(checkout: Path, tmp_path: Path) -> None:
    fastest = 9.0
    for _ in range(5):
        begun = time.monotonic()
        start(checkout / "mainstay", "demo", cwd=tmp_path)
        fastest = min(fastest, time.monotonic() - begun)
    assert fastest < 0.3


def test_without_python_it_says_what_to_install(checkout: Path, tmp_path: Path, bare_path: str) -> None:
    shutil.rmtree(checkout / ".venv")
    done = start(checkout / "mainstay", "demo", cwd=tmp_path, path=bare_path)
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (checkout / ".venv" / ".lock").exists()


@pytest.mark.parametrize(("microseconds", "taken"), [(1900, "/own/python3"), (2900, "/managed/python3")])
def test_the_systems_python_is_taken_if_it_is_faster(
    checkout: Path, tmp_path: Path, bare_path: str, microseconds: int, taken: str
) -> None:
    """A version manager's Python comes first in the search path, and is often compiled without optimisations."""
    shutil.rmtree(checkout / ".venv")
    launcher, own = checkout / "mainstay", tmp_path / "own"
    launcher.write_text(launcher.read_text().replace("system=/usr/bin/python3", f"system='{own}'"))
    for program, says in ((own, f"{microseconds} /own/python3"), (Path(bare_path, "python3"), "3000 /managed/python3")):
        program.write_text(f'#!/bin/sh\necho "{says}"\n')
        program.chmod(0o755)
    done = start(launcher, "demo", cwd=tmp_path, path=bare_path)
    assert f"making the environment in .venv with Python at {taken} …" in done.stderr


def test_a_copy_without_lock_files_is_told(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / "requirements")
    done = start(checkout / "mainstay", "demo", cwd=tmp_path)
    assert done.returncode == 1
    assert "run.lock" in done.stderr


@pytest.mark.slow
def test_it_waits_for_a_start_that_is_under_way(checkout: Path, tmp_path: Path) -> None:
    """The second start waits for the first one's lock, then finds the environment ready."""
    lock = checkout / ".venv" / ".lock"
    stamp = checkout / ".venv" / "run.lock"
    lock.mkdir()
    (lock / "pid").write_text(str(os.getpid()))
    stamp.write_text("not yet")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    second = subprocess.Popen(
        [checkout / "mainstay", "demo"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    time.sleep(1.5)
    assert second.poll() is None
    shutil.copy(checkout / "requirements" / "run.lock", stamp)
    shutil.rmtree(lock)
    _out, said = second.communicate(timeout=30)
    assert second.returncode == 7
    assert "waiting" in said
    assert not lock.exists()
