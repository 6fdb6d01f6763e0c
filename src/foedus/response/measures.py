"""Measures and positions: what is proposed, who joins with what, and how each measure ends.

Nobody can block the willing.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from foedus.acts import Act, Event
from foedus.compact.bounds import MOST_MEASURES
from foedus.compact.clauses import Clauses
from foedus.compact.model import AdReferendum, Decision, OpenProposal, Precedence
from foedus.errors import Refused
from foedus.parties.authority import of_roll, permission, reached
from foedus.response import acts, subjects
from foedus.response.acts import Outcome
from foedus.response.state import Measure, Position, Response
from foedus.state import State


def propose(clauses: Clauses, state: State, act: Act, body: acts.ProposeMeasure, at: datetime) -> tuple[Event, ...]:
    """Puts a measure on the table: from the prepared list, or another by the digest of an attached text."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    if len(response.measures) >= MOST_MEASURES:
        raise Refused(
            "record/size",
            "{response} has {most} measures on the table and takes no more",
            response=response.id,
            most=MOST_MEASURES,
        )
    if body.menu is not None:
        kind, text = _from_menu(clauses, state, response, body.menu)
    else:
        kind, text = _free(clauses, act, body, permit.id)
    id_ = f"{response.id}/M-{len(response.measures) + 1}"
    return (acts.MeasureProposed(response.id, id_, kind, text, act.party, body.menu),)


def _from_menu(clauses: Clauses, state: State, response: Response, menu: str) -> tuple[str, str]:
    found = clauses.measure(menu)
    if found is None:
        raise Refused("record/reference", "{what} is not on the prepared list", what=menu)
    provision, measure = found
    if measure.mode == "immediate":
        raise Refused(provision.id, "{what} is immediate: it is owed without a vote and needs none", what=menu)
    kind = state.response.incidents[response.incident].kind
    if kind not in measure.on:
        raise Refused(provision.id, "{what} is not prepared for an incident of the kind {kind}", what=menu, kind=kind)
    if any(state.response.measures[m.value].menu == menu for m in response.measures):
        raise Refused(provision.id, "{what} is already on the table", what=menu)
    return measure.kind, clauses.text_digest(provision.id)


def _free(clauses: Clauses, act: Act, body: acts.ProposeMeasure, permit: str) -> tuple[str, str]:
    clause = clauses.one(OpenProposal)
    if clause is None or body.kind not in clause[1].kinds:
        raise Refused(
            clause[0].id if clause else permit,
            "measures of the kind {kind} are proposed from the prepared list only", kind=body.kind,
        )  # fmt: skip
    _text_attached(act, body.text)
    return str(body.kind), str(body.text)


def _text_attached(act: Act, text: str | None) -> None:
    if text is None or text not in {a.digest for a in act.statement.attachments}:
        raise Refused("record/attachment", "the text of the measure is not attached to the act")


def revise(clauses: Clauses, state: State, act: Act, body: acts.ReviseMeasure, at: datetime) -> tuple[Event, ...]:
    """A new version by the party that proposed it; positions on the old one stay where they were taken."""
    permit, _ = permission(clauses, state, act, at)
    measure = subjects.measure(state, body.measure)
    subjects.running(state, measure.response)
    if measure.party != act.party or measure.menu is not None:
        raise Refused(
            permit.id, "only {party} may revise {measure}, and only if it is not of the prepared list",
            party=measure.party, measure=measure.id,
        )  # fmt: skip
    _text_attached(act, body.text)
    if body.text == measure.text:
        raise Refused(permit.id, "this is already the newest version of {measure}", measure=measure.id)
    return (acts.MeasureRevised(measure.id, body.text, act.party),)


def take_position(clauses: Clauses, state: State, act: Act, body: acts.TakePosition, at: datetime) -> tuple[Event, ...]:
    """One party's word on one version; it counts from its receipt and may be replaced until the close."""
    permit, _ = permission(clauses, state, act, at)
    measure = subjects.measure(state, body.measure)
    response = subjects.running(state, measure.response)
    subjects.on_roll(response, act, permit.id)
    _newest(measure, body.text)
    _vocabulary(clauses, body)
    _ad_referendum(clauses, body, permit.id, at)
    _precedence(clauses, state, act, measure.position(act.party))
    return (
        acts.PositionTaken(
            measure.id, act.party, act.seat, body.text, body.stance, body.contributions, body.starts_on, body.caveats,
            body.conditions, body.confirm_by,
        ),
    )  # fmt: skip


