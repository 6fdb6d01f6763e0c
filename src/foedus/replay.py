"""Adding up what was recorded, with every signature checked and no rule run again."""

from __future__ import annotations

from foedus.acts import decode_entry
from foedus.admission import Prepared, admit, authenticated, read
from foedus.errors import Malformed, Refused, Tampered
from foedus.state import State, add


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
    except (Refused, Malformed, KeyError) as problem:
        raise Tampered("entry {number}: {problem}", number=number, problem=problem) from None
