"""Plays a drill: founds its record, then on a compressed clock plays in what the plan says and lets lots answer.

Anybody may look on and act through `foedus serve` on the same record meanwhile: its clock is kept there. "NO PLAY" ends
it at once, by a file in its folder or by an incident that a live record reports.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from foedus import rules
from foedus.acts import Body
from foedus.compact.clauses import Clauses
from foedus.compact.model import Measure
from foedus.depositary import Depositary
from foedus.drills.course import COURSE, PLAYED, is_played
from foedus.drills.lots import Answers, answers
from foedus.drills.plan import Inject, Plan, after, body_of
from foedus.errors import Conflict, FoedusError, Malformed, Refused
from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import PROTECTED_SEATS, SEATS
from foedus.founding import init_record
from foedus.parties import acts as parties
from foedus.parties import mandates
from foedus.record.store import open_store
from foedus.replay import checked_and_added
from foedus.response import acts as r
from foedus.response.acts import Evidence
from foedus.signing import attach, sign, statement_for
from foedus.state import State

NO_PLAY = "NO-PLAY"
BEFORE = timedelta(days=30)
PAUSE, OPENING_SECONDS = 0.05, 0.3
log = logging.getLogger("foedus.drill")


class Planned(NamedTuple):
    """Something that happens at a time of the exercise, in the order in which it was planned."""

    at: datetime
    number: int
    do: Callable[[], None]


class Stopped(NamedTuple):
    """Why and when the drill was stopped before its end, in the exercise's time."""

    at: datetime
    because: str


