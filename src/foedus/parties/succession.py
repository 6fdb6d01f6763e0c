"""Who may continue the record when its server has fallen silent, and from when on.

What the server signed and witnesses cosigned is checked before, where signatures are: foedus/succession.py.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Provision, Succession
from foedus.errors import Refused
from foedus.parties import acts
from foedus.parties.authority import permission
from foedus.parties.state import key_id
from foedus.state import State


def continue_record(
    clauses: Clauses, state: State, act: Act, body: acts.ContinueRecord, at: datetime
) -> tuple[Event, ...]:
    """A new epoch, by the party whose turn it is. Raises Refused with the clause."""
    permission(clauses, state, act, at)
    _, clause = rule(clauses)
    record = state.parties.record
    assert record is not None, "only an opened record is continued"
    assert state.at is not None, "entry 0 has a time"
    turn(clauses, act.party, state.at, at)
    if body.depositary_key in {epoch.key for epoch in record.epochs} or key_id(body.depositary_key) in (
        state.parties.seat_of_key
    ):
        raise Refused("record/key", "this key signs or signed for somebody here already; a new epoch needs its own")
    return (
        acts.RecordContinued(
            log_of(record.origin, state.size, act.party), body.depositary_key, act.party, state.at,
            clause.late.after(at),
        ),
    )  # fmt: skip


def rule(clauses: Clauses) -> tuple[Provision, Succession]:
    """The clause that names the successors. Raises Refused where the compact has none."""
    found = clauses.one(Succession)
    if found is None:
        raise Refused("compact", "no clause of {compact} says who continues the record", compact=clauses.compact.id)
    return found


def turn(clauses: Clauses, party: str, since: datetime, at: datetime) -> None:
    """Raises Refused unless it is the party's turn, `since` being when the server was last heard of."""
    provision, clause = rule(clauses)
    if party not in clause.order:
        raise Refused(
            provision.id,
            "{party} may not continue the record: this clause names {parties}",
            party=party,
            parties=", ".join(clause.order),
        )
    begins = since
    for _ in range(clause.order.index(party) + 1):
        begins = clause.after.after(begins)
    if at < begins:
        raise Refused(
            provision.id,
            "the server was last heard of on {heard}: {party} may continue the record from {begins} on",
            heard=since.isoformat(),
            party=party,
            begins=begins.isoformat(),
        )


def log_of(origin: str, size: int, party: str) -> str:
    """The name under which the checkpoints of an epoch are signed, that `party` began after `size` entries.

    It is another than that of the epoch before, because a witness may have cosigned what is not continued, and promised
    never to cosign another root of that size under the same name (docs/record.md, Epochs).
    """
    return f"{origin}/from-{size}/{party}"
