"""A record that a test plays: every seat's key in its hand, and the clock.

    play = opened("mare-2030", tmp_path / "record")     # entry 0 alone
    play = staged("kyiv-2022", "met", tmp_path / "r")   # a copy of one that was played up to there
    play.do("XHA/admiral", ReportIncident(...))         # signed, received, performed

Keys, ids and salts come from counters, so that the same play gives the same bytes.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from msgspec.structs import replace

from foedus import archive, rules
from foedus.acts import PLACEHOLDER, Attachment, Body, Statement
from foedus.commitments import acts as commitments
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Compact, Condition, Witnessing
from foedus.depositary import Depositary, Receipt
from foedus.exercise.script import exercise_compact
from foedus.founding import init_record
from foedus.parties import acts as parties
from foedus.record.keys import SeedKey, public_of
from foedus.record.record import Record
from foedus.record.store import open_store
from foedus.reparations import acts as reparations
from foedus.response import acts as response
from foedus.sanctions import acts as sanctions
from foedus.signing import sign, statement_for
from foedus.state import State

START = datetime(2031, 3, 1, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
MARE = Path(__file__).parent / "compacts/mare-2030"
HANDFUL = {
    "UKR",
    "GBR",
    "POL",
    "DEU",
    "ROU",
    "TUR",
    "BGR",
    "JPN",
    "EUE",
    "USA",
}  # who issues a regime of the text among them
WITH_EVIDENCE = (
    response.AddEvidence,
    sanctions.AttestCondition,
    sanctions.ContestCondition,
    commitments.VerifyDelivery,
)
Blob = tuple[Attachment, bytes, bytes]


def seed_of(name: str) -> bytes:
    """The private key of that name, the same in every run."""
    return hashlib.sha256(f"play {name}".encode()).digest()


@functools.cache
def compact_of(name: str) -> Compact:
    """`mare-2030`, `exercise`, or `kyiv-2022` with a handful of its parties and what they agreed besides."""
    if name == "mare-2030":
        return load(MARE)
    if name == "exercise":
        return exercise_compact()
    whole = load(name)
    kept = tuple(party for party in whole.parties if party.id in {*HANDFUL, whole.protected})
    agreed = tuple(one for one in whole.agreements if {item.party for item in one.parties} <= HANDFUL)
    return replace(whole, parties=kept, agreements=agreed)


@functools.cache
def clauses_of(name: str) -> Clauses:
    """The index of `compact_of(name)`."""
    return Clauses.of(compact_of(name))


class Play:
    """A depositary whose clock shows `at`, and the key of every seat that it enrolled."""

    def __init__(self, address: str | Path, at: datetime = START) -> None:
        self.address = address
        self.at = at
        self.seeds: dict[str, bytes] = {}
        self.counter = 0
        self.depositary: Depositary

    def clock(self) -> datetime:
        return self.at

    @property
    def state(self) -> State:
        return self.depositary.state

    @property
    def clauses(self) -> Clauses:
        return self.depositary.clauses

    @property
    def seats(self) -> list[str]:
        """Seats in force, in order."""
        return sorted(self.state.parties.seat_of_key.values())

    def number(self) -> str:
        """32 hex digits that this play has not used."""
        self.counter += 1
        return hashlib.sha256(f"number {self.counter}".encode()).hexdigest()[:32]

    def attach(self, content: bytes, kind: str = "evidence", **more: object) -> Blob:
        """As `signing.attach`, with a salt that is the same in every run."""
        salt = hashlib.sha256(self.number().encode()).digest()
        given = {"digest": hashlib.sha256(salt + content).hexdigest(), "size": len(content), "kind": kind}
        return msgspec.convert(given | more, Attachment), salt, content

    def statement(self, seat: str, body: Body, files: Sequence[Blob] = (), **more: object) -> Statement:
        """What the seat would sign now."""
        stated = statement_for(self.state, seat, body, self.at, attachments=[file[0] for file in files])
        return replace(stated, id=self.number(), **more)

    def envelope(self, statement: Statement, *also: str) -> bytes:
        """The statement signed by its seat and by others."""
        record = self.state.parties.record
        assert record is not None
        return sign(statement, [SeedKey(self.seeds[name]) for name in (statement.seat, *also)], record.exercise)

    def do(self, seat: str, body: Body, *also: str, files: Sequence[Blob] = ()) -> Receipt:
        """Sign and perform now. Raises what `Depositary.perform` raises."""
        envelope = self.envelope(self.statement(seat, body, files), *also)
        receipt = self.depositary.perform(envelope, [(file[1], file[2]) for file in files])
        if isinstance(body, parties.EnrolSeat):
            self.seeds[f"{body.party}/{body.role}"] = self._fresh[body.key]
        return receipt

    _fresh: dict[str, bytes] = {}  # noqa: RUF012  # keys are made from names: the same for all plays

    def key(self, name: str) -> str:
        """A new key that a seat may be enrolled with, in hex."""
        seed = seed_of(f"{name} {self.number()}")
        self._fresh[public_of(seed).hex()] = seed
        return public_of(seed).hex()

    def wait(self, until: datetime) -> None:
        """The clock goes on, and what is due is recorded."""
        self.at = max(self.at, until)
        self.depositary.tick()

    # --- choosing among options ---------------------------------------------------------------------------

    def offer(self, option: rules.Option, seat: str) -> tuple[Body, tuple[str, ...], list[Blob]]:
        """The body with real files and keys for what it leaves open, and who else has to sign."""
        files: list[Blob] = []
        body = option.body
        if isinstance(body, WITH_EVIDENCE):
            files = [self.attach(b"seen", "evidence")]
            body = replace(body, evidence=(replace(body.evidence[0], attachment=files[0][0].digest),))
        elif isinstance(body, response.ProposeMeasure | response.ReviseMeasure) and body.text == PLACEHOLDER:
            files = [self.attach(f"text {self.counter}".encode(), "proposal")]
            body = replace(body, text=files[0][0].digest)
        elif isinstance(body, parties.EnrolSeat):
            body = replace(body, key=self.key(f"{body.party}/{body.role}"))
        elif isinstance(body, parties.DepositRootKey):
            body = replace(body, key=self.key(f"{seat} root"))
        elif isinstance(body, sanctions.DepositList | reparations.DecideDistribution):
            held = archive.put(self.depositary.store, f"list {self.counter}".encode())
            names = ("file", "table") if isinstance(body, sanctions.DepositList) else ("dry_run", "result")
            body = replace(body, **dict.fromkeys(names, held))
        elif isinstance(body, reparations.DepositClaims | reparations.DecideClaims | reparations.RecordPayment):
            body = replace(body, table=archive.put(self.depositary.store, f"claims {self.counter}".encode()))
        elif isinstance(body, sanctions.AdoptSchedule):
            body = replace(body, table=archive.put(self.depositary.store, f"T-{self.counter}\t\n".encode()))
        party = self.state.parties.seats[seat].party
        others = [name for name in self.seats if name != seat and self.state.parties.seats[name].party == party]
        return body, tuple(others[: option.signatures - 1]), files

    def choose(self, seat: str, option: rules.Option) -> Receipt:
        """Perform what was offered to the seat."""
        body, also, files = self.offer(option, seat)
        return self.do(seat, body, *also, files=files)

    def options(self, seat: str, kind: type | None = None) -> list[rules.Option]:
        """What the seat may do now, of one kind if named."""
        found = rules.options(self.clauses, self.state, seat, self.at)
        return [option for option in found if kind is None or isinstance(option.body, kind)]

    def somebody(self, kind: type, party: str = "", fits: Callable[[Any], bool] = lambda body: True) -> Receipt | None:
        """The first seat, of a party if named, to which an act of this kind is offered performs it."""
        for seat in self.seats:
            if party and not seat.startswith(f"{party}/"):
                continue
            for option in self.options(seat, kind):
                if fits(option.body):
                    return self.choose(seat, option)
        return None

    def open(self) -> Depositary:
        """Open the record as its depositary, anew: another process would do the same."""
        self.depositary = Depositary.open(self.address, seed=self.seeds["depositary"], clock=self.clock)
        return self.depositary

    def close(self) -> None:
        self.depositary.close()


# --- records played up to a stage ---------------------------------------------------------------------------

STAGES = ("opened", "signed", "reported", "activated", "met", "asked", "decided")
EASED = ("opened", "signed", "eased")  # what was listed is under relief
VIENNA = ("opened", "signed", "consulted")  # under which there is nothing but consultation


def opened(name: str, address: str | Path, *, exercise: bool = True, ceiling: str = "restricted") -> Play:
    """A new record of the compact: entry 0, and in it each party's seat of the role that enrols others."""
    compact = compact_of(name)
    play = Play(address)
    head = next(by for _, permit in clauses_of(name).permits("EnrolSeat") for by in permit.by).roles[0]
    heads = {(party.id, head): f"{party.id}/{head}" for party in compact.parties}
    play.seeds = {seat: seed_of(seat) for seat in (*heads.values(), "depositary")}
    with patch("secrets.token_hex", lambda size: play.number()):
        play.depositary = init_record(
            address,
            compact,
            {place: public_of(seed_of(seat)).hex() for place, seat in heads.items()},
            seed_of("depositary"),
            origin=f"play.example/{name}",
            exercise=exercise,
            ceiling=ceiling,
            clock=play.clock,
        )
    return play


