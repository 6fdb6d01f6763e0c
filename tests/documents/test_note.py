"""The note verbale of an act: all of the act, how far it has come, and a code that leads back to its bytes."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.acts import Entry, Marking, Statement, decode_entry, decode_statement, encode_statement
from foedus.documents import note as notes
from foedus.documents import render_note
from foedus.documents.qr import qr
from foedus.documents.said.note import sheet
from foedus.documents.sheet import Exact, Qr, plain
from foedus.errors import Malformed
from foedus.record.envelope import decode_envelope
from foedus.record.keys import SeedKey
from foedus.record.link import parse_link
from foedus.response.acts import Acknowledge, Evidence, ReportIncident
from foedus.signing import attach, countersign, sign, statement_for
from foedus.words import LANGUAGES, translator
from tests.documents import qr_reader
from tests.documents.pdf_text import Pdf
from tests.documents.told import KYIV, MARE, at_stage, blocks, full, live, said
from tests.words.test_sentences import BODIES, CLAUSES, example

BOTH = pytest.mark.parametrize("language", LANGUAGES)
MARKS = {"en": ("EXERCISE", "NOT SIGNED"), "uk": ("НАВЧАННЯ", "НЕ ПІДПИСАНО")}
# What is no word of any language: the command, names of formats, codes, and zones.
NO_WORDS = re.compile(
    r"foedus \S+ \S+ \S+ --record DIR|foedus:\S+|\bDIR\b|QR|PDF|act\.json|SHA-256|UTC(?:[+-]\d+)?|play\.example/\S+"
    r"|example(?:\.org)?/\S+|[0-9a-f]{16,}|\d{4}-\d\d-\d\dT\S+|[IRC]-\d+(?:/[MB]-\d+)?"
    r"|\bP?\d+[A-Z]*\.[\w-]+|\b[A-Z]+\d*\.[\w-]+"
    r"|EUR|(?:AS|CB|CD|DS)-\d+|UKR/duty|S/RES/\d+|\bSB-\d+|\bUN\b|(?:un-consolidated|eu-fsf)(?::[\w.]+)?"
)


def statement_of(play, body, seat="UKR/foreign", **also):
    return statement_for(play.state, seat, body, play.at, **also)


def entries(play):
    return [(n, decode_entry(data)) for n, data in enumerate(play.depositary.store.entries(0))]


def of_each_kind(play):
    """The first entry of each kind of act."""
    found: dict[type, tuple[int, Entry]] = {}
    for number, entry in entries(play):
        found.setdefault(type(decode_statement(entry.act.payload).body), (number, entry))
    return found.values()


def note_of_entry(play, number, entry):
    return notes.of_entry(play.state, play.depositary.compact_by_digest(entry.compact), number, entry)


def sheet_of(play, note, language="en"):
    return sheet(note, translator(language), play.depositary.compact_by_digest(note.statement.compact), play.state)


def pages(play, note, language="en"):
    pdf = Pdf(render_note(note, translator(language), play.clauses, play.state))
    return [pdf.text(page) for page in range(len(pdf.pages))]


def key_of(play, seat):
    return SeedKey(play.seeds[seat])


# --- every act ----------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_every_act_prints_without_a_missing_word(kind, language):
    play = at_stage(KYIV, "met")
    record = play.state.parties.record
    assert record is not None
    for variant in range(4):
        statement = Statement(
            record.origin, f"{variant:032x}", "UKR/foreign", play.at, CLAUSES.digest, "instrument",
            example(kind, variant), rests_on=("P10.report", "f" * 32),
        )  # fmt: skip
        note = notes.of_statement(play.state, CLAUSES, encode_statement(statement))
        words = said(sheet(note, translator(language), CLAUSES, play.state))
        assert not re.search(r"[{}]|%\(", words)
        if language == "uk":
            assert not re.findall(r"[A-Za-z]{2,}", NO_WORDS.sub("", words)), words


@pytest.mark.parametrize("name", [KYIV, MARE])
@BOTH
def test_what_is_recorded_prints_with_its_digest_place_and_signers(name, language):
    play = full(name)
    for number, entry in of_each_kind(play):
        note = note_of_entry(play, number, entry)
        words = said(sheet_of(play, note, language))
        assert note.status == "recorded"
        assert hashlib.sha256(entry.act.payload).hexdigest() in words
        assert all(one.keyid in words for one in entry.act.signatures)
        assert all(one.in_force for one in note.signed)
        assert plain(sheet_of(play, note, language).standing).endswith(f" {number}.")


@pytest.mark.parametrize("name", [KYIV, MARE])
def test_the_clause_named_is_one_that_permits_the_act(name):
    play = full(name)
    for number, entry in entries(play):
        note = note_of_entry(play, number, entry)
        by_depositary = note.statement.seat == "depositary"
        assert (note.permitted is None) == by_depositary
        named = {provision.id for provision, _ in play.clauses.permits(type(note.statement.body).__name__)}
        assert by_depositary or note.permitted.id in named


# --- the letter ---------------------------------------------------------------------------------------------


def test_a_foreign_ministry_presents_its_compliments_and_others_do_not():
    play = at_stage(KYIV, "met")

    def letter(seat, language="en"):
        data = encode_statement(statement_of(play, Acknowledge("R-1"), seat))
        return [
            plain(line) for line in sheet_of(play, notes.of_statement(play.state, play.clauses, data), language).brief
        ]

    first, body, last = letter("UKR/foreign")
    assert first.startswith("The Ministry of foreign affairs of Ukraine presents its compliments to the depositary")
    assert body.startswith("Ukraine ")
    assert last.endswith("the assurances of its highest consideration.")
    assert letter("UKR/foreign", "uk")[0].startswith("Міністерство закордонних справ (Україна) засвідчує свою повагу")
    assert letter("UKR/duty")[0].startswith("For Ukraine, the duty desk informs the depositary of the Kyiv Security")
    assert letter("UKR/duty", "uk")[0].startswith("Чергова служба (Україна) повідомляє депозитарія")


def test_the_depositary_notifies():
    play = full(KYIV)
    number, entry = entries(play)[0]
    opening = sheet_of(play, note_of_entry(play, number, entry))
    assert opening.title == "Depositary notification"
    assert plain(opening.brief[0]).startswith("The depositary of the Kyiv Security Compact informs the parties")


# --- how far it has come ------------------------------------------------------------------------------------


@BOTH
def test_a_draft_says_so_on_every_page(language):
    play = at_stage(KYIV, "met")
    data = encode_statement(statement_of(play, Acknowledge("R-1")))
    note = notes.of_statement(play.state, play.clauses, data)
    exercise, draft = MARKS[language]
    for page in pages(play, note, language):
        assert page.count(exercise) >= 2
        assert draft in page


def test_signed_is_not_recorded_and_every_needed_seat_counts():
    play = at_stage(KYIV, "met")
    statement = statement_of(play, Acknowledge("R-1"), "UKR/duty")
    signed = sign(statement, [key_of(play, "UKR/duty")], exercise=True)
    note = notes.of_envelope(play.state, play.clauses, decode_envelope(signed))
    assert (note.status, [one.seat for one in note.signed]) == ("signed", ["UKR/duty"])
    assert sheet_of(play, note).draft == "NOT RECORDED"
    assert replace(note, needed=2).status == "part_signed"
    both = notes.of_envelope(
        play.state, play.clauses, decode_envelope(countersign(signed, key_of(play, "UKR/foreign")))
    )
    assert [one.seat for one in both.signed] == ["UKR/duty", "UKR/foreign"]
    assert both.sha256 == note.sha256


def test_a_live_record_says_exercise_nowhere():
    play = live()
    number, entry = entries(play)[-1]
    assert not any("EXERCISE" in page for page in pages(play, note_of_entry(play, number, entry)))


@BOTH
def test_its_marking_stands_at_head_and_foot_of_every_page(language):
    play = at_stage(KYIV, "met")
    marked = statement_of(play, Acknowledge("R-1"), marking=Marking("restricted"))
    note = notes.of_statement(play.state, play.clauses, encode_statement(marked))
    marking = {"en": "RESTRICTED", "uk": "ДЛЯ СЛУЖБОВОГО"}[language]
    for page in pages(play, note, language):
        assert page.count(marking) >= 2


# --- nothing that is not so, nothing that is not for paper --------------------------------------------------


def test_what_does_not_fit_is_not_printed():
    play = at_stage(KYIV, "met")
    statement = statement_of(play, Acknowledge("R-1"), "UKR/duty")
    envelope = decode_envelope(sign(statement, [key_of(play, "UKR/duty")], exercise=True))
    forged = replace(envelope, payload=encode_statement(replace(statement, id="0" * 32)))
    for wrong, why in [
        (forged, "is no seat's over these bytes"),
        (decode_envelope(sign(statement, [SeedKey(b"\x07" * 32)], exercise=True)), "is no seat's over these bytes"),
        (decode_envelope(sign(statement, [key_of(play, "UKR/duty")], exercise=False)), "its type is"),
    ]:
        with pytest.raises(Malformed, match=why):
            notes.of_envelope(play.state, play.clauses, wrong)
    with pytest.raises(Malformed, match="stated under the compact 0000"):
        notes.of_statement(play.state, play.clauses, encode_statement(replace(statement, compact="0" * 64)))
    with pytest.raises(Malformed, match="print it from its own"):
        notes.of_statement(play.state, play.clauses, encode_statement(replace(statement, origin="example.com/other")))


@BOTH
def test_an_attachment_stands_there_by_digest_and_size_alone(language):
    play = at_stage(KYIV, "met")
    words = "The witness Ivan Petrenko saw it from his window."
    item, salt, content = attach(words.encode(), "evidence", Marking("restricted", ("UKR",)))
    body = ReportIncident(
        "armed_attack", "UA-30", play.at, evidence=(Evidence(item.digest, "UKR/duty", play.at, "witness"),)
    )
    statement = statement_of(play, body, "UKR/duty", attachments=[item])
    data = render_note(
        notes.of_statement(play.state, play.clauses, encode_statement(statement)),
        translator(language), play.clauses, play.state,
    )  # fmt: skip
    pdf = Pdf(data)
    whole = "".join(pdf.text(page) for page in range(len(pdf.pages))).replace(" ", "").replace("\u200b", "")
    assert whole.count(item.digest) >= 2
    assert str(len(content)) in whole
    for secret in (words, "Petrenko", salt.hex()):
        assert secret.replace(" ", "") not in whole
        assert secret.encode() not in pdf.attached()["act.json"]


# --- the digest, the code, the data within ------------------------------------------------------------------


@BOTH
def test_the_pdf_says_the_digest_and_carries_the_act(language):
    play = full(KYIV)
    number, entry = entries(play)[-1]
    note = note_of_entry(play, number, entry)
    data = render_note(note, translator(language), play.clauses, play.state)
    assert data == render_note(note, translator(language), play.clauses, play.state)
    whole = "".join(pages(play, note, language))
    assert "\ufffd" not in whole
    letters = whole.replace(" ", "").replace("\u200b", "")
    assert letters.count(note.sha256) >= 2, "in groups, and within the code's text"
    attached = Pdf(data).attached()
    assert attached == {"act.json": note.data}
    assert decode_envelope(attached["act.json"]) == entry.act


def test_the_code_leads_back_to_the_bytes_signed():
    play = full(KYIV)
    for number, entry in [*of_each_kind(play)][::6]:
        note = note_of_entry(play, number, entry)
        (code,) = [block for block in blocks(sheet_of(play, note)) if isinstance(block, Qr)]
        link = parse_link(qr_reader.read(code.path, code.size))
        assert qr_reader.read(code.path, code.size) == code.text
        statement = decode_statement(entry.act.payload)
        assert link == (statement.origin, statement.id, hashlib.sha256(entry.act.payload).hexdigest())
        (command,) = [block for block in blocks(sheet_of(play, note)) if isinstance(block, Exact)]
        assert link.id in command.text


@settings(max_examples=20, deadline=None)  # a code costs a moment, and a busy machine makes it many
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=70, max_size=320))
def test_a_code_reads_as_it_was_written(text):
    code = qr("", f"foedus:{text}")
    assert qr_reader.read(code.path, code.size) == f"foedus:{text}"


def test_a_damaged_code_is_noticed():
    code = qr("", "foedus:" + "x" * 150)
    strokes = code.path.split("z")
    at = len(strokes) // 2
    with pytest.raises(AssertionError):
        qr_reader.read("z".join([*strokes[:at], *strokes[at + 1 :]]), code.size)