def _newest(measure: Measure, text: str) -> None:
    if text != measure.text:
        raise Refused(
            "record/version",
            "a position binds to the text it names; {measure} now reads {newest}, the act names {found}",
            measure=measure.id, newest=measure.text[:8], found=text[:8],
        )  # fmt: skip


def _vocabulary(clauses: Clauses, body: acts.TakePosition) -> None:
    for code in (*body.caveats, *body.conditions):
        if clauses.name("caveats", code) is None:
            raise Refused("record/vocabulary", "{code} is not a caveat of this compact", code=code)
    for contribution in body.contributions:
        if clauses.name("contributions", contribution.kind) is None:
            raise Refused("record/vocabulary", "{code} is not a kind of contribution", code=contribution.kind)
        if (contribution.amount is None) != (contribution.currency is None):
            raise Refused("record/vocabulary", "an amount of money needs its currency")
    if body.stance in ("declines", "abstains") and body.contributions:
        raise Refused("record/vocabulary", "a party that does not join brings no contribution")


def _ad_referendum(clauses: Clauses, body: acts.TakePosition, permit: str, at: datetime) -> None:
    if body.stance != "joins_ad_referendum":
        if body.confirm_by is not None:
            raise Refused(permit, "only a position ad referendum names a day to confirm")
        return
    clause = clauses.one(AdReferendum)
    if clause is None:
        raise Refused(permit, "no clause of the compact lets a party join ad referendum")
    latest = clause[1].within.after(at)
    if body.confirm_by is None or not at < body.confirm_by <= latest:
        raise Refused(
            clause[0].id,
            "joining ad referendum must be confirmed by {latest} at the latest",
            latest=latest.isoformat(),
        )


def _precedence(clauses: Clauses, state: State, act: Act, before: Position | None) -> None:
    clause = clauses.one(Precedence)
    if before is None or clause is None:
        return
    order = clause[1].roles
    lowest = len(order)
    rank = {role: place for place, role in enumerate(order)}
    earlier = state.parties.seats[before.seat].role
    if rank.get(act.role, lowest) > rank.get(earlier, lowest):
        raise Refused(
            clause[0].id, "{seat} cannot replace what {earlier} said for {party}",
            seat=act.seat, earlier=before.seat, party=act.party,
        )  # fmt: skip


def confirm(clauses: Clauses, state: State, act: Act, body: acts.ConfirmPosition, at: datetime) -> tuple[Event, ...]:
    """The capital confirms, also after the decision closed, until the day it named."""
    permit, _ = permission(clauses, state, act, at)
    measure = subjects.measure(state, body.measure)
    position = measure.position(act.party)
    response = state.response.responses[measure.response]
    if response.closed is not None and response.closed.value != "decided":
        raise Refused(response.provision, "response {response} ended without a decision", response=response.id)
    if (
        position is None
        or position.confirm_by is None
        or position.confirmed
        or position.lapsed
        or at >= position.confirm_by
    ):
        raise Refused(permit.id, "{party} has nothing to confirm on {measure}", party=act.party, measure=measure.id)
    _newest(measure, position.text)
    return (acts.PositionConfirmed(measure.id, act.party),)


def perform(clauses: Clauses, state: State, act: Act, body: acts.ReportPerformance, at: datetime) -> tuple[Event, ...]:
    """A party says that it did what an immediate measure made it owe; also after its time, recorded as late."""
    permit, _ = permission(clauses, state, act, at)
    response = state.response.responses.get(body.response)
    owed = next((item for item in response.owed if item.measure == body.measure), None) if response else None
    if owed is None or act.party not in owed.parties or act.party in owed.performed:
        raise Refused(permit.id, "{party} owes no performance of {measure}", party=act.party, measure=body.measure)
    return (acts.PerformanceReported(body.response, body.measure, act.party),)


