"""Few names are kept as a map keeps them, and an event made of shared words is the same event."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from foedus.acts import Event
from foedus.history import BLOCK, Few, Lists
from foedus.state import shared
from tests.strategies import examples, values

NAMES = st.text("ABC", min_size=1, max_size=2)


@examples(50)
@given(st.lists(st.sampled_from("AB"), max_size=3 * BLOCK), st.integers(0, 2 * BLOCK))
def test_lists_keep_what_came_in_its_order(names, start):
    lists = Lists()
    known: dict[str, list[str]] = {"A": [], "B": []}
    for number, name in enumerate(names):
        before = lists
        lists = lists.add(name, str(number))
        assert list(before.of(name)) == known[name]
        known[name].append(str(number))
    for name, expected in known.items():
        assert list(lists.of(name)) == expected
        assert list(lists.of(name, start)) == expected[start:]


@examples(100)
@given(st.lists(st.tuples(NAMES, st.integers(0, 9))))
def test_few_are_a_map_in_the_order_of_names(pairs):
    few: Few[int] = Few()
    known: dict[str, int] = {}
    for name, fact in pairs:
        before, told = few, dict(few.items())
        few, known[name] = few.insert(name, fact), fact
        assert dict(before.items()) == told
        assert few.get(name) == few[name] == fact
        assert list(few.items()) == sorted(known.items())
        assert (list(few), list(few.values()), len(few)) == (
            sorted(known),
            [known[name] for name in sorted(known)],
            len(known),
        )
    assert all((name in few) == (name in known) for name in ("A", "B", "CC", "D"))
    assert few.get("D", "nothing") == "nothing"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(few), type=Few[int]) == few
    for name in ("D", *sorted(known)):
        before, told = few, dict(few.items())
        few = few.discard(name)
        known.pop(name, None)
        assert dict(before.items()) == told
        assert list(few.items()) == sorted(known.items())
    with pytest.raises(KeyError, match="'D'"):
        few["D"]


@examples(100)
@given(st.sampled_from(get_args(Event)).flatmap(lambda kind: values(inspect.type_info(kind))))
def test_an_event_of_shared_words_is_the_same_event(event):
    """And read again it is made of the same words, long ones and those of its parts too."""
    one, other = shared(event), shared(msgspec.json.decode(msgspec.json.encode(event), type=type(event)))
    assert one == event == other
    assert all(part is same for part, same in zip(words(one), words(other), strict=True))


def words(value):
    for part in msgspec.structs.astuple(value):
        if isinstance(part, str):
            yield part
        elif isinstance(part, tuple) and part:
            yield from [part, *part] if isinstance(part[0], str) else [word for one in part for word in words(one)]
