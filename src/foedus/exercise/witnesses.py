"""The exercise's witnesses: parties drawn by lot enrol one each and cosign, so that its history is settled.

Real acts and real cosignatures by demo keys. What a witness is for they do not show: they cosign what this very machine
has just computed, and recompute nothing. Whoever takes one of their keys (`foedus key demo`) witnesses it anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.exercise.lots import Lots
from foedus.logs import name_of
from foedus.parties.acts import EnrolSeat
from foedus.parties.witnesses import asked
from foedus.record.checkpoint import cosign
from foedus.record.note import Note, format_note, parse_note
from foedus.settling import Settling

if TYPE_CHECKING:
    from foedus.exercise.script import _Script


def play(script: _Script, lots: Lots) -> None:
    """As many parties as the compact asks for, none of which runs the server; nothing where it names no witnesses."""
    found = asked(script.clauses)
    if found is None:
        return
    clause = found[1]
    operator = script.clauses.members(clause.operator)
    seats = [
        f"{party}/{clause.role}"
        for party in lots.some([one for one in script.named if one not in operator], clause.at_least)
    ]
    for seat in seats:
        party, _, role = seat.partition("/")
        script.do(f"{party}/head", EnrolSeat(party, role, script.keys.public_of(seat)))
    depositary = script.depositary
    text = parse_note(depositary.checkpoint()).text
    origin, keys = depositary.record.origin, script.keys
    lines = [cosign(text, name_of(origin, seat), keys.witness_seed(seat), script.at) for seat in seats]
    Settling(depositary).accept(format_note(Note(text, tuple(lines))))
