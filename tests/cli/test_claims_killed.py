"""A command over claims that is killed leaves nothing half done, and made again comes to the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.claims.tables import claims, row, write
from tests.claims.test_rule import GOOD

MANY = 60_000


def killed(folder: Path, begun: str, *words: object) -> None:
    """Run a command, and kill it once a file of this form is there: while it works."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "foedus", *map(str, words)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while not any(folder.glob(begun)):
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was at work"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_run_that_is_killed_is_made_again(foedus, tmp_path, form):
    (tmp_path / "rules.yaml").write_text(GOOD, "utf-8")
    table = claims(tmp_path / "a.csv", [(f"C-{at:06}", "A2.1", 100 + at, "EUR") for at in range(MANY)])
    run = ("claims", "distribute", table, "--rules", tmp_path / "rules.yaml", "--fund", "100000.00", "--out")
    out = tmp_path / "out" / f"result.{form}"
    out.parent.mkdir()
    killed(out.parent, ".claims*/*", *run, out)
    assert not list(out.parent.glob("result*")), "neither a result nor a run"
    again, calm = foedus.json(*run, out), foedus.json(*run, tmp_path / f"calm.{form}")
    assert again == calm
    assert again["paid_cents"] == 9_500_000
    assert out.read_bytes() == (tmp_path / f"calm.{form}").read_bytes()


def test_a_batch_that_is_killed_on_its_way_in_is_taken_in_again(foedus, exercise, tmp_path):
    batch = write(tmp_path / "batch.csv", [row(f"C-{at:06}", "A2.1") for at in range(MANY)])
    temporary, act = tmp_path / "temporary", tmp_path / "act.json"
    temporary.mkdir()
    words = ("claims", "deposit", exercise, batch, "--measure", "damage", "--out")
    killed(temporary, "claims*/*.csv", *words, act)
    assert not act.exists()
    assert foedus.json("claims", "verify", exercise)["findings"] == []
    assert foedus(*words, act).status == 0
    ran = foedus("act", exercise, act, "--as", "UKR/foreign")
    assert ran.status == 0, ran.err
    found = foedus.json("claims", "verify", exercise)
    assert (found["findings"], found["missing"]) == ([], [])
