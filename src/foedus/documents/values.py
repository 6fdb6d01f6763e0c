"""What a record of decision holds: plain values, complete in themselves, with every name in both languages.

Nothing here is looked up or judged: `decision.draw_up` fills it from the state, `decision_sheet` puts it in
words. As JSON it is what the printed document carries inside, so that a reader's own software needs no copy
of the compact to read it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from foedus.compact.model import Consultation, Named, Words
from foedus.exercise import ExerciseNote
from foedus.history import Dated, Place
from foedus.response.acts import Figure
from foedus.response.state import Adjournment, Clock

# draft: still open. The others are ends; only `decided` is a decision.
Status = Literal["draft", "decided", "withdrawn", "not_convened", "ended"]
# none: no entry, and the time for one is not over (or the response ended before it was).
Standing = Literal["present", "remote", "absent", "none"]
# earlier: taken on an older version of the text, so that it says nothing on the one decided.
Stand = Literal["joined", "confirmed", "to_confirm", "not_confirmed", "declined", "abstained", "earlier"]
OwedState = Literal["performed", "performed_late", "owed", "not_reported", "released"]


class ClauseCited(Struct, frozen=True):
    """A provision relied on, as it reads in the compact in force. `source`: text, interpretation, or adopted
    (`by` whom and `on` what day; `adopted`: the entry, where the parties adopted it in this record).
    `verified` False: nobody has yet compared it with the original.
    """

    id: str
    title: Words
    text: Words
    digest: str
    force: str
    source: Literal["text", "interpretation", "adopted"]
    by: tuple[Named, ...] = ()
    on: date | None = None
    adopted: int | None = None
    note: Words | None = None
    verified: bool = True


class CompactCited(Struct, frozen=True):
    """The compact in force when it was decided, or at the moment asked for; in force since the entry `place`.

    `earlier`: digests of those that were in force before it while the response ran.
    """

    id: str
    title: Words
    short_title: Words
    nature: Words
    signed_by_states: bool
    digest: str
    place: Place
    earlier: tuple[str, ...] = ()


class ReportSaid(Struct, frozen=True):
    """Figures as reported, first or in correction."""

    by: Named
    figures: tuple[Figure, ...]
    occurred_until: datetime | None
    place: Place


class EvidenceHeld(Struct, frozen=True):
    """An item of evidence by the salted digest of its attachment. `by`: who brought it in."""

    digest: str
    obtained_by: Named
    obtained_at: datetime
    how: str
    by: Named
    place: Place


class IncidentSaid(Struct, frozen=True):
    """The incident as reported. `established` None: no finding was made, a report is what a party says."""

    id: str
    kind: str
    territory: Named
    reported_by: Named
    occurred_from: datetime
    attributed_to: Named | None
    place: Place
    reports: tuple[ReportSaid, ...]
    evidence: tuple[EvidenceHeld, ...]
    established: Dated[str] | None = None
    withdrawn: Place | None = None
    merged_into: Dated[str] | None = None


class DelegationNamed(Struct, frozen=True):
    """Offices that attend. `full_powers`: digest of the credentials."""

    head: Named
    alternate: Named | None
    remote: bool
    full_powers: str | None
    place: Place


class Attendance(Struct, frozen=True):
    """One party of the roll. `heads`: what it counts. `group`: the tier it belonged to at T0."""

    party: Named
    group: Named | None
    heads: int
    standing: Standing
    present: Place | None = None
    acknowledged: Place | None = None
    delegation: DelegationNamed | None = None


class Convening(Struct, frozen=True):
    """Whether the meeting convened. `heads` of `of`: present when it did, or now; `clause`: the quorum's.

    `convened`: under which provision. `failed`: when the time to convene passed; `absent` then; `fallback`:
    what the compact names, nothing else.
    """

    heads: int
    of: int
    clause: str | None = None
    convened: Dated[str] | None = None
    failed: Place | None = None
    absent: tuple[Named, ...] = ()
    fallback: str | None = None
    called: Dated[Named] | None = None
    replied: Dated[Named] | None = None
    addressed: tuple[Named, ...] = ()
    adjournments: tuple[Adjournment, ...] = ()


class Brought(Struct, frozen=True):
    """What a party brings: a quantity, or money with its ISO 4217 code, or undisclosed."""

    kind: Named
    quantity: str | None
    amount: str | None
    currency: str | None
    disclosed: bool


class PositionSaid(Struct, frozen=True):
    """One position of one party. `text`: digest of the version it binds to. `replaced_by`: a later entry."""

    party: Named
    office: Named
    stance: str
    stand: Stand
    text: str
    place: Place
    contributions: tuple[Brought, ...] = ()
    starts_on: date | None = None
    caveats: tuple[Named, ...] = ()
    conditions: tuple[Named, ...] = ()
    confirm_by: datetime | None = None
    confirmed: Place | None = None
    lapsed: Place | None = None
    replaced_by: int | None = None


class Ended(Struct, frozen=True):
    """How a measure ended, by name, as the record has it."""

    carried: bool
    joined: tuple[Named, ...]
    to_confirm: tuple[Named, ...]
    declined: tuple[Named, ...]
    abstained: tuple[Named, ...]
    bound: tuple[Named, ...]
    place: Place


class MeasureTabled(Struct, frozen=True):
    """A measure with every position. `title` and `provision`: of the prepared list, else None.

    `versions`: digests, the newest last is what was decided. `positions`: the last word of each party;
    `replaced`: what was said before it. `unsaid`: parties of the roll that said nothing on it. `asked_of`: the groups
    that its provision names; none means the whole roll.
    """

    id: str
    number: int
    kind: str
    title: Words | None
    provision: str | None
    proposed_by: Named
    place: Place
    versions: tuple[Dated[str], ...]
    positions: tuple[PositionSaid, ...]
    replaced: tuple[PositionSaid, ...]
    unsaid: tuple[Named, ...]
    asked_of: tuple[Named, ...] = ()
    ended: Ended | None = None


class VoteSaid(Struct, frozen=True):
    """A party's vote; the last one counts."""

    party: Named
    choice: str
    place: Place


