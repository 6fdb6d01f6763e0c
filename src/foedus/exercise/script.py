"""Builds the exercise: an attack on a coming day with the figures of 10 October 2022, and what followed, all by signed
acts.

Every act goes through `perform`, under the exercise's own clock. Who answers when is drawn by lot from a seed; refusal
and absence are played by the fictional parties of `fictional.yaml`. Nothing here is what any state did.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from ruamel.yaml import YAML

from foedus.acts import Attachment, Body
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Compact, Measure, Party, decode_hook
from foedus.depositary import Depositary
from foedus.errors import Malformed
from foedus.exercise import claims, commitments, mandates, reparations, sanctions, witnesses
from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.lots import CAVEATS, CONTRIBUTIONS, Lots
from foedus.founding import init_record
from foedus.parties import acts as parties
from foedus.record.sqlite_file import FILE
from foedus.record.store import Store
from foedus.response import acts as response
from foedus.response.acts import Contribution, Evidence, Figure
from foedus.signing import attach, sign, statement_for
from foedus.words import mark

KYIV = ZoneInfo("Europe/Kyiv")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SEATS = ("foreign", "defence", "duty", "embassy", "delegation")
PROTECTED_SEATS = ("foreign", "defence", "duty", "succession")
SOURCE = mark("General Staff of the Armed Forces of Ukraine, 10 October 2022; series compiled by P. Ivaniuk")
# 84 missiles (43 shot down) and 24 drones (13 shot down), 06:00 to 14:00 Kyiv time: the two drone rows added up.
FIGURES = (
    Figure("missiles_launched", 84),
    Figure("missiles_shot_down", 43),
    Figure("drones_launched", 24),
    Figure("drones_shot_down", 13),
)
NOTE = "exercise"  # the setting that holds it: words about an exercise, of which no rule knows
LEFT_TO_CONVENE = timedelta(hours=1, minutes=24)
Progress = Callable[[str, int, int], None]


class ExerciseNote(msgspec.Struct, frozen=True):
    """What the pages say about the exercise: what is historical, what is invented, and how lots were drawn.

    `guarantee`: whose story is played, as a check found it; nothing of it is historical then, and no lot is drawn.
    """

    seed: int
    attack_day: date
    historical_day: date
    source: str
    fictional: tuple[str, ...]
    guarantee: str = ""


def fictional_parties() -> tuple[Party, ...]:
    """The parties that exist in exercises only."""
    raw = YAML(typ="safe", pure=True).load((Path(__file__).parent / "fictional.yaml").read_text("utf-8"))
    return msgspec.convert(raw, tuple[Party, ...], dec_hook=decode_hook)


def exercise_compact(name: str = "kyiv-2022") -> Compact:
    """A bundled compact with the fictional parties added; the text itself is unchanged."""
    compact = load(name)
    return replace(compact, parties=compact.parties + fictional_parties())


def note_of(depositary: Depositary) -> ExerciseNote | None:
    """The note of an exercise record; None for a live one."""
    data = depositary.store.setting(NOTE)
    return msgspec.json.decode(data, type=ExerciseNote) if data else None


def keep_note(store: Store, data: bytes) -> None:
    """Keep the note that a server gives of an exercise, for a copy of its record. Raises Malformed."""
    try:
        note = msgspec.json.decode(data, type=ExerciseNote)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise Malformed("what is said of the exercise cannot be read: {problem}", problem=problem) from None
    store.set_setting(NOTE, msgspec.json.encode(note))


def build(
    folder: Path, *, seed: int = 20221010, address: str | None = None, today: datetime | None = None,
    progress: Progress = lambda what, done, of: None,
) -> Depositary:  # fmt: skip
    """Build the exercise in an empty folder and open it, its clock running from 1 h 24 min before the time to convene.

    `address`: another store than the folder itself. `today`: the machine's time, for tests. Raises Malformed when the
    folder already holds something, which is left as it is. What was begun and not finished is removed: half an exercise
    would be taken for a whole one.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Malformed("{folder} is not empty: name another folder for the exercise, or remove it", folder=folder)
    new, draft = not folder.exists(), folder / ".unfinished"
    draft.mkdir(parents=True)
    try:
        script = _played(draft, address, seed, today or datetime.now(UTC), progress)
        for path in sorted(draft.iterdir(), key=lambda path: path.name == FILE):  # by that one it is found, so last
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if new:
            with suppress(OSError):  # it holds the exercise
                folder.rmdir()
    return Depositary.open(address or folder, seed=script.keys.depositary_seed)


