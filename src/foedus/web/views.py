"""State as the API shows it: the same subjects under names that stay, as they stood at the moment asked for.

Leaves out only what `history.as_of` leaves out; decides nothing and counts nothing anew.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct

from foedus import history, rules
from foedus.parties import state as parties_state
from foedus.parties.state import key_id
from foedus.response import state as response_state
from foedus.response.acts import TakePosition
from foedus.settling import Witnessed
from foedus.web import api_checkpoints
from foedus.web import api_types as api
from foedus.web.page import Page

Subject = TypeVar("Subject", bound=Struct)


def place(found: history.Place) -> api.Place:
    """A place, the same."""
    return api.Place(found.at, found.known, found.entry)


def placed(found: history.Place | None) -> api.Place | None:
    """A place that may not be."""
    return None if found is None else place(found)


def seen(page: Page, subjects: dict[str, Subject]) -> list[Subject]:
    """Every subject as it stood, those that did not exist yet left out; in the order they were recorded."""
    known = [item for subject in subjects.values() if (item := page.see(subject)) is not None]
    return sorted(known, key=lambda item: item.place.entry)  # type: ignore[attr-defined]  # every subject of State has its place


# --- the whole ----------------------------------------------------------------------------------------------


def record(page: Page) -> api.RecordView:
    """What entry 0 declared."""
    info = page.state.parties.record
    assert info is not None, "only an opened record is served"
    return api.RecordView(info.origin, info.exercise, info.ceiling, info.depositary_key)


def compact(page: Page) -> api.CompactView:
    """The compact in force."""
    return api.CompactView(page.compact.id, page.clauses.digest, page.say(page.compact.title), page.compact.protected)


def state(page: Page, size: int) -> api.StateView:
    """The state in a few numbers."""
    responses = seen(page, dict(page.state.response.responses))
    seats = seen(page, dict(page.state.parties.seats))
    return api.StateView(
        record=record(page),
        compact=compact(page),
        size=size,
        parties=sum(1 for party in page.parties if tier_of(page, party)),
        seats=sum(1 for seat in seats if seat.revoked is None),
        incidents=len(seen(page, dict(page.state.response.incidents))),
        responses=len(responses),
        at=page.at,
        known=page.known,
        open_responses=tuple(response.id for response in responses if response.closed is None),
        last_entry_at=page.state.at if not page.past else None,
        next_deadline=rules.next_due(page.state) if not page.past else None,
    )


def witnessed(found: Witnessed) -> api_checkpoints.WitnessedView:
    """How a checkpoint stands with its witnesses."""
    by = tuple(api_checkpoints.CosignedView(one.seat, one.party, one.at, one.outside) for one in found.cosigned)
    return api_checkpoints.WitnessedView(
        found.size, found.provision, found.at_least, found.outside_at_least, found.operator, found.witnesses, by,
        found.settles,
    )  # fmt: skip


def settled(page: Page) -> api_checkpoints.SettledView | None:
    """What is settled now; None where the compact names no witnesses."""
    found = page.console.settling.stands()
    return api_checkpoints.SettledView(found.size, witnessed(found.newest)) if found else None


# --- parties ------------------------------------------------------------------------------------------------


def tier_of(page: Page, party: str) -> str | None:
    """The tier the party belonged to."""
    timeline = page.state.parties.tiers.get(party, ())
    known = [tier.value for tier in timeline if tier.place.seen(page.at, page.known)]
    return known[-1] if known else None


def party(page: Page, id_: str) -> api.PartyView:
    """A party the compact names, with its instruments and seats."""
    named = page.parties[id_]
    standings = page.state.parties.standings.values()
    seats = page.state.parties.seats.values()
    advance = page.state.parties.advance.items()
    root = page.see(page.state.parties.roots.get(id_))
    return api.PartyView(
        id=id_,
        name=page.say(named.name),
        heads=named.heads,
        fictional=named.fictional,
        tier=tier_of(page, id_),
        part_of=named.part_of,
        instruments=tuple(instrument(item) for item in map(page.see, [s for s in standings if s.party == id_]) if item),
        seats=tuple(
            seat(item)
            for item in map(page.see, sorted([s for s in seats if s.party == id_], key=lambda s: s.id))
            if item
        ),
        agreed_in_advance=tuple(
            sorted(
                key.partition(" ")[0]
                for key, agreed in advance
                if key.partition(" ")[2] == id_ and agreed.seen(page.at, page.known)
            )
        ),
        root_key=root.keys[-1].value if root else None,
    )


def instrument(standing: parties_state.Standing) -> api.InstrumentView:
    """Where an instrument stands for a party."""
    last = standing.statuses[-1] if standing.statuses else None
    return api.InstrumentView(
        standing.instrument,
        last.value if last else None,
        place(last.place) if last else None,
        history.current(standing.text),
        history.current(standing.lapses_at),
        history.current(standing.notice_ends),
    )


def seat(found: parties_state.Seat) -> api.SeatView:
    """A seat with its present key."""
    key = found.keys[-1].value
    since = place(found.keys[-1].place)
    return api.SeatView(found.id, found.role, key, key_id(key), since, found.scope, placed(found.revoked))


# --- incidents and responses --------------------------------------------------------------------------------


def incident(found: response_state.Incident) -> api.IncidentView:
    """An incident with everything said of it."""
    return api.IncidentView(
        id=found.id,
        kind=found.kind,
        territory=found.territory,
        party=found.party,
        occurred_from=found.occurred_from,
        reports=tuple(
            api.ReportView(item.party, item.figures, place(item.place), item.occurred_until)
            for item in found.reports
        ),
        place=place(found.place),
        evidence=tuple(
            api.EvidenceView(
                item.evidence.attachment, item.evidence.obtained_by, item.evidence.obtained_at,
                item.evidence.how, item.party, place(item.place),
            )
            for item in found.evidence
        ),
        attributed_to=found.attributed_to,
        withdrawn=placed(found.withdrawn),
        merged_into=found.merged_into.value if found.merged_into else None,
        established_under=found.established.value if found.established else None,
        responses=tuple(item.value for item in found.responses),
    )  # fmt: skip


def summary(found: response_state.Response) -> api.ResponseSummary:
    """A response in a list."""
    return api.ResponseSummary(
        found.id, found.mode, found.incident, found.party, place(found.place), _state(found),
        found.convened is not None, tuple(map(_clock, found.clocks)),
    )  # fmt: skip


def response(page: Page, found: response_state.Response) -> api.ResponseView:
    """A response from its beginning to its end."""
    measures = [page.see(page.state.response.measures.get(item.value)) for item in found.measures]
    decided = found.decided
    return api.ResponseView(
        id=found.id,
        mode=found.mode,
        incident=found.incident,
        opened_by=found.party,
        provision=found.provision,
        opened=place(found.place),
        state=_state(found),
        roll=found.roll,
        attendance=tuple(_attendance(found, party) for party in found.roll),
        clocks=tuple(map(_clock, found.clocks)),
        clauses=tuple(
            api.ClauseView(
                item.agreement, item.parties, _ended(item.met, item.lapsed), item.hard, item.binding,
                item.due_at,
            )
            for item in found.clauses
        ),
        owed=tuple(
            api.OwedView(
                item.measure, item.provision, item.parties, item.due_at, tuple(sorted(item.performed)),
                placed(item.lapsed),
            )
            for item in found.owed
        ),
        measures=tuple(_measure(item) for item in measures if item is not None),
        convened=place(found.convened.place) if found.convened else None,
        failed=place(found.failed.place) if found.failed else None,
        absent=found.failed.value if found.failed else (),
        decision=api.DecisionView(decided.outcomes, decided.silent, decided.absent, place(decided.place))
        if decided
        else None,
        transcripts=_transcripts(page, found),
    )  # fmt: skip


def _transcripts(page: Page, found: response_state.Response) -> tuple[api.TranscriptView, ...]:
    """What seats said by telephone or on paper in the response, in the order in which it was entered."""
    subjects = {item.value for item in (*found.measures, *found.ballots)}
    every = [page.see(one) for one in page.state.response.transcripts.values() if one.subject in subjects]
    return tuple(
        api.TranscriptView(
            one.id, one.seat, one.by,
            one.subject,
            one.said.stance if isinstance(one.said, TakePosition) else one.said.choice,
            one.means, one.said_at, place(one.place), one.lapses_at,
            "countersigned" if one.countersigned else "lapsed" if one.lapsed else "waits",
            placed(one.countersigned or one.lapsed),
        )
        for one in sorted((item for item in every if item is not None), key=lambda item: item.place.entry)
    )  # fmt: skip


def _state(found: response_state.Response) -> str:
    return found.closed.value if found.closed else "open"


def _ended(met: history.Place | None, lapsed: history.Place | None) -> str:
    return "met" if met else "lapsed" if lapsed else "running"


def _clock(found: response_state.Clock) -> api.ClockView:
    return api.ClockView(
        found.step, found.due, _ended(found.met, found.lapsed), found.provision, found.on_lapse, found.hard,
        place(found.place),
    )  # fmt: skip


def _attendance(found: response_state.Response, party: str) -> api.AttendanceView:
    delegations = found.delegations.get(party, ())
    present = found.present.get(party)
    return api.AttendanceView(
        party,
        placed(found.acknowledged.get(party)),
        place(delegations[-1].place) if delegations else None,
        place(present.place) if present else None,
        present.remote if present else False,
    )


def _measure(found: response_state.Measure) -> api.MeasureView:
    last = [(party, found.positions[party][-1]) for party in sorted(found.positions)]
    return api.MeasureView(
        found.id, found.kind, found.party, found.text, place(found.place), found.menu,
        tuple(_position(party, position) for party, position in last),
    )  # fmt: skip


def _position(party: str, said: response_state.Position) -> api.PositionView:
    return api.PositionView(
        party, said.seat, said.stance, said.text, place(said.place), said.contributions, said.starts_on,
        said.caveats, said.conditions, said.confirm_by, placed(said.confirmed), placed(said.lapsed),
    )  # fmt: skip
