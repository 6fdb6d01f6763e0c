"""Tables of claims looked into as acts that name them come in: what says otherwise than its table is refused.

No rule does this, and a witness recomputes the act without the table: it is done once, where the table is, for those
who might state what they cannot show. Nobody may wait long behind it, so it looks into what is small.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from foedus import archive
from foedus.acts import Act
from foedus.claimed import eligible, inputs
from foedus.claims import intake
from foedus.compact.clauses import Clauses
from foedus.compact.model import Distribution as Clause
from foedus.errors import Refused
from foedus.history import Place
from foedus.recomputed import WRONG, Finding, Held
from foedus.reparations import acts
from foedus.reparations.distributions import earlier
from foedus.reparations.state import State, evolve
from foedus.rules import decide
from foedus.state import State as Whole

# All tables of one act together: a hundred thousand claims, in less than a second.
MOST_BYTES = archive.PART_BYTES
OF_CLAIMS = (acts.ClaimsDeposited, acts.ClaimsDecided, acts.DistributionDecided, acts.PaymentRecorded)


def as_stated(store: archive.Keeps, clauses: Clauses, state: Whole, act: Act, at: datetime) -> None:
    """Raises Refused where an act about claims says otherwise than the tables that it names, by a seat that may state
    it; nobody else learns what a table says. What is not in the archive here, or is large, is left to
    `foedus claims verify`.
    """
    after = state.reparations
    for event in decide(clauses, state, act, at):
        assert isinstance(event, OF_CLAIMS), "what acts that name tables bring about"
        after = evolve(after, event, Place(at, at, state.size))
        with tempfile.TemporaryDirectory(prefix="claims") as name:
            found = next(_looked(store, clauses, after, event, Path(name)), None)
        if found is not None:
            raise Refused(_clause(clauses, event, found), "what {subject} would be is not what its tables say: {what}: "
                          "{found}", subject=found.subject, what=WRONG[found.code], found=found.found)  # fmt: skip


def _looked(store: archive.Keeps, clauses: Clauses, state: State, event: object, folder: Path) -> Iterator[Finding]:
    """What does not fit of the newest batch, decision, distribution or payment."""
    if isinstance(event, acts.DistributionDecided):
        one = state.distributions[event.distribution]
        claims, paid = inputs(state, one.up_to, [other.id for other in earlier(state, one)])
        if _small(store, [one.dry_run, one.result, *claims, *paid]):
            yield from Held(store, clauses, state, folder, frozenset()).distribution(one)
    elif isinstance(event, acts.PaymentRecorded):
        one = state.distributions[event.distribution]
        tables = [payment.table for payment in one.payments]
        if _small(store, [one.result, *tables]):
            yield from Held(store, clauses, state, folder, frozenset()).payments(one, tables)
    elif isinstance(event, acts.ClaimsDeposited | acts.ClaimsDecided) and _small(store, [event.table]):
        batch = state.batches[event.batch]
        others = {batch.table, *(one.table for one in batch.decisions)} - {event.table}
        unseen = frozenset() if _small(store, [event.table, *others]) else frozenset(others)
        held = Held(store, clauses, state, folder, unseen)
        yield from held.batch(batch) if not batch.decisions else held.decision(batch, batch.decisions[-1])


def _small(store: archive.Keeps, digests: list[str]) -> bool:
    """Whether all of them are here, and are no more together than is looked into."""
    lengths = [archive.size(store, digest) for digest in digests]
    return None not in lengths and sum(length or 0 for length in lengths) <= MOST_BYTES


def _clause(clauses: Clauses, event: object, found: Finding) -> str:
    """The clause that a row fails, or by which such acts are stated."""
    if found.code in intake.WRONG:
        return found.expected
    sharing = clauses.one(Clause)
    of_money = isinstance(event, acts.DistributionDecided | acts.PaymentRecorded)
    return sharing[0].id if of_money and sharing is not None else eligible(clauses).clause
