"""The phrases for what is so now, each with what State says and what the phrase expects it to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from foedus import rules
from foedus.depositary import Depositary
from foedus.in_law import law_at
from foedus.parties import mandates
from foedus.parties.authority import members
from foedus.response.state import Ballot, Clock, Incident, Measure, Response
from foedus.sanctions import status
from foedus.sanctions.state import found
from foedus.state import State
from tests import scenario_facts_commitments as commitments
from tests.scenario_phrase import Phrase

Said = Mapping[str, Any]


class Now(Struct, frozen=True):
    """What a fact is asked of. `waited`: the last receipt that was left in the inbox. `texts`: name → digest."""

    depositary: Depositary
    waited: int | None
    texts: Mapping[str, str]

    @property
    def state(self) -> State:
        return self.depositary.state

    def response(self, said: Said) -> Response:
        return self.state.response.responses[said["response"]]

    def incident(self, said: Said) -> Incident:
        return self.state.response.incidents[said["incident"]]

    def measure(self, said: Said) -> Measure:
        return self.state.response.measures[said["measure"]]

    def ballot(self, said: Said) -> Ballot:
        return self.state.response.ballots[said["ballot"]]


def _clock(now: Now, said: Said) -> Clock:
    clock = now.response(said).clock(said["step"])
    if clock is None:
        raise KeyError(f"clock {said['step']} of {said['response']}")
    return clock


def _clock_state(clock: Clock) -> str:
    return "running" if clock.running else "met" if clock.met else "lapsed"


def _standing(incident: Incident) -> str:
    if incident.withdrawn:
        return "withdrawn"
    if incident.merged_into:
        return f"merged into {incident.merged_into.value}"
    return "established" if incident.established else "reported"


def _to_authorise(now: Now, said: Said) -> list[str]:
    """The steps without which the party could not decide in time now."""
    mandate = now.state.parties.mandates.get(f"{said['party']} {said['kind']}")
    limit = mandates.within(now.depositary.clauses)
    assert limit is not None, "the compact has a time to decide"
    steps = mandate.stated[-1].value if mandate else ()
    return [one.step for one in mandates.to_authorise(steps, now.depositary.now(), limit)]


def _obligation(now: Now, said: Said) -> str:
    found = now.state.commitments.obligations.get(said["obligation"])
    if found is None:
        return "none"
    return "released" if found.released else "performed" if found.performed else "open"


def _owed(now: Now, said: Said) -> list[str]:
    known = now.state.commitments.obligations.values()
    mine = [o for o in known if o.party == said["party"] and not o.performed and not o.released]
    return sorted(o.id.removesuffix(f"/{o.party}") for o in mine)


def _offered(now: Now, said: Said) -> bool:
    at = now.depositary.now()
    found = rules.options(now.depositary.clauses, now.state, said["seat"], at)
    return any(type(option.body).__name__ == said["act"] for option in found)


def _position(now: Now, said: Said) -> tuple[str, ...]:
    position = now.measure(said).position(said["party"])
    if position is None:
        raise KeyError(f"position of {said['party']} on {said['measure']}")
    return (position.stance, position.seat) if said.get("seat") else (position.stance,)


def _listing(now: Now, said: Said) -> tuple[str, ...]:
    sanctions, at = now.state.sanctions, now.depositary.now()
    one = found(sanctions, said["listing"])
    if one is None:
        raise KeyError(said["listing"])
    was = said.get("at", at)
    stands = status.standing(sanctions, one, was, said.get("known", at))
    return (stands.status, stands.in_law) if stands else ("unlisted", "no")


def _outcome(now: Now) -> dict[str, str]:
    assert now.waited is not None, "nothing was left in the inbox"
    data = now.depositary.store.outcome(now.waited)
    assert data is not None, "what was left in the inbox is still there"
    outcome: dict[str, str] = msgspec.json.decode(data)
    return outcome


CHECKS: dict[str, Callable[[Now, Said], tuple[object, object]]] = {
    "{party} could decide on {kind} within the time to decide": lambda n, s: (_to_authorise(n, s), []),
    "{party} could not decide on {kind} within the time to decide, but for {steps:list}": lambda n, s: (
        _to_authorise(n, s),
        list(s["steps"]),
    ),
    "roll of {response} is {roll:list}": lambda n, s: (sorted(n.response(s).roll), sorted(s["roll"])),
    "{response} is open": lambda n, s: (n.response(s).closed, None),
    "{response} does not exist": lambda n, s: (n.state.response.responses.get(s["response"]), None),
    "clock {step} of {response} is due {due:moment}": lambda n, s: (_clock(n, s).due, s["due"]),
    "clock {step} of {response} is {standing}": lambda n, s: (_clock_state(_clock(n, s)), s["standing"]),
    "{response} has no clock {step}": lambda n, s: (n.response(s).clock(s["step"]), None),
    "position of {party} on {measure:measure} is {stance:stance}[, said by {seat}]": lambda n, s: (
        _position(n, s),
        (s["stance"], s["seat"]) if "seat" in s else (s["stance"],),
    ),
    "{party} has no position on {measure:measure}": lambda n, s: (n.measure(s).position(s["party"]), None),
    "{party} has taken {number:count} positions on {measure:measure}": lambda n, s: (
        len(n.measure(s).positions.get(s["party"], ())),
        s["number"],
    ),
    "{party} stands as {status} under {instrument:instrument}": lambda n, s: (
        n.state.parties.status(s["party"], s["instrument"]),
        s["status"],
    ),
    "{party} has not signed {instrument:instrument}": lambda n, s: (
        n.state.parties.status(s["party"], s["instrument"]),
        None,
    ),
    "members of {group} are {roll:list}": lambda n, s: (
        sorted(members(n.depositary.clauses, n.state, s["group"])),
        sorted(s["roll"]),
    ),
    "obligation {obligation} is {standing}": lambda n, s: (_obligation(n, s), s["standing"]),
    "{party} owes {owed:list}": lambda n, s: (_owed(n, s), sorted(s["owed"])),
    "incident {incident} stands as {standing}": lambda n, s: (_standing(n.incident(s)), s["standing"]),
    "incident {incident} is read as {into}": lambda n, s: (
        _standing(n.incident(s)),
        f"merged into {s['into']}",
    ),
    "{number:count} items of evidence stand with {incident}": lambda n, s: (
        len(n.incident(s).evidence),
        s["number"],
    ),
    "figures of {incident} are {figures:figures}": lambda n, s: (
        n.incident(s).reports[-1].figures,
        s["figures"],
    ),
    "figures of {incident} were {figures:figures}": lambda n, s: (
        n.incident(s).reports[0].figures,
        s["figures"],
    ),
    "seat {seat} may {act}": lambda n, s: (_offered(n, s), True),
    "seat {seat} may not {act}": lambda n, s: (_offered(n, s), False),
    "ballot {ballot:ballot} is open": lambda n, s: (n.ballot(s).closed, None),
    "{number:count} communications are held": lambda n, s: (len(n.state.parties.communications), s["number"]),
    "provision {provision} operates": lambda n, s: (s["provision"] in n.depositary.clauses.lapsed, False),
    "provision {provision} has ended": lambda n, s: (s["provision"] in n.depositary.clauses.lapsed, True),
    "text in force is {text:text}": lambda n, s: (n.state.parties.compact, s["text"]),
    "listing {listing} is {status}, in law {in_law}": lambda n, s: (_listing(n, s), (s["status"], s["in_law"])),
    "listing {listing} was {status}, in law {in_law}, at {at:moment} as known at {known:moment}": lambda n, s: (
        _listing(n, s),
        (s["status"], s["in_law"]),
    ),
    "what is found under {entry:entry} is in law {in_law}": lambda n, s: (
        law_at(n.state.sanctions, n.depositary.now(), {}).word(s["entry"]) or "unknown",
        s["in_law"],
    ),
    "next deadline is {due:moment}": lambda n, s: (rules.next_due(n.state), s["due"]),
    "what waited is refused by {clause}": lambda n, s: (
        _outcome(n)["because"].endswith(f"[{s['clause']}]"),
        True,
    ),
    "what waited is recorded": lambda n, s: ("entry" in _outcome(n), True),
}
CHECKS |= commitments.CHECKS
FACTS = tuple(Phrase(str, template) for template in CHECKS)
