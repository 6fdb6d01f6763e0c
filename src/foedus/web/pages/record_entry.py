"""The page of one entry: what a reader must see to judge it, in the order in which they would ask."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec
from litestar import Response as Answer
from msgspec import Struct

from foedus.acts import Attachment, Event
from foedus.compact.clauses import Clauses
from foedus.documents.note import permits
from foedus.parties.acts import SeatEnrolled
from foedus.record.proof import Proof, parse_proof
from foedus.response.acts import IncidentReported, MeasureProposed, PositionTaken
from foedus.verify import report
from foedus.web import api_record, checked, entries, witnesses
from foedus.web.frame import Table, render
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.web.reading import Recorded, for_reader, keys_file, recorded, with_entry
from foedus.words.bodies import marking
from foedus.words.names import Names
from foedus.words.sentences import say_act, say_event
from foedus.words.titles import ACTS, ATTACHMENTS, EFFECTS, title

CLOCK_ACTS = ("RecordLapse", "RecordExpiry", "RecordSanctionsLapse", "RecordOverdue")
TABLE = ("event", "said", "provision")


class Stated(Struct, frozen=True):
    """The newest checkpoint: what it states, the note that signs it, the key that verifies it, who signed."""

    origin: str
    size: int
    root: str
    note: str
    key: str
    signers: tuple[str, ...]


class Followed(Struct, frozen=True):
    """One event of an entry: its name in the record, in a sentence, and the clause where it names one."""

    event: str
    said: str
    provision: str | None
    agreement: str | None = None


class File(Struct, frozen=True):
    """An attachment of the act: where it stands and whether this reader may open it."""

    attachment: Attachment
    kind: str
    marking: str
    mark: Mark
    open: bool


class Later(Struct, frozen=True):
    """A later entry about the same: nothing is erased, this one stays as signed."""

    entry: int
    said: str


def show(page: Page, found: Recorded, stated: Stated | None) -> Answer[Any]:
    """The page of one entry."""
    result = checked.check(page, found)
    values: dict[str, Any] = {
        "found": found,
        "result": result,
        "stated": stated,
        "size": entries.known_size(page),
        "settled": witnesses.entry(page, found.number) if witnesses.standing(page) else None,
        "before": neighbour(page, found.number - 1),
        "after": neighbour(page, found.number + 1),
        "expected": expected(page, found, stated) if result.proof else [],
        "weight": len(with_entry(result.proof, found.data)) if result.proof else 0,
        "keys_weight": len(keys_file(page)),
        "command": command(found.number, result.proof, found.data),
        **contents(page, found),
    }
    events = [(one.event, one.said, one.provision) for one in values["events"]]
    return render(
        page, "record/entry.html", title=values["said"].removesuffix("."), active="record",
        data=api_record.view(found), tables={"events": Table(TABLE, events)}, **values,
    )  # fmt: skip


def contents(page: Page, found: Recorded) -> dict[str, Any]:
    """What the entry says."""
    statement = found.statement
    clauses = page.depositary.compact_by_digest(found.entry.compact)
    speaker = statement.seat.partition("/")[0]
    said = say_act(page.words, clauses, statement.body, speaker, page.state)
    events = [followed(page, clauses, event) for event in found.entry.events]
    return {
        "said": said,
        "who": entries.who(page, statement),
        "act": title(page.words, ACTS, found.act),
        "effect": title(page.words, EFFECTS, statement.effect),
        "under": permits(clauses, page.state, statement),
        "events": events,
        "groups": grouped(events),
        "payload": msgspec.json.format(found.entry.act.payload, indent=2).decode(),
        "clauses": clauses,
        "names": Names(page.words, clauses),
        "files": [file(page, clauses, attachment) for attachment in statement.attachments],
        "marking": marking(Names(page.words, clauses), statement.marking),
        "later": later(page, found),
    }


def followed(page: Page, clauses: Clauses, event: Event) -> Followed:
    """One event in words, with the clause it names, or that of the prepared measure it is about."""
    provision = getattr(event, "provision", None)
    prepared = clauses.measure(getattr(event, "measure", ""))
    if provision is None and prepared is not None:
        provision = prepared[0].id
    said = say_event(page.words, clauses, page.state, event)
    return Followed(type(event).__name__, said, provision, getattr(event, "agreement", None))


def grouped(events: Sequence[Followed]) -> list[tuple[Followed, list[Followed]]]:
    """Events as the table shows them: more than three of one kind in a row are folded under the first."""
    groups = [list(found) for _, found in groupby(events, key=lambda one: one.event)]
    return [
        pair
        for group in groups
        for pair in ([(group[0], group[1:])] if len(group) > 3 else [(one, []) for one in group])
    ]


def file(page: Page, clauses: Clauses, attachment: Attachment) -> File:
    """An attachment: present, not here, or not for this reader, who is then not told whether it is here."""
    _ = page.words.gettext
    allowed = for_reader(page, attachment.digest)
    held = allowed and page.depositary.store.get_blob(attachment.digest) is not None
    if held:
        mark = Mark("tick", "green", _("Present"))
    elif allowed:
        mark = Mark("bar", "grey", _("Not held here: erased, or never fetched. The digest stays"))
    else:
        mark = Mark("cross", "ink", _("Not released to you: only its digest and size are"))
    kind = title(page.words, ATTACHMENTS, attachment.kind)
    return File(attachment, kind, marking(Names(page.words, clauses), attachment.marking), mark, held)


def neighbour(page: Page, number: int) -> entries.Row | None:
    """The entry beside, as a line; None at the ends."""
    if not 0 <= number < entries.known_size(page):
        return None
    return entries.row(page, number, recorded(page, number).data)


def later(page: Page, found: Recorded) -> list[Later]:
    """Entries that corrected, replaced or withdrew what this one said."""
    _ = page.words.gettext
    after: list[Later] = []
    for event in found.entry.events:
        if isinstance(event, IncidentReported):
            incident = page.see(page.state.response.incidents.get(event.incident))
            reports = incident.reports[1:] if incident else ()
            after += [Later(one.place.entry, _("corrected the figures")) for one in reports]
            if incident and incident.withdrawn:
                after.append(Later(incident.withdrawn.entry, _("withdrew the report")))
            if incident and incident.merged_into:
                after.append(Later(incident.merged_into.place.entry, _("merged it with another report")))
        elif isinstance(event, PositionTaken):
            measure = page.see(page.state.response.measures.get(event.measure))
            said = measure.positions.get(event.party, ()) if measure else ()
            after += [
                Later(one.place.entry, _("replaced the position")) for one in said if one.place.entry > found.number
            ][:1]
        elif isinstance(event, MeasureProposed):
            measure = page.see(page.state.response.measures.get(event.measure))
            versions = measure.versions[1:] if measure else ()
            after += [Later(one.place.entry, _("put a new version on the table")) for one in versions]
        elif isinstance(event, SeatEnrolled):
            seat = page.see(page.state.parties.seats.get(event.seat))
            if seat and seat.revoked:
                after.append(Later(seat.revoked.entry, _("revoked the key")))
    return after


def expected(page: Page, found: Recorded, stated: Stated | None) -> list[tuple[str, list[str]]]:
    """What `foedus verify` prints of the proof when it fits: headings, and sentences under each."""
    assert stated is not None, "an entry with a proof is under a checkpoint"
    _ = page.words.gettext
    values: dict[str, Any] = {
        "index": found.number,
        "origin": stated.origin,
        "size": stated.size,
        "key": stated.key,
    }
    proved = report.Said(report.INCLUDED, values).say(page.words)
    left = [report.Said(message).say(page.words) for message in (report.ENTRY_ONLY, report.TRUTH, report.FORK)]
    return [(_("PROVED"), [f"+ {proved}"]), (_("NOT PROVED"), [f"- {said}" for said in left])]


def command(number: int, proof: Proof | None, data: bytes) -> str:
    """The command that verifies the entry: its bytes are in the proof where they fit, else beside it."""
    said = f"foedus verify entry-{number}.tlog-proof --keys keys.txt"
    carried = proof is not None and parse_proof(with_entry(proof, data)).extra
    return said if carried else f"{said} --entry entry-{number}.json"
