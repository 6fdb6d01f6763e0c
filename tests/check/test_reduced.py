"""States that are held to be one answer alike: with and without, each question has one answer and a story as long."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from foedus.check import explore, memo
from foedus.check import verdicts as checking
from foedus.check.cells import ABSENT, NAMES
from foedus.check.explore import Explorer
from foedus.check.explored import Explored, Limits
from foedus.check.frontier import Node
from foedus.check.judged import MATTERS
from foedus.check.situation import Situation, afresh, after, chosen, situation
from foedus.compact import model
from foedus.compact.duration import Duration
from foedus.compact.model import AlwaysAfter, Never, Question, Reachable
from foedus.response import ballots, meeting
from foedus.sanctions import conditions as easing
from tests.check.mutants import put
from tests.check.test_explore import RESPONSE, SANCTIONS, walk
from tests.check.test_guarantees import IN_TEXT as FAULTS
from tests.check.test_guarantees import OF_ALL, TWO, asked, instead, kyiv
from tests.check.test_mutants import IN_SOURCE, ONE, THREE
from tests.check.test_mutants import IN_TEXT as MORE_FAULTS
from tests.check.test_spin import TEXTS

QUESTIONS: tuple[Question, ...] = (
    *(Reachable(event=event) for event in ("Convened", "ConveningFailed", "ResponseClosed", "PositionLapsed")),
    Reachable(event="ResponseDecided", where="carried"),
    Never(event="ResponseDecided", where="bound_without_joining"),
    AlwaysAfter(event="ResponseOpened", comes=("ResponseClosed",), within=Duration.parse("PT72H")),
    AlwaysAfter(event="ResponseOpened", comes=("Convened",), within=Duration.parse("PT24H")),
)


TOLD = frozenset[str]().union(*(matter.told for matter in MATTERS.values()))
ALL_FAULTS: dict[str, Any] = {**FAULTS, **MORE_FAULTS}


def both(id_: str, compact: Any, parties: tuple[str, ...]) -> list[tuple[bool, int, bool]]:
    found = []
    for reduce in (False, True):
        one = checking.verdict(compact, asked(id_, compact), parties, lambda done, total: None, 40_000, reduce=reduce)
        assert one.holds is not None
        found.append((one.holds, len(one.story), bool(one.by)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("id_", [one.id for one in kyiv().guarantees])
def test_each_guarantee_is_answered_alike(id_):
    whole, less = both(id_, kyiv(), ONE if id_ in OF_ALL else TWO)
    assert whole == less


@pytest.mark.slow
@pytest.mark.parametrize("fault", ALL_FAULTS)
def test_each_fault_of_a_text_is_told_in_as_many_steps(fault):
    made, id_, *among = ALL_FAULTS[fault]
    whole, less = both(id_, made(), among[0] if among else TWO)
    assert whole == less


@pytest.mark.slow
@pytest.mark.parametrize("fault", IN_SOURCE)
def test_each_fault_of_the_rules_is_told_in_as_many_steps(fault, monkeypatch):
    real, line, other, id_, parties = IN_SOURCE[fault]
    put(monkeypatch, real, line, other)
    whole, less = both(id_, kyiv(), parties)
    assert whole == less
    assert not less[0]


EXTENSION = ("ReportIncident", "AddEvidence", "Activate", "ProposeExtension")
# Rules that go by more than what is said comes to: by who speaks, how many, or how often.
ODD: dict[str, Any] = {
    "carried by two words of any kind": (
        ballots.cast, "_verdict(clauses, state, ballot, choices).settled", "len(choices) > 1",
        EXTENSION, "CastVote", "ClockExtended"),
    "one vote and no more": (
        ballots.vote, "act.party not in ballot.roll", "act.party not in ballot.roll or len(ballot.votes) > 0",
        EXTENSION, "CastVote", "ClockExtended"),
    "an abstention carries it": (
        ballots.cast, "_verdict(clauses, state, ballot, choices).settled", '"abstain" in choices.values()',
        EXTENSION, "CastVote", "ClockExtended"),
    "two are a meeting": (
        meeting._convened, "if not enough(clauses, state, response, there):", "if len(there) < 2:",
        EXTENSION[:3], "RecordPresence", "Convened"),
    "a second consent is refused": (
        easing.consent, "act.party not in easing.roll", "act.party not in easing.roll or len(easing.answers) > 1",
        ("AttestCondition", "ProposeEasing"), "ConsentToEasing", "EasingAgreed"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", ODD)
def test_rules_that_go_by_more_than_what_it_comes_to_are_followed_whole(fault, monkeypatch):
    real, line, other, given, act, event = ODD[fault]
    put(monkeypatch, real, line, other)
    begun = after(situation(kyiv(), THREE), given, None, ("AttestCondition",))
    found = []
    for reduce in (False, True):
        start = afresh(begun)
        watch = checking.watch(Reachable(event=event), start.clauses)
        run = Explorer(start, [watch], Limits(frozenset((act,)), reduce=reduce)).run()
        found.append(None if run.shown[0] is None else len(run.story(run.shown[0])))
    assert found[0] == found[1]


def depths(start: Situation, reduce: bool) -> tuple[list[int | None], int]:
    """After how many steps each question is answered first, None for never; and how many states there are."""
    watches = [checking.watch(asks, start.clauses) for asks in QUESTIONS]
    found: Explored = Explorer(start, watches, Limits(frozenset(RESPONSE), reduce=reduce)).run()
    return [None if one is None else len(found.story(one)) for one in found.shown], found.states


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_answers_every_question_as_soon(text):
    compact = TEXTS[text]()
    start = situation(compact, chosen(compact, 1))
    given = tuple(act for act in ("ReportIncident", "AddEvidence") if any(name == act for _, name in start.speaks))
    begun = after(start, given, None)
    whole, states = depths(afresh(begun), reduce=False)
    less, fewer = depths(afresh(begun), reduce=True)
    assert whole == less
    assert fewer <= states


@pytest.mark.slow
def test_among_three_too():
    """With a third whom a majority of two can leave out."""
    begun = after(situation(kyiv(), THREE), ("ReportIncident", "AddEvidence", "Activate"), None)
    found = []
    for reduce in (False, True):
        start = afresh(begun)
        watches = [checking.watch(asks, start.clauses) for asks in QUESTIONS]
        limits = Limits(frozenset(("RecordPresence", "RequestConvening")), reduce=reduce)
        run = Explorer(start, watches, limits).run()
        found.append([None if one is None else len(run.story(one)) for one in run.shown])
    assert found[0] == found[1]


# --- what each said in a matter of its own ----------------------------------------------------------------------------


class Exchanging(Explorer):
    """Follows each state a second time with what two parties alike said in one matter exchanged."""

    compared = 0

    def _follow(self, node: Node) -> None:
        if self._collecting is None and node.number % self.each == 0:
            plain = self._steps_of(node)
            for matter in list(self._sums._matters):
                for alike in self._classes:
                    if matter is not None and len(alike) > 1:
                        other = self._exchanged(node, matter, alike[0], alike[1])
                        if other is not None:
                            assert other.sums.key == node.sums.key
                            assert self._steps_of(other) == plain, (matter, self.found.story(node.number))
                            self.compared += 1
        super()._follow(node)

    _collecting: set[Any] | None = None
    each = 1

    def _steps_of(self, node: Node) -> set[Any]:
        """What may follow: after how long, with which events, and in which state."""
        self._collecting = set()
        super()._follow(node)
        found, self._collecting = self._collecting, None
        return found

    def _met(self, parent, steps, reached, apart, showing=()):
        if self._collecting is None:
            return super()._met(parent, steps, reached, apart, showing)
        events = tuple(type(event).__name__ for step in steps for event in step.events)
        told = tuple(name for name in events if name not in TOLD or not self._judged)
        self._collecting.add((told, reached.at, reached.sums.key))
        return 0

    def _exchanged(self, node: Node, matter: tuple[str, ...], one: str, other: str) -> Node | None:
        row = node.row + [ABSENT] * (self._cells.room - len(node.row))
        first, second = self._cells.at((*matter, one)), self._cells.at((*matter, other))
        row += [ABSENT] * (self._cells.room - len(row))
        if row[first] == row[second]:
            return None
        row[first], row[second] = [
            number and self._cells.number(exchanged(self._cells.values[number], one, other))
            for number in (row[second], row[first])
        ]
        names = self._cells.at((*matter, NAMES))
        said = exchanged(self._cells.values[row[names]], one, other)
        row[names] = self._cells.number(tuple(sorted(said)), exact=True)
        deadlines: Any = node.deadlines
        if matter[-1] == "positions":
            deadlines = tuple(tuple(sorted(exchanged(of, one, other))) for of in deadlines)
        return Node(node.depth, row, deadlines, node.at, node.memories, self._sums.whole(row, node.at), node.number)


def exchanged(value: Any, one: str, other: str) -> Any:
    """A value in which two parties stand in each other's place."""
    if isinstance(value, str):
        return value.replace(one, "\x00").replace(other, one).replace("\x00", other)
    if isinstance(value, tuple):
        return tuple(exchanged(part, one, other) for part in value)
    if isinstance(value, Struct):
        return type(value)(**{field: exchanged(getattr(value, field), one, other) for field in value.__struct_fields__})
    return value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("acts", "given", "by_all", "each"),
    [
        (RESPONSE, ("ReportIncident", "AddEvidence"), (), 3),
        (("ProposeExtension", "CastVote", "DeclareBadFaith", "TakePosition", "ProposeMeasure"),
         ("ReportIncident", "AddEvidence", "Activate"), (), 5),
        (SANCTIONS, ("AdoptSchedule", "AttestCondition", "ProposeEasing"), ("AttestCondition",), 11),
    ],
    ids=["response", "ballots", "sanctions"],
)  # fmt: skip
def test_what_two_said_in_one_matter_may_be_exchanged(acts, given, by_all, each, monkeypatch):
    """Where it counts how many said what, and not what it comes to."""
    monkeypatch.setattr(explore, "judged_matters", lambda limits, watches: {})
    start = after(situation(kyiv(), TWO), given, None, by_all)
    explorer = Exchanging(afresh(start), [], Limits(frozenset(acts), most_states=4_000))
    explorer.each = each
    explorer.run()
    assert explorer.compared > 100


