"""What an address of a form is about, so that only the options of one subject are asked for."""

from __future__ import annotations

from typing import get_args

from foedus.commitments.acts import CommitmentAct
from foedus.commitments.options import COMMITMENTS
from foedus.reparations.acts import ReparationsAct
from foedus.reparations.rules import REPARATIONS
from foedus.response.rules import REPORT, said_by
from foedus.sanctions.acts import SanctionsAct
from foedus.sanctions.rules import SANCTIONS
from foedus.web import spoken
from foedus.web.page import Page

ABOUT = ("response", "incident", "measure", "ballot", "provision", "transcript", "listing")
OF_COMMITMENTS = frozenset(act.__name__ for act in get_args(CommitmentAct))
OF_REPARATIONS = frozenset(act.__name__ for act in get_args(ReparationsAct))
OF_SANCTIONS = frozenset(act.__name__ for act in get_args(SanctionsAct))


def about(page: Page, name: str) -> str | None:
    """What options are asked about for the act of that name at this address; None: about anything."""
    if name == "ReportIncident":
        return REPORT
    query = page.query
    if name in OF_REPARATIONS:
        return query.get("asset", REPARATIONS)  # what is measured by a claim is no measure of a response
    if name == spoken.ACT:
        return said_by(query.get("seat", ""))
    if "target" in query and "restriction" in query:
        party = page.seat.party if page.seat else ""
        return f"{query.get('issuer', party)}/{query['restriction']}/{query['target']}"
    if name in OF_COMMITMENTS and "subject" in query:
        return query["subject"]
    for field in ("delivery", "allocation", "under", "pledge", "obligation"):
        if field in query:
            return query[field]
    if name in OF_COMMITMENTS:
        return COMMITMENTS
    if name in OF_SANCTIONS and "listing" not in query:
        return SANCTIONS
    prepared = page.clauses.measure(page.query.get("measure", ""))
    return prepared[0].id if prepared and "response" not in page.query else subject(page.query)


def subject(query: dict[str, str]) -> str | None:
    """The response or incident that an act's address is about, so that only its options are asked for."""
    for name in ABOUT:
        if value := query.get(name):
            return value.partition("/")[0] if name in ("measure", "ballot") and value[:1] in "RI" else value
    return None
