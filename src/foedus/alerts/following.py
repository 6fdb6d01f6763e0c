"""Entries in their order, each with what it tells. Checks every signature, reads a record and adds nothing to it."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.acts import decode_entry, decode_statement
from foedus.alerts.messages import Message, messages
from foedus.compact.clauses import Clauses
from foedus.compacts import Compacts
from foedus.record.store import Store
from foedus.replay import checked_and_added
from foedus.state import State


class Following:
    """The state up to the last entry that was followed. `from_entry`: what stands before it is added up in silence."""

    def __init__(self, store: Store, from_entry: int = 0) -> None:
        self.store = store
        self.state = State()
        self._compacts = Compacts(store)
        for _ in self._entries(min(from_entry, store.size())):
            pass

    @property
    def clauses(self) -> Clauses:
        """The compact in force after the last entry that was followed."""
        return self._compacts.in_force(self.state)

    def new(self) -> Iterator[tuple[int, tuple[Message, ...]]]:
        """What the entries recorded since the last call tell, entry by entry."""
        yield from self._entries(self.store.size())

    def _entries(self, until: int) -> Iterator[tuple[int, tuple[Message, ...]]]:
        for data in self.store.entries(self.state.size, until):
            entry = decode_entry(data)
            statement = decode_statement(entry.act.payload)
            before = self.state
            self.state = checked_and_added(before, data)
            told = messages(self._compacts.in_force(self.state), before, self.state, entry, statement.marking)
            yield before.size, told
