"""What is found for certain is found: a search is compared with looking at every record, over names made and over the
real lists.
"""

from __future__ import annotations

import random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.labelled import TUNING, queries, unrelated
from foedus.screening import THRESHOLD, Index, Record
from foedus.screening.align import JOINED
from foedus.screening.keys import hashed_all, texts_of
from foedus.screening.likenesses import Likenesses
from foedus.screening.score import best, finish, names_of
from foedus.screening.segment import build
from foedus.screening.spelling import LEAST, edits_allowed, fold, likeness
from tests.screening.named import NAMES, names, needs_lists, real_records, record, words


def by_looking_at_all(index: Index, query: Record, cutoff: float) -> dict[str, float]:
    """The score of every record, without candidates."""
    ours = list(names_of(query))
    found = {}
    for one in index.records():
        score, _ = finish(query, one, *best(ours, names_of(one), index.weigh, (query.kind, one.kind)))
        if score >= cutoff:
            found[one.id] = score
    return found


def by_searching(index: Index, query: Record, cutoff: float) -> dict[str, float]:
    return {match.id: match.score for match in index.search(query, limit=None, cutoff=cutoff)}


LISTED = Index(Record(str(place), (name, f"{name} {place}"), dates=("1960",)) for place, name in enumerate(NAMES))


@pytest.mark.slow
@given(names | st.lists(words, min_size=1, max_size=3).map(" ".join), st.floats(0.5, 0.95))
def test_a_search_finds_what_looking_at_all_finds(name, cutoff):
    for query in (record(name), Record("1", (name,), dates=("1960-03-01",), countries=("ua",))):
        assert by_searching(LISTED, query, cutoff) == by_looking_at_all(LISTED, query, cutoff)


@st.composite
def slips(draw):
    """A word, and the word after as many edits as are found for certain."""
    word = draw(st.text(st.sampled_from("abcdefghiklmnoprstuvz"), min_size=3, max_size=16))
    slipped = word
    for _ in range(draw(st.integers(0, edits_allowed(len(word))))):
        at = draw(st.integers(0, len(slipped) - 1))
        letter = draw(st.sampled_from("abcdefghiklmnoprstuvz"))
        slipped = draw(
            st.sampled_from(
                (
                    slipped[:at] + slipped[at + 1 :],
                    slipped[:at] + letter + slipped[at:],
                    slipped[:at] + letter + slipped[at + 1 :],
                    slipped[:at] + slipped[at : at + 2][::-1] + slipped[at + 2 :],
                )
            )
        )
    return word, slipped


@pytest.mark.slow
@given(slips())
def test_words_as_far_apart_as_is_stated_have_a_key_in_common(pair):
    word, slipped = pair
    if min(len(word), len(slipped)) >= 3 and edits_allowed(len(slipped)) >= edits_allowed(len(word)):
        ours, theirs = (hashed_all((text, edits, 0) for text, edits in texts_of(one, False))[0] for one in pair)
        assert set(ours.tolist()) & set(theirs.tolist())


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(slips().map(lambda pair: pair[1]) | words, min_size=1, max_size=12), st.booleans())
def test_a_likeness_told_of_many_words_at_once_is_never_less_than_that_of_two(some, join):
    """Neither by what is left out for its letters, nor by the likeness itself: both bound it from above."""
    listed = build([Record(str(place), (f"{word} {word[::-1]}", name)) for place, (word, name) in
                    enumerate(zip(some, NAMES, strict=False))])  # fmt: skip
    found = Likenesses(listed)
    asked = [
        (word, join)
        for word in (
            *some,
            *(f"al{word}" for word in some),
            *map(listed.word, range(min(40, len(listed.arrays.fixed)))),
        )
    ]
    owners, places, alike = found.of(asked)
    told = dict(zip(zip(owners.tolist(), places.tolist(), strict=True), alike.tolist(), strict=True))
    with patch.object(Likenesses, "_may_be", lambda *given: np.ones(len(given[2]), np.bool_)):
        every = found.of(asked)
    for owner, place in zip(*map(np.ndarray.tolist, every[:2]), strict=True):
        true = likeness(asked[owner][0], listed.word(place))
        assert true < (JOINED if join else LEAST) or told[owner, place] >= true - 1e-5


@given(words)
def test_a_word_is_found_by_its_sound(word):
    other = word.replace("y", "i").replace("kh", "h").replace("w", "v")
    assert fold(word) != fold(other) or likeness(word, other) >= 0.97


@needs_lists
@pytest.mark.slow
def test_over_the_real_lists_a_search_finds_what_looking_at_all_finds():
    """Every record is looked at for each query: a minute for so few, and the bound is the same for all."""
    records = random.Random(2).sample(real_records(), 2_500)
    index = Index(records)
    asked = [query for query, _, _ in queries(records, TUNING, 25)] + unrelated(15)
    missed = {}
    for query in asked:
        found, wanted = by_searching(index, query, THRESHOLD), by_looking_at_all(index, query, THRESHOLD)
        if found != wanted:
            missed[query.names[0]] = {id_: index.record(id_).names for id_ in wanted.keys() ^ found.keys()}
    assert not missed
