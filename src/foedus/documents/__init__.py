"""Documents that leave the console: drawn up as plain values, put in words, printed.

A document repeats what the record holds and cites the entry for each statement; it adds nothing, and paper
proves nothing that the record does not.
"""

from __future__ import annotations

import msgspec

from foedus.compact.clauses import Clauses
from foedus.compact.model import encode_hook
from foedus.documents.decision import compact_of, draw_up
from foedus.documents.note import NoteVerbale
from foedus.documents.values import DecisionRecord
from foedus.state import State
from foedus.words import Words

__all__ = ["DecisionRecord", "NoteVerbale", "as_json", "compact_of", "draw_up", "render_note", "render_pdf"]


def as_json(record: DecisionRecord) -> bytes:
    """The record of decision as data: one line of JSON, names in both languages."""
    return msgspec.json.encode(record, enc_hook=encode_hook)


def render_pdf(record: DecisionRecord, words: Words) -> bytes:
    """The record of decision on paper, in the language of `words`, its data inside as `decision.json`.

    The same record gives the same bytes.
    """
    from foedus.documents import paper, said

    return paper.render(said.sheet(record, words), as_json(record))


def render_note(note: NoteVerbale, words: Words, clauses: Clauses, state: State) -> bytes:
    """The note verbale on paper, in the language of `words`, the signed act inside as `act.json`.

    The same act gives the same bytes.
    """
    from foedus.documents import paper
    from foedus.documents.said.note import sheet

    return paper.render(sheet(note, words, clauses, state), note.data)
