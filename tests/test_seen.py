"""Act ids side by side in strings of bytes are found as in a map of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import seen
from foedus.seen import ID_BYTES, Seen
from tests.strategies import examples

# Few bytes to choose from, so that an id is often found across the edge of two others.
IDS = st.lists(
    st.binary(min_size=ID_BYTES, max_size=ID_BYTES) | st.text("\0\1", min_size=16, max_size=16).map(str.encode)
)


@examples(40)
@given(IDS, st.sampled_from([1, 64]))
def test_an_act_is_found_under_its_id_alone(ids, side):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "_SIDE", side)
        ids = list(dict.fromkeys(ids))
        states = [Seen.of(b"")]
        for number, id_ in enumerate(ids):
            assert states[-1].get(id_) is None
            states.append(states[-1].insert(id_, number))
        for size, state in enumerate(states):
            assert [state.get(id_) for id_ in ids] == [n if n < size else None for n in range(len(ids))]
            assert [id_ in state for id_ in ids] == [n < size for n in range(len(ids))]
            assert state.ids() == b"".join(ids[:size])
        assert Seen.of(b"".join(ids)) == states[-1]


def test_an_id_across_the_edge_of_two_is_not_there():
    one, other = bytes(range(16)), bytes(range(16, 32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "_SIDE", 1)
        found = Seen.of(b"").insert(one, 0).insert(other, 1)
        assert one[8:] + bytes(4) + other[:4] not in found
        assert "no id" not in found


def test_ids_are_whole():
    with pytest.raises(ValueError, match="17 bytes"):
        Seen.of(bytes(17))
