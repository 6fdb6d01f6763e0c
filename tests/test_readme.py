"""The commands that README.md shows, run in their order in an empty folder.

What it says of paths and commands is so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in BLOCKS for line in block.splitlines() if line.strip()]


@pytest.mark.readme
def test_the_commands_run_in_their_order(tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LANG": "C.UTF-8"}
    for command in commands():
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert done.stdout or ">" in command or "--out" in command, f"{command} says nothing"


def test_every_block_is_run_or_shown():
    marks = set(re.findall(r"^```(\w*)$", README, re.MULTILINE)) - {""}
    assert marks == {"sh", "text"}
    assert len(commands()) > 15


def test_every_command_is_foedus():
    assert all(command.startswith("foedus ") for command in commands())


def test_every_path_is_there():
    named = re.findall(r"`((?:src/foedus|tests|bench|docs)/[\w./]*?)/?`|\]\((docs/[\w./]*|[A-Z]+\.md)\)", README)
    for path in {one or other for one, other in named}:
        assert (ROOT / path).exists(), path


def test_no_state_is_said_to_have_signed():
    assert "No state has signed them." in README