class Speaking(Exchanging):
    """Follows each state a second time where somebody has said one thing more of a subject that comes to the same:
    nothing may follow then that does not follow without it. (To unsay it may take one step more.) Who owes what it
    joined is apart: acts that go by it are not tried.
    """

    def _met(self, parent, steps, reached, apart, showing=()):
        if self._collecting is not None:
            owed = [cell for cell, path in enumerate(self._cells.paths) if path == ("commitments",) or "owed" in path]
            row = [ABSENT if cell in owed else number for cell, number in enumerate(reached.row)]
            reached = replace(reached, sums=self._sums.whole(row, reached.at))
        return super()._met(parent, steps, reached, apart, showing)

    def _follow(self, node: Node) -> None:
        judged = self._judged
        assert judged is not None, "nothing that is tried goes by who said what"
        if self._collecting is None and node.number % self.each == 0:
            plain = self._steps_of(node)
            for party, voice in product(self._situation.parties, judged.voices):
                for taken in self._may_say(party, node.at, node.row, voice):
                    row = self._written(node.row, taken.writes)
                    if row != node.row and judged.only_said(taken) and not judged.standing(row, node.at):
                        other = Node(node.depth, row, node.deadlines, node.at, node.memories, node.sums, node.number)
                        assert self._sums.whole(row, node.at).key == node.sums.key
                        assert self._steps_of(other) <= plain, (party, taken.step, self.found.story(node.number))
                        self.compared += 1
        Explorer._follow(self, node)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("acts", "given", "by_all", "each"),
    [
        (("ContestCondition", "ConsentToEasing"), ("AttestCondition", "ProposeEasing"), ("AttestCondition",), 2),
        (("ContestCondition", "ProposeEasing"), ("AttestCondition",), ("AttestCondition",), 2),
        (("ContestCondition", "GrantRelief", "CastVote"),
         ("AdoptSchedule", "ReportIncident", "ProposeEstablishment", "AttestCondition", "ProposeEasing",
          "ConsentToEasing"), ("AttestCondition", "ConsentToEasing"), 2),
        (("RequestConvening", "RecordPresence", "ProposeMeasure", "TakePosition"),
         ("ReportIncident", "AddEvidence", "Activate"), (), 5),
        (("ProposeExtension", "DeclareBadFaith", "ReplyToObjection", "CastVote"),
         ("ReportIncident", "AddEvidence", "Activate"), (), 3),
    ],
    ids=["consents", "proposals", "relief", "measures", "ballots"],
)  # fmt: skip
def test_of_what_was_said_nothing_is_asked_but_what_it_comes_to(acts, given, by_all, each, monkeypatch):
    """Among those of whom two may speak before anything changes; what is asked is asked anew of each state."""
    monkeypatch.setattr(memo, "_kept", lambda root, reads, answer: None)
    start = after(situation(kyiv(), chosen(kyiv(), 4)), given, None, by_all)
    explorer = Speaking(afresh(start), [], Limits(frozenset(acts), most_states=400))
    explorer.each = each
    explorer.run()
    assert explorer.compared > 20


