"""The printed record of decision: every page marked, the same bytes for the same record, its data inside."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from foedus.documents import as_json, paper, render_pdf
from foedus.documents import said as words_of
from foedus.documents.sheet import Para, Section, text
from foedus.words import LANGUAGES, translator
from tests.documents.pdf_text import Pdf
from tests.documents.told import KYIV, TOLD, at_stage, full, live, record_of

BOTH = pytest.mark.parametrize("language", LANGUAGES)
MARKS = {"en": ("EXERCISE", "DRAFT"), "uk": ("НАВЧАННЯ", "ПРОЄКТ")}


def pages(data):
    pdf = Pdf(data)
    return [pdf.text(page) for page in range(len(pdf.pages))]


@BOTH
@pytest.mark.parametrize("told", ["kyiv with everything", "mare met"])
def test_every_page_says_exercise_at_head_and_foot(told, language):
    record = record_of(TOLD[told]())
    exercise, draft = MARKS[language]
    for page in pages(render_pdf(record, translator(language))):
        assert page.count(exercise) >= 2
        assert (draft in page) == (record.status == "draft")


@BOTH
def test_a_live_record_has_no_page_that_says_it(language):
    assert not any(MARKS[language][0] in page for page in pages(render_pdf(record_of(live()), translator(language))))


@BOTH
def test_pages_are_numbered_and_none_is_missing(language):
    words, record = translator(language), record_of(full(KYIV))
    found = pages(render_pdf(record, words))
    assert len(found) == len(paper.pictures(words_of.sheet(record, words), as_json(record), ppi=20))
    for number, page in enumerate(found, 1):
        assert words.gettext("Page {page} of {of}").format(page=number, of=len(found)) in page


@BOTH
def test_the_same_record_gives_the_same_bytes(language):
    record = record_of(at_stage(KYIV, "met"))
    words = translator(language)
    assert render_pdf(record, words) == render_pdf(record, words)


@BOTH
def test_every_letter_is_set(language):
    """No letter of either language is missing in the fonts that come with Typst."""
    words, record = translator(language), record_of(full(KYIV))
    whole = "".join(pages(render_pdf(record, words)))
    assert "\ufffd" not in whole
    letters = whole.replace(" ", "").replace("\u200b", "").replace("\u00ad", "")
    for party in record.roll:
        assert words.of(party.party.name).replace(" ", "") in letters
    assert record.compact.digest in letters
    assert record.checkpoint is not None
    assert record.checkpoint.digest in letters


def test_the_fonts_have_the_whole_ukrainian_alphabet():
    record = record_of(at_stage(KYIV, "met"))
    alphabet = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя’«»—№"
    sheet = replace(words_of.sheet(record, translator("uk")), brief=(text(alphabet),))
    assert alphabet in "".join(pages(paper.render(sheet, b"{}")))


def test_the_data_travels_inside():
    record = record_of(full(KYIV))
    assert Pdf(render_pdf(record, translator("uk"))).attached() == {"decision.json": as_json(record)}


def test_what_is_text_stays_text():
    """No string of a record can be a command to the typesetter."""
    tricks = '#panic("x") *b* _i_ $1$ @ref <l> \\ // [x] `r` = h'
    record = record_of(at_stage(KYIV, "activated"))
    plain = words_of.sheet(record, translator("en"))
    sheet = replace(plain, foot=tricks, sections=(Section("s", 1, tricks, (Para(text(tricks)),)),))
    found = "".join(pages(paper.render(sheet, b"{}"))).replace(" ", "")
    assert found.count(tricks.replace(" ", "")) == 3
