"""What parties say of two entries of lists: each has its own word, and none prevails over another's."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from foedus.across import Across, proposals
from foedus.history import Place
from foedus.sanctions.lists import Identifier
from foedus.sanctions.lists.joining import entities, joins
from foedus.sanctions.published import heard, together
from foedus.sanctions.state import Judged
from tests.sanctions.lists.test_joining import person, version
from tests.sanctions.stories import START

PASSPORT = Identifier("passport", "72 0123456", "RU")


def said(*words: str) -> list[Judged]:
    """What parties said one after another, each as `PARTY judgment`."""
    found = []
    for number, word in enumerate(words):
        party, judgment = word.split()
        moment = START + timedelta(hours=number)
        found.append(Judged(judgment, party, Place(moment, moment, number)))
    return found


@pytest.mark.parametrize("order", list(permutations(("POL same", "UKR same", "NOR different"))))
def test_who_speaks_last_decides_nothing(order):
    assert together(heard(said(*order))) == "contested"


def test_a_party_changes_and_takes_back_its_own_word_alone():
    assert together(heard(said("POL same", "UKR different", "UKR withdrawn"))) == "same"
    assert together(heard(said("POL same", "UKR withdrawn"))) == "same"
    assert together(heard(said("POL same", "UKR same", "POL withdrawn"))) == "same"
    assert together(heard(said("POL same", "POL different"))) == "different"
    assert together(heard(said("POL same", "POL withdrawn"))) == "unsaid"
    assert heard(()) == ()


@pytest.mark.parametrize(("numbers", "one"), [((PASSPORT, PASSPORT), True), ((PASSPORT, None), False)])
def test_where_parties_contradict_proof_decides_and_both_are_told(numbers, one):
    mine, theirs = (
        person(id_, "Olena Koval", "1958", *((it,) if it else ())) for id_, it in zip("12", numbers, strict=True)
    )
    lists = (version("a", mine), version("b", theirs))
    words = heard(said("POL same", "UKR different"))
    across = Across(lists, {("a:1", "b:2"): words})
    (told,) = (each for each in proposals(across) if (each.one, each.other) == ("a:1", "b:2"))
    assert told.stands == "contested"
    assert [(each.party, each.judgment, each.entry) for each in told.said] == [
        ("POL", "same", 0),
        ("UKR", "different", 1),
    ]
    every = entities(lists, joins(lists), across.judgments)
    assert any({"a:1", "b:2"} <= set(each.listings) for each in every) is one
