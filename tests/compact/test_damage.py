"""Whatever is done to a compact's files, they load or are MalformedCompact: no other error, no halves."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.compact.clauses import Clauses
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import bundled, load
from foedus.compact.model import Compact, Permit, canonical, from_canonical
from tests.compact.files import SMALL, as_json, plain

TEXTS = {"small": SMALL, "vienna": (bundled()["vienna-2011"] / "compact.yaml").read_text("utf-8")}
# What YAML, JSON and people put where it does not belong.
PIECES = [
    ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "!", "!!int ", "|", "|2\n", ">-\n",
    "'", '"', "%", "@", "`", "\n", "\n\n", "\t", "  ", "\r", "---\n", "...\n", "<<: ", "\\", '"\\x"',
    '"\\U00110000"', "\x00", "\x85", "\u2028", "\ufeff", "\ud7ff", "null", "~", "true", "1e999", ".inf",
    "-0", "0x", "2030-02-30", "PT", "1/0", "é", "я",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage") / "compact.yaml"


def loads(path: Path, data: bytes) -> Compact | None:
    """The compact, or None where the file is malformed; its findings must then lie in the file."""
    path.write_bytes(data)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    try:
        compact = load(path)
    except MalformedCompact as malformed:
        for finding in malformed.findings:
            assert finding.file == str(path)
            assert 1 <= finding.line <= lines + 1
            assert finding.column >= 1
            assert finding.found
            assert finding.expected
            assert "\n" not in finding.one_line()
        return None
    assert from_canonical(canonical(compact)) == compact
    clauses = Clauses(compact)
    assert clauses.party(compact.protected)
    for _, permit in clauses.every(Permit):
        assert all(clauses.name("roles", role) for by in permit.by for role in by.roles)
    return compact


edits = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.just(""), st.sampled_from(PIECES), st.text(max_size=3)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150)
@given(st.sampled_from(sorted(TEXTS)), edits)
def test_a_damaged_text_loads_or_is_malformed(path, name, changes):
    text = TEXTS[name]
    for where, cut, piece in changes:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + cut :]
    loads(path, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=60)
@given(st.sampled_from(sorted(TEXTS)), st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_load_or_are_malformed(path, name, where, noise):
    data = TEXTS[name].encode()
    at = int(where * len(data))
    loads(path, data[:at] + noise + data[at + len(noise) :])


@settings(max_examples=60)
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_lines_taken_out_doubled_or_swapped_load_or_are_malformed(path, name, data):
    lines = TEXTS[name].splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        what = data.draw(st.sampled_from(["out", "double", "swap", "indent"]))
        if what == "out" and len(lines) > 1:
            del lines[one]
        elif what == "double":
            lines.insert(other, lines[one])
        elif what == "swap":
            lines[one], lines[other] = lines[other], lines[one]
        else:
            lines[one] = "  " + lines[one]
    loads(path, "\n".join(lines).encode())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=4,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in the value with a key or index of it."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    found = [(value, key) for key in keys]
    for key in keys:
        found += places(value[key])
    return found


@settings(max_examples=120)
@given(st.randoms(use_true_random=False), st.lists(anything, min_size=1, max_size=3))
def test_a_value_in_a_wrong_place_loads_or_is_malformed(path, rng: random.Random, values):
    """The structure stays and what stands in it does not: other types, missing keys, values of others."""
    path.write_text(SMALL)
    whole = plain(load(path))
    for value in values:
        spots = places(whole)
        container, key = rng.choice(spots)
        donor, taken = rng.choice(spots)
        what = rng.randrange(3)
        if what == 0:
            container[key] = value
        elif what == 1:
            container[key] = donor[taken] if not isinstance(donor[taken], dict | list) else value
        else:
            del container[key]
    loads(path, as_json(whole).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_line_taken_out_alone_loads_or_is_malformed(path, name):
    lines = TEXTS[name].splitlines()
    step = 1 if name == "small" else 7
    for at in range(0, len(lines), step):
        loads(path, "\n".join(lines[:at] + lines[at + 1 :]).encode())
