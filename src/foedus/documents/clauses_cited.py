"""The provisions on which a response rests, as they read, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.compact.model import AdReferendum, Provision, Quorum, Roll, Trigger
from foedus.documents.values import ClauseCited
from foedus.documents.view import View
from foedus.response.state import Response

# Clauses that shaped the response although no event names them.
_SILENT = (Roll, Quorum, AdReferendum)


def cited(view: View, response: Response, named: Iterable[str]) -> tuple[ClauseCited, ...]:
    """Every provision named, and those that open and shape the meeting, in the order of the document."""
    found = {response.provision, *named}
    incident = view.state.response.incidents[response.incident]
    found |= {
        one.id
        for one, trigger in view.clauses.every(Trigger)
        if trigger.opens == response.mode and incident.kind in trigger.kinds
    }
    for kind in _SILENT:
        operating = view.clauses.one(kind)
        if operating is not None:
            found.add(operating[0].id)
    return tuple(clause(view, one) for one in view.clauses.provisions if one.id in found)


def clause(view: View, provision: Provision) -> ClauseCited:
    """One provision as it reads, and where it comes from: as the text says, or adopted by the parties since."""
    source, digest = provision.source, view.clauses.text_digest(provision.id)
    cited_ = ClauseCited(
        provision.id, provision.title, provision.text, digest, provision.force, source.kind,
        tuple(view.group(one) if view.clauses.party(one) is None else view.party(one) for one in source.by),
        source.on, None, source.note, source.verified,
    )  # fmt: skip
    signatures = view.see(view.state.parties.signatures.get(f"reading/{provision.id} {digest}"))
    if source.kind != "interpretation" or signatures is None or signatures.adopted is None:
        return cited_
    adopted = signatures.adopted
    return ClauseCited(
        cited_.id, cited_.title, cited_.text, digest, cited_.force, "adopted", view.parties(adopted.value),
        adopted.place.at.date(), adopted.place.entry, None, source.verified,
    )  # fmt: skip
