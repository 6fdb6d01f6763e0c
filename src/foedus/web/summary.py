"""The fields of an act in words, for the page on which it is checked before it is signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from foedus.acts import Body
from foedus.response import acts
from foedus.web.board import names
from foedus.web.moments import iso
from foedus.web.page import Page
from foedus.web.said import how
from foedus.words import mark
from foedus.words.titles import (
    CHOICES,
    COMMUNICATIONS,
    INCIDENT_KINDS,
    MEASURE_KINDS,
    STANCES,
    STATUSES,
    title,
)

LABELS = {
    "incident": mark("Incident"),
    "into": mark("Read as"),
    "response": mark("Response"),
    "measure": mark("Measure"),
    "menu": mark("Measure of the prepared list"),
    "ballot": mark("Question"),
    "kind": mark("Kind"),
    "territory": mark("Where"),
    "occurred_from": mark("Observed from"),
    "occurred_until": mark("Observed until"),
    "figures": mark("Figures"),
    "attributed_to": mark("Attributed to"),
    "evidence": mark("Evidence"),
    "addressed": mark("Asked to reply"),
    "head": mark("Head of the delegation"),
    "alternate": mark("Alternate"),
    "remote": mark("By video"),
    "full_powers": mark("Full powers"),
    "until": mark("Until"),
    "text": mark("Text it binds to"),
    "stance": mark("Position"),
    "contributions": mark("Contribution"),
    "starts_on": mark("From"),
    "caveats": mark("Caveats"),
    "conditions": mark("Conditions"),
    "confirm_by": mark("The capital confirms by"),
    "choice": mark("Vote"),
    "party": mark("Party"),
    "role": mark("Office"),
    "key": mark("Public key"),
    "scope": mark("Acts it may perform"),
    "seat": mark("Seat"),
    "instrument": mark("Instrument"),
    "tier": mark("Tier"),
    "status": mark("What is deposited"),
    "applicant": mark("Applicant"),
    "provision": mark("Provision"),
    "compact": mark("Compact"),
    "organisation": mark("Organisation"),
    "on": mark("Since"),
    "sender": mark("Sender"),
}


def summary(page: Page, body: Body) -> list[tuple[str, str]]:
    """Every field of a body that says something, as label and words."""
    said = []
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if value not in (None, (), ""):
            said.append((page.words.gettext(LABELS[name]), shown(page, name, value)))
    return said


def shown(page: Page, name: str, value: Any) -> str:
    """One value in words, with the exact value beside it where words leave something out."""
    if isinstance(value, datetime):
        return f"{page.all_zones(value)} ({iso(value)})"
    if isinstance(value, date):
        return page.day(value)
    if isinstance(value, bool):
        return page.words.gettext("yes") if value else page.words.gettext("no")
    if isinstance(value, tuple):
        return "; ".join(shown(page, name, item) for item in value)
    named = names(page)
    if isinstance(value, acts.Contribution):
        return named.contribution(value)
    if isinstance(value, acts.Figure):
        return named.figures((value,))
    if isinstance(value, acts.Evidence):
        return f"{how(page, value.how)}, {value.attachment[:8]}…"
    return _coded(page, name, str(value))


def _coded(page: Page, name: str, code: str) -> str:
    named = names(page)
    if name in ("kind", "stance", "choice", "status"):
        table = {"stance": STANCES, "choice": CHOICES, "status": STATUSES,
                 "kind": {**INCIDENT_KINDS, **MEASURE_KINDS, **COMMUNICATIONS}}[name]  # fmt: skip
        return title(page.words, table, code)
    spoken = {
        "territory": named.place, "attributed_to": named.party, "addressed": named.party, "sender": named.party,
        "party": named.party, "applicant": named.party, "head": named.role, "alternate": named.role, "role": named.role,
        "seat": named.seat, "instrument": named.instrument, "tier": named.group, "provision": named.provision,
        "organisation": named.organisation, "caveats": named.caveat, "conditions": named.caveat,
        "menu": named.measure,
    }  # fmt: skip
    if name == "measure":
        return named.measure(code, page.state)
    return spoken[name](code) if name in spoken else code
