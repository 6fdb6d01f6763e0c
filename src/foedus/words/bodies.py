"""The fields of an act in words: for whoever checks it before it is signed, and for paper.

One line for each field of a body that says something, in the order of the body; nothing that is not in the body.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from foedus.acts import Body, Marking
from foedus.commitments.acts import Quantity, UndertakeObligation
from foedus.parties.acts import HeadSeat, NationalStep
from foedus.parties.powers import Power
from foedus.reparations.acts import Total, Value
from foedus.response import acts
from foedus.sanctions.acts import Step
from foedus.state import State
from foedus.words import mark, titles_claims, titles_commitments
from foedus.words.names import Names
from foedus.words.read_back import spoken
from foedus.words.said_claims import body_name, totals
from foedus.words.said_commitments import amount, unit_name
from foedus.words.said_parties import national
from foedus.words.said_reparations import valued
from foedus.words.said_sanctions import steps
from foedus.words.speech import Speech
from foedus.words.titles import (
    ACTS,
    ASSET_KINDS,
    ASSET_STEPS,
    CALLS,
    CHOICES,
    COMMUNICATIONS,
    EVIDENCE,
    EXEMPTIONS,
    GROUNDS,
    INCIDENT_KINDS,
    JUDGED,
    JUDGMENTS,
    LEVELS,
    MEANS,
    MEASURE_KINDS,
    PLEDGED,
    RELIEFS,
    RESTRICTIONS,
    STANCES,
    STATUSES,
    title,
)

Moment = Callable[[datetime], str]
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
    "transcript": mark("Transcript"),
    "said": mark("What was said"),
    "means": mark("How it came"),
    "said_at": mark("Said"),
    "source": mark("Recording or scan"),
    "party": mark("Party"),
    "role": mark("Office"),
    "key": mark("Public key"),
    "scope": mark("Acts it may perform"),
    "revoked": mark("Seats whose keys count no more"),
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
    "origin": mark("Record"),
    "exercise": mark("Exercise"),
    "ceiling": mark("Highest marking"),
    "target": mark("Target"),
    "restriction": mark("Restriction"),
    "regime": mark("Regime"),
    "issuer": mark("Issuer"),
    "effective_at": mark("In effect from"),
    "expires_at": mark("Expires"),
    "table": mark("Table"),
    "rows": mark("Rows"),
    "publisher": mark("Publisher"),
    "list": mark("List"),
    "file": mark("File"),
    "targets": mark("Targets"),
    "skipped": mark("Rows skipped"),
    "as_of": mark("Of the day"),
    "legal_basis": mark("Legal basis"),
    "one": mark("One entry"),
    "other": mark("The other entry"),
    "judgment": mark("Judgment"),
    "listing": mark("Listing"),
    "easing": mark("Easing"),
    "ground": mark("Ground"),
    "case": mark("Case"),
    "outcome": mark("Outcome"),
    "exemption": mark("Exemption"),
    "refuses": mark("Refuses"),
    "condition": mark("Condition"),
    "steps": mark("Steps"),
    "snapback": mark("Snapback"),
    "depositary_key": mark("The depositary’s key"),
    "settled": mark("Settled checkpoint"),
    "checkpoint": mark("Last checkpoint"),
    "proof": mark("Proof that it only adds to the settled one"),
    "heads": mark("First seats"),
    "deadline": mark("What the time was for"),
    "due_at": mark("It ran out"),
    "asset": mark("Asset"),
    "holder": mark("Held by"),
    "owner": mark("Owner"),
    "figure": mark("Value as disclosed"),
    "to": mark("What became of it"),
    "ended": mark("The stay has ended"),
    "loan": mark("Loan"),
    "reference": mark("Reference of the payment"),
    "part": mark("What secures it"),
    "licence": mark("Licence"),
    "amount": mark("Amount"),
    "currency": mark("Currency"),
    "called": mark("Office that was called"),
    "answer": mark("What was said"),
    "heard": mark("Words read back"),
    **titles_claims.LABELS,
    **titles_commitments.LABELS,
}


def rows(names: Names, body: Body, state: State | None, moment: Moment) -> list[tuple[str, tuple[str, ...]]]:
    """Every field of a body that says something, as label and words; of a list, the words of each item.

    `state` names measures on the table in full; `moment` says a time as its reader reads it.
    """
    said = _Said(names, state, moment)
    found = []
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if name == "clause" and isinstance(body, UndertakeObligation):
            value = names.clause(body.agreement, body.clause)
        if value not in (None, (), ""):
            items = value if isinstance(value, tuple) else (value,)
            found.append((names.words.gettext(LABELS[name]), tuple(said.value(name, item) for item in items)))
    return found


def marking(names: Names, marked: Marking) -> str:
    """Level, and to whom it may be released."""
    level = title(names.words, LEVELS, marked.level)
    if not marked.release_to:
        return names.words.gettext("%(level)s, released to all parties", level=level)
    to = names.parties(marked.release_to)
    return names.words.gettext("%(level)s, released to: %(parties)s", level=level, parties=to)


def power_note(names: Names, power: Power) -> str:
    """What an office that may perform an act needs besides: further signatures, a silence, to be addressed."""
    words, notes = names.words, []
    if power.signatures > 1:
        notes.append(words.ngettext("%(num)s seat signs", "%(num)s seats sign", power.signatures))
    if power.wait is not None:
        notes.append(words.gettext("after %(time)s of silence", time=words.span(power.wait)))
    if power.addressed:
        notes.append(words.gettext("if addressed"))
    if power.only:
        notes.append(words.gettext("only: %(groups)s", groups=words.items(map(names.group, power.only))))
    return ", ".join(notes)


class _Said:
    """Values of one body in words, with the exact value beside it where words leave something out."""

    def __init__(self, names: Names, state: State | None, moment: Moment) -> None:
        self.names, self.words, self.state, self.moment = names, names.words, state, moment

    def value(self, name: str, value: Any) -> str:
        """One value; `name` says what kind of code it is."""
        _ = self.words.gettext
        if isinstance(value, datetime):
            return f"{self.moment(value)} ({value.astimezone(UTC).isoformat().replace('+00:00', 'Z')})"
        if isinstance(value, date):
            return self.words.date(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Step):
            return steps(Speech(self.words, self.names.clauses, self.state), (value,))
        if isinstance(value, Quantity):
            return amount(Speech(self.words, self.names.clauses, self.state), value)
        if isinstance(value, NationalStep):
            return national(Speech(self.words, self.names.clauses, self.state), (value,))
        if name == "heard":
            return f"{spoken((value,), self.words.language)} ({value})"
        if isinstance(value, Total):
            return totals(Speech(self.words, self.names.clauses, self.state), (value,))
        if isinstance(value, Value):
            return valued(Speech(self.words, self.names.clauses, self.state), value)
        if isinstance(value, acts.Contribution):
            return self.names.contribution(value)
        if isinstance(value, acts.TakePosition | acts.CastVote):
            said = rows(self.names, value, self.state, self.moment)
            return "; ".join(f"{label}: {', '.join(items)}" for label, items in said)
        if isinstance(value, acts.Figure):
            return self.names.figures((value,))
        if isinstance(value, HeadSeat):
            return f"{self.names.seat(f'{value.party}/{value.role}')}: {value.key}"
        if isinstance(value, acts.Evidence):
            return _(
                "%(how)s, obtained by %(seat)s, %(at)s: %(digest)s",
                how=title(self.words, EVIDENCE, value.how), seat=self.names.seat(value.obtained_by),
                at=self.moment(value.obtained_at), digest=value.attachment,
            )  # fmt: skip
        return self._coded(name, str(value))

    def _thing(self, code: str) -> str:
        return unit_name(Speech(self.words, self.names.clauses, self.state), code)

    def _organ(self, code: str) -> str:
        return body_name(Speech(self.words, self.names.clauses, self.state), code)

    def _coded(self, name: str, code: str) -> str:
        owed = titles_commitments
        tables = {"stance": STANCES, "choice": CHOICES, "status": STATUSES, "ceiling": LEVELS, "scope": ACTS,
                  "means": MEANS, "restriction": RESTRICTIONS, "outcome": JUDGMENTS,
                  "to": {**ASSET_STEPS, **titles_claims.STAGES}, "part": PLEDGED, "answer": CALLS,
                  "judgment": JUDGED, "basis": owed.BASES, "binding": owed.BINDINGS, "every": owed.PERIODS,
                  "drawn_from": owed.ORIGINS, "level": owed.CHECKS, "link": owed.LINKS, "transports": owed.TRANSPORTS,
                  "ground": {**GROUNDS, **owed.DISPUTES, **owed.RETURNS, **owed.TRANSFERS},
                  "kind": {**ASSET_KINDS, **owed.KINDS, **INCIDENT_KINDS, **MEASURE_KINDS, **COMMUNICATIONS, **RELIEFS,
                           **EXEMPTIONS}}  # fmt: skip
        if name in tables:
            return title(self.words, tables[name], code)
        named = self.names
        spoken = {
            "territory": named.place, "attributed_to": named.party, "addressed": named.party, "sender": named.party,
            "party": named.party, "owner": named.party, "applicant": named.party,
            "head": named.role, "alternate": named.role,
            "role": named.role, "seat": named.seat, "called": named.seat, "revoked": named.seat, "tier": named.group,
            "instrument": named.instrument,
            "provision": named.provision, "organisation": named.organisation, "caveats": named.caveat,
            "conditions": named.caveat, "issuer": named.party, "listing": named.listing,
            "condition": lambda one: named.caveat(one) if named.condition(one) == one else named.condition(one),
            "capability": self._thing, "unit": self._thing,
            "regime": named.regime_alone,
            "owed_to": named.party, "funder": named.party, "supplier": named.party, "deliverer": named.party,
            "relieved": named.party, "maker": named.party, "agreement": named.instrument,
            "register": self._organ, "body": self._organ,
            "menu": named.measure, "deadline": named.deadline,
        }  # fmt: skip
        if name == "measure":
            of_claims = titles_claims.MEASURES.get(code)
            return self.words.gettext(of_claims) if of_claims else named.measure(code, self.state)
        return spoken[name](code) if name in spoken else code
