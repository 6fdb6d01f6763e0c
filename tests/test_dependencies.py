"""What is installed is what is written down: decision, pyproject.toml and lock name the same packages."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CLUSTER = (ROOT / "requirements-cluster.lock").read_text("utf-8")
DECISION = (ROOT / "docs/decisions/0001-dependencies.md").read_text("utf-8")


def declared() -> set[str]:
    """The packages that pyproject.toml asks for, for the product, its tests and its tools."""
    wanted = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        wanted += extra
    return {re.split(r"[\\[<>=!~; ]", each)[0] for each in wanted} - {"foedus"}


def pinned(lock: str = LOCK) -> list[str]:
    """A lock's blocks, one for each package: name, version, marker, and the hashes of its files."""
    return re.split(r"\n(?=[a-z])", lock.strip())


def test_every_dependency_has_its_line_in_the_decision():
    rows = re.findall(r"^\| ([\w., -]+?) \|", DECISION, re.MULTILINE)
    explained = {name for row in rows for name in row.split(", ")}
    assert explained - {"package", "---"} == declared() | {"psycopg-binary"}


def test_every_dependency_is_locked():
    locked = {block.split("==")[0] for lock in (LOCK, CLUSTER) for block in pinned(lock)}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in declared()} <= locked


def test_the_lock_has_a_hash_for_everything_and_names_no_address():
    assert "://" not in LOCK + CLUSTER
    assert not re.search(r"index|find-links", LOCK + CLUSTER)
    for block in (*pinned(), *pinned(CLUSTER)):
        assert re.match(r"[a-z0-9.-]+==\S+( ; .*)? \\\n", block), block[:80]
        assert block.count("--hash=sha256:") >= 1, block[:80]


def test_what_both_locks_have_is_of_one_version():
    versions = [dict(block.split(" ", 1)[0].split("==") for block in pinned(lock)) for lock in (LOCK, CLUSTER)]
    assert {name for name in versions[0].keys() & versions[1].keys() if versions[0][name] != versions[1][name]} == set()
