"""The plan of a drill: what is played in, by whom and when, and how parties that nobody plays answer, by distributions.

Nobody's refusal is scripted: only parties that exist in exercises alone may decline. A named state that does not answer
was drawn by lot from what the plan says of all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from foedus.acts import Body
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.loader import TEXTS
from foedus.compact.model import Words
from foedus.errors import Malformed
from foedus.exercise.script import exercise_compact
from foedus.parties import mandates
from foedus.parties.acts import NationalStep
from foedus.signing import decode_body
from foedus.yaml_file import read_yaml

Chance = Annotated[float, Meta(ge=0, le=1)]
Span = Annotated[str, Meta(pattern=r"^P[0-9YDTHMS]+\Z")]
MOST_SPEED, MOST_PLAN_BYTES = 1_000.0, 1 << 20


class Answering(Struct, frozen=True, forbid_unknown_fields=True):
    """How long it takes: log-normal about `median`, two thirds within a factor of `spread`. `share`: who do at all."""

    median: Span
    spread: Annotated[float, Meta(ge=1, le=20)] = 2.0
    share: Chance = 1.0


class Manner(Struct, frozen=True, forbid_unknown_fields=True):
    """How a party answers: acknowledges, comes, and takes a position, each counted from the request."""

    acknowledge: Answering = Answering("PT25M", 2.5, 0.98)
    attend: Answering = Answering("PT10H", 1.8, 0.85)
    decide: Answering = Answering("PT40H", 1.5, 0.8)
    declines: Chance = 0.0


class Inject(Struct, frozen=True, forbid_unknown_fields=True):
    """What a seat does so long after the start. `also`: who signs too; `evidence`: how many invented items it has."""

    at: Annotated[str, Meta(pattern=r"^(PT0S|P[0-9DTHMS]+)\Z")]
    seat: str
    body: dict[str, Any]
    also: tuple[str, ...] = ()
    evidence: Annotated[int, Meta(ge=0, le=20)] = 0


class Mandate(Struct, frozen=True, forbid_unknown_fields=True):
    """What a party's own law asks in this exercise before it joins measures of these kinds, one step after another."""

    kinds: Annotated[tuple[str, ...], Meta(min_length=1)]
    steps: Annotated[tuple[NationalStep, ...], Meta(max_length=4)] = ()


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """The file. `played`: parties that people play in the console. `by_party`: who answers otherwise than all.
    `mandates`: invented steps of national law, by party: nobody whom lots play decides before they are done.
    """

    title: Words
    starts: datetime
    injects: Annotated[tuple[Inject, ...], Meta(min_length=1, max_length=500)]
    compact: str = "kyiv-2022"
    hours: Annotated[int, Meta(ge=1, le=720)] = 73
    speed: Annotated[float, Meta(ge=1, le=MOST_SPEED)] = 1_000.0
    seed: Annotated[int, Meta(ge=0)] = 1
    all: Manner = Manner()
    by_party: dict[str, Manner] = {}
    played: tuple[str, ...] = ()
    mandates: dict[str, tuple[Mandate, ...]] = {}

    def manner(self, party: str) -> Manner:
        """How this party answers."""
        return self.by_party.get(party, self.all)


def bundled_plans() -> dict[str, Path]:
    """The plans that come with the bundled texts, by name."""
    return {found.stem: found for found in sorted(TEXTS.rglob("drills/*.yaml"))}


def plan_path(named: str) -> Path:
    """The file of a plan: a path, or the name of one that is bundled."""
    path = Path(named)
    return path if path.exists() else bundled_plans().get(named, path)


def read_plan(path: Path) -> tuple[Plan, Clauses]:
    """A plan and the compact it is played under. Raises Malformed with what is wrong, and where."""
    if not path.exists():
        raise Malformed(
            "{path} is no file, nor the name of a bundled plan: {expected}",
            path=path, expected=", ".join(bundled_plans()),
        )  # fmt: skip
    plan = read_yaml(path, Plan, MOST_PLAN_BYTES)
    clauses = Clauses.of(exercise_compact(plan.compact))
    _check(path, plan, clauses)
    return plan, clauses


def _check(path: Path, plan: Plan, clauses: Clauses) -> None:
    if plan.starts.tzinfo is None:
        raise Malformed("{path}: `starts` without its zone: write 2027-02-24T03:00:00Z", path=path)
    for number, inject in enumerate(plan.injects, 1):
        for seat in (inject.seat, *inject.also):
            party, _, role = seat.partition("/")
            if clauses.party(party) is None or clauses.name("roles", role) is None:
                raise Malformed(
                    "{path}, inject {number}: no seat {found} under {compact}: PARTY/role of its parties and roles",
                    path=path, number=number, found=seat, compact=plan.compact,
                )  # fmt: skip
        _timed(path, plan, number, inject)
    for party in (*plan.by_party, *plan.played, *plan.mandates):
        known = clauses.party(party)
        if known is None:
            raise Malformed("{path}: no party {found} under {compact}", path=path, found=party, compact=plan.compact)
        if party in plan.by_party and plan.by_party[party].declines and not known.fictional:
            raise Malformed(
                "{path}: {found} declines: nobody scripts the refusal of a real state; a party of exercises alone may",
                path=path, found=party,
            )  # fmt: skip

    kinds = mandates.kinds(clauses)
    for party, stated in plan.mandates.items():
        for kind in (kind for one in stated for kind in one.kinds):
            if kind not in kinds:
                raise Malformed(
                    "{path}: a mandate of {party} for {found}: one of {expected} was expected",
                    path=path, party=party, found=kind, expected=", ".join(kinds),
                )  # fmt: skip


def _timed(path: Path, plan: Plan, number: int, inject: Inject) -> None:
    """What is played in can be read, and has its time before the drill ends: later it would never be."""
    try:
        body_of(inject)
        at = after(plan, inject.at)
    except Malformed as problem:
        raise Malformed("{path}, inject {number}: {problem}", path=path, number=number, problem=problem) from None
    if at >= after(plan, f"PT{plan.hours}H"):
        raise Malformed(
            "{path}, inject {number}: {found} is after the end of the drill, {hours} hours: name an earlier time, or"
            " more hours",
            path=path, number=number, found=inject.at, hours=plan.hours,
        )  # fmt: skip


def body_of(inject: Inject) -> Body:
    """The act that is played in. Raises Malformed."""
    return decode_body(msgspec.json.encode(inject.body))


def after(plan: Plan, span: str) -> datetime:
    """The exercise's time so long after the start."""
    starts = plan.starts.astimezone(UTC)
    return starts if span == "PT0S" else Duration.parse(span).after(starts)
