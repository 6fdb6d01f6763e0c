"""A long record for measuring: every act type, at least 30 % new subjects, made of acts that the rules accept.

The acts are found by running the rules on a shadow state, so that whole batches can be signed before they are
performed. Nothing here is measured; the scripts beside it do that.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from bench import mix_commitments, mix_reparations, mix_sanctions
from foedus import rules
from foedus.acts import Act, Attachment, Body, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import By, Clock, Compact, Permit, Provision, canonical
from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import exercise_compact
from foedus.founding import init_record
from foedus.own_acts import clock_act
from foedus.parties import acts as p
from foedus.response import acts as r
from foedus.signing import sign, statement_for

AT_ONCE = 8
MENU = (
    "weapons", "repair", "budget-support", "isolation", "maintenance", "sectoral-sanctions", "training-surge",
    "air-defence-systems",
)  # fmt: skip
START = datetime(2027, 1, 1, tzinfo=UTC)
SALT, CONTENT = b"s" * 32, b"evidence of the bench"
FILE = Attachment(hashlib.sha256(SALT + CONTENT).hexdigest(), len(CONTENT), "evidence")
SECOND = Attachment(hashlib.sha256(SALT + CONTENT * 2).hexdigest(), 2 * len(CONTENT), "proposal")
NEW_SUBJECT = {
    "IncidentReported", "ResponseOpened", "MeasureProposed", "BallotOpened", "SeatEnrolled", "CommunicationDeposited",
    "ObligationsIncurred", "ListingProposed", "ListingAdopted", "ScheduleAdopted", "EasingProposed", "SnappedBack",
    "ObligationUndertaken", "TrancheScheduled", "PackageAllocated", "DeliveryReported", "SupplyOffered",
}  # fmt: skip


class Ready(NamedTuple):
    """A signed act, and the time at which the bench's clock must stand when it is performed."""

    at: datetime
    envelope: bytes


def with_call(compact: Compact) -> Compact:
    """The compact with the soft clock to acknowledge counted from a call, and calls permitted: then they occur too."""
    calling = Permit(act="CallMeeting", by=(By(group="parties"),))

    def called(provision: Provision) -> Provision:
        if not any(isinstance(clause, Clock) and clause.step == "acknowledge" for clause in provision.operates):
            return provision
        operates = tuple(
            replace(c, starts_on="call") if isinstance(c, Clock) and c.step == "acknowledge" else c
            for c in provision.operates
        )
        return replace(provision, operates=(*operates, calling))

    parts = tuple(replace(part, provisions=tuple(map(called, part.provisions))) for part in compact.parts)
    return replace(compact, parts=parts)


