"""The compacts that a record was or is kept under: read from its archive by digest, and each of them once.

It does not judge whether an amendment is allowed; that is for rules.
"""

from __future__ import annotations

import hashlib

import msgspec

from foedus import rules
from foedus.compact.clauses import Clauses
from foedus.compact.loader import checked
from foedus.compact.model import Compact, canonical, from_canonical
from foedus.errors import Malformed, Refused, Tampered
from foedus.record.store import Store
from foedus.state import State


class Compacts:
    """Those of one record. `known`: their clauses by digest, as far as they were asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.known: dict[str, Clauses] = {}

    def by_digest(self, digest: str) -> Clauses:
        """The clauses of a compact. Raises Tampered when the archive lacks or changed it, Malformed for a newer one."""
        found = self.known.get(digest)
        if found is None:
            found = self.known[digest] = Clauses(self._in_archive(digest))
        return found

    def in_force(self, state: State) -> Clauses:
        """The compact in force in a state of this record, as it operates there. Raises as `by_digest`."""
        return rules.in_force(self.by_digest(state.parties.compact), state)

    def amend(self, digest: str, data: bytes, in_force: Compact) -> None:
        """Refused or Malformed unless `data` is a whole compact that may follow on the one in force."""
        if digest in self.known:
            return
        compact = checked(data)
        if canonical(compact) != data:
            raise Malformed("the compact {digest} is not in its canonical form: docs/record.md", digest=digest[:8])
        if compact.id != in_force.id:
            raise Refused(
                "record/compact",
                "an amended compact keeps its id {expected}; {found} found",
                expected=in_force.id,
                found=compact.id,
            )
        self.known[digest] = Clauses(compact)

    def _in_archive(self, digest: str) -> Compact:
        data = self._store.get_blob(digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise Tampered("the archive does not hold the compact {digest}: restore it from any copy", digest=digest)
        try:
            return from_canonical(data)
        except msgspec.MsgspecError as problem:
            raise Malformed(
                "the compact {digest} cannot be read by this version: {problem}", digest=digest, problem=problem
            ) from None
