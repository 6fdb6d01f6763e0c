"""How fast `foedus check` explores, counts and answers, beside what it cannot do without.

    python bench/check.py

Each figure is taken in one run with its floor: of exploring, the rules alone (`enact` of the very steps that were
taken, once more, and nothing else); of power and blocking sets, the additions of one table. Seconds of this process.
"""

from __future__ import annotations

import gc
import resource
import sys
from time import process_time
from typing import get_args

from bench.power import drawn, floor
from foedus import rules
from foedus.check import verdicts as checking
from foedus.check.blocking import blocking_sets
from foedus.check.explore import Explorer
from foedus.check.explored import Explored, Limits
from foedus.check.power import power
from foedus.check.situation import Situation, afresh, after, chosen, situation, taking_part
from foedus.compact.loader import load
from foedus.compact.model import Compact, Guarantee
from foedus.sanctions.acts import SanctionsAct

STATES = 1_000_000
RESPONSE = ("Activate", "RequestConvening", "RecordPresence", "ProposeMeasure", "TakePosition")
_SANCTIONS = frozenset(kind.__name__ for kind in get_args(SanctionsAct))
SANCTIONS = ("ContestCondition", "ProposeEasing", "ConsentToEasing", "GrantRelief", "CastVote")


def begun(compact: Compact, guarantors: int, given: tuple[str, ...], by_all: tuple[str, ...] = ()) -> Situation:
    """A record in which so many have signed, after these acts."""
    return after(situation(compact, chosen(compact, guarantors)), given, None, by_all)


def explored(start: Situation, acts: tuple[str, ...], most: int, *, reduce: bool = True) -> tuple[Explored, float]:
    """Everything that follows, and in how many seconds."""
    at = process_time()
    found = Explorer(afresh(start), [], Limits(frozenset(acts), most_states=most, reduce=reduce)).run()
    return found, process_time() - at


def rules_alone(start: Situation, found: Explored) -> float:
    """Seconds for one step, by the rules alone: those that led to the states found, once more."""
    state_of = {0: start.state}
    spent, done = 0.0, 0
    for number in range(1, found.states):
        step, parent = found.steps[number], state_of.get(found.parents[number])
        if step is None or step.body is None or parent is None:
            continue
        act = start.act(parent, step.party, step.body, step.at)
        assert act is not None, "it was performed before"
        at = process_time()
        _events, state_of[number] = rules.enact(start.clauses, parent, act, step.at)
        spent, done = spent + process_time() - at, done + 1
        if done == 4_000:
            break
    return spent / max(done, 1)


def exploring(compact: Compact, guarantors: int, wanted: float, most: int) -> None:
    """All that response and sanctions can come to: states and seconds, those that are one taken as one; and of so many
    states, none taken for another, the steps in a second beside the floor.
    """
    for name, acts, given, by_all in (
        ("response", RESPONSE, ("ReportIncident", "AddEvidence"), ()),
        ("sanctions", SANCTIONS, ("AdoptSchedule", "ReportIncident", "ProposeEstablishment", "AttestCondition"),
         ("AttestCondition",)),
    ):  # fmt: skip
        start = begun(compact, guarantors, given, by_all)
        found, spent = explored(start, acts, STATES)
        whole = "all" if found.complete else "not all"
        print(
            f"{name}, {guarantors} guarantors, reduced: {found.states:,} states ({whole}), {found.transitions:,} steps,"
            f" {spent:.1f} s, wanted {wanted:.0f} s"
        )
        found, spent = explored(start, acts, most, reduce=False)
        least = rules_alone(start, found)
        print(
            f"{name}, {guarantors} guarantors, not reduced: {found.states:,} states, {found.transitions:,} steps,"
            f" {spent:.1f} s; {found.transitions / spent:,.0f} steps/s, wanted 60,000; the rules alone"
            f" {1 / least:,.0f} steps/s; {spent / found.transitions / least:.1f} times"
        )


def answering(compact: Compact, guarantors: int, most: int, wanted: float) -> None:
    """Every guarantee of the text among so many, each within a bound of states; of the response and of sanctions."""
    for name, of_sanctions in (("response", False), ("sanctions", True)):
        asked = [one for one in compact.guarantees if of_sanctions == any(map(_SANCTIONS.__contains__, _acts(one)))]
        at, left, states, steps = process_time(), [], 0, 0
        for one in asked:
            among = taking_part(compact, one, guarantors)
            found = checking.verdict(compact, one, among, lambda done, total: None, most)
            states, steps = states + found.states, steps + found.transitions
            if found.holds is None:
                left.append(one.id)
        spent = process_time() - at
        print(
            f"guarantees of {name}, {guarantors} guarantors: {len(asked) - len(left)} of {len(asked)} answered,"
            f" {states:,} states, {steps:,} steps, {spent:.1f} s, wanted {wanted:.0f} s;"
            f" not within {most:,} states: {' '.join(left) or 'none'}"
        )


def _acts(guarantee: Guarantee) -> tuple[str, ...]:
    return (*guarantee.given, *guarantee.acts)


def many(compact: Compact) -> None:
    """So many states of a response among four, none held to be another, and the memory they take."""
    start = begun(compact, 4, ("ReportIncident", "AddEvidence"))
    found, spent = explored(start, RESPONSE, STATES, reduce=False)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{found.states:,} states, not reduced: {spent:.1f} s, wanted 60 s; {found.transitions / spent:,.0f} steps/s;"
        f" memory at most {memory:,.0f} MB, wanted 2,048 MB"
    )


def first_story() -> None:
    """Seconds until a fault that was put in is told."""
    compact = load("istanbul-2022")
    guarantee: Guarantee = compact.guarantees[0]
    at = process_time()
    found = checking.verdict(compact, guarantee, taking_part(compact, guarantee, 3), lambda done, total: None)
    print(f"first story, {len(found.story)} steps: {process_time() - at:.2f} s, wanted 1 s")


def counting() -> None:
    """Power and smallest blocking sets under a rule of heads and one weight."""
    for players, most_power, most_sets in ((35, 0.1, 0.5), (50, 0.3, None)):
        game = drawn(players)
        least = floor(game)
        for name, work, wanted in (("power", power, most_power), ("blocking sets", blocking_sets, most_sets)):
            at = process_time()
            work(game)
            spent = process_time() - at
            goal = f", wanted {wanted} s" if wanted else ""
            print(f"{players} parties, {name}: {spent:.3f} s; floor {least:.3f} s; {spent / least:.1f} times{goal}")


def main() -> None:
    """Print the figures. With a number, so many states at most are followed of each question."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    compact = load("kyiv-2022")
    many(compact)  # first: memory is the most that this process ever had
    gc.collect()
    counting()
    first_story()
    answering(compact, 4, most, 2)
    answering(compact, 35, most, 60)
    exploring(compact, 4, 2, 500_000)  # so many that what rules answer is known of most
    exploring(compact, 35, 60, 8_000)


if __name__ == "__main__":
    main()
