"""Who was invited, who came, and whether the meeting convened, as the record has it."""

from __future__ import annotations

from foedus.compact.model import Named, Quorum
from foedus.documents.values import Attendance, Convening, DelegationNamed, Standing
from foedus.documents.view import View
from foedus.history import Dated
from foedus.response.state import Response


def roll(view: View, response: Response) -> tuple[Attendance, ...]:
    """Every party of the roll, once, in the order of the roll."""
    return tuple(attendance(view, response, party) for party in response.roll)


def attendance(view: View, response: Response, party: str) -> Attendance:
    """One party. Absent only once the record says so: when convening failed, or when it was decided."""
    present = response.present.get(party)
    standing: Standing = "none"
    if present is not None:
        standing = "remote" if present.remote else "present"
    elif party in response.roll and (response.decided is not None or response.failed is not None):
        standing = "absent"
    known = view.clauses.party(party)
    return Attendance(
        view.party(party), _group(view, response, party), known.heads if known else 0, standing,
        present.place if present else None, response.acknowledged.get(party), _delegation(view, response, party),
    )  # fmt: skip


def _group(view: View, response: Response, party: str) -> Named | None:
    """The tier a party belonged to when the roll was fixed."""
    timeline = view.state.parties.tiers.get(party, ())
    then = [tier for tier in timeline if tier.place.entry <= response.place.entry]
    return view.group(then[-1].value) if then else None


def _delegation(view: View, response: Response, party: str) -> DelegationNamed | None:
    named = response.delegations.get(party)
    if not named:
        return None
    last = named[-1]
    alternate = view.named("roles", last.alternate) if last.alternate else None
    return DelegationNamed(view.named("roles", last.head), alternate, last.remote, last.full_powers, last.place)


def convening(view: View, response: Response) -> Convening:
    """Heads present when the meeting convened, or now, of those on the roll; and how that ended."""
    quorum = view.clauses.one(Quorum)
    clock = response.clock("convene")
    failed = response.failed
    by_then = [
        party
        for party, presence in response.present.items()
        if party in response.roll
        and (response.convened is None or presence.place.entry <= response.convened.place.entry)
    ]
    heads = view.clauses.heads
    return Convening(
        sum(heads.get(party, 0) for party in by_then), sum(heads.get(party, 0) for party in response.roll),
        quorum[0].id if quorum else None, response.convened, failed.place if failed else None,
        view.parties(failed.value) if failed else (), clock.on_lapse if clock and failed else None,
        _by(view, response.called), _by(view, response.replied), view.parties(response.addressed),
        response.adjournments,
    )  # fmt: skip


def _by(view: View, who: Dated[str] | None) -> Dated[Named] | None:
    return Dated(view.party(who.value), who.place) if who else None
