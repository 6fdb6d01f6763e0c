"""What holds for all names, whatever they are."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.screening import THRESHOLD, Index, Record, compare
from foedus.screening.keys import all_keys, consonant_keys, hashed_all, texts_of
from foedus.screening.names import MOST_WORDS, PARTICLES, parse
from foedus.screening.spelling import fold, fold_all, likeness, skeleton, skeleton_all
from tests.screening.named import NAMES, anything, names, record, words


@pytest.mark.slow
@given(names, st.randoms(use_true_random=False))
def test_a_name_matches_itself_in_any_order_and_case(name, draw):
    # What is one name stays together, and whose child somebody is with the father's name.
    said = re.findall(r"(?:(?:bin|abdul) )?\S+", name.replace(",", ""), re.IGNORECASE)
    draw.shuffle(said)
    for text in (" ".join(said), " ".join(said).upper(), " ".join(said).swapcase()):
        assert compare(record(text), record(name)).match


@given(names)
def test_a_name_scores_most_against_itself(name):
    itself = compare(record(name), record(name)).score
    assert all(compare(record(name), record(other)).score < itself for other in NAMES if other != name)


@given(anything, anything)
def test_the_score_is_the_same_whichever_name_comes_first(one, other):
    assert compare(record(one), record(other)).score == compare(record(other), record(one)).score


@pytest.mark.slow
@given(st.lists(names | words, min_size=1, max_size=3), st.lists(names | words, min_size=1, max_size=3))
def test_so_it_is_for_what_looks_like_names(one, other):
    a, b = record(" ".join(one)), record(" ".join(other))
    assert compare(a, b).score == compare(b, a).score


@pytest.mark.slow
@given(names, names | words, words)
def test_a_part_without_a_counterpart_never_raises_a_score(one, other, extra):
    whole = [*parse(one)[0].words, *parse(other)[0].words]
    joined = {word for name in (one, other) for _, _, word in parse(name)[0].joins}
    assume(extra not in PARTICLES and len(whole) < MOST_WORDS)
    assume(all(likeness(extra, word) == 0 for word in (*whole, *joined)))
    longer = parse(f"{extra} {one}".replace(",", ""))[0]
    assume(longer.words == (extra, *parse(one.replace(",", ""))[0].words))
    assume(
        all(likeness(word, known) == 0 for _, _, word in longer.joins if extra in word for known in (*whole, *joined))
    )
    plain = one.replace(",", "")
    assert compare(record(f"{extra} {plain}"), record(other)).score <= compare(record(plain), record(other)).score


@given(anything)
def test_any_text_is_compared_or_has_nothing_to_compare(text):
    read = parse(text)
    assert all(name.words and all(word.isascii() and word.isalnum() for word in name.words) for name in read)
    assert 0.0 <= compare(record(text), record(text)).score <= 1.0
    if any(unicodedata.category(letter) in ("Ll", "Lu", "Nd") for letter in text[:60]):
        assert read


@pytest.mark.slow
@given(words, words)
def test_likeness_is_symmetric_and_of_equals_whole(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1.0


@given(names, names)
def test_the_points_of_the_reasons_add_up_to_the_score(one, other):
    match = compare(record(one), record(other))
    assert sum(reason.points for reason in match.reasons) == pytest.approx(match.score, abs=0.001)


@pytest.mark.parametrize(
    "name",
    ["", " ", "😀😀", "\x00\x07", "\u202e\u202d", "....", "\u0301"],
)
def test_what_has_no_letter_is_refused_as_a_query_and_says_so(name):
    with pytest.raises(Malformed, match="no letter and no digit"):
        Index([record("Ivan Petrov")]).search(record(name))


@pytest.mark.parametrize(
    "name",
    [
        "a" * 10_000,
        "ab " * 5_000,
        "Иван Petrov محمد 毛泽东",
        "of the and",
        "LLC",
        "i v",
        "\u202eIvan\u202c Petrov",
        "Ivan\x00Petrov",
        "١٢٣",
        "b i n",
    ],
)
def test_an_odd_name_is_searched(name):
    index = Index([record("Ivan Petrov"), record(name, "2")])
    assert index.search(record(name))[0].id == "2"
    assert index.search(record(name))[0].score >= THRESHOLD - 0.1


def test_two_records_of_one_id_are_refused():
    with pytest.raises(Malformed, match="two records have the id"):
        Index([record("Ivan Petrov"), record("Igor Petrov")])
    with pytest.raises(Malformed, match="without an id"):
        Index([Record("", ("Ivan",))])


@given(st.lists(words | st.sampled_from(("MHMD", "al", "abdulrahman", "shchukh", "7", "sahh", "bbookh")), max_size=12))
def test_many_words_are_folded_as_each_alone(some):
    assert fold_all(some) == [fold(word) for word in some]
    assert skeleton_all(some, fold_all(some)) == [skeleton(word) for word in some]
    plain = np.array([len(word) % 2 == 0 for word in some], np.bool_)
    consonants = np.zeros(len(some), np.uint32)
    chosen = [word for word, one in zip(some, plain.tolist(), strict=True) if one]
    consonants[plain] = consonant_keys(skeleton_all(chosen, fold_all(chosen)))
    together = all_keys(some, fold_all(some), consonants, ~plain)
    alone = hashed_all(
        (text, edits, place)
        for place, (word, one) in enumerate(zip(some, plain.tolist(), strict=True))
        for text, edits in texts_of(word, not one)
    )
    assert sorted(zip(*map(np.ndarray.tolist, together), strict=True)) == sorted(
        zip(*map(np.ndarray.tolist, alone), strict=True)
    )
