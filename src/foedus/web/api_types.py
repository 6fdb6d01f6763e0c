"""What the API answers: one Struct for each answer, from which the OpenAPI description is made. Only data.

Times are ISO 8601 in UTC, digests lower-case hex SHA-256, hashes of proofs base64 as in C2SP's formats.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct

from foedus.acts import Event, Marking, Statement
from foedus.response.acts import Contribution, Figure, Outcome

T = TypeVar("T")
Count = Annotated[int, Meta(ge=0)]
Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Code = Annotated[str, Meta(description="a code of the compact, or of ISO 3166-1 for a state")]


class Data(Struct, frozen=True, omit_defaults=True):
    """Base of every answer. What is not so is left out."""


class Problem(Data, frozen=True):
    """Every failure in this one shape. Nothing was recorded by a request that failed.

    `error`: a word for programs. `because`: what was found, in the language that Accept-Language weighs most
    (en or uk). `clause`: the provision of the compact, or the rule of the record, that does not allow it.
    `expected`: what would have been accepted. `remedy`: what to do. `found`: the values in `because`, by name,
    the same in each language.
    """

    error: str
    because: str
    remedy: str
    clause: str | None = None
    expected: str | None = None
    found: dict[str, Any] | None = None


class Listed(Data, Generic[T], frozen=True):
    """Part of a list: `count` items from number `start` of `total`. `next`: where the list goes on."""

    items: tuple[T, ...]
    start: Count
    count: Count
    total: Count
    next: str | None = None


class Place(Data, frozen=True):
    """Where a fact stands: true since `at`, recorded at `known`, as entry number `entry`."""

    at: datetime
    known: datetime
    entry: Count


# --- submitting ---------------------------------------------------------------------------------------------


class Blob(Data, frozen=True, forbid_unknown_fields=True):
    """An attachment sent with its act. `salt`: 32 bytes, base64. The digest is SHA-256(salt || content)."""

    salt: bytes
    content: bytes


class Links(Data, frozen=True):
    """Where to go on: addresses on this console."""

    entry: str
    proof: str
    checkpoint: str


class Receipt(Data, frozen=True):
    """The act is in the record. `at`: the store's time of receipt. `events`: what became true."""

    entry: Count
    at: datetime
    act_id: str
    events: tuple[Event, ...]
    links: Links


class BatchResult(Data, frozen=True):
    """One act of a batch: `receipt`, or the `problem` with it. Each is refused alone."""

    receipt: Receipt | None = None
    problem: Problem | None = None


class Batch(Data, frozen=True):
    """The results in the order of the acts."""

    results: tuple[BatchResult, ...]


# --- the record ---------------------------------------------------------------------------------------------


class EntryView(Data, frozen=True):
    """One entry. `signatures`: key ids. `leaf`: its hash in the tree. `true_at`: when a lapse came true."""

    number: Count
    at: datetime
    leaf: Hex
    compact: str
    rules: int
    seat: str
    party: str
    act: str
    act_id: str
    signatures: tuple[str, ...]
    statement: Statement
    events: tuple[Event, ...]
    true_at: datetime | None = None


class Consistency(Data, frozen=True):
    """That the record of `new` entries only added to that of `old`: RFC 6962 section 2.1.2, hashes base64."""

    old: Count
    new: Count
    old_root: str
    new_root: str
    hashes: tuple[str, ...]


class Health(Data, frozen=True):
    """The console answers."""

    status: str


# --- the state ----------------------------------------------------------------------------------------------


class RecordView(Data, frozen=True):
    """What the record declared of itself in entry 0."""

    origin: str
    exercise: bool
    ceiling: str
    depositary_key: Hex


class CompactView(Data, frozen=True):
    """The compact in force."""

    id: str
    digest: Hex
    title: str
    protected: Code


class StateView(Data, frozen=True):
    """What the entries add up to, in a few numbers. `size`: entries seen by this view."""

    record: RecordView
    compact: CompactView
    size: Count
    parties: Count
    seats: Count
    incidents: Count
    responses: Count
    at: datetime
    known: datetime
    open_responses: tuple[str, ...] = ()
    last_entry_at: datetime | None = None
    next_deadline: datetime | None = None


class SeatView(Data, frozen=True):
    """An office that may act. `key`: Ed25519 public key in hex; `key_id`: its name in signatures."""

    id: str
    role: Code
    key: Hex
    key_id: str
    since: Place
    scope: tuple[str, ...] = ()
    revoked: Place | None = None


class InstrumentView(Data, frozen=True):
    """Where an instrument stands for a party."""

    instrument: str
    status: str | None = None
    since: Place | None = None
    text: str | None = None
    lapses_at: datetime | None = None
    notice_ends: datetime | None = None


