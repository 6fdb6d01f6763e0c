"""Stating, signing and sending what a scenario says: entry 0, the signatures taken for granted, and each act.

The keys of all seats are here, as they are on the machines of those who act. Nothing is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from foedus import archive
from foedus.acts import EFFECTS, Body, Marking, Statement, encode_statement
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.model import Compact, canonical
from foedus.depositary import Depositary, Receipt
from foedus.errors import FoedusError
from foedus.parties.acts import ROOT, DepositRootKey, EnrolSeat, HeadSeat, OpenRecord, RecoverSeat, SignText
from foedus.parties.authority import belongs
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, Envelope, encode_envelope, sign_envelope
from foedus.record.keys import SeedKey, public_of
from foedus.record.store import Clock, Store
from tests.scenario_bodies import File, Speaking, stated
from tests.scenario_store import memory
from tests.scenario_text import Line, Scenario

ORIGIN = "scenarios.foedus.example"
MANY = 12  # parties: entry 0 has no room for every seat of more


def seed_of(seat: str, generation: int = 0) -> bytes:
    """The private key of a seat in scenarios: the same in every run."""
    return sha256(f"{seat} {generation}".encode()).digest()


def key_of(seat: str, generation: int = 0) -> str:
    """The public key, in hex."""
    return public_of(seed_of(seat, generation)).hex()


@lru_cache(maxsize=8)
def _canonical(clauses: Clauses) -> bytes:
    return canonical(clauses.compact)


# What scenarios find in the archive: files of these names, which are their content too.
ARCHIVED = ("july", "august", "as-published", "annex", "annexes", "annex-individual", "fleet", "claims", "more", "run")


class Sent(Struct, frozen=True):
    """What a seat sends: the envelope and the files beside it. `body`: what it says."""

    envelope: bytes
    blobs: tuple[tuple[bytes, bytes], ...]
    body: Body
    seat: str = ""


class Speakers:
    """Every seat of a scenario with its key, and the record they speak to."""

    def __init__(self, scenario: Scenario, compact: Compact, store: Callable[[Clock], Store]) -> None:
        self.scenario = scenario
        self.compact = compact
        self.clauses = Clauses.of(compact)
        self.acts = 0
        start = datetime.fromisoformat(scenario.t0)
        self.now = start
        self.depositary = Depositary(store(lambda: self.now), seed_of("depositary"), lambda: self.now)
        self.speaking = Speaking(start, start, self.clauses, self.depositary.state, {}, key_of, {})
        self.now = self.speaking.moment(scenario.opened)

    # --- opening ------------------------------------------------------------------------------------------

    def open(self, short: Sequence[Line]) -> FoedusError | None:
        """Entry 0 with seats for everyone named, the signatures, what the archive holds; what was refused."""
        signed: list[str] = []
        seated: list[str] = []
        for line in short:
            said = {name: words for name, (_, words) in line.said.items()}
            if line.text == "everyone signed":
                signed += [party.id for party in self.compact.parties]
            signed += said.get("signed", "").split()
            seated += said.get("seats", "").split()
        self._archive(self.depositary)
        self.depositary.record.origin = ORIGIN
        self.speaking.texts["first"] = self.clauses.digest
        heads = tuple(self._heads((*signed, *seated)))
        body = OpenRecord(ORIGIN, True, "restricted", key_of("depositary"), self.clauses.digest, heads)
        self.depositary.perform(self._signed("depositary", body))
        self.speaking.generation |= {f"{head.party}/{head.role}": 0 for head in heads}
        envelopes = [self._signed(self._seats(party, "SignText")[0], self._text(party)) for party in signed]
        for line in short:
            if "within" in line.said:
                self._amendment(line)
        done = self.depositary.perform_all(envelopes) if envelopes else []
        return next((one for one in done if not isinstance(one, Receipt)), None)

    def _heads(self, parties: Sequence[str]) -> Iterator[HeadSeat]:
        roles = [role.id for role in self.compact.roles]
        spoken = {who for line in self.scenario.lines for who in (*line.who, *line.also)}
        for party in parties:
            few = len(parties) > MANY and party != self.compact.protected
            for role in roles:
                seat = f"{party}/{role}"
                if not few or role == roles[0] or seat in spoken:
                    yield HeadSeat(party, role, key_of(seat))

    def _text(self, party: str) -> SignText:
        """The party's signature under the compact, in the group it is named for."""
        named = self.clauses.party(party)
        tiers = [group for group in named.groups if group in self.clauses.tiers] if named else []
        tier = None if party == self.compact.protected else next(iter(tiers), None)
        return SignText(self.compact.id, self.clauses.digest, tier)

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

    def fresh(self) -> Depositary:
        """Another record, not yet opened, for what comes as its first entry."""
        depositary = Depositary(memory(lambda: self.now), seed_of("depositary"))
        self._archive(depositary)
        return depositary

    def _archive(self, depositary: Depositary) -> None:
        """The compact as the archive holds it; indexed already, since hundreds of runs share one text."""
        depositary.store.put_blob(self.clauses.digest, _canonical(self.clauses))
        for name in ARCHIVED:
            archive.put(depositary.store, name.encode())
        depositary.compacts.known[self.clauses.digest] = self.clauses

    # --- acts ---------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Let words be understood by the record as it stands now."""
        self.speaking.now = self.now
        self.speaking.state = self.depositary.state
        self.speaking.clauses = self.depositary.clauses

    def act(self, line: Line, who: str) -> Sent:
        """The act of one line by one of those who perform it, signed as the line says."""
        assert line.phrase is not None, "an act has a phrase"
        self.listen()
        seat = "depositary" if who == "the depositary" else who
        signers = [seat, *line.also]
        if "/" not in seat and seat != "depositary":
            seat, *others = self._seats(seat, line.phrase.kind.__name__)
            signers = [seat, *(line.also or others)]
        if "signers" in line.manner:
            signers = line.manner["signers"].split()
        earlier = 1 if "earlier key" in line.manner else 0
        seeds = [seed_of(name, self.speaking.generation.get(name, 0) - earlier) for name in signers]
        self.speaking.who = seat
        body, files = self._body(line)
        statement = self._mannered(line, self._statement(seat, body, files))
        blobs = () if "withheld" in line.manner else tuple((file.salt, file.content) for file in files)
        return Sent(_envelope(statement, seeds, line.manner), blobs, body, seat)

    def keyed(self, who: str, body: Body) -> None:
        """From now on the seat, or the root, signs with the key that it was given."""
        party = who.partition("/")[0]
        if isinstance(body, DepositRootKey):
            seat = f"{party}/{ROOT}"
        elif isinstance(body, EnrolSeat | RecoverSeat):
            seat = f"{party}/{body.role}"
        else:
            return
        self.speaking.generation[seat] = self.speaking.generation.get(seat, -1) + 1

    def _body(self, line: Line) -> tuple[Body, list[File]]:
        assert line.phrase is not None, "an act has a phrase"
        if line.phrase.kind is not OpenRecord:
            return stated(self.speaking, line.phrase.kind, line.said, line.manner, dict(line.phrase.fixed))
        seats = line.said["heads"][1].split() if "heads" in line.said else []
        heads = tuple(HeadSeat(party, self.compact.roles[0].id, key_of(party)) for party in seats)
        return OpenRecord(ORIGIN, True, "restricted", key_of("depositary"), self.clauses.digest, heads), []

    def _seats(self, party: str, act: str) -> list[str]:
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

    def _signed(self, seat: str, body: Body) -> bytes:
        return _envelope(self._statement(seat, body, ()), [seed_of(seat)], {})

    def _statement(self, seat: str, body: Body, files: Sequence[File]) -> Statement:
        self.acts += 1
        number = sha256(f"{self.scenario.name} {self.acts}".encode()).hexdigest()[:32]
        state = self.depositary.state
        compact = state.parties.compact if state.size else self.clauses.digest
        attachments = tuple(file.attachment for file in files)
        effect = EFFECTS[type(body).__name__]
        return Statement(ORIGIN, number, seat, self.now, compact, effect, body, attachments=attachments)

    def _mannered(self, line: Line, statement: Statement) -> Statement:
        changed: dict[str, Any] = {}
        if "dated" in line.manner:
            changed["issued_at"] = self.speaking.moment(line.manner["dated"])
        if "marked" in line.manner:
            changed["marking"] = Marking(line.manner["marked"])  # type: ignore[arg-type]  # a word of the file
        if "released" in line.manner:
            changed["marking"] = Marking(release_to=tuple(line.manner["released"].split()))
        if "effect" in line.manner:
            changed["effect"] = line.manner["effect"]
        if "other record" in line.manner:
            changed["origin"] = "another.foedus.example"
        if "earlier compact" in line.manner:
            changed["compact"] = "d" * 64
        return replace(statement, **changed)


def _envelope(statement: Statement, seeds: Sequence[bytes], manner: Mapping[str, str]) -> bytes:
    kind = ACT_TYPE if "live" in manner else EXERCISE_ACT_TYPE
    envelope = sign_envelope(encode_statement(statement), kind, [SeedKey(seed) for seed in seeds])
    if "forged" in manner:
        other = replace(statement, id="f" * 32)
        envelope = Envelope(encode_statement(other), kind, envelope.signatures)
    return encode_envelope(envelope)
