"""Running a scenario: signed acts through a depositary, its clock moved by hand, and what followed compared.

Every act is stated, signed and sent as a seat would; nothing reaches into the rules. What differs from the
file raises DiffersError with file and line; any other error is a fault of the rules or of the runner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import decode_entry
from foedus.compact.model import Compact
from foedus.depositary import Depositary
from foedus.errors import FoedusError, Refused
from foedus.parties.acts import OpenRecord
from foedus.record.store import Clock, Store
from foedus.response.acts import OutcomeRecounted, ResponseDecided
from tests.scenario_acts import Sent, Speakers
from tests.scenario_compacts import compact_named, leaving_out
from tests.scenario_facts import CHECKS, Now
from tests.scenario_store import memory
from tests.scenario_text import Line, MisreadError, Scenario

SOURCE = Path(__file__).parents[1]


class DiffersError(AssertionError):
    """What happened is not what the scenario says. `given`: already in what it takes for granted."""

    def __init__(self, line: Line, what: str) -> None:
        super().__init__(f"{line.place}: {line.text}\n    {what}")
        self.given = line.part == "given"


class Refusal(Struct, frozen=True):
    """A refusal that a scenario expected: the clause cited, what was said, and the function that said it."""

    clause: str
    file: str
    function: str
    sentence: str


class Happened(Struct, frozen=True):
    """An event, or the outcome of one measure, with when it came true."""

    event: Any
    at: datetime


class Run:
    """One scenario under one compact, in one store."""

    def __init__(
        self, scenario: Scenario, compact: Compact | None = None, store: Callable[[Clock], Store] = memory
    ) -> None:
        self.scenario = scenario
        text = leaving_out(compact or compact_named(scenario.compact), scenario.leaves_out)
        self.speakers = Speakers(scenario, text, store)
        self.refusals: list[Refusal] = []
        self.pool: list[Happened] = []
        self.pending: tuple[Line, FoedusError] | None = None
        self.sent: Sent | None = None
        self.waited: int | None = None
        self.seen = 0

    @property
    def depositary(self) -> Depositary:
        """The record, as it was left."""
        return self.speakers.depositary

    # --- the story ----------------------------------------------------------------------------------------

    def play(self) -> Run:
        """Every line in turn. Raises DiffersError at the first that does not hold."""
        lines = list(self.scenario.lines)
        short = [line for line in lines if line.kind == "short"]
        refused = self.speakers.open(short)
        if refused is not None:
            raise DiffersError(short[0], f"refused: {refused}")
        self.seen = self.depositary.state.size
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
            assert self.sent is not None, "an act is sent again that was sent before"
            self._perform(line, self.sent)
        else:
            for who in line.who * line.times:
                self._settled()
                self._send(line, self.speakers.act(line, who))
        self._look(self.depositary, self.seen)
        self.seen = self.depositary.state.size

    def _move(self, line: Line, words: str) -> None:
        moment = self.speakers.speaking.moment(words)
        if moment < self.speakers.now:
            raise MisreadError(f"{line.place}: {words} lies before the line above it")
        self.speakers.now = moment

    def _send(self, line: Line, sent: Sent) -> None:
        if "inbox" in line.manner:
            self.waited = self.depositary.store.receive(sent.envelope).id
        elif "first" in line.manner or (isinstance(sent.body, OpenRecord) and sent.body.heads):
            door = self.speakers.fresh()
            self._perform(line, sent, door)
            self._look(door, 0)
        elif self._perform(line, sent):
            self.speakers.keyed(sent.seat, sent.body)

    def _perform(self, line: Line, sent: Sent, door: Depositary | None = None) -> bool:
        self.sent = sent
        try:
            (door or self.depositary).perform(sent.envelope, sent.blobs)
        except FoedusError as error:
            self.pending = line, error
            return False
        return True

    def _look(self, door: Depositary, start: int) -> None:
        for data in door.store.entries(start):
            entry = decode_entry(data)
            at = entry.true_at or entry.at
            for event in entry.events:
                if isinstance(event, ResponseDecided):
                    self.pool += [Happened(outcome, at) for outcome in event.outcomes]
                    event = replace(event, outcomes=())  # noqa: PLW2901  # told apart, outcome by outcome
                elif isinstance(event, OutcomeRecounted):
                    self.pool.append(Happened(event.outcome, at))
                self.pool.append(Happened(event, at))

    # --- what followed ------------------------------------------------------------------------------------

    def _expect(self, line: Line) -> None:
        self.speakers.listen()
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
            self.refusals.append(Refusal(error.clause, *raised_by(error), error.sentence))
        self.pending = None

    def _happened(self, line: Line) -> None:
        assert line.phrase is not None, "an event has a phrase"
        wanted = self.speakers.speaking.values(line.said) | dict(line.phrase.fixed)
        at = self.speakers.speaking.moment(line.at) if line.at else None
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
        now = Now(self.depositary, self.waited, self.speakers.speaking.texts)
        try:
            found, expected = CHECKS[line.phrase.template](now, self.speakers.speaking.values(line.said))
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


def raised_by(error: FoedusError) -> tuple[str, str]:
    """The file, from the top of the project, and the function that raised the error."""
    trace = error.__traceback__
    assert trace is not None, "a caught error was raised somewhere"
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return str(Path(code.co_filename).relative_to(SOURCE)), code.co_name


def played(scenario: Scenario, compact: Compact | None = None, store: Callable[[Clock], Store] = memory) -> Run:
    """The scenario run to its end under its own compact, or another. Raises DiffersError."""
    return Run(scenario, compact, store).play()