class PartyView(Data, frozen=True):
    """A state or union that the compact names. `tier`: the one it signed into. `root_key`: public, hex."""

    id: Code
    name: str
    heads: Count
    fictional: bool
    tier: str | None = None
    part_of: tuple[Code, ...] = ()
    instruments: tuple[InstrumentView, ...] = ()
    seats: tuple[SeatView, ...] = ()
    agreed_in_advance: tuple[str, ...] = ()
    root_key: Hex | None = None


class ReportView(Data, frozen=True):
    """What was said of an incident, first or in correction."""

    party: Code
    figures: tuple[Figure, ...]
    place: Place
    occurred_until: datetime | None = None


class EvidenceView(Data, frozen=True):
    """Evidence by the digest of its attachment."""

    attachment: Hex
    obtained_by: str
    obtained_at: datetime
    how: str
    party: Code
    place: Place


class IncidentView(Data, frozen=True):
    """Something that happened, as reported."""

    id: str
    kind: str
    territory: str
    party: Code
    occurred_from: datetime
    reports: tuple[ReportView, ...]
    place: Place
    evidence: tuple[EvidenceView, ...] = ()
    attributed_to: str | None = None
    withdrawn: Place | None = None
    merged_into: str | None = None
    established_under: str | None = None
    responses: tuple[str, ...] = ()


class ClockView(Data, frozen=True):
    """A deadline of the procedure. `state`: running, met or lapsed."""

    step: str
    due_at: datetime
    state: str
    provision: str
    on_lapse: str
    hard: bool
    started: Place


class ClauseView(Data, frozen=True):
    """A consultation clause of another instrument that the same event opened."""

    agreement: str
    parties: tuple[Code, ...]
    state: str
    hard: bool
    binding: bool
    due_at: datetime | None = None


class OwedView(Data, frozen=True):
    """An immediate measure, who owes it, and who reported that it was done."""

    measure: str
    provision: str
    parties: tuple[Code, ...]
    due_at: datetime
    performed: tuple[Code, ...] = ()
    lapsed: Place | None = None


class AttendanceView(Data, frozen=True):
    """What one party of the roll did about the meeting. Nothing here is silence, or no entry yet."""

    party: Code
    acknowledged: Place | None = None
    delegation: Place | None = None
    present: Place | None = None
    remote: bool = False


class PositionView(Data, frozen=True):
    """A party's last word on a measure. `text`: the version it binds to."""

    party: Code
    seat: str
    stance: str
    text: Hex
    place: Place
    contributions: tuple[Contribution, ...] = ()
    starts_on: date | None = None
    caveats: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    confirm_by: datetime | None = None
    confirmed: Place | None = None
    lapsed: Place | None = None


class MeasureView(Data, frozen=True):
    """A measure on the table, with the newest position of each party."""

    id: str
    kind: str
    proposed_by: Code
    text: Hex
    place: Place
    menu: str | None = None
    positions: tuple[PositionView, ...] = ()


class DecisionView(Data, frozen=True):
    """How the response ended, by name."""

    outcomes: tuple[Outcome, ...]
    silent: tuple[Code, ...]
    absent: tuple[Code, ...]
    place: Place


class ResponseSummary(Data, frozen=True):
    """One response in a list. `state`: open, decided, withdrawn, not_convened or ended."""

    id: str
    mode: str
    incident: str
    opened_by: Code
    opened: Place
    state: str
    convened: bool
    clocks: tuple[ClockView, ...] = ()


class TranscriptView(Data, frozen=True):
    """What a seat said on a measure or vote and another entered. It counts in the `state` countersigned only."""

    id: str
    seat: str
    by: str
    subject: str
    said: str
    means: str
    said_at: datetime
    entered: Place
    lapses_at: datetime
    state: str
    ended: Place | None = None


class ResponseView(Data, frozen=True):
    """One response from its beginning to its end."""

    id: str
    mode: str
    incident: str
    opened_by: Code
    provision: str
    opened: Place
    state: str
    roll: tuple[Code, ...]
    attendance: tuple[AttendanceView, ...]
    clocks: tuple[ClockView, ...] = ()
    clauses: tuple[ClauseView, ...] = ()
    owed: tuple[OwedView, ...] = ()
    measures: tuple[MeasureView, ...] = ()
    convened: Place | None = None
    failed: Place | None = None
    absent: tuple[Code, ...] = ()
    decision: DecisionView | None = None
    transcripts: tuple[TranscriptView, ...] = ()


class Released(Data, frozen=True):
    """The marking of an attachment and who brought it in: what decides whether a reader may open it."""

    digest: Hex
    size: Count
    kind: str
    entry: Count
    party: str
    marking: Marking
    present: bool
