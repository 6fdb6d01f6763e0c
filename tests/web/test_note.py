"""The note verbale as it is served: beside the draft, the receipt and the entry, as page, data and paper."""

from __future__ import annotations

import html
import re

import pytest
from litestar.testing import TestClient

from foedus.acts import decode_entry, decode_statement
from foedus.web.app import create_app
from foedus.words import LANGUAGES
from tests.documents import qr_reader
from tests.documents.pdf_text import Pdf
from tests.documents.told import KYIV, at_stage, full
from tests.web.live_record import HERE
from tests.web.small_exercise import Small, console, path_of

BOTH = pytest.mark.parametrize("language", LANGUAGES)


def text(pdf):
    return "".join(pdf.text(page) for page in range(len(pdf.pages))).replace("\u200b", "")


@BOTH
def test_an_entry_has_its_note_as_page_data_and_paper(language):
    play = full(KYIV)
    number = play.state.size - 1
    with TestClient(create_app(play.depositary, base_url=HERE), base_url=HERE) as client:
        assert f"/record/{number}/note" in client.get(f"/record/{number}").text
        page = client.get(f"/record/{number}/note?lang={language}")
        data = client.get(f"/record/{number}/note?format=json").json()["view"]
        paper = client.get(f"/record/{number}/note.pdf?lang={language}")
    assert page.status_code == 200
    said = html.unescape(page.text)
    assert data["sha256"] in said
    assert f"foedus act show {statement_of(play.depositary, number).id} --record DIR" in said
    code = re.search(r'class="qr"><svg viewBox="0 0 (\d+) \d+"[^>]*><path d="([^"]+)"', page.text)
    assert code is not None
    assert qr_reader.read(code[2], int(code[1])) == data["link"]
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"] == f'attachment; filename="EXERCISE-note-entry-{number}-{language}.pdf"'
    assert data["sha256"] in text(Pdf(paper.content)).replace(" ", "")
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert sorted(set(ids)) == sorted(ids)


def statement_of(depositary, number):
    data = next(iter(depositary.store.entries(number)))
    return decode_statement(decode_entry(data).act.payload)


def test_there_is_none_of_what_is_not_recorded():
    play = at_stage(KYIV, "met")
    with TestClient(create_app(play.depositary, base_url=HERE), base_url=HERE) as client:
        assert client.get("/record/99999/note").status_code == 404
        assert client.get("/record/5/note.pdf?at=2030-01-01T00:00:00Z").status_code == 404
        assert client.get("/act/check/0123/note").status_code == 404


def test_a_draft_has_one_before_each_signature_and_its_receipt_the_last(tmp_path):
    small = Small(tmp_path / "record")
    small.report()
    with console(small) as reader:
        checked = reader.sits("UKR/head").post("/act/Activate?incident=I-1")
        at = f"{path_of(checked)}/note"
        assert f'href="{at}"' in checked.text
        assert "DRAFT, NOT SIGNED" in reader.words(at)
        assert "DRAFT, NOT SIGNED" in text(Pdf(reader.get(f"{at}.pdf").content))
        reader.post(path_of(checked))
        assert "Seats that have signed: 1 of 2." in reader.words(at)
        paper = reader.get(f"{at}.pdf")
        assert "DRAFT, NOT FULLY SIGNED" in text(Pdf(paper.content))
        assert reader.sits("POL/head").get(at).status_code == 404, "a draft is its party's own"
        assert reader.get(f"{at}.pdf").status_code == 404
        done = reader.sits("UKR/foreign").post(path_of(checked))
        number = small.depositary.state.size - 1
        assert f'href="/record/{number}/note"' in done.text
        said = reader.words(f"/record/{number}/note")
    small.depositary.close()
    assert "Received by the depositary at" in said
    assert "DRAFT" not in said