def _played(folder: Path, address: str | None, seed: int, machine: datetime, progress: Progress) -> _Script:
    """All of its acts, entered in a record that is closed again."""
    day = (machine + timedelta(days=1)).date()
    script = _Script(folder, str(address or folder), day, seed, progress)
    script.run()
    offset = script.ends_at - machine
    store = script.depositary.store
    fictional = tuple(party.id for party in script.clauses.compact.parties if party.fictional)
    note = ExerciseNote(seed, day, date(2022, 10, 10), SOURCE, fictional)
    store.set_setting(NOTE, msgspec.json.encode(note))
    store.set_setting("clock_offset_seconds", str(offset.total_seconds()).encode())
    script.depositary.close()
    return script


class _Script:
    """One exercise being built: its clock, its keys, its lots, and the acts in order of time."""

    def __init__(self, folder: Path, address: str, day: date, seed: int, progress: Progress) -> None:
        self.keys = ExerciseKeys.create(folder)
        self.seed = seed
        self.lots = Lots(seed)
        self.progress = progress
        self.at = datetime.combine(day - timedelta(days=60), time(8, 0), UTC)
        self.attack_from = datetime.combine(day, time(6, 0), KYIV).astimezone(UTC)
        self.attack_until = datetime.combine(day, time(14, 0), KYIV).astimezone(UTC)
        self.t0 = self.attack_from + timedelta(hours=4, minutes=30)
        self.ends_at = self.t0 + timedelta(hours=24) - LEFT_TO_CONVENE
        compact = exercise_compact()
        self.clauses = Clauses.of(compact)
        self.named = [p.id for p in compact.parties if not p.fictional and p.id != compact.protected]
        self.fictional = [p.id for p in compact.parties if p.fictional]
        self.protected = compact.protected
        heads = {(p.id, "head"): self.keys.public_of(f"{p.id}/head") for p in compact.parties}
        self.depositary = init_record(
            address, compact, heads, self.keys.depositary_seed,
            origin=f"exercise.foedus.example/kyiv-2022/{day.isoformat()}", exercise=True, clock=lambda: self.at,
        )  # fmt: skip
        self.planned: list[tuple[datetime, int, Callable[[], object]]] = []

    # --- doing and planning -------------------------------------------------------------------------------

    def do(
        self, seat: str, body: Body, *also: str, attachments: tuple[tuple[Attachment, bytes, bytes], ...] = ()
    ) -> None:
        """Perform one act now, signed by the seat and by any others."""
        depositary = self.depositary
        statement = statement_for(
            depositary.state, seat, body, self.at, attachments=tuple(item[0] for item in attachments)
        )
        keys = [self.keys.key_of(name) for name in (seat, *also)]
        depositary.perform(sign(statement, keys, exercise=True), [(item[1], item[2]) for item in attachments])

    def plan(self, at: datetime, seat: str, body: Callable[[], Body] | Body, *also: str, **more: Any) -> None:
        """Perform an act at a later moment; a body that depends on what happens until then is made then."""
        self.planned.append(
            (at, len(self.planned), lambda: self.do(seat, body() if callable(body) else body, *also, **more))
        )

    def play(self, until: datetime, what: str) -> None:
        """Perform everything planned until a moment, in order of time, with what falls due in between."""
        ready = sorted((item for item in self.planned if item[0] <= until), key=lambda item: item[:2])
        self.planned = [item for item in self.planned if item[0] > until]
        for done, (at, _, act) in enumerate(ready):
            self.at = max(self.at, at)
            act()
            self.progress(what, done + 1, len(ready))
        self.at = until
        self.depositary.tick()

    # --- the story ----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Everything, from the first signature to the last hours before the time to convene runs out."""
        self._signatures()
        self._readings()
        self._advance()
        sanctions.play(self, Lots(self.seed + 1))  # lots of its own: nothing else is drawn anew
        commitments.play(self)
        reparations.play(self)
        mandates.play(self)
        claims.play(self)
        self._threat()
        self._attack()
        witnesses.play(self, Lots(self.seed + 2))

    def _signatures(self) -> None:
        start = self.at
        everyone = [self.protected, *self.named, *self.fictional]
        for party in everyone:
            at = start + self.lots.moment(HOUR, 96 * HOUR) if party != self.protected else start
            groups = [g for g in self.clauses.tiers if party in self.clauses.members(g)]
            tier = groups[0] if groups else None
            self.plan(at, f"{party}/head", parties.SignText(self.clauses.compact.id, self.clauses.digest, tier))
            for role in PROTECTED_SEATS if party == self.protected else SEATS:
                key = self.keys.public_of(f"{party}/{role}")
                self.plan(at + 5 * MINUTE, f"{party}/head", parties.EnrolSeat(party, role, key))
        self.play(start + timedelta(days=5), "signatures and seats")

    def _readings(self) -> None:
        """Two readings are adopted by those whom the lot names, so that adopted and open ones stand side by side."""
        start = self.at
        for provision in ("P10.quorum", "P10.two-seats"):
            roll = len(self.named) + len(self.fictional) + 1
            chosen = self.lots.some(self.named, roll // 2 + 1)
            for number, party in enumerate([*chosen, self.protected]):
                body = parties.AdoptReading(provision, self.clauses.text_digest(provision))
                self.plan(start + number * HOUR, f"{party}/foreign", body)
        self.play(start + timedelta(days=5), "readings adopted")

    def _advance(self) -> None:
        start = self.at
        immediate = [m for _, m in self.clauses.every(Measure) if m.mode == "immediate"]
        for party in [*self.named, *self.fictional[:2]]:
            for measure in immediate:
                bears = any(party in self.clauses.members(group) for group in measure.bearers)
                if bears and self.lots.happens(0.45):
                    at = start + self.lots.moment(HOUR, 72 * HOUR)
                    self.plan(at, f"{party}/foreign", parties.AgreeInAdvance(measure.id))
        self.play(start + timedelta(days=10), "measures agreed in advance")

    def _threat(self) -> None:
        """Weeks before: a cyber incident, a consultation that convened, and a preventive measure that all named parties
        joined.
        """
        self.at = self.t0 - timedelta(days=12)
        start = self.at
        evidence = attach(b"EXERCISE. Invented log extract of an invented intrusion.\n", "evidence")
        item = Evidence(evidence[0].digest, "cert-ua", start - HOUR, "network-log")
        report = response.ReportIncident("cyber", "UA-30", start - 2 * HOUR, evidence=(item,))
        self.do(f"{self.protected}/duty", report, attachments=(evidence,))
        self.at += 20 * MINUTE
        self.do(f"{self.protected}/foreign", response.OpenConsultation("I-1"))
        for party in self.named:
            at = start + self.lots.moment(HOUR, 5 * HOUR)
            self.plan(at, f"{party}/duty", response.Acknowledge("R-1"))
            self.plan(
                at + self.lots.moment(HOUR, 16 * HOUR),
                f"{party}/delegation",
                response.RecordPresence("R-1", True),
            )
        proposer = f"{self.protected}/foreign"
        self.plan(start + 20 * HOUR, proposer, response.ProposeMeasure("R-1", menu="preventive-specialists"))
        for party in self.named:
            at = start + 24 * HOUR + self.lots.moment(HOUR, 40 * HOUR)
            self.plan(at, f"{party}/foreign", self._joining("R-1/M-1", "technical", certain=True))
        self.play(start + timedelta(days=4), "an earlier consultation")

    def _attack(self) -> None:
        protected = self.protected
        self.at = self.attack_from + 50 * MINUTE
        pictures = attach(b"EXERCISE. Placeholder for photographs of wreckage; the content is invented.\n", "evidence")
        radar = attach(b"EXERCISE. Placeholder for a radar plot; the content is invented.\n", "evidence")
        items = (
            Evidence(pictures[0].digest, "general-staff", self.at - 20 * MINUTE, "photograph"),
            Evidence(radar[0].digest, "air-force", self.at - 30 * MINUTE, "radar"),
        )
        report = response.ReportIncident(
            "armed_attack", "UA", self.attack_from, attributed_to="RUS", evidence=items,
        )  # fmt: skip
        self.do(f"{protected}/duty", report, attachments=(pictures, radar))
        self.at = self.t0
        self.do(f"{protected}/head", response.Activate("I-2"), f"{protected}/foreign")
        self.planned.append((self.t0 + 9 * MINUTE, len(self.planned), lambda: mandates.call(self, "R-2")))
        correction = response.CorrectIncident("I-2", FIGURES, self.attack_until)
        self.plan(self.attack_until + 30 * MINUTE, f"{protected}/duty", correction)
        self._answers()
        self._performance()
        self._measures()
        self.play(self.ends_at, "the exercise, hour by hour")

    def _answers(self) -> None:
        """When each party acknowledges, names its delegation and comes. By lot; the absent are fictional."""
        t0 = self.t0
        roll = [*self.named, *self.fictional[:3]]
        present = set(self.lots.some(self.named, len(roll) // 2 - 2))
        for party in roll:
            acknowledged = t0 + self.lots.moment(4 * MINUTE, 345 * MINUTE)
            self.plan(acknowledged, f"{party}/duty", response.Acknowledge("R-2"))
            named = acknowledged + self.lots.moment(HOUR, 12 * HOUR)
            remote = self.lots.happens(0.4)
            if party in present or self.lots.happens(0.55):
                delegation = response.RegisterDelegation("R-2", "delegation", "alternate", remote)
                self.plan(named, f"{party}/foreign", delegation)
            if party in present:
                came = min(named + self.lots.moment(HOUR, 9 * HOUR), self.ends_at - 8 * MINUTE)
                self.plan(came, f"{party}/delegation", response.RecordPresence("R-2", remote))

    def _performance(self) -> None:
        """Named parties report in time what they had agreed to; one fictional party does not."""
        for owed in self.depositary.state.response.responses["R-2"].owed:
            for party in owed.parties:
                if party not in self.fictional:
                    at = self.t0 + self.lots.moment(20 * MINUTE, owed.due_at - self.t0 - 10 * MINUTE)
                    self.plan(at, f"{party}/defence", response.ReportPerformance("R-2", owed.measure))

    def _measures(self) -> None:
        table = ("air-defence-systems", "repair", "sectoral-sanctions", "weapons")
        for number, menu in enumerate(table):
            at = self.t0 + (2 + number) * HOUR
            self.plan(at, f"{self.protected}/foreign", response.ProposeMeasure("R-2", menu=menu))
            found = self.clauses.measure(menu)
            assert found is not None, "the exercise proposes measures of its own compact"
            bearers = [p for p in self.named if any(p in self.clauses.members(g) for g in found[1].bearers)]
            for party in self.lots.some(bearers, 5 + self.lots.quantity(0, 6, 1)):
                said = at + self.lots.moment(HOUR, self.ends_at - at)
                self.plan(said, f"{party}/foreign", self._joining(f"R-2/M-{number + 1}", found[1].kind))
        refusing, abstaining = self.fictional[0], self.fictional[1]
        self.plan(self.t0 + 9 * HOUR, f"{refusing}/foreign", self._without("R-2/M-1", "declines"))
        self.plan(self.t0 + 10 * HOUR, f"{abstaining}/foreign", self._without("R-2/M-3", "abstains"))

    def _text(self, measure: str) -> str:
        return self.depositary.state.response.measures[measure].text

    def _without(self, measure: str, stance: response.Stance) -> Callable[[], Body]:
        return lambda: response.TakePosition(measure, self._text(measure), stance)

    def _joining(self, measure: str, kind: str, *, certain: bool = False) -> Callable[[], Body]:
        what, least, most, step = self.lots.one(CONTRIBUTIONS[kind])
        number = str(self.lots.quantity(least, most, step))
        disclosed = self.lots.happens(0.85)
        money = what in ("funds", "loan-guarantee")
        contribution = Contribution(
            what,
            quantity=number if disclosed and not money else None,
            amount=number if disclosed and money else None,
            currency="EUR" if disclosed and money else None,
            disclosed=disclosed,
        )
        caveats = (self.lots.one(CAVEATS),) if kind == "military" and self.lots.happens(0.3) else ()
        to_confirm = self.lots.happens(0.2) and not certain
        starts = self.lots.quantity(1, 9, 1)
        hours = self.lots.quantity(30, 60, 6)

        def body() -> Body:
            return response.TakePosition(
                measure,
                self._text(measure),
                "joins_ad_referendum" if to_confirm else "joins",
                (contribution,),
                (self.at + timedelta(days=starts)).date(),
                caveats,
                ("parliament",) if to_confirm else (),
                self.at + hours * HOUR if to_confirm else None,
            )

        return body
