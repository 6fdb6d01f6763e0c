"""The record of decision as it is served: page, data and paper say the same, at any moment asked for."""

from __future__ import annotations

import html
import re

import msgspec
import pytest
from litestar.testing import TestClient

from foedus.documents import as_json
from foedus.web.app import create_app
from foedus.words import LANGUAGES, translator
from tests.documents.pdf_text import Pdf
from tests.documents.told import KYIV, TOLD, at_stage, full, live, record_of
from tests.web.live_record import HERE

BOTH = pytest.mark.parametrize("language", LANGUAGES)
AT = "/response/R-1/decision"


@pytest.fixture
def ask():
    """Asks for an address of the console over a record."""
    clients = []

    def asked(play, path, **headers):
        client = TestClient(create_app(play.depositary, base_url=HERE), base_url=HERE)
        clients.append(client.__enter__())
        return clients[-1].get(path, headers=headers)

    yield asked
    for client in clients:
        client.__exit__(None, None, None)


@pytest.mark.parametrize("told", ["kyiv with everything", "mare with everything", "kyiv activated", "withdrawn"])
@BOTH
def test_the_page_names_every_party_and_every_entry(ask, told, language):
    play = TOLD[told]()
    answer = ask(play, f"{AT}?lang={language}")
    assert answer.status_code == 200
    page, record, words = html.unescape(answer.text), record_of(play), translator(language)
    for one in record.roll:
        assert words.of(one.party.name) in page
    for measure in record.measures:
        for position in (*measure.positions, *measure.replaced):
            assert f'href="/record/{position.place.entry}' in page
        assert f'id="measure-{measure.number}"' in page


def test_ids_of_the_page_are_its_own(ask):
    found = re.findall(r'\bid="([^"]+)"', ask(full(KYIV), AT).text)
    assert sorted(set(found)) == sorted(found)


def test_a_long_table_shows_how_it_begins_and_folds_the_rest(ask):
    record, page = record_of(full(KYIV)), ask(full(KYIV), AT).text
    assert len(record.roll) > 8
    attendance = page[page.index('id="attendance"') :].partition("</section>")[0]
    begins, folded, rest = attendance.partition("<details>")
    assert folded
    assert begins.count('<th scope="row">') == 7
    assert rest.count('<th scope="row">') == len(record.roll) - 7


def test_the_data_is_the_record_of_decision(ask):
    play = full(KYIV)
    answer = ask(play, f"{AT}?format=json").json()
    assert answer["view"] == msgspec.json.decode(as_json(record_of(play)))
    assert {row["party"] for row in answer["tables"]["attendance"]} == {one.party.id for one in record_of(play).roll}


@pytest.mark.parametrize("table", ["attendance", "positions", "owed", "clauses_opened"])
def test_its_tables_are_files(ask, table):
    answer = ask(full(KYIV), f"{AT}?format=csv&table={table}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text.splitlines()) > 1


@BOTH
def test_the_paper_is_asked_for_at_the_moment_of_the_page(ask, language):
    play = full(KYIV)
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+decision\.pdf[^"]+)"', ask(play, AT).text)]
    (link,) = [link for link in links if f"lang={language}" in link]
    answer = ask(play, link)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="EXERCISE-R-1-decision-{language}.pdf"'
    assert Pdf(answer.content).attached() == {"decision.json": as_json(record_of(play))}


def test_a_draft_is_named_so(ask):
    answer = ask(at_stage(KYIV, "met"), f"{AT}.pdf")
    assert 'filename="EXERCISE-R-1-decision-draft-en.pdf"' in answer.headers["content-disposition"]
    assert 'filename="R-1-decision-draft-en.pdf"' in ask(live(), f"{AT}.pdf").headers["content-disposition"]


def test_asked_about_the_past_it_is_the_draft_of_then(ask):
    play = full(KYIV)
    begun = play.state.response.responses["R-1"].place.at
    page = ask(play, f"{AT}?at={begun.isoformat().replace('+', '%2B')}").text
    assert "DRAFT." in page
    assert "No entry yet" in page
    assert "Silent" not in page


@pytest.mark.parametrize("path", ["/response/R-9/decision", "/response/R-9/decision.pdf", f"{AT}?at=2001-01-01"])
def test_what_was_never_opened_has_none(ask, path):
    assert ask(full(KYIV), path).status_code == 404


def test_the_response_links_to_it(ask):
    for play in (full(KYIV), at_stage(KYIV, "met")):
        assert f'href="{AT}"' in ask(play, "/response/R-1").text