class Drill:
    """One drill in its folder. `live`: asked again and again whether something real has happened."""

    def __init__(
        self, folder: Path, plan: Plan, clauses: Clauses, *, speed: float | None = None,
        live: Callable[[], str | None] = lambda: None,
    ) -> None:  # fmt: skip
        """Raises Refused for the folder of a live record, Malformed for one that holds anything else."""
        refuse_live(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.plan, self.clauses = folder, plan, clauses
        self.speed = speed or plan.speed
        self.stopped: Stopped | None = None
        self.refused: list[str] = []
        self.keys = ExerciseKeys.create(folder)
        self._live = live
        self._queue: list[Planned] = []
        self._asked: dict[str, bool] = {}
        self.origin = f"exercise.foedus.example/drill/{plan.starts.date().isoformat()}/{plan.seed}"
        self._found()

    # --- founding -----------------------------------------------------------------------------------------

    def _found(self) -> None:
        """The record, with every party's signature and seats, thirty days before."""
        compact, at = self.clauses.compact, after(self.plan, "PT0S") - BEFORE
        heads = {(party.id, "head"): self.keys.public_of(f"{party.id}/head") for party in compact.parties}
        depositary = init_record(
            self.folder, compact, heads, self.keys.depositary_seed, origin=self.origin, exercise=True, clock=lambda: at
        )
        envelopes = []
        for party in (one.id for one in compact.parties):
            tier = next((group for group in self.clauses.tiers if party in self.clauses.members(group)), None)
            roles = PROTECTED_SEATS if party == compact.protected else SEATS
            bodies: list[Body] = [parties.SignText(compact.id, self.clauses.digest, tier)]
            bodies += [parties.EnrolSeat(party, role, self.keys.public_of(f"{party}/{role}")) for role in roles]
            bodies += [
                parties.StateMandate(kind, one.steps) for one in self.plan.mandates.get(party, ()) for kind in one.kinds
            ]
            head = f"{party}/head"
            for body in bodies:
                stated = statement_for(depositary.state, head, body, at)
                envelopes.append(sign(stated, [self.keys.key_of(head)], exercise=True))
        self._note(depositary.perform_all(envelopes))
        depositary.close()

    def _note(self, done: Sequence[object]) -> None:
        self.refused += [str(one) for one in done if isinstance(one, FoedusError)]

    # --- playing ------------------------------------------------------------------------------------------

    def run(
        self, progress: Callable[[int, int], None] = lambda done, of: None, begun: Callable[[], None] = lambda: None,
        opening: float = OPENING_SECONDS,
    ) -> Depositary:  # fmt: skip
        """Play it to the end or until it is stopped; the record, still open. `begun`: called once its clock is set;
        `opening`: seconds of the machine until the plan begins.
        """
        begins, ends = after(self.plan, "PT0S"), after(self.plan, f"PT{self.plan.hours}H")
        machine = datetime.now(UTC).timestamp() + opening  # by then the record is open
        store = open_store(self.folder)
        store.set_setting("clock_line", f"{machine} {begins.timestamp()} {self.speed}".encode())
        store.close()
        self.depositary = Depositary.open(self.folder, seed=self.keys.depositary_seed)
        begun()
        for inject in self.plan.injects:
            self._plan(after(self.plan, inject.at), self._inject(inject))
        while self.stopped is None and (now := self.depositary.now()) < ends:
            self._stop_if_real(now)
            if self.stopped is None:
                self._due(now)
                self._answer(now)
                progress(int((now - begins).total_seconds()), self.plan.hours * 3600)
                time.sleep(self._pause(now, ends))
        if self.stopped is None:
            self.depositary.tick()
        return self.depositary

    def _plan(self, at: datetime, do: Callable[[], None]) -> None:
        self._queue.append(Planned(at, len(self._queue) + 1_000 * len(self._asked), do))
        self._queue.sort(key=lambda one: one[:2])

    def _pause(self, now: datetime, ends: datetime) -> float:
        """Until the next thing that is planned or due, in the machine's seconds, and never long."""
        upcoming = [ends, *(one.at for one in self._queue[:1])]
        due = rules.next_due(self.depositary.state)
        left = min([*upcoming, *([due] if due is not None and due > now else [])]) - now
        return max(0.001, min(PAUSE, left.total_seconds() / self.speed))

    def _due(self, now: datetime) -> None:
        """What is due by now, and what is planned, each in its time."""
        self.depositary.tick()
        while self._queue and self._queue[0].at <= now and self.stopped is None:
            one = self._queue.pop(0)
            try:
                one.do()
            except FoedusError as problem:
                self.refused.append(str(problem))
                log.info("what was planned for %s was not done: %s", one.at, problem)
            self._stop_if_real(now)

    def do(self, seat: str, body: Body, also: tuple[str, ...] = (), evidence: int = 0) -> None:
        """Perform one act now, with so many items of invented evidence. Raises as `perform`."""
        depositary, now = self.depositary, self.depositary.now()
        files = [attach(f"EXERCISE. Invented item {n}. EXERCISE\n".encode(), "evidence") for n in range(evidence)]
        if files and isinstance(body, r.ReportIncident):
            items = tuple(Evidence(file[0].digest, "exercise", now, "photograph") for file in files)
            body = r.ReportIncident(
                body.kind,
                body.territory,
                body.occurred_from,
                body.occurred_until,
                body.figures,
                body.attributed_to,
                items,
            )
        stated = statement_for(depositary.state, seat, body, now, attachments=[file[0] for file in files])
        envelope = sign(stated, [self.keys.key_of(name) for name in (seat, *also)], exercise=True)
        depositary.perform(envelope, [(file[1], file[2]) for file in files])

    def _inject(self, inject: Inject) -> Callable[[], None]:
        return lambda: self.do(inject.seat, body_of(inject), inject.also, inject.evidence)

    # --- those whom nobody plays --------------------------------------------------------------------------

    def _answer(self, now: datetime) -> None:
        """Of a response that opened since, plan who says what when."""
        for id_, response in self.depositary.state.response.responses.items():
            if id_ in self._asked:
                continue
            self._asked[id_] = True
            scripted = [party for party in response.roll if party not in self.plan.played]
            for party, drawn in answers(self.plan, scripted).items():
                self._answers(id_, response.place.at, party, drawn)

    def _answers(self, id_: str, begins: datetime, party: str, drawn: Answers) -> None:
        def plan(seconds: float | None, do: Callable[[], None]) -> None:
            if seconds is not None:
                self._plan(begins + timedelta(seconds=seconds), do)

        plan(drawn.acknowledges, lambda: self.do(f"{party}/duty", r.Acknowledge(id_)))
        plan(drawn.attends, lambda: self.do(f"{party}/delegation", r.RecordPresence(id_, True)))
        plan(drawn.decides, lambda: self._decides(id_, party, drawn.declines))

    def _decides(self, id_: str, party: str, declines: bool) -> None:
        """Its word on every measure on the table that it is asked for: at once, or when its own law lets it."""
        state = self.depositary.state
        now, begins = self.depositary.now(), state.response.responses[id_].place.at
        for item in state.response.responses[id_].measures:
            measure = state.response.measures[item.value]
            prepared = self.clauses.measure(measure.menu) if measure.menu else None
            if prepared is None or _asked(self.clauses, prepared[1], party):
                ready = begins + held_up(self.clauses, state, party, measure.kind, begins)
                say = partial(self._say, measure.id, party, declines)
                if ready > now:
                    self._plan(ready, say)
                else:
                    say()

    def _say(self, id_: str, party: str, declines: bool) -> None:
        stance: r.Stance = "declines" if declines else "joins"
        self.do(f"{party}/foreign", r.TakePosition(id_, self.depositary.state.response.measures[id_].text, stance))

    # --- no play ------------------------------------------------------------------------------------------

    def _stop_if_real(self, now: datetime) -> None:
        because = self._live()
        if because is None and (self.folder / NO_PLAY).exists():
            because = (self.folder / NO_PLAY).read_text("utf-8", "replace").strip()[:200]
        if because is not None:
            self.stopped = Stopped(now, because)


def held_up(clauses: Clauses, state: State, party: str, kind: str, begins: datetime) -> timedelta:
    """How long after the request the party's own law lets it decide on a measure of this kind; nothing: at once."""
    stated, limit = state.parties.mandates.get(f"{party} {kind}"), mandates.within(clauses)
    if stated is None or limit is None:
        return timedelta(0)
    return mandates.takes(mandates.ahead(stated.stated[-1].value, begins, limit))


def _asked(clauses: Clauses, measure: Measure, party: str) -> bool:
    return any(party in clauses.members(group) for group in measure.bearers)


def refuse_live(folder: Path) -> None:
    """Raises Refused where the folder holds a live record, Malformed where it holds anything but a course begun."""
    if not folder.exists() or not any(one.name not in (COURSE, PLAYED) for one in folder.iterdir()):
        return
    if (folder / "record.db").exists():
        store = open_store(folder)
        try:
            state = State()
            for data in store.entries(0, min(1, store.size())):
                state = checked_and_added(state, data)
        finally:
            store.close()
        record = state.parties.record
        if record is not None and not record.exercise:
            raise Refused(
                "record/exercise",
                "{folder} holds the live record {origin}: a drill never touches one; name an empty folder",
                folder=folder, origin=record.origin,
            )  # fmt: skip
    raise Malformed("{folder} is not empty: a drill has a folder of its own; name another", folder=folder)


def stop(folder: Path, because: str) -> None:
    """NO PLAY: end the drill of this folder at once. Raises Malformed where no drill is, Conflict where none is being
    played: whoever says NO PLAY must know when it stopped nothing.
    """
    if not (folder / "exercise-secret").exists():
        raise Malformed("{folder}: no exercise was built here; name the folder of the drill", folder=folder)
    if not is_played(folder):
        raise Conflict("{id} is not being played now: there is nothing to stop", id=folder)
    (folder / NO_PLAY).write_text(because + "\n", "utf-8")


class Live:
    """A live record that is watched during a drill: a new incident or response in it stops the drill."""

    def __init__(self, address: Path | str, every: float = 1.0) -> None:
        """Raises Malformed when there is none, Refused when it is an exercise itself."""
        self._depositary, self._every, self._asked = Depositary.open(address), every, time.monotonic()
        record = self._depositary.state.parties.record
        if record is None or record.exercise:
            raise Refused("record/exercise", "{address} is an exercise: --live names a live record", address=address)
        self._origin, self._before = record.origin, self._count()

    def __call__(self) -> str | None:
        """Why the drill must stop; None while nothing has happened."""
        if time.monotonic() - self._asked >= self._every:
            self._asked = time.monotonic()
            self._depositary.catch_up()
        return f"{self._origin}: a new report or response" if self._count() > self._before else None

    def _count(self) -> int:
        response = self._depositary.state.response
        return len(response.incidents) + len(response.responses)
