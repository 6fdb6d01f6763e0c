"""What a text guarantees: the bundled one keeps its own, and one fault in a text or in a rule breaks the right one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from msgspec.structs import replace

from foedus.check import verdicts as checking
from foedus.check.explore import Explorer
from foedus.check.explored import Limits
from foedus.check.situation import after, situation
from foedus.compact import model
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Clause, Compact, Guarantee
from foedus.parties import authority
from foedus.response import acts as response
from foedus.response import lapses, measures, meeting, opening

TWO, THREE = ("USA", "GBR"), ("USA", "GBR", "POL")
OF_ALL = ("eased-unmet", "relief-unmet")


@cache
def kyiv() -> Compact:
    return load("kyiv-2022")


def asked(id_: str, compact: Compact | None = None) -> Guarantee:
    return next(one for one in (compact or kyiv()).guarantees if one.id == id_)


def verdict(id_: str, compact: Compact | None = None, parties: tuple[str, ...] | None = None) -> checking.Verdict:
    compact = compact or kyiv()
    return checking.verdict(compact, asked(id_, compact), parties or among(id_), lambda done, total: None)


def among(id_: str) -> tuple[str, ...]:
    """Among whom a guarantee is asked: so many that it could fail, and no more."""
    # A majority of two is both: only of three can one stay away. What each says of each condition is soon too much.
    return THREE if id_ in ("convening", "snapback") else TWO[:1] if id_ in OF_ALL else TWO


def changed(change: Callable[[str, Clause], Clause | None], text: Compact | None = None) -> Compact:
    """The text with each clause as `change` gives it, by its provision; without it where that is None."""
    text = text or kyiv()
    parts = []
    for part in text.parts:
        provisions = []
        for one in part.provisions:
            clauses = [change(one.id, clause) for clause in one.operates]
            provisions.append(replace(one, operates=tuple(clause for clause in clauses if clause is not None)))
        parts.append(replace(part, provisions=tuple(provisions)))
    return replace(text, parts=tuple(parts))


def instead(provision: str, kind: type, **values: object) -> Compact:
    """The text in which clauses of a kind in one provision say something else."""
    return changed(
        lambda id_, clause: replace(clause, **values) if id_ == provision and type(clause) is kind else clause
    )


def deleted(provision: str, kind: type, act: str = "") -> Compact:
    def kept(id_: str, clause: Clause) -> Clause | None:
        gone = id_ == provision and type(clause) is kind and act in ("", getattr(clause, "act", ""))
        return None if gone else clause

    return changed(kept)


# --- the bundled text -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("id_", [one.id for one in kyiv().guarantees])
def test_the_bundled_text_keeps_what_it_guarantees(id_):
    found = verdict(id_)
    assert found.complete or found.story, "every state was followed, or a way was found"
    assert found.holds


def test_a_way_that_is_found_is_the_shortest():
    """Propose, join, and the time to decide runs out: no coalition decides in fewer steps."""
    found = verdict("acts")
    done = [type(step.body) for step in found.story if step.body is not None][-2:]
    assert done == [response.ProposeMeasure, response.TakePosition]
    assert found.story[-1].at - found.begins == timedelta(hours=72)


# --- faults in the text -----------------------------------------------------------------------------------------------

CONSENT = model.Rule(consent=("protected",))
VOTE = {"mode": "vote", "rule": model.Rule(count=model.Count(at_least=1)), "binds": "roll"}
ALL = {"mode": "vote", "rule": model.Rule(consent=("guarantors",))}
IN_TEXT = {
    "four days to decide": (lambda: instead("P10.decide", model.Clock, within=Duration.parse("P4D")), "ends"),
    "time to decide counted from a meeting that may never be": (
        lambda: instead("P10.decide", model.Clock, starts_on="convened"), "ends",
    ),
    "no time to decide": (lambda: deleted("P10.decide", model.Clock), "ends"),
    "an extension of two days": (
        lambda: instead("P10.extension", model.Extension, by=Duration.parse("P2D")), "ends-extended",
    ),
    "no meeting without the protected state": (lambda: instead("P10.quorum", model.Quorum, rule=CONSENT), "convening"),
    "no meeting without everybody": (
        lambda: instead("P10.quorum", model.Quorum, rule=model.Rule(consent=("guarantors",))), "convening",
    ),
    "no quorum clause": (lambda: deleted("P10.quorum", model.Quorum), "convening"),
    "nobody may ask while the protected state is silent": (lambda: deleted("P10.silence", model.Permit), "convening"),
    "a decision only together": (lambda: instead("P10.coalition", model.Decision, **ALL), "coalition"),
    "a vote that binds everybody": (lambda: instead("P10.coalition", model.Decision, **VOTE), "only-joined"),
    "nobody may ask, and no coalition without the protected state": (
        lambda: deleted("P10.silence", model.Permit), "silence",
    ),
    "nobody may take a position": (lambda: deleted("P10.coalition", model.Permit, "TakePosition"), "acts"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", IN_TEXT)
def test_a_fault_in_the_text_breaks_its_guarantee(fault):
    text, id_ = IN_TEXT[fault]
    found = verdict(id_, text())
    assert found.holds is False
    assert found.story or id_ == "acts"


# --- faults in the rules ----------------------------------------------------------------------------------------------


def without_closing(real):
    return lambda *given: tuple(one for one in real(*given) if not isinstance(one, response.ResponseClosed))


IN_RULES = {
    "a lapse without an end": (lapses, "_decided", without_closing, "ends"),
    "a clock that does not start": (opening, "clocks", lambda real: lambda *given: [], "ends"),
    "a meeting that never counts as convened": (meeting, "_convened", lambda real: lambda *given: [], "convening"),
    "who left is not on its roll any more": (authority, "_on_its_roll", lambda real: lambda *given: False, "leaving"),
    "a measure is never carried": (
        measures, "outcome", lambda real: lambda *given: replace(real(*given), carried=False), "acts",
    ),
    "everybody is bound": (
        measures, "outcome", lambda real: lambda *given: replace(real(*given), bound=given[3].roll),
        "only-joined",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", IN_RULES)
def test_a_fault_in_the_rules_breaks_its_guarantee(fault, monkeypatch):
    module, name, made, id_ = IN_RULES[fault]
    monkeypatch.setattr(module, name, made(getattr(module, name)))
    assert verdict(id_).holds is False


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [None, "four days to decide", "time to decide counted from a meeting that may never be"]
)
def test_from_moment_to_moment_nothing_is_missed_that_hours_show(fault):
    """Time that goes on three hours at a time brings up the same events, and the same answer."""
    compact = kyiv() if fault is None else IN_TEXT[fault][0]()
    guarantee = asked("ends", compact)
    begun = after(situation(compact, ("USA",)), guarantee.given, None)
    found = []
    for every in (None, timedelta(hours=3)):
        watch = checking.watch(guarantee.asks, begun.clauses)
        run = Explorer(begun, [watch], Limits(frozenset(guarantee.acts), every=every)).run()
        kinds = {type(event) for step in run.steps if step is not None for event in step.events}
        found.append((run.shown[0] is None, kinds if run.shown[0] is None else None))
    assert found[0] == found[1]


def test_what_was_not_followed_is_not_called_proven():
    found = checking.verdict(kyiv(), asked("ends"), THREE, lambda done, total: None, 20)
    assert (found.holds, found.complete) == (None, False)


def test_a_stop_between_two_explorations_keeps_what_was_answered(monkeypatch):
    """Where a situation is made, or what others can bring about is summed up, as much as while states are followed."""
    real, asks = checking.verdict, iter(range(10))

    def interrupted(*given, **named):
        if next(asks) == 1:
            raise KeyboardInterrupt
        return real(*given, **named)

    monkeypatch.setattr(checking, "verdict", interrupted)
    some = replace(kyiv(), guarantees=kyiv().guarantees[:4])
    found = list(checking.verdicts(some, 1, lambda done, total: None, 1_000))
    assert [one.holds for one in found] == [True, None, None, None]
    assert [one.stopped for one in found] == [False, True, True, True]
    assert next(asks) == 2, "of what is left nothing is asked"


def test_sanctions_are_followed_too():
    """A schedule that was adopted is another state than none: only so is its end met."""
    asks = model.Reachable(event="Delisted")
    guarantee = replace(asked("acts"), id="ended", asks=asks, given=(), acts=("AdoptSchedule", "Delist"))
    found = checking.verdict(kyiv(), guarantee, TWO, lambda done, total: None)
    done = [type(step.body).__name__ for step in found.story if step.body is not None]
    assert (found.holds, done) == (True, ["AdoptSchedule", "Delist"])


def test_what_holds_among_three_is_asked_among_all():
    """And what is broken among three is told by the short story."""
    compact = kyiv()
    held, broken = asked("ends"), replace(asked("acts"), asks=model.Never(event="Convened"), acts=("RecordPresence",))
    both = replace(compact, guarantees=(held, broken))
    found = list(checking.verdicts(both, None, lambda done, total: None, 20_000, everybody=True))
    assert [(one.holds, one.complete, len(one.parties)) for one in found] == [(True, True, 39), (False, False, 4)]
    few = list(checking.verdicts(both, None, lambda done, total: None, 40, everybody=True))
    assert [one.holds for one in few] == [True, False]
