"""States of sanctions made by the rules alone, without signatures: for laws that need many of them.

story = Story("kyiv-2022", "UKR POL NOR")     # who signed
story.act("POL/foreign", AdoptListing(...))   # Refused is raised as it is
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from foedus import rules
from foedus.acts import EFFECTS, Act, Attachment, Body, Event, Statement
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition
from foedus.exercise.script import exercise_compact
from foedus.history import Place
from foedus.own_acts import own_act
from foedus.parties import acts as parties
from foedus.response import acts as response
from foedus.response.acts import Evidence
from foedus.sanctions import acts
from foedus.state import State, evolve
from tests.plays import compact_of

START = datetime(2031, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
FILE = Attachment("a" * 64, 4, "evidence")
EVIDENCE = (Evidence(FILE.digest, "office", START - DAY, "report"),)


@cache
def clauses_named(name: str) -> Clauses:
    return Clauses.of(exercise_compact() if name == "exercise" else compact_of(name))


class Story:
    """A state to which acts are added; `at` is the time of the next one."""

    def __init__(self, name: str, signed: str) -> None:
        self.clauses = clauses_named(name)
        self.at = START
        self.number = 0
        self.events: list[Event] = []
        place = Place(START, START, 0)
        state = evolve(State(), parties.RecordOpened("story", True, "restricted", "0" * 64, self.clauses.digest), place)
        for party in signed.split():
            for role in self.clauses.compact.roles:
                seat = parties.SeatEnrolled(f"{party}/{role.id}", party, role.id, f"{len(state.parties.seats):064x}")
                state = evolve(state, seat, place)
            named = self.clauses.party(party)
            tiers = [group for group in (named.groups if named else ()) if group in self.clauses.tiers]
            tier = "protected" if party == self.clauses.compact.protected else tiers[0]
            state = evolve(state, parties.TierJoined(party, tier), place)
            state = evolve(state, parties.StatusChanged(party, self.clauses.compact.id, "signed"), place)
        self.state = state

    def act(self, seat: str, body: Body, *also: str) -> tuple[Event, ...]:
        """What becomes true by the act. Raises Refused."""
        self.lapse()
        self.number += 1
        id_ = f"{self.number:032x}"
        effect = EFFECTS[type(body).__name__]
        statement = Statement("story", id_, seat, self.at, self.clauses.digest, effect, body, attachments=(FILE,))
        party, _, role = seat.partition("/")
        act = Act(id_, seat, party, role, (seat, *also), body, statement)
        events, self.state = rules.enact(self.clauses, self.state, act, self.at)
        self.events += events
        return events

    def lapse(self) -> None:
        """Record what is due by now."""
        while found := rules.due(self.clauses, self.state, self.at):
            body = found[0]
            self.number += 1
            act, _ = own_act("story", self.clauses.digest, f"{self.number:032x}", body, self.at, b"\1" * 32, True)
            events, self.state = rules.enact(self.clauses, self.state, act, self.at, rules.came_true(self.state, body))
            self.events += events

    def wait(self, days: float) -> None:
        self.at += days * DAY
        self.lapse()

    # --- what most stories begin with ---------------------------------------------------------------------

    def everybody(self) -> list[str]:
        return sorted(self.state.parties.tiers.keys())

    def ease(self, *restrictions: str) -> str:
        """Every condition is attested by everybody, and everybody consents: the easing's id."""
        for _, condition in self.clauses.every(Condition):
            for party in self.everybody():
                self.act(f"{party}/foreign", acts.AttestCondition(condition.id, EVIDENCE))
        protected = self.clauses.compact.protected
        steps = tuple(acts.Step(one, kind) for one in restrictions for kind in ("suspended", "eased", "lifted"))  # type: ignore[arg-type]  # words of the caller
        self.act(f"{protected}/foreign", acts.ProposeEasing(steps))
        id_ = f"E-{len(self.state.sanctions.easings)}"
        for party in (protected, *(one for one in self.everybody() if one != protected)):
            if self.state.sanctions.easings[id_].agreed is None:
                self.act(f"{party}/foreign", acts.ConsentToEasing(id_, "yes"))
        return id_

    def attack(self) -> None:
        """The protected state reports an attack, and more than half of the guarantors find that it took place."""
        protected = self.clauses.compact.protected
        self.act(f"{protected}/duty", response.ReportIncident("armed_attack", self.clauses.territory[0], self.at))
        incident = f"I-{len(self.state.response.incidents)}"
        self.act(f"{protected}/foreign", response.ProposeEstablishment(incident))
        ballot = self.state.response.incidents[incident].ballots[-1].value
        for party in self.everybody():
            if party != protected and self.state.response.ballots[ballot].closed is None:
                self.act(f"{party}/foreign", response.CastVote(ballot, "yes"))