def played_on(play: Play, name: str, stage: str) -> Play:
    """The opened record played up to the end of a stage, by the first options that fit."""
    steps = {
        "signed": _signed, "reported": _reported, "activated": _activated, "met": _met, "asked": _asked,
        "decided": _decided, "consulted": _consulted, "eased": _eased,
    }  # fmt: skip
    stages = VIENNA if name == "vienna-2011" else EASED if stage == "eased" else STAGES
    for step in stages[1 : stages.index(stage) + 1]:
        steps[step](play, compact_of(name))
    return play


def _signed(play: Play, compact: Compact) -> None:
    for seat in play.seats:
        play.at += HOUR / 60
        play.choose(seat, play.options(seat, parties.SignText)[0])
        for option in play.options(seat, parties.EnrolSeat):
            assert isinstance(option.body, parties.EnrolSeat)
            if option.body.role != seat.partition("/")[2]:
                play.choose(seat, option)
    immediate = {option.body for seat in play.seats for option in play.options(seat, parties.AgreeInAdvance)}
    log = Clauses.of(compact).one(Witnessing)
    offices = [seat for seat in play.seats if log is None or not seat.endswith(f"/{log[1].role}")]
    for number, body in enumerate(sorted(immediate, key=str)):
        for seat in offices[number % 2 :: 2]:
            play.at += TICK
            for option in play.options(seat, parties.AgreeInAdvance):
                if option.body == body:
                    play.choose(seat, option)
                    break


