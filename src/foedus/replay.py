"""Adding up what was recorded, with every signature and the tree checked, and no rule run again.

What was added before is not read again: `foedus verify` does that.
"""

from __future__ import annotations

from foedus.acts import decode_entry
from foedus.admission import Prepared, admit, authenticated, read
from foedus.errors import Malformed, Refused, Tampered
from foedus.record.merkle import Frontier, leaf_hash
from foedus.record.store import Store, chunks
from foedus.state import State, add


def caught_up(state: State, frontier: Frontier, store: Store, head: tuple[int, bytes]) -> tuple[State, Frontier]:
    """State and tree after every entry up to `head`, which is the store's size and encoded frontier there.

    `frontier`: the tree of the entries that are in `state`. Raises Tampered naming the first entry that does not fit,
    or what leads to another tree than the store keeps.
    """
    start, (size, kept) = frontier.size, head
    for data in store.entries(start, size):
        frontier = frontier.append(leaf_hash(data))
        state = checked_and_added(state, data)
    if frontier.encode() != kept:
        raise _changed(store, start, size)
    return state, frontier


def _changed(store: Store, start: int, size: int) -> Tampered:
    """What was changed, as near as the leaf hashes beside the entries tell it."""
    for low, high in chunks(start, size, size):
        pairs = zip(store.entries(low, high), store.leaves(low, high), strict=True)
        for number, (data, leaf) in enumerate(pairs, low):
            if leaf_hash(data) != leaf:
                return Tampered("entry {number}: its bytes do not give the leaf hash kept beside it", number=number)
    if start < size:
        return Tampered(
            "entries {start} to {last} lead to another tree than the head of the record: restore it from a whole copy",
            start=start,
            last=size - 1,
        )
    return Tampered(
        "the {size} entries seen before led to another tree than the head of the record: restore it from a whole copy",
        size=size,
    )


def checked_and_added(state: State, data: bytes) -> State:
    """The state after one recorded entry whose signatures verify under the keys in force at its place.

    Raises Tampered naming the entry. Rules are not run again; `foedus verify --rules` does that.
    """
    number = state.size
    try:
        entry = decode_entry(data)
        if number == 0:
            statement = read(entry.act)
            admit(state, Prepared(entry.act, statement, {}), entry.at)
        else:
            statement = read(entry.act)
            authenticated(state, statement, entry.act)
        if state.at is not None and entry.at < state.at:
            raise Tampered("entry {number}: received before entry {before}", number=number, before=number - 1)
        return add(state, entry, statement.id)
    except (Refused, Malformed) as problem:
        raise Tampered("entry {number}: {problem}", number=number, problem=problem) from None
    except (LookupError, AssertionError, StopIteration, ValueError, TypeError) as problem:
        raise Tampered(
            "entry {number}: its events do not fit what was recorded before ({problem!r})",
            number=number,
            problem=problem,
        ) from None
