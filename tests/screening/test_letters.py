"""What is told of many words and names at once from their letters is what comparing them one by one says."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from foedus.screening import Index, Record, bounds
from foedus.screening.initials import Initials
from foedus.screening.letters import Words, edits_between, least_edits
from foedus.screening.spelling import FAR
from tests.screening.named import record, words

few = st.text("abAB1", min_size=1, max_size=40)
letters_and_words = st.lists(words | st.sampled_from("abcehky13"), min_size=1, max_size=5).map(" ".join)


@given(st.lists(few | words, min_size=1, max_size=8), st.lists(few | words, min_size=1, max_size=8))
def test_edits_of_many_are_those_of_each(some, others):
    ours, theirs = Words.of_texts(some), Words.of_texts(others)
    owners, places = (each.ravel() for each in np.meshgrid(np.arange(len(some)), np.arange(len(others)), indexing="ij"))
    true = [OSA.distance(some[one], others[other]) for one, other in zip(owners, places, strict=True)]
    assert edits_between(ours, owners, theirs, places).tolist() == [min(edits, FAR + 1) for edits in true]
    least = least_edits(ours, owners, theirs, places).tolist()
    assert all(few <= edits for few, edits in zip(least, true, strict=True))


@given(letters_and_words, st.lists(letters_and_words, min_size=1, max_size=12, unique=True), st.floats(0.3, 0.95))
def test_a_closer_look_at_letters_loses_nothing(asked, listed, cutoff):
    """What stands alone is taken for all that it may be, or looked at: the same is found."""
    index = Index(Record(str(place), (name,)) for place, name in enumerate(listed))
    found = index.search(record(asked), None, cutoff=cutoff)
    every = Index(Record(str(place), (name,)) for place, name in enumerate(listed))
    with patch.object(bounds, "told", _everything):
        assert every.search(record(asked), None, cutoff=cutoff) == found


def _everything(queries, question, names, begin):
    """As if every letter stood for a word of the other name."""
    loose = np.array([its for _, _, its in queries], np.float32)[question]
    ours = np.array([len(its) for _, its, _ in queries], np.float32)[question]
    theirs = [
        begin.alone[begin.name_words[begin.name_words_at[name] : begin.name_words_at[name + 1]]].sum() for name in names
    ]
    return Initials(loose, loose, ours, np.array(theirs, np.float32))
