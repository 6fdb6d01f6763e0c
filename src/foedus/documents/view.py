"""A state and its compact seen at a moment: subjects as they stood, codes with their names in both languages.

A code that the compact does not name is its own name. Nothing here is worded or judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from foedus.compact.clauses import Clauses, Table
from foedus.compact.model import Named, Words
from foedus.history import Place, as_of
from foedus.state import State

Subject = TypeVar("Subject", bound=Struct)


class View:
    """What somebody sees who asks about `at` with the knowledge of `known`."""

    def __init__(self, state: State, clauses: Clauses | None, at: datetime, known: datetime) -> None:
        self.state = state
        self._clauses = clauses
        self.at = at
        self.known = known

    @property
    def clauses(self) -> Clauses:
        """The compact by whose names the view speaks."""
        assert self._clauses is not None, "a view without a compact has no names"
        return self._clauses

    def see(self, subject: Subject | None) -> Subject | None:
        """The subject as it stood; None if it did not exist yet."""
        return as_of(subject, self.at, self.known) if subject is not None else None

    def seen(self, place: Place) -> bool:
        """Whether what stands at this place was so then."""
        return place.seen(self.at, self.known)

    # --- names ----------------------------------------------------------------------------------------------

    def party(self, code: str) -> Named:
        """A party or an outsider."""
        known = self.clauses.party(code)
        return Named(id=code, name=known.name) if known else self.named("outsiders", code)

    def parties(self, codes: Iterable[str]) -> tuple[Named, ...]:
        """Several parties, in the order given."""
        return tuple(self.party(code) for code in codes)

    def group(self, code: str) -> Named:
        """A tier or another group; a party counts as one."""
        known = self.clauses.groups.get(code) or self.clauses.party(code)
        return Named(id=code, name=known.name if known else self.as_code(code))

    def named(self, table: Table, code: str) -> Named:
        """A code of one of the compact's tables."""
        return Named(id=code, name=self.clauses.name(table, code) or self.as_code(code))

    def office(self, code: str) -> Named:
        """A seat (`UKR/duty`) by party and office, or an office that holds no seat by its code."""
        party, slash, role = code.partition("/")
        if not slash or self.clauses.party(party) is None:
            return Named(id=code, name=self.as_code(code))
        who, what = self.party(party).name, self.named("roles", role).name
        return Named(id=code, name=Words(en=f"{who.en}, {what.en}", uk=f"{who.uk}, {what.uk}"))

    def measure(self, code: str) -> Named:
        """A measure of the prepared list by its provision's title."""
        prepared = self.clauses.measure(code)
        return Named(id=code, name=prepared[0].title if prepared else self.as_code(code))

    @staticmethod
    def as_code(code: str) -> Words:
        """A code as its own words."""
        said = code.replace("-", " ").replace("_", " ")
        return Words(en=said, uk=said)
