"""What every row of a workbook would bring about, one after the other, as the rules say it; nothing is recorded.

A row that names a row above gets the id which that row opens. So that this id is still the right one when all of them
enter, they enter as one and only if each opens what it opened here (`Depositary.perform_together`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from foedus import rules
from foedus.acts import EFFECTS, PLACEHOLDER, Act, Attachment, Body, Event, Statement, decode_entry, decode_statement
from foedus.commitments.account import overdue, totals
from foedus.commitments.needs import gaps
from foedus.commitments.opened import opened_by
from foedus.commitments.sources.reading import Unread
from foedus.commitments.state import FUNDED, STAGES, Bounds
from foedus.compact.clauses import Clauses
from foedus.compact.findings import Phrase
from foedus.depositary import Depositary
from foedus.errors import Refused
from foedus.response.acts import Evidence
from foedus.state import State
from foedus.workbook.lists import capabilities, things
from foedus.workbook.reading import Fault, Line, Workbook, workbook


class Effect(Struct, frozen=True):
    """One row that can be entered, or is already. `entry`: where it stands already; `events`: what it brings about.

    `opens`: the id of what it opens, empty where it opens nothing. `signatures`: seats that must sign.
    """

    line: Line
    id: str
    body: Body
    events: tuple[Event, ...]
    opens: str
    provision: str
    signatures: int
    entry: int | None = None


class Refusal(Struct, frozen=True):
    """A row that the rules refuse, at the cell that says what they name."""

    line: Line
    header: str
    why: Refused


class Moved(Struct, frozen=True):
    """A sum that is another afterwards."""

    stage: str
    unit: str
    before: Bounds
    after: Bounds


class Gap(Struct, frozen=True):
    """How much of what is needed by a day is neither there nor due, before and afterwards."""

    capability: str
    unit: str
    needed_by: str
    before: Decimal
    after: Decimal


class DryRun(Struct, frozen=True):
    """What all rows together would do. `faults`: cells that cannot be read. Only without any can it be entered.

    `late`: tranches that would be overdue, `mended`: those that would be no more.
    """

    book: Workbook
    seat: str
    effects: tuple[Effect, ...]
    refusals: tuple[Refusal, ...]
    faults: tuple[Fault, ...]
    sums: tuple[Moved, ...]
    gaps: tuple[Gap, ...]
    late: tuple[str, ...]
    mended: tuple[str, ...]
    state: State

    @property
    def new(self) -> tuple[Effect, ...]:
        """The rows that are not in the record yet."""
        return tuple(one for one in self.effects if one.entry is None)

    @property
    def sound(self) -> bool:
        """Whether nothing stands in the way of entering it."""
        return not self.refusals and not self.faults

    @property
    def signatures(self) -> int:
        """How many seats must sign: as many as the act that asks for most."""
        return max((one.signatures for one in self.new), default=0)


def dry_run(depositary: Depositary, name: str, data: bytes, seat: str = "") -> DryRun:
    """Try the rows of a workbook for a seat, by default the one it was made for. Raises Malformed, Refused."""
    state, clauses = depositary.catch_up(), depositary.clauses
    record = state.parties.record
    assert record is not None, "an opened record has an entry 0"
    book = workbook(name, data, accepted(clauses, state))
    if book.record and book.record != record.origin:
        raise Refused("record/origin", "the workbook was made for {found}; this record is {expected}",
                      found=book.record, expected=record.origin)  # fmt: skip
    who = seat or book.seat
    held = state.parties.seats.get(who)
    if held is None or held.revoked is not None:
        raise Refused("record/seat", "there is no seat {seat} in this record, or its key was revoked", seat=who)
    if book.seat and book.seat.partition("/")[0] != held.party:
        raise Refused("record/seat", "the workbook was made for {found}; {seat} is of another party", found=book.seat,
                      seat=who)  # fmt: skip
    return _Trying(depositary, state, book, who).run()


def accepted(clauses: Clauses, state: State) -> dict[str, frozenset[str]]:
    """The codes that must be on a list, because no rule knows them and a slip would open a new one."""
    return {
        "unit": frozenset(things(clauses, state)),
        "capability": frozenset(capabilities(state)),
        "condition": frozenset(one.id for one in clauses.compact.caveats),
    }


class _Trying:
    """The rows as they are tried, and what they have come to so far."""

    def __init__(self, depositary: Depositary, state: State, book: Workbook, seat: str) -> None:
        self.depositary, self.clauses, self.before, self.after = depositary, depositary.clauses, state, state
        self.book, self.seat, now = book, seat, depositary.now()
        self.at = max(now, state.at or now)
        self.party = state.parties.seats[seat].party
        self.opened: dict[str, str] = {}  # by the name of a row, what it opens
        self.failed = {one.name for one in book.faults if one.name}  # names of rows that were not taken
        self.ids: dict[str, Line] = {}  # of acts above
        self.effects: list[Effect] = []
        self.refusals: list[Refusal] = []
        self.faults: list[Fault] = list(book.faults)

    def run(self) -> DryRun:
        for line in self.book.lines:
            self._take(line)
        one, two, at = self.before.commitments, self.after.commitments, self.at
        was, now = set(overdue(one, at)), set(overdue(two, at))
        return DryRun(
            self.book, self.seat, tuple(self.effects), tuple(self.refusals), tuple(self.faults),
            tuple(_moved(self.before, self.after)), tuple(_gaps(self.before, self.after, at)),
            tuple(sorted(now - was)), tuple(sorted(was - now)), self.after,
        )  # fmt: skip

    def _take(self, line: Line) -> None:
        id_ = line.id(self._origin, self.party)
        try:
            self._once(line, id_)
            if (entry := self.before.seen.get(bytes.fromhex(id_))) is not None:
                effect = self._entered(line, id_, entry)
            else:
                effect = self._tried(line, id_)
        except Unread as problem:
            self.faults.append(Fault(line.at(problem.field), problem.what, line.name))
        except Refused as problem:
            self.refusals.append(Refusal(line, _named(line, problem), problem))
        else:
            self.effects.append(effect)
            if line.name:
                self.opened[line.name] = effect.opens
            return
        if line.name:
            self.failed.add(line.name)

    @property
    def _origin(self) -> str:
        record = self.before.parties.record
        assert record is not None, "an opened record has an entry 0"
        return record.origin

    def _once(self, line: Line, id_: str) -> None:
        """Raises Unread for a row that says what another says, or has its name."""
        if (same := self.ids.setdefault(id_, line)) is not line:
            raise Unread(Phrase("it says the same as row {row}; leave one out, or give it a name of its own",
                                row=str(same.place.row)), "name")  # fmt: skip
        if line.name and (line.name in self.opened or line.name in self.failed):
            raise Unread(Phrase("another row has the name {found!r}; expected each once", found=line.name), "name")

    def _tried(self, line: Line, id_: str) -> Effect:
        body = self._body(line)
        party, _, role = self.seat.partition("/")
        held = self.after.parties.seats[self.seat]
        name = type(body).__name__
        if held.scope and name not in held.scope:
            raise Refused("record/scope", "{seat} was enrolled for other acts than {act}", seat=self.seat, act=name)
        needed = rules.signatures_needed(self.clauses, body)
        others = [one.id for one in self.after.parties.seats.values()
                  if one.party == party and one.id != self.seat and one.revoked is None]  # fmt: skip
        signers = (self.seat, *others[: needed - 1])
        stated = Statement(self._origin, id_, self.seat, self.at, self.after.parties.compact, EFFECTS[name], body,
                           attachments=(Attachment(PLACEHOLDER, 0, "evidence"),) if line.words else ())  # fmt: skip
        act = Act(id_, self.seat, party, role, signers, body, stated)
        events, self.after = rules.enact(self.clauses, self.after, act, self.at)
        return Effect(line, id_, body, events, opened_by(events), rules.permitting(self.clauses, body, role), needed)

    def _body(self, line: Line) -> Body:
        """What the row says, with the ids that the names of rows above stand for. Raises Unread."""
        fields = dict(line.fields)
        for column in line.sheet.columns:
            if column.reads == "reference" and column.header in fields:
                fields[column.header] = self._meant(column.header, fields[column.header])
        if line.words:
            how = str(line.said["evidence_how"])
            fields["evidence"] = (Evidence(PLACEHOLDER, self.seat, self.at, how),)
        try:
            made: Body = msgspec.convert(
                msgspec.to_builtins({"act": line.sheet.act.__name__, **fields}), line.sheet.act, strict=False
            )
        except msgspec.ValidationError as problem:
            field = str(problem).rpartition("`$.")[2].rstrip("`")
            raise Unread(Phrase("it does not fit: {problem}", problem=str(problem)), field) from None
        return made

    def _meant(self, header: str, said: str) -> str:
        if said in self.failed:
            raise Unread(Phrase("the row named {found!r} was not taken: mend it first", found=said), header)
        if (opened := self.opened.get(said)) == "":
            raise Unread(Phrase("the row named {found!r} opens nothing that can be named", found=said), header)
        return opened or said

    def _entered(self, line: Line, id_: str, entry: int) -> Effect:
        """A row that stands in the record already. Raises Unread where its place is taken by something else."""
        recorded = decode_entry(next(iter(self.depositary.store.entries(entry, entry + 1))))
        statement = decode_statement(recorded.act.payload)
        if type(statement.body) is not line.sheet.act or statement.seat.partition("/")[0] != self.party:
            raise Unread(Phrase("entry {entry} has the id of this row and says something else; give the row a name of"
                                " its own", entry=str(entry)), "name")  # fmt: skip
        return Effect(line, id_, statement.body, recorded.events, opened_by(recorded.events), "", 0, entry)


def _named(line: Line, refused: Refused) -> str:
    """The header of the cell that a refusal speaks of; empty where it speaks of none."""
    found = {str(value) for value in refused.found.values()}
    texts = {
        header: getattr(value, "isoformat", lambda value=value: str(value))() for header, value in line.said.items()
    }
    return next((header for header, text in texts.items() if header != "name" and text in found), "")


def _moved(before: State, after: State) -> list[Moved]:
    axes: tuple[Any, ...] = ("stage", "unit")
    one, two = totals(before.commitments, axes), totals(after.commitments, axes)
    keys = sorted(one.keys() | two.keys(), key=lambda key: (key[1], (*STAGES, FUNDED).index(key[0])))
    pairs = ((key, one.get(key, Bounds()), two.get(key, Bounds())) for key in keys)
    return [Moved(key[0], key[1], was, now) for key, was, now in pairs if was != now]


def _gaps(before: State, after: State, at: datetime) -> list[Gap]:
    was = {one.requirement: one for one in gaps(before.commitments, at)}
    found = []
    for one in gaps(after.commitments, at):
        known = was.get(one.requirement)
        missing = known.missing if known else Decimal(0)
        if known is None or missing != one.missing:
            found.append(Gap(one.capability, one.unit, one.needed_by, missing, one.missing))
    return found