def _reported(play: Play, compact: Compact) -> None:
    play.at += DAY
    play.somebody(response.ReportIncident, compact.protected, lambda body: body.kind == "armed_attack")
    for _ in range(2):
        play.somebody(response.AddEvidence, compact.protected)


def _activated(play: Play, compact: Compact) -> None:
    play.at += HOUR
    assert play.somebody(response.Activate, compact.protected)


def _met(play: Play, compact: Compact) -> None:
    for party in play.state.response.responses["R-1"].roll:
        play.at += HOUR / 4
        play.somebody(response.Acknowledge, party)
        if play.state.response.responses["R-1"].convened is None:
            play.somebody(response.RecordPresence, party)
    play.at += HOUR / 4
    assert play.somebody(response.ProposeMeasure, fits=lambda body: body.menu is not None)
    assert play.somebody(response.ProposeMeasure, fits=lambda body: body.menu is None)


def _asked(play: Play, compact: Compact) -> None:
    """Every question that the compact lets the roll be asked is open."""
    for kind in (response.ProposeExtension, response.DeclareBadFaith, response.ProposeEstablishment):
        play.at += HOUR / 4
        play.somebody(kind)


def _consulted(play: Play, compact: Compact) -> None:
    """A request was made to two parties, whose time to reply runs."""
    play.at += DAY
    play.somebody(response.ReportIncident, compact.protected)
    addressed = tuple(party.id for party in compact.parties if party.id != compact.protected)[:2]
    play.do(f"{compact.protected}/foreign", response.OpenConsultation("I-1", addressed))


