"""An act as a note verbale: as a page and on paper, before it is signed and once it is recorded.

An entry is shown to every reader, a draft to its own party.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.acts import encode_statement
from foedus.compact.clauses import Clauses
from foedus.documents import NoteVerbale, render_note
from foedus.documents.note import of_entry, of_envelope, of_statement
from foedus.documents.said.note import sheet
from foedus.record.envelope import decode_envelope
from foedus.web import entries
from foedus.web.frame import render
from foedus.web.page import Page
from foedus.web.pages.act import draft_of
from foedus.web.reading import recorded
from foedus.web.unanswered import NotHere
from foedus.words import LANGUAGES, NAMES


@get("/record/{number:int}/note", include_in_schema=False, sync_to_thread=True)
def entry_note(page: NamedDependency[Page], number: FromPath[int]) -> Answer[Any]:
    """The note of a recorded act."""
    back = (page.link(f"/record/{number}"), page.words.gettext("Entry %(n)s", n=page.number(number)))
    return shown(page, *note_of_entry(page, number), f"/record/{number}/note.pdf", back)


@get("/record/{number:int}/note.pdf", include_in_schema=False, sync_to_thread=True)
def entry_note_pdf(page: NamedDependency[Page], number: FromPath[int]) -> Answer[bytes]:
    """The same on paper, in the language of `?lang=`, with the signed act inside."""
    return printed(page, *note_of_entry(page, number))


@get("/act/check/{id_:str}/note", include_in_schema=False, sync_to_thread=True)
def draft_note(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The note of an act that is still being signed."""
    back = (page.link(f"/act/check/{id_}"), page.words.gettext("Check before you sign"))
    return shown(page, *note_of_draft(page, id_), f"/act/check/{id_}/note.pdf", back)


@get("/act/check/{id_:str}/note.pdf", include_in_schema=False, sync_to_thread=True)
def draft_note_pdf(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[bytes]:
    """The same on paper, for a minister to see before the seat signs."""
    return printed(page, *note_of_draft(page, id_))


def note_of_entry(page: Page, number: int) -> tuple[NoteVerbale, Clauses]:
    """The note and the compact of its entry."""
    found = recorded(page, number)
    if page.past and number >= entries.known_size(page):
        raise NotHere("entry {number} was not recorded at the moment asked for", number=number)
    clauses = page.depositary.compact_by_digest(found.entry.compact)
    return of_entry(page.state, clauses, number, found.entry), clauses


def note_of_draft(page: Page, id_: str) -> tuple[NoteVerbale, Clauses]:
    """The note of a draft of the reader's party. Raises NotHere."""
    draft = draft_of(page, id_)
    if draft.signed:
        return of_envelope(page.state, page.clauses, decode_envelope(draft.envelope)), page.clauses
    return of_statement(page.state, page.clauses, encode_statement(draft.statement)), page.clauses


def shown(page: Page, note: NoteVerbale, clauses: Clauses, path: str, back: tuple[str, str]) -> Answer[Any]:
    """The note as a page. `path`: where its paper is; `back`: the address and name of the page it belongs to."""
    papers = [(lang, NAMES[lang], page.link(path, lang=lang)) for lang in LANGUAGES]
    made = sheet(note, page.words, clauses, page.state)
    data = {"status": note.status, "sha256": note.sha256, "link": note.link, "act": msgspec.Raw(note.data)}
    return render(
        page, "note.html", title=made.title, active="record", data=data, note=note, sheet=made, papers=papers, back=back
    )


def printed(page: Page, note: NoteVerbale, clauses: Clauses) -> Answer[bytes]:
    """The note as PDF."""
    place = f"entry-{note.received.entry}" if note.received else f"{note.statement.id[:8]}-draft"
    name = "-".join(filter(None, ("EXERCISE" * note.exercise, "note", place, page.lang)))
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    body = render_note(note, page.words, clauses, page.state)
    return Answer(body, media_type="application/pdf", headers=headers)


routes: list[ControllerRouterHandler] = [entry_note, entry_note_pdf, draft_note, draft_note_pdf]