def asked(clauses: Clauses, state: State, measure: Measure, response: Response) -> tuple[str, ...]:
    """Of whom a measure is asked: those of the roll whom its clause names, or the whole roll where none does.

    Anyone on the roll may join it; who is not asked can be neither silent on it nor bound to it by others.
    """
    found = clauses.measure(measure.menu) if measure.menu else None
    if found is None:  # a party's own proposal, or its clause was amended away
        return response.roll
    bearers = of_roll(clauses, state, response.roll, found[1].bearers)
    return tuple([party for party in response.roll if party in bearers])


def outcome(clauses: Clauses, state: State, measure: Measure, response: Response) -> Outcome:
    """How a measure stands: the willing act together; under a voting clause, the rule decides and may bind
    those of the roll of whom it is asked. Who joined an earlier version has said nothing on this one.

    What was entered for a party and waits for its countersignature counts for nothing, and against nobody but what it
    could undo: a vote is carried only if it holds also when each of these proves true (docs/decisions/0010).
    """
    said, text = dict(measure.positions.items()), measure.text
    by_stance: dict[str, list[str]] = {"joins": [], "joins_ad_referendum": [], "declines": [], "abstains": []}
    for party in response.roll:
        if party in said and (position := said[party][-1]).lapsed is None and position.text == text:
            by_stance["joins" if position.confirmed else position.stance].append(party)
    joined = tuple(by_stance["joins"])
    to_confirm = tuple(by_stance["joins_ad_referendum"])
    clause = clauses.one(Decision)
    bound: tuple[str, ...] = ()
    carried = bool(joined or to_confirm) if clause else False
    if clause and clause[1].mode == "vote" and clause[1].rule is not None:
        yes, no = frozenset(joined), frozenset(by_stance["declines"])
        carried = reached(clauses, state, clause[1].rule, frozenset(response.roll), yes, no)
        if carried and (doubted := _doubted(state, measure)):
            against = no | {party for party, stance in doubted.items() if stance == "declines"}
            carried = reached(clauses, state, clause[1].rule, frozenset(response.roll), yes - doubted.keys(), against)
        if carried and clause[1].binds == "roll":
            owing = {*asked(clauses, state, measure, response), *joined}
            bound = tuple(party for party in response.roll if party in owing)
    return Outcome(
        measure.id,
        carried,
        joined,
        to_confirm,
        tuple(by_stance["declines"]),
        tuple(by_stance["abstains"]),
        bound,
    )


def _doubted(state: State, measure: Measure) -> dict[str, str]:
    """Parties that may prove not to have joined, by what was entered for them and waits, with what it says."""
    said = [(one.party, one.said) for one in subjects.entered(state, measure.id)]
    against = [(who, it) for who, it in said if isinstance(it, acts.TakePosition) and it.text == measure.text]
    against.sort(key=lambda pair: pair[1].stance == "declines")  # the worst of several last
    return {who: it.stance for who, it in against if it.stance != "joins"}


def silent(clauses: Clauses, state: State, response: Response) -> tuple[str, ...]:
    """Of whom something was asked and who said nothing. With nothing on the table nobody was asked."""
    tabled = [state.response.measures[item.value] for item in response.measures]
    spoke = {party for measure in tabled for party in measure.positions}
    of_whom = {party for measure in tabled for party in asked(clauses, state, measure, response)}
    return tuple(party for party in response.roll if party in of_whom and party not in spoke)


def recount(clauses: Clauses, state: State, measure: Measure) -> tuple[Event, ...]:
    """A measure that was decided, counted again with what was entered before the close: nothing when it ends alike.

    What was carried for others stays carried.
    """
    response = state.response.responses[measure.response]
    if response.decided is None:
        return ()
    before = next((one for one in response.decided.outcomes if one.measure == measure.id), None)
    if before is None:
        return ()
    after, quiet = outcome(clauses, state, measure, response), silent(clauses, state, response)
    if before.carried and not after.carried and (before.bound or after.joined):
        after = replace(after, carried=True, bound=before.bound)
    if (after, quiet) == (before, response.decided.silent):
        return ()
    return (acts.OutcomeRecounted(response.id, after, quiet),)
