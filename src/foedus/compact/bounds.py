"""Whether what a compact can bring about fits into one entry of the record, for as many parties as it names.

An act that is too large is refused, and its seat may state less. What the passing of time brings about, and what
follows from the smallest of acts, nobody could make smaller: a compact under which it might not fit is no compact. It
refuses to guess: every bound is of the largest that can happen, and tests/compact/test_bounds.py builds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from foedus.compact import model
from foedus.compact.findings import Phrase
from foedus.compact.model import Clause, Compact

# docs/record.md, Limits.
ENTRY_BYTES: Final = 65_535
# The outcome of all measures is one entry: with 60 parties joining each, so many fit into it.
MOST_MEASURES: Final = 64
# What stands in an entry besides its events: an act that names nobody and attaches nothing, with four signatures.
ACT_BYTES: Final = 2_048
# An event without its lists and without the compact's own ids; three of these stand in it at most.
EVENT_BYTES: Final = 170
# An outcome and the obligation that follows from it, without their lists: they name no id of the compact.
OUTCOME_BYTES: Final = 150
# The first seat of a party in entry 0, without its ids: the key in the act, in base64, and in the event.
SEAT_BYTES: Final = 270


def largest(compact: Compact) -> Iterator[tuple[Phrase, int]]:
    """The entries that grow with the number of parties: what they hold, and at most how many bytes."""
    everybody = _list_bytes([party.id for party in compact.parties])
    clauses = [clause for part in compact.parts for one in part.provisions for clause in one.operates]
    yield Phrase("entry 0 with a seat for each"), ACT_BYTES + _seats(compact)
    yield Phrase("the opening of a response"), ACT_BYTES + _opening(compact, clauses, everybody)
    yield Phrase("the outcome of {number} measures", number=MOST_MEASURES), ACT_BYTES + _outcome(clauses, everybody)
    if any(isinstance(clause, model.Snapback) for clause in clauses):
        yield Phrase("the return of what was eased"), ACT_BYTES + _return(compact, everybody)


def _list_bytes(parties: list[str]) -> int:
    """Ids in a list: each with its quotes and comma."""
    return sum(len(party) + 3 for party in parties)


def _event_bytes(compact: Compact) -> int:
    """An event without its lists."""
    provisions = [one for part in compact.parts for one in part.provisions]
    measures = [clause.id for one in provisions for clause in one.operates if isinstance(clause, model.Measure)]
    ids = [*(one.id for one in provisions), *measures, *(one.id for one in compact.agreements)]
    return EVENT_BYTES + 3 * max(map(len, ids), default=0)


def _seats(compact: Compact) -> int:
    role = max(len(one.id) for one in compact.roles)
    return sum(SEAT_BYTES + 4 * (len(party.id) + role) for party in compact.parties)


def _opening(compact: Compact, clauses: list[Clause], everybody: int) -> int:
    """The roll, those addressed (who stand in the act as well, in base64), clocks, what is owed at once and the
    obligations that follow, and the clauses of other instruments.
    """
    event = _event_bytes(compact)
    clocks = sum(isinstance(clause, model.Clock) for clause in clauses)
    owed = sum(isinstance(clause, model.Measure) and clause.mode == "immediate" for clause in clauses)
    beside = [
        event + _list_bytes([one.party for one in agreement.parties])
        for agreement in compact.agreements
        if agreement.consultation is not None
    ]
    return (2 + clocks) * event + 4 * everybody + owed * 2 * (event + everybody) + sum(beside)


def _return(compact: Compact, everybody: int) -> int:
    """The vote that establishes an attack, with who was silent; the return, and the obligation of each issuer."""
    return 8 * _event_bytes(compact) + 3 * everybody


def _outcome(clauses: list[Clause], everybody: int) -> int:
    """Each party once in the outcome of each measure, once more where a vote binds it, and in what it then owes; who
    was silent, twice, and who was absent.
    """
    proposed = any(isinstance(clause, model.Permit) and clause.act == "ProposeMeasure" for clause in clauses)
    bound = any(isinstance(clause, model.Decision) and clause.binds == "roll" for clause in clauses)
    lists = 3 if bound else 2
    measures = MOST_MEASURES * (2 * OUTCOME_BYTES + lists * everybody) if proposed else 0
    return 3 * EVENT_BYTES + measures + 3 * everybody
