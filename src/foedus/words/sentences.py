"""What acts and events say, in the reader's language: one short sentence each, in the treaty's words.

Offices speak, not persons. A sentence says what the signed body says and nothing more; who must believe it is
the compact's matter. `titles` has the words for codes, `names` the compact's own.
"""

from __future__ import annotations

from foedus.acts import Body, Event
from foedus.compact.clauses import Clauses
from foedus.state import State
from foedus.words import (
    Words,
    happened_commitments,
    happened_response,
    happened_sanctions,
    said_claims,
    said_commitments,
    said_parties,
    said_reparations,
    said_response,
    said_sanctions,
)
from foedus.words.speech import Speech

_ACTS = {
    **said_parties.ACTS,
    **said_response.ACTS,
    **said_sanctions.ACTS,
    **said_commitments.ACTS,
    **said_reparations.ACTS,
    **said_claims.ACTS,
}
_EVENTS = {
    **said_parties.EVENTS,
    **happened_response.EVENTS,
    **happened_sanctions.EVENTS,
    **happened_commitments.EVENTS,
    **said_reparations.EVENTS,
    **said_claims.EVENTS,
}


def say_act(words: Words, clauses: Clauses, body: Body, party: str, state: State | None = None) -> str:
    """What `party` (or `depositary`) does by this body. `state` names measures on the table in full."""
    return _ACTS[type(body)](Speech(words, clauses, state), body, party)


def say_event(words: Words, clauses: Clauses, state: State | None, event: Event) -> str:
    """What became true."""
    return _EVENTS[type(event)](Speech(words, clauses, state), event)