class Mix:
    """Signed acts without end. `counts`: how many of each type were made; `new`: acts that opened a new subject.

    `at` is the time up to which acts were made; `now` the depositary's clock, which the script moves as it performs
    them.
    """

    file = FILE

    def __init__(self, folder: Path, address: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.keys = ExerciseKeys.create(folder)
        self.at = self.now = START
        self.counts: Counter[str] = Counter()
        self.new = 0
        self._anew: dict[str, str] = {}  # under which name lies the key that a seat got later
        compact = with_call(exercise_compact())
        self.clauses = Clauses.of(compact)
        self.by_digest = {self.clauses.digest: self.clauses}
        self.seed = self.keys.depositary_seed
        heads = {(party.id, "head"): self.keys.public_of(f"{party.id}/head") for party in compact.parties}
        self.depositary = init_record(
            address or folder,
            compact,
            heads,
            self.seed,
            origin="bench.example/mix",
            exercise=True,
            clock=lambda: self.now,
        )
        self._supply(compact)
        self.state = self.depositary.state
        self.named = [party.id for party in compact.parties if party.id not in ("UKR", "XAD")]
        self._acts = self._play()

    def _supply(self, compact: Compact) -> None:
        store = self.depositary.store
        store.put_blob(FILE.digest, SALT + CONTENT)
        store.put_blob(SECOND.digest, SALT + CONTENT * 2)
        # Two texts that differ in one word, so that amendments can be adopted for ever.
        other = replace(compact, nature=replace(compact.nature, en=compact.nature.en + " (amended)"))
        for text in (compact, other):
            data = canonical(text)
            store.put_blob(hashlib.sha256(data).hexdigest(), data)
            clauses = Clauses.of(text)
            self.by_digest[clauses.digest] = clauses

    def take(self, how_many: int) -> list[Ready]:
        """The next acts, signed, in order."""
        return [next(self._acts) for _ in range(how_many)]

    def seat(self, party: str, role: str) -> Ready:
        """The act by which a party gives an office its key."""
        return self._make(f"{party}/head", p.EnrolSeat(party, role, self.keys.public_of(f"{party}/{role}")))

    def batches(self, how_many: int, size: int) -> Iterator[list[Ready]]:
        """Batches of acts that share one moment: a batch ends early where the clock moves."""
        batch: list[Ready] = []
        for _ in range(how_many):
            ready = next(self._acts)
            if batch and (ready.at != batch[0].at or len(batch) == size):
                yield batch
                batch = []
            batch.append(ready)
        if batch:
            yield batch

    # --- making acts --------------------------------------------------------------------------------------

    def in_force(self) -> Clauses:
        """The compact as it operates now."""
        return rules.in_force(self.by_digest[self.state.parties.compact], self.state)

    def _lapse(self) -> None:
        while due := rules.due(self.in_force(), self.state, self.at):
            for body in due:
                if rules.stands(self.state, body):
                    act, _ = clock_act(self.state, body, self.at, self.seed)
                    self._enter(act, rules.came_true(self.state, body))

    def _enter(self, act: Act, true_at: datetime | None = None) -> tuple[Event, ...]:
        events, self.state = rules.enact(self.in_force(), self.state, act, self.at, true_at)
        self.counts[type(act.body).__name__] += 1
        self.new += any(type(event).__name__ in NEW_SUBJECT for event in events)
        return events

    def _make(self, seat: str, body: Body, *also: str, files: tuple[Attachment, ...] = ()) -> Ready:
        self._lapse()
        statement = statement_for(self.state, seat, body, self.at, attachments=files)
        party, _, role = seat.partition("/")
        self._enter(Act(statement.id, seat, party, role, (seat, *also), body, statement))
        keys = [self.keys.key_of(self._key_of(name)) for name in (seat, *also)]
        return Ready(self.at, sign(statement, keys, exercise=True))

    def _key_of(self, seat: str) -> str:
        return self._anew.get(seat, seat)

    def public_of(self, seat: str) -> str:
        """The public key with which a seat speaks at the end of what was made."""
        return self.keys.public_of(self._key_of(seat))

    def _play(self) -> Iterator[Ready]:
        yield from self._beginning()
        round_ = 0
        while True:
            # Several attacks at once: the clock moves once for all of them, as batches need acts of one moment.
            for number in range(AT_ONCE):
                yield from self._small_subjects(round_ + number)
            if round_ % 8 == 0:
                yield from self._instruments(round_)
            for seat, body, files in mix_sanctions.said(self, round_):
                yield self._make(seat, body, files=files)
            for seat, body, files in mix_commitments.said(self, round_):
                yield self._make(seat, body, files=files)
            for seat, body in mix_reparations.said(self, round_):
                both = ("UKR/head",) if isinstance(body, mix_reparations.BY_TWO) else ()
                yield self._make(seat, body, *both)
            yield from self._attacks(range(round_, round_ + AT_ONCE))
            round_ += AT_ONCE

    def _beginning(self) -> Iterator[Ready]:
        clauses = self.clauses
        for party in ["UKR", "XAD", *self.named]:
            tier = next((group for group in sorted(clauses.tiers) if party in clauses.members(group)), None)
            yield self._make(f"{party}/head", p.SignText(clauses.compact.id, clauses.digest, tier))
            yield self._make(f"{party}/head", p.EnrolSeat(party, "foreign", self.keys.public_of(f"{party}/foreign")))
            yield self._make(
                f"{party}/head", p.EnrolSeat(party, "delegation", self.keys.public_of(f"{party}/delegation"))
            )
        yield from self._recovered(self.named[-1])
        for number, party in enumerate(self.named[:12]):
            for measure in ("statement", "transit", "emergency-funds")[: 1 + number % 3]:
                yield self._make(f"{party}/foreign", p.AgreeInAdvance(measure))

    def _recovered(self, party: str) -> Iterator[Ready]:
        """A party that keeps a root key offline, and gets its head seat another key with it."""
        head, root = f"{party}/head", f"{party}/root"
        yield self._make(head, p.DepositRootKey(self.keys.public_of(root)), f"{party}/foreign")
        self._anew[head] = f"{head} anew"
        yield self._make(root, p.RecoverSeat("head", self.keys.public_of(self._anew[head]), (head,)))

    def _attacks(self, rounds: range) -> Iterator[Ready]:
        """Incidents to their decisions, with a part of the parties in each."""
        self.at += timedelta(hours=1)
        silent = [n for n in rounds if n % 6 == 5]
        incidents: dict[int, str] = {}
        evidence = (r.Evidence(FILE.digest, "general-staff", self.at, "photograph"),)
        for number in rounds:
            figures = (r.Figure("missiles_launched", number),)
            report = r.ReportIncident("armed_attack", "UA", self.at, figures=figures, evidence=evidence)
            yield self._make("UKR/head", report, files=(FILE,))
            incidents[number] = f"I-{len(self.state.response.incidents)}"
        opened: dict[int, str] = {}
        for number in rounds:
            if number not in silent:
                yield self._make("UKR/head", r.Activate(incidents[number]), "UKR/foreign")
                opened[number] = f"R-{len(self.state.response.responses)}"
                yield from self._proposals(opened[number], self.some(number))
        self.at += timedelta(hours=7)
        for number in silent:
            yield self._make(f"{self.some(number)[0]}/foreign", r.RequestConvening(incidents[number]))
            opened[number] = f"R-{len(self.state.response.responses)}"
            yield from self._proposals(opened[number], self.some(number))
        for number in rounds:
            yield from self._meeting(incidents[number], opened[number], number, evidence)
        self.at += timedelta(hours=90)

    def some(self, number: int) -> list[str]:
        """The parties of one attack."""
        return [self.named[(number * 5 + n) % len(self.named)] for n in range(24)]

    def _proposals(self, response: str, some: list[str]) -> Iterator[Ready]:
        for number, what in enumerate(MENU):
            yield self._make(f"{some[number]}/foreign", r.ProposeMeasure(response, menu=what))
        free = r.ProposeMeasure(response, kind="technical", text=FILE.digest)
        yield self._make(f"{some[0]}/foreign", free, files=(Attachment(FILE.digest, FILE.size, "proposal"),))
        for party in some[:4]:
            yield self._make(f"{party}/head", r.Acknowledge(response))
            yield self._make(f"{party}/foreign", r.RegisterDelegation(response, "delegation"))

    def _meeting(self, incident: str, response: str, number: int, evidence: tuple[r.Evidence, ...]) -> Iterator[Ready]:
        some, full = self.some(number), number % 4 == 0
        for party in self.named if full else some[:6]:
            yield self._make(f"{party}/delegation", r.RecordPresence(response, remote=True))
        yield self._make("UKR/head", r.CorrectIncident(incident, (r.Figure("missiles_launched", number + 1),)))
        yield self._make("UKR/foreign", r.AddEvidence(incident, evidence), files=(FILE,))
        for place in range(len(MENU)):
            yield from self._position(response, place, some[place], number)
        yield from self._by_telephone(f"{response}/M-1", some[len(MENU)])
        for item in self.state.response.responses[response].owed:
            seat = f"{item.parties[0]}/foreign"
            yield self._make(seat, r.ReportPerformance(response, item.measure))
        yield from self._questions(incident, response, some, number, full)

    def _position(self, response: str, number: int, party: str, round_: int) -> Iterator[Ready]:
        measure = f"{response}/M-{number + 1}"
        text = self.state.response.measures[measure].text
        stance: r.Stance = ("joins", "declines", "abstains", "joins_ad_referendum")[(number + round_) % 4]
        if stance == "joins":
            brought = (r.Contribution("funds", amount="1000000", currency="EUR"),)
            yield self._make(
                f"{party}/foreign",
                r.TakePosition(measure, text, stance, brought, date(2027, 1, 1), ("no-deployment",)),
            )
        elif stance == "joins_ad_referendum":
            position = r.TakePosition(measure, text, stance, confirm_by=self.at + timedelta(hours=30))
            yield self._make(f"{party}/foreign", position)
            yield self._make(f"{party}/foreign", r.ConfirmPosition(measure))
        else:
            yield self._make(f"{party}/foreign", r.TakePosition(measure, text, stance))

    def _by_telephone(self, measure: str, party: str) -> Iterator[Ready]:
        """A position that the protected state enters for a party, and that the party then signs for."""
        said = r.TakePosition(measure, self.state.response.measures[measure].text, "abstains")
        entered = r.EnterTranscript(f"{party}/foreign", said, "voice", self.at, FILE.digest)
        yield self._make("UKR/foreign", entered, files=(FILE,))
        transcript = f"T-{len(self.state.response.transcripts)}"
        yield self._make(f"{party}/foreign", r.CountersignTranscript(transcript, said))

    def _questions(self, incident: str, response: str, some: list[str], round_: int, full: bool) -> Iterator[Ready]:
        if full:
            until = self.at + timedelta(hours=3)
            yield self._make(f"{some[0]}/delegation", r.AdjournMeeting(response, until))
            yield self._make(f"{some[1]}/delegation", r.ResumeMeeting(response))
        if round_ % 3 == 1:
            yield self._make(f"{some[0]}/foreign", r.ProposeExtension(response))
            ballot = f"{response}/B-{len(self.state.response.responses[response].ballots)}"
            for party in some[:5]:
                yield self._make(f"{party}/foreign", r.CastVote(ballot, "yes"))
        if round_ % 3 == 2:
            yield self._make(f"{some[0]}/foreign", r.DeclareBadFaith(response))
            ballot = f"{response}/B-{len(self.state.response.responses[response].ballots)}"
            if self.state.response.responses[response].party == "UKR":
                yield self._make("UKR/foreign", r.ReplyToObjection(ballot))
            yield self._make(f"{some[2]}/foreign", r.CastVote(ballot, "no"))
        if round_ % 10 == 3 and self.state.response.incidents[incident].established is None:
            yield self._make("UKR/foreign", r.ProposeEstablishment(incident))
            ballot = self.state.response.incidents[incident].ballots[-1].value
            for party in self.named[: len(self.named) // 2 + 2]:
                if self.state.response.ballots[ballot].closed is None:
                    yield self._make(f"{party}/foreign", r.CastVote(ballot, "yes"))

    def _small_subjects(self, round_: int) -> Iterator[Ready]:
        """Reports that come to nothing, threats, communications: what fills a real record between attacks."""
        for number in range(10):
            seat = f"{self.named[(round_ + number) % len(self.named)]}/foreign"
            yield self._make(seat, r.ReportIncident("cyber", "UA", self.at))
            incident = f"I-{len(self.state.response.incidents)}"
            if number == 0:
                addressed = self.named[(round_ + 3) % len(self.named)]
                yield self._make("UKR/foreign", r.OpenConsultation(incident, (addressed,)))
                consultation = f"R-{len(self.state.response.responses)}"
                yield self._make(f"{addressed}/foreign", r.Reply(consultation))
                yield self._make("UKR/foreign", r.CallMeeting(consultation))
            elif number == 1:
                yield self._make(seat, r.WithdrawIncident(incident))
            elif number == 2:
                yield self._make(seat, r.ReportIncident("cyber", "UA", self.at))
                yield self._make(seat, r.MergeIncidents(f"I-{len(self.state.response.incidents)}", incident))
            yield self._make(seat, p.DepositCommunication("RUS", "objection"))
        response = f"R-{len(self.state.response.responses)}"
        seat = f"{self.named[round_ % len(self.named)]}/foreign"
        text = r.ProposeMeasure(response, kind="informational", text=FILE.digest)
        proposal = Attachment(FILE.digest, FILE.size, "proposal")
        yield self._make(seat, text, files=(proposal,))
        measure = self.state.response.responses[response].measures[-1].value
        again = Attachment(SECOND.digest, SECOND.size, "proposal")
        yield self._make(seat, r.ReviseMeasure(measure, SECOND.digest), files=(again,))

    def _instruments(self, round_: int) -> Iterator[Ready]:
        """Readings, seats, terms, tiers, amendments: rarer, and each of them once in a while."""
        party = self.named[round_ // 8 % len(self.named)]
        yield self._make(f"{party}/head", p.RevokeSeat(f"{party}/delegation"))
        yield self._make(f"{party}/head", p.EnrolSeat(party, "delegation", self.keys.public_of(f"{party}/delegation")))
        compact = self.clauses.compact.id
        if self.state.parties.status(party, compact) == "signed":
            yield self._make(f"{party}/foreign", p.DepositRatification(compact, "ratified"))
        until = date(2037 + round_ % 900, 1, 1 + round_ % 28)
        standing = self.state.parties.standings[f"{party} {compact}"]
        if datetime(until.year, until.month, until.day, tzinfo=UTC) > max(standing.lapses_at[-1].value, self.at):
            yield self._make(f"{party}/foreign", p.RenewTerm(compact, until))
        for provision in ("P10.start", "P10.objection", "P10.extension"):
            key = f"reading/{provision} {self.clauses.text_digest(provision)}"
            signed = self.state.parties.signatures.get(key)
            if signed is None or (signed.adopted is None and party not in signed.signed):
                yield self._make(f"{party}/foreign", p.AdoptReading(provision, self.clauses.text_digest(provision)))
        tier = self.state.parties.tier(party)
        other = "core" if tier == "wider" else "wider"
        key = f"accession/{party} {other}"
        if key not in self.state.parties.signatures:
            for signatory in ["UKR", *(name for name in self.named if name != party)]:
                yield self._make(f"{signatory}/head", p.Accede(party, other, self.state.parties.compact))
                if self.state.parties.signatures[key].adopted:
                    break
            yield self._make(f"{party}/head", p.ChangeTier(other))
        yield from self._rare(round_)

    def _rare(self, round_: int) -> Iterator[Ready]:
        """A party that leaves and comes back, one accession of the protected state, one amendment."""
        compact = self.clauses.compact.id
        status = self.state.parties.status("XAD", compact)
        if status == "signed":
            yield self._make("XAD/head", p.GiveNotice(compact))
        elif status == "withdrawn":
            yield self._make("XAD/head", p.SignText(compact, self.state.parties.compact, "core"))
        if round_ == 8:
            yield self._make("UKR/head", p.RecordMembership("EU", self.at.date()))
        if round_ == 16:
            other = next(digest for digest in self.by_digest if digest != self.state.parties.compact)
            for party in ["UKR", *self.named, *(["XAD"] if status == "signed" else [])]:
                yield self._make(f"{party}/head", p.AmendCompact(other))


def report_mix(mix: Mix) -> None:
    """Print what the record was made of, because a figure on another mix is another figure."""
    total = sum(mix.counts.values())
    kinds = ", ".join(f"{name} {count}" for name, count in mix.counts.most_common())
    print(f"mix: {total} acts of {len(mix.counts)} types, {mix.new / total:.0%} open a new subject: {kinds}")