def _eased(play: Play, compact: Compact) -> None:
    """Three list, each condition is attested by everybody, and what was listed is relieved as agreed, or not."""
    parties = sorted({seat.partition("/")[0] for seat in play.seats})
    for party in parties:
        play.at += HOUR
        play.somebody(sanctions.AdoptListing, party)
        play.somebody(sanctions.AdoptSchedule, party)
        for clause in Clauses.of(compact).every(Condition):
            play.somebody(sanctions.AttestCondition, party, functools.partial(_speaks_of, clause[1].id))
    assert play.somebody(sanctions.ProposeEasing)
    for party in parties:
        play.at += HOUR
        play.somebody(sanctions.ConsentToEasing, party, lambda body: body.choice == "yes")
    assert play.state.sanctions.easings["E-1"].agreed
    for number, party in enumerate(parties):
        play.at += HOUR
        play.somebody(sanctions.GrantRelief, party, _agreed if number % 3 else _alone)
    assert play.state.sanctions.relieved
    play.somebody(sanctions.RecordCase)
    play.somebody(sanctions.GrantExemption)


def _agreed(body: sanctions.GrantRelief) -> bool:
    return body.easing is not None


def _alone(body: sanctions.GrantRelief) -> bool:
    return body.easing is None


def _speaks_of(condition: str, body: sanctions.AttestCondition) -> bool:
    return body.condition == condition


def _says(measure: str, stance: str, body: response.TakePosition) -> bool:
    return (body.measure, body.stance) == (measure, stance)


def _decided(play: Play, compact: Compact) -> None:
    measures = [item.value for item in play.state.response.responses["R-1"].measures]
    stances = ("joins", "joins", "joins_ad_referendum", "declines", "abstains")
    for number, party in enumerate(play.state.response.responses["R-1"].roll[:-1]):
        for measure in measures:
            play.at += HOUR / 60
            fits = functools.partial(_says, measure, stances[number % len(stances)])
            play.somebody(response.TakePosition, party, fits)
    clock = play.state.response.responses["R-1"].clock("decide")
    assert clock is not None
    play.wait(clock.due)


@functools.cache
def _kept(name: str, stage: str) -> tuple[Path, Play]:
    folder = Path(tempfile.mkdtemp(prefix="foedus-play-")) / "record"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    play = played_on(opened(name, folder), name, stage)
    play.close()
    return folder, play


def staged(name: str, stage: str, address: str | Path) -> Play:
    """A copy, at `address`, of the record of this compact that was played up to the end of the stage."""
    kept, before = _kept(name, stage)
    if str(address).startswith("postgresql:"):
        _copy(kept, str(address), before.at)
    else:
        shutil.copytree(kept, address)
    play = Play(address, before.at)
    play.seeds, play.counter = dict(before.seeds), before.counter
    play.open()
    return play


def _copy(folder: Path, address: str, at: datetime) -> None:
    """The entries and blobs of a record in a folder, put into an empty database."""
    known, new = open_store(folder), open_store(address, clock=lambda: at, create=True)
    with new.write() as write:
        Record(new, "play.example/copied").append(write, at, list(known.entries(0)))
        for digest in known.blobs():
            write.put_blob(digest, known.get_blob(digest) or b"")
    known.close()
    new.close()
