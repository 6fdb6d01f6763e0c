"""What is installed is what is written down: decision, pyproject.toml and lock name the same packages."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
DECISION = (ROOT / "docs/decisions/0001-dependencies.md").read_text("utf-8")


def declared() -> set[str]:
    """The packages that pyproject.toml asks for, for the product, its tests and its tools."""
    wanted = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        wanted += extra
    return {re.split(r"[\\[<>=!~; ]", each)[0] for each in wanted} - {"foedus"}


def pinned() -> list[str]:
    """The lock's blocks, one for each package: name, version, marker, and the hashes of its files."""
    return re.split(r"\n(?=[a-z])", LOCK.strip())


def test_every_dependency_has_its_line_in_the_decision():
    rows = re.findall(r"^\| ([\w., -]+?) \|", DECISION, re.MULTILINE)
    explained = {name for row in rows for name in row.split(", ")}
    assert explained - {"package", "---"} == declared() | {"psycopg-binary"}


def test_every_dependency_is_locked():
    locked = {block.split("==")[0] for block in pinned()}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in declared()} <= locked


def test_the_lock_has_a_hash_for_everything_and_names_no_address():
    assert "://" not in LOCK
    assert not re.search(r"index|find-links", LOCK)
    for block in pinned():
        assert re.match(r"[a-z0-9.-]+==\S+( ; .*)? \\\n", block), block[:80]
        assert block.count("--hash=sha256:") >= 1, block[:80]
