"""Running a scenario: signed acts through a depositary, its clock moved by hand, and what followed compared.

Every act is stated, signed and sent as a seat would; nothing reaches into the rules. What differs from the
file raises DiffersError with file and line; any other error is a fault of the rules or of the runner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import EFFECTS, Body, Marking, Statement, decode_entry, encode_statement
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.model import Compact, canonical
from foedus.depositary import Depositary, Receipt
from foedus.errors import FoedusError, Refused
from foedus.parties.acts import EnrolSeat, HeadSeat, OpenRecord, SignText
from foedus.parties.authority import belongs
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, Envelope, encode_envelope, sign_envelope
from foedus.record.keys import public_of
from foedus.record.store import Clock, Store
from foedus.response.acts import ResponseDecided
from tests.scenario_bodies import File, Speaking, stated
from tests.scenario_compacts import compact_named, leaving_out
from tests.scenario_facts import CHECKS, Now
from tests.scenario_store import memory
from tests.scenario_text import Line, MisreadError, Scenario

ORIGIN = "scenarios.foedus.example"
SOURCE = Path(__file__).parents[1]
MANY = 12  # parties: entry 0 has no room for every seat of more
Signers = Sequence[bytes]


class DiffersError(AssertionError):
    """What happened is not what the scenario says. `given`: already in what it takes for granted."""

    def __init__(self, line: Line, what: str) -> None:
        super().__init__(f"{line.place}: {line.text}\n    {what}")
        self.given = line.part == "given"


class Refusal(Struct, frozen=True):
    """A refusal that a scenario expected. `clause`: cited; `file` and `line`: what raised it."""

    clause: str
    file: str
    line: int


class Happened(Struct, frozen=True):
    """An event, or the outcome of one measure, with when it came true."""

    event: Any
    at: datetime


def seed_of(seat: str, generation: int = 0) -> bytes:
    """The private key of a seat in scenarios: the same in every run."""
    return sha256(f"{seat} {generation}".encode()).digest()


def key_of(seat: str, generation: int = 0) -> str:
    """The public key, in hex."""
    return public_of(seed_of(seat, generation)).hex()


class Run:
    """One scenario under one compact, in one store."""

    def __init__(
        self, scenario: Scenario, compact: Compact | None = None, store: Callable[[Clock], Store] = memory
    ) -> None:
        self.scenario = scenario
        self.compact = leaving_out(compact or compact_named(scenario.compact), scenario.leaves_out)
        clauses = Clauses.of(self.compact)
        start = datetime.fromisoformat(scenario.t0)
        self.refusals: list[Refusal] = []
        self.pool: list[Happened] = []
        self.pending: tuple[Line, FoedusError] | None = None
        self.sent: tuple[bytes, tuple[tuple[bytes, bytes], ...]] = b"", ()
        self.waited: int | None = None
        self.acts = self.seen = 0
        self.depositary = Depositary(store(lambda: self.now), seed_of("depositary"), lambda: self.now)
        self.speaking = Speaking(start, start, clauses, self.depositary.state, {}, key_of, {})
        self.now = self.speaking.moment(scenario.opened)

    # --- the story ----------------------------------------------------------------------------------------

    def play(self) -> Run:
        """Every line in turn. Raises DiffersError at the first that does not hold."""
        lines = list(self.scenario.lines)
        short = [line for line in lines if line.kind == "short"]
        self._open(short)
        before = "given"
        for line in lines[len(short) :]:
            if line.kind == "short":
                raise MisreadError(f"{line.place}: who signed is said before anything else")
            if line.part == "when" != before:
                self.pool = []
            before = line.part
            if line.part == "then":
                self._expect(line)
            else:
                self._settled()
                self._do(line)
        self._settled()
        return self

    def _settled(self) -> None:
        if self.pending is not None:
            line, error = self.pending
            raise DiffersError(line, f"refused: {error}")

    def _do(self, line: Line) -> None:
        if line.at:
            self._move(line, line.at)
        if line.kind == "time":
            self.depositary.tick()
        elif line.kind == "again":
            self._perform(line, *self.sent)
        else:
            for who in line.who * line.times:
                self._settled()
                self._act(line, who)
        self._look()

    def _move(self, line: Line, words: str) -> None:
        moment = self.speaking.moment(words)
        if moment < self.now:
            raise MisreadError(f"{line.place}: {words} lies before the line above it")
        self.now = moment

    def _look(self) -> None:
        for data in self.depositary.store.entries(self.seen):
            entry = decode_entry(data)
            at = entry.true_at or entry.at
            for event in entry.events:
                if isinstance(event, ResponseDecided):
                    self.pool += [Happened(outcome, at) for outcome in event.outcomes]
                    event = replace(event, outcomes=())  # noqa: PLW2901  # told apart, outcome by outcome
                self.pool.append(Happened(event, at))
            self.seen += 1

    # --- opening ------------------------------------------------------------------------------------------

    def _open(self, short: Sequence[Line]) -> None:
        """Entry 0 with the seats of everyone named, then the signatures, then what the archive holds."""
        signed: list[str] = []
        seated: list[str] = []
        for line in short:
            said = {name: words for name, (_, words) in line.said.items()}
            if line.text == "everyone signed":
                signed += [party.id for party in self.compact.parties]
            signed += said.get("signed", "").split()
            seated += said.get("seats", "").split()
        self.compact_bytes = canonical(self.compact)
        self.depositary.store.put_blob(Clauses.of(self.compact).digest, self.compact_bytes)
        heads = tuple(self._heads((*signed, *seated)))
        self.speaking.texts["first"] = Clauses.of(self.compact).digest
        self.depositary.perform(self._opening(heads))
        for head in heads:
            self.speaking.generation[f"{head.party}/{head.role}"] = 0
        self._sign(signed)
        for line in short:
            if "within" in line.said:
                self._amendment(line)
        self.seen = self.depositary.state.size

    def _heads(self, parties: Sequence[str]) -> list[HeadSeat]:
        roles = [role.id for role in self.compact.roles]
        spoken = {who for line in self.scenario.lines for who in (*line.who, *line.also)}
        heads = []
        for party in parties:
            few = len(parties) > MANY and party != self.compact.protected
            for role in roles:
                seat = f"{party}/{role}"
                if not few or role == roles[0] or seat in spoken:
                    heads.append(HeadSeat(party, role, key_of(seat)))
        return heads

    def _opening(self, heads: Sequence[HeadSeat]) -> bytes:
        digest = Clauses.of(self.compact).digest
        key = key_of("depositary")
        body = OpenRecord(ORIGIN, True, "restricted", key, digest, tuple(heads))
        self.depositary.record.origin = ORIGIN
        return self._envelope(self._statement("depositary", body, ()), [seed_of("depositary")], True)

    def _sign(self, parties: Sequence[str]) -> None:
        clauses = Clauses.of(self.compact)
        envelopes = []
        for party in parties:
            named = clauses.party(party)
            tiers = [group for group in named.groups if group in clauses.tiers] if named else []
            tier = None if party == self.compact.protected else next(iter(tiers), None)
            body = SignText(self.compact.id, clauses.digest, tier)
            seat = self._seat(party, "SignText")
            envelopes.append(self._envelope(self._statement(seat, body, ()), [seed_of(seat)], True))
        for done in self.depositary.perform_all(envelopes):
            if not isinstance(done, Receipt):
                line = next(line for line in self.scenario.lines if "signed" in line.text)
                raise DiffersError(line, f"refused: {done}")

    def _amendment(self, line: Line) -> None:
        """The compact with another time for one step, held by the archive under a name."""
        said = self.speaking.values({name: field for name, field in line.said.items() if name != "text"})
        parts = []
        for part in self.compact.parts:
            provisions = []
            for provision in part.provisions:
                clauses = tuple(
                    replace(clause, within=said["within"])
                    if isinstance(clause, model.Clock) and clause.step == said["step"]
                    else clause
                    for clause in provision.operates
                )
                provisions.append(replace(provision, operates=clauses))
            parts.append(replace(part, provisions=tuple(provisions)))
        amended = replace(self.compact, parts=tuple(parts))
        digest = Clauses.of(amended).digest
        self.depositary.store.put_blob(digest, canonical(amended))
        self.speaking.texts[line.said["text"][1]] = digest

    # --- acts ---------------------------------------------------------------------------------------------

    def _act(self, line: Line, who: str) -> None:
        assert line.phrase is not None, "an act has a phrase"
        self._speak()
        seat = "depositary" if who == "the depositary" else who
        name = line.phrase.kind.__name__
        signers = [seat, *line.also]
        if "/" not in seat and seat != "depositary":
            seat, *others = self._speakers(seat, name)
            signers = [seat, *(line.also or others)]
        body, files = self._body(line)
        if "signed by {seats:list}" in line.manner:
            signers = line.manner["signed by {seats:list}"][1].split()
        earlier = 1 if "signed with its earlier key" in line.manner else 0
        seeds = [seed_of(name, self.speaking.generation.get(name, 0) - earlier) for name in signers]
        exercise = "as an act of a live record" not in line.manner
        statement = self._mannered(line, self._statement(seat, body, files))
        envelope = self._envelope(statement, seeds, exercise, forged="forged" in line.manner)
        blobs = () if "attachments withheld" in line.manner else tuple((f.salt, f.content) for f in files)
        if "left in the inbox" in line.manner:
            self.waited = self.depositary.store.receive(envelope).id
        elif "as the first entry" in line.manner or (isinstance(body, OpenRecord) and body.heads):
            self._perform(line, envelope, blobs, Depositary(self._fresh(), seed_of("depositary")))
        elif self._perform(line, envelope, blobs) and isinstance(body, EnrolSeat):
            enrolled = f"{body.party}/{body.role}"
            self.speaking.generation[enrolled] = self.speaking.generation.get(enrolled, -1) + 1

    def _fresh(self) -> Store:
        store = memory(lambda: self.now)
        store.put_blob(Clauses.of(self.compact).digest, self.compact_bytes)
        return store

    def _body(self, line: Line) -> tuple[Body, list[File]]:
        assert line.phrase is not None, "an act has a phrase"
        if line.phrase.kind is not OpenRecord:
            return stated(self.speaking, line.phrase.kind, line.said, line.manner)
        seats = line.said["heads"][1].split() if "heads" in line.said else []
        heads = tuple(HeadSeat(party, self.compact.roles[0].id, key_of(party)) for party in seats)
        digest = Clauses.of(self.compact).digest
        return OpenRecord(ORIGIN, True, "restricted", key_of("depositary"), digest, heads), []

    def _perform(
        self,
        line: Line,
        envelope: bytes,
        blobs: Sequence[tuple[bytes, bytes]],
        door: Depositary | None = None,
    ) -> bool:
        self.sent = envelope, tuple(blobs)
        try:
            (door or self.depositary).perform(envelope, blobs)
        except FoedusError as error:
            self.pending = line, error
            return False
        return True

    def _speak(self) -> None:
        self.speaking.now = self.now
        self.speaking.state = self.depositary.state
        self.speaking.clauses = self.depositary.clauses

    def _seat(self, party: str, act: str) -> str:
        return self._speakers(party, act)[0]

    def _speakers(self, party: str, act: str) -> list[str]:
        """The party's first seat that the compact lets perform the act, with as many others as must sign."""
        state, clauses = self.depositary.state, self.depositary.clauses
        seats = [f"{party}/{role.id}" for role in self.compact.roles]
        seats = [seat for seat in seats if seat in state.parties.seats and not state.parties.seats[seat].revoked]
        for _, permit in clauses.permits(act):
            for by in permit.by:
                if not belongs(clauses, state, party, by.group) and party not in clauses.members(by.group):
                    continue
                for seat in seats:
                    if not by.roles or seat.partition("/")[2] in by.roles:
                        others = [one for one in seats if one != seat]
                        return [seat, *others[: permit.signatures - 1]]
        return seats[:1] or [f"{party}/{self.compact.roles[0].id}"]

    def _statement(self, seat: str, body: Body, files: Sequence[File]) -> Statement:
        self.acts += 1
        number = sha256(f"{self.scenario.name} {self.acts}".encode()).hexdigest()[:32]
        state = self.depositary.state
        compact = state.parties.compact if state.size else Clauses.of(self.compact).digest
        attachments = tuple(file.attachment for file in files)
        effect = EFFECTS[type(body).__name__]
        return Statement(ORIGIN, number, seat, self.now, compact, effect, body, attachments=attachments)

    def _mannered(self, line: Line, statement: Statement) -> Statement:
        said = {name: words for name, (_, words) in line.manner.items()}
        changed: dict[str, Any] = {}
        if "dated {dated:moment}" in said:
            changed["issued_at"] = self.speaking.moment(said["dated {dated:moment}"])
        if "marked {level}" in said:
            changed["marking"] = Marking(said["marked {level}"])  # type: ignore[arg-type]  # a word of the file
        if "stated as {effect}" in said:
            changed["effect"] = said["stated as {effect}"]
        if "for another record" in said:
            changed["origin"] = "another.foedus.example"
        if "under an earlier compact" in said:
            changed["compact"] = "d" * 64
        return replace(statement, **changed)

    def _envelope(self, statement: Statement, seeds: Signers, exercise: bool, *, forged: bool = False) -> bytes:
        kind = EXERCISE_ACT_TYPE if exercise else ACT_TYPE
        envelope = sign_envelope(encode_statement(statement), kind, seeds)
        if forged:
            other = replace(statement, id="f" * 32)
            envelope = Envelope(encode_statement(other), kind, envelope.signatures)
        return encode_envelope(envelope)

    # --- what followed ------------------------------------------------------------------------------------

    def _expect(self, line: Line) -> None:
        self._speak()
        if line.kind in ("refused", "malformed"):
            self._refused(line)
            return
        self._settled()
        if line.kind == "nothing":
            if self.pool:
                raise DiffersError(line, f"this followed as well:\n{told(self.pool)}")
        elif line.kind == "event":
            self._happened(line)
        else:
            self._so(line)

    def _refused(self, line: Line) -> None:
        if self.pending is None:
            raise DiffersError(line, f"it was not refused; this followed:\n{told(self.pool)}")
        error = self.pending[1]
        if line.kind == "malformed":
            if isinstance(error, Refused) or error.code != "malformed":
                raise DiffersError(line, f"found: {error}")
        elif not isinstance(error, Refused) or error.clause != line.said["clause"][1]:
            raise DiffersError(line, f"refused, but: {error}")
        elif "words" in line.said and line.said["words"][1] not in error.because:
            raise DiffersError(line, f"refused with other words: {error}")
        else:
            self.refusals.append(Refusal(error.clause, *raised_at(error)))
        self.pending = None

    def _happened(self, line: Line) -> None:
        assert line.phrase is not None, "an event has a phrase"
        wanted = self.speaking.values(line.said) | dict(line.phrase.fixed)
        at = self.speaking.moment(line.at) if line.at else None
        for one in self.pool:
            fits = isinstance(one.event, line.phrase.kind) and (at is None or one.at == at)
            if fits and all(_alike(getattr(one.event, name), value) for name, value in wanted.items()):
                if line.no:
                    raise DiffersError(line, f"it did:\n{told([one])}")
                self.pool.remove(one)
                return
        if not line.no:
            raise DiffersError(line, f"expected {line.phrase.kind.__name__} {wanted}; found\n{told(self.pool)}")

    def _so(self, line: Line) -> None:
        assert line.phrase is not None, "a fact has a phrase"
        now = Now(self.depositary, self.waited, self.speaking.texts)
        try:
            found, expected = CHECKS[line.phrase.template](now, self.speaking.values(line.said))
        except KeyError as error:
            raise DiffersError(line, f"there is no {error}") from None
        if not _alike(found, expected):
            raise DiffersError(line, f"found {found!r}, expected {expected!r}")


def _alike(found: object, expected: object) -> bool:
    """Equal; names in a list are compared in any order."""
    if isinstance(found, tuple) and isinstance(expected, tuple) and all(isinstance(one, str) for one in found):
        return sorted(found) == sorted(expected)
    return found == expected


def told(happened: Sequence[Happened]) -> str:
    """Events for a person who looks why a scenario failed."""
    lines = [f"      {one.at:%d %b %H:%M} {msgspec.json.encode(one.event).decode()}" for one in happened]
    return "\n".join(lines) or "      nothing"


def raised_at(error: FoedusError) -> tuple[str, int]:
    """The file, from the top of the project, and the line of the statement that raised the error."""
    trace = error.__traceback__
    assert trace is not None, "a caught error was raised somewhere"
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = Path(trace.tb_frame.f_code.co_filename)
    return str(file.relative_to(SOURCE)), trace.tb_lineno


def played(scenario: Scenario, compact: Compact | None = None, store: Callable[[Clock], Store] = memory) -> Run:
    """The scenario run to its end under its own compact, or another. Raises DiffersError."""
    return Run(scenario, compact, store).play()
