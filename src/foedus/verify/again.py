"""Doing again what the depositary did: admission, what was due, what was decided, what followed.

It uses the very functions that recorded the entry, on a state of its own. It can therefore show that a
depositary kept the rules of this version, and not that the rules are right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from foedus import rules
from foedus.acts import RULES_VERSION, Body, ClockAct, Entry, Statement, encode_statement
from foedus.admission import Prepared, admit
from foedus.compact.clauses import Clauses
from foedus.compact.digest import digest as digest_of
from foedus.compact.loader import bundled, load
from foedus.compact.model import Compact, from_canonical
from foedus.errors import Malformed, Refused, Tampered
from foedus.parties.acts import ContinueRecord, OpenRecord
from foedus.record.envelope import check_json
from foedus.state import State
from foedus.succession import check, in_turn

Blob = Callable[[str], bytes | None]


class Again:
    """Recomputes entries one after the other."""

    def __init__(self, blob: Blob) -> None:
        """`blob` gives a compact's canonical bytes by digest; those that come with Foedus need none."""
        self._blob = blob
        self._known: dict[str, Clauses] = {}
        self._listed: tuple[datetime | None, frozenset[object]] = (None, frozenset())

    def check(
        self, state: State, entry: Entry, statement: Statement, keys: Mapping[str, bytes], root: Callable[[], bytes]
    ) -> State:
        """The state after the entry, once its events are those that the rules give.

        `keys`: the public keys under which whoever walks the record checks the signatures, by key id. `root` gives
        that of the tree before the entry, which an entry that begins an epoch must commit to. Raises
        Tampered when the act may not enter here or when its events are others; Malformed when this version
        cannot tell, because the rules are newer or a compact's text is missing.
        """
        if entry.rules != RULES_VERSION:
            raise Malformed(
                "rules version {found} decided it and this is version {expected}: update",
                found=entry.rules,
                expected=RULES_VERSION,
            )
        try:
            if encode_statement(statement) != entry.act.payload:
                check_json(entry.act.payload)
            late = in_turn(state, entry)
            act = admit(state, Prepared(entry.act, statement, keys), late.entry.at if late else entry.at)
            clauses = self.clauses(entry.compact)
            if isinstance(act.body, ContinueRecord):
                check(state, self.clauses, act, entry.at, root())
            if not isinstance(act.body, OpenRecord):
                clauses = rules.in_force(clauses, state)
                self._due(clauses, state, entry, act.body)
            events, after = rules.enact(clauses, state, act, entry.at, entry.true_at, late.number if late else None)
        except (Refused, Malformed) as problem:
            if isinstance(problem, MissingText):
                raise
            raise Tampered("the act may not enter here: {problem}", problem=problem) from None
        except OverflowError:
            at = entry.at.isoformat()
            raise Tampered("received at {at}: from there no time can be reckoned with", at=at) from None
        if events != entry.events:
            raise _difference(entry, events)
        return after

    def _due(self, clauses: Clauses, state: State, entry: Entry, body: Body) -> None:
        if isinstance(body, rules.CLOCK_ACTS):
            if not self._is_due(clauses, state, entry.at, body):
                raise Tampered("{deadline} was not due at {at}", deadline=body.deadline, at=entry.at.isoformat())
            came_true = rules.came_true(state, body)
            if entry.true_at != came_true:
                raise Tampered(
                    "{deadline} came true at {at}, the entry says otherwise",
                    deadline=body.deadline,
                    at=came_true.isoformat(),
                )
        elif not isinstance(body, ContinueRecord) and (
            due := _due_by(clauses, state, entry.true_at if entry.late and entry.true_at else entry.at)
        ):
            raise Tampered("{deadline} was due before it and was not recorded", deadline=due[0].deadline)
        elif entry.late is None and entry.true_at != rules.true_at(state, body):
            raise Tampered("it names another time at which it came true than the rules give")

    def _is_due(self, clauses: Clauses, state: State, at: datetime, body: ClockAct) -> bool:
        """Whether a lapse is due. Lapses of one moment stand in a row: what was due before the first of them and still
        stands is still due, so that a crowd of deadlines is not listed anew for each.
        """
        if self._listed[0] != at or body not in self._listed[1] or not rules.stands(state, body):
            self._listed = (at, frozenset(rules.due(clauses, state, at)))
            return body in self._listed[1]
        return True

    def clauses(self, digest: str) -> Clauses:
        """A compact by digest. Raises Tampered for another text, MissingText when it is not here."""
        known = self._known.get(digest)
        if known is None:
            known = self._known[digest] = Clauses(self._text(digest))
        return known

    def _text(self, digest: str) -> Compact:
        data = self._blob(digest)
        if data is not None:
            if hashlib.sha256(data).hexdigest() != digest:
                raise Tampered("the text of the compact {digest} has another digest", digest=digest[:16])
            try:
                return from_canonical(data)
            except msgspec.MsgspecError as problem:
                raise MissingText(
                    "the compact {digest} cannot be read by this version: {problem}",
                    digest=digest[:16],
                    problem=problem,
                ) from None
        for name in bundled():
            compact = load(name)
            if digest_of(compact) == digest:
                return compact
        raise MissingText(
            "the text of the compact {digest} is not held here: verify a folder or an export", digest=digest[:16]
        )


class MissingText(Malformed):
    """The text of a compact is needed and is not here: nothing is wrong with the record."""


def _due_by(clauses: Clauses, state: State, at: datetime) -> tuple[ClockAct, ...]:
    """What is due at `at`; nobody is asked before the earliest moment at which anything may be."""
    upcoming = rules.next_due(state)
    return rules.due(clauses, state, at) if upcoming is not None and upcoming <= at else ()


def _difference(entry: Entry, events: tuple[object, ...]) -> Tampered:
    for place, (found, expected) in enumerate(zip(entry.events, events, strict=False)):
        if found != expected:
            return Tampered(
                "event {number} is {found}, the rules give {expected}",
                number=place,
                found=type(found).__name__,
                expected=expected,
            )
    return Tampered("{found} events found, the rules give {expected}", found=len(entry.events), expected=len(events))