@pytest.mark.slow
def test_what_was_attested_before_a_run_is_older_than_aggression_within_it():
    """Else an easing could be proposed on it: every step found is allowed by the rules from the beginning."""
    given = ("AdoptSchedule", "ReportIncident", "ProposeEstablishment", "AttestCondition")
    start = after(situation(kyiv(), chosen(kyiv(), 4)), given, None, ("AttestCondition",))
    found = Explorer(afresh(start), [], Limits(frozenset(SANCTIONS))).run()
    assert found.complete
    walk(start, found)


def test_what_is_never_read_makes_no_state():
    begun = after(situation(kyiv(), TWO), ("ReportIncident", "AddEvidence"), None)
    acts = frozenset(("Activate", "RequestConvening"))
    whole, less = (Explorer(afresh(begun), [], Limits(acts, reduce=reduce)).run() for reduce in (False, True))
    assert less.states < whole.states


def test_a_rule_that_names_a_party_tells_it_apart(monkeypatch):
    monkeypatch.setattr(explore, "judged_matters", lambda limits, watches: {})

    def states(compact: model.Compact) -> int:
        start = after(situation(compact, TWO), ("ReportIncident", "AddEvidence", "Activate"), None)
        return Explorer(afresh(start), [], Limits(frozenset(("RecordPresence",)))).run().states

    named = instead("P10.quorum", model.Quorum, rule=model.Rule(consent=("USA",)))
    assert states(named) > states(kyiv())