class Question(Struct, frozen=True):
    """A question put to the roll: an extension, an objection, an establishment. `closed`: carried or not."""

    id: str
    about: str
    clause: str
    asked_by: Named
    place: Place
    closes_at: datetime
    reply_by: datetime | None
    replied: Place | None
    votes: tuple[VoteSaid, ...]
    unsaid: tuple[Named, ...]
    closed: Dated[bool] | None


class OwedBy(Struct, frozen=True):
    """Whether one party reported that it did what it owed."""

    party: Named
    state: OwedState
    place: Place | None = None


class OwedMeasure(Struct, frozen=True):
    """An immediate measure, owed from T0 by those who agreed to it beforehand."""

    measure: Named
    clause: str
    due_at: datetime
    place: Place
    parties: tuple[OwedBy, ...]


class OtherClause(Struct, frozen=True):
    """Another instrument's clause that the same event opened; `due_at` None where its text names no hours."""

    instrument: Named
    asks: Consultation | None
    parties: tuple[Named, ...]
    due_at: datetime | None
    hard: bool
    binding: bool
    place: Place
    met: Place | None = None
    lapsed: Place | None = None


class Deposited(Struct, frozen=True):
    """Words of an outsider about the incident, held as evidence; they count in no vote and stop no clock."""

    id: str
    sender: Named
    kind: str
    by: Named
    place: Place


class CheckpointSeen(Struct, frozen=True):
    """The signed note that covers every entry named here. `root`: base64. `key`: the log's verifier key."""

    origin: str
    size: int
    root: str
    note: str
    digest: str
    key: str


class DecisionRecord(Struct, frozen=True):
    """A response from its report to its decision, as it stood `at`, as then `known`.

    Every `place` names its entry; `entries` lists them all. `decided`: the entry that closed the time to
    decide; `silent` said nothing on any measure, `absent` never came, both as recorded there.
    """

    origin: str
    exercise: bool
    status: Status
    at: datetime
    known: datetime
    compact: CompactCited
    protected: Attendance
    capital: Words
    zone: str
    response: str
    mode: str
    opened_by: Named
    opened_under: str
    opened: Place
    incident: IncidentSaid
    clocks: tuple[Clock, ...]
    roll: tuple[Attendance, ...]
    convening: Convening
    measures: tuple[MeasureTabled, ...]
    questions: tuple[Question, ...]
    owed: tuple[OwedMeasure, ...]
    others: tuple[OtherClause, ...]
    deposited: tuple[Deposited, ...]
    software: str
    rules: int
    clauses: tuple[ClauseCited, ...] = ()
    entries: tuple[int, ...] = ()
    decided_under: str | None = None
    decision_mode: Literal["opt_in", "vote"] | None = None
    decided: Place | None = None
    closed: Dated[str] | None = None
    silent: tuple[Named, ...] = ()
    absent: tuple[Named, ...] = ()
    checkpoint: CheckpointSeen | None = None
    note: ExerciseNote | None = None
    format: Literal[1] = 1
