"""One text, one digest: the order of keys and of files, comments and style change nothing, a word does."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.compact.clauses import Clauses
from foedus.compact.loader import bundled, digest, load
from foedus.compact.model import Compact, canonical, from_canonical
from tests.compact.files import SMALL, as_json, loaded, plain

MARE = Path("tests/compacts/mare-2030")
EVERY = [*sorted(bundled()), str(MARE)]


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same with every mapping in another order."""
    if isinstance(value, list):
        return [shuffled(one, rng) for one in value]
    if isinstance(value, dict):
        keys = rng.sample(sorted(value), len(value))
        return {key: shuffled(value[key], rng) for key in keys}
    return value


def folder(at: Path, compact: dict[str, Any], names: list[str]) -> Path:
    """The compact in a folder, each agreement in a file of its own, under these names."""
    (at / "agreements").mkdir(parents=True)
    agreements = compact["agreements"]
    (at / "compact.yaml").write_text(as_json({**compact, "agreements": agreements[len(names) :]}))
    for name, agreement in zip(names, agreements, strict=False):
        (at / "agreements" / f"{name}.yaml").write_text(as_json(agreement))
    return at


@pytest.mark.parametrize("name", EVERY)
def test_the_canonical_bytes_are_the_compact(name):
    compact = load(name)
    assert from_canonical(canonical(compact)) == compact
    assert canonical(from_canonical(canonical(compact))) == canonical(compact)
    assert digest(compact) == Clauses.of(compact).digest


@pytest.mark.parametrize("name", EVERY)
def test_the_canonical_bytes_are_a_file_that_loads_as_the_same(tmp_path, name):
    compact = load(name)
    assert loaded(tmp_path, as_json(json.loads(canonical(compact)))) == compact


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(tmp_path_factory, rng: random.Random):
    compact = load(MARE)
    text = as_json(shuffled(plain(compact), rng))
    assert digest(loaded(tmp_path_factory.mktemp("keys"), text)) == digest(compact)


@settings(max_examples=20)
@given(st.permutations(["b", "a", "c"]), st.integers(0, 2), st.randoms(use_true_random=False))
def test_how_agreements_are_spread_over_files_changes_nothing(tmp_path_factory, names, split, rng):
    compact = plain(load(MARE))
    whole = digest(load(MARE))
    rng.shuffle(compact["agreements"])
    spread = folder(tmp_path_factory.mktemp("split") / "mare", compact, names[:split])
    assert digest(load(spread)) == whole


FOLDED = """
          en: >-
            Words
            only.
          uk: 'Лише слова.'
"""


def test_comments_blanks_and_style_change_nothing(tmp_path):
    other = (
        SMALL.replace("parts:", "# What it says.\n\nparts:")
        .replace("{en: Words only., uk: Лише слова.}", FOLDED)
        .replace("kinds: [threat]", 'kinds: ["threat"]')
    )  # fmt: skip
    assert digest(loaded(tmp_path, other)) == digest(loaded(tmp_path, SMALL))


@pytest.mark.parametrize(
    ("old", "new"),
    [("Words only.", "Words  only."), ("PT48H", "PT49H"), ("2/3", "3/4"), ("P.words", "P.word")],
)  # fmt: skip
def test_a_change_of_the_text_changes_the_digest(tmp_path, old, new):
    assert digest(loaded(tmp_path, SMALL.replace(old, new))) != digest(loaded(tmp_path, SMALL))


def test_equal_writings_of_a_value_are_one_value(tmp_path):
    other = SMALL.replace("PT48H", "P2D").replace("at_least: 2/3", "at_least: 4/6")
    assert digest(loaded(tmp_path, other)) == digest(loaded(tmp_path, SMALL))


def test_the_digest_is_lower_case_hex_of_32_bytes():
    found = digest(load(MARE))
    assert len(bytes.fromhex(found)) == 32
    assert found == found.lower()


def test_a_default_written_out_is_no_change(tmp_path):
    other = SMALL.replace("mode: vote,", "mode: vote, binds: joiners,")
    assert digest(loaded(tmp_path, other)) == digest(loaded(tmp_path, SMALL))


def test_a_loaded_compact_is_shared(tmp_path):
    first: Compact = loaded(tmp_path, SMALL)
    assert loaded(tmp_path, SMALL) is first
