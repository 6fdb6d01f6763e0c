"""A page is made once for all who ask the same in the same second, and anew for whoever asks anything else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from foedus.response.acts import Acknowledge
from foedus.web import frame
from foedus.web.app import create_app
from tests.web.small_exercise import HERE, Small


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    made.activate()
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with TestClient(create_app(small.depositary, exercise_keys=small.keys), base_url=HERE) as client:
        yield client


@pytest.fixture
def made(monkeypatch):
    """The titles of the pages made, in order."""
    titles: list[str] = []
    html = frame.html

    def counted(page, template, values):
        titles.append(values["title"])
        return html(page, template, values)

    monkeypatch.setattr(frame, "html", counted)
    return titles


@pytest.mark.parametrize("path", ["/", "/response", "/response/R-1"])
def test_the_same_question_in_the_same_second_is_answered_once(reader, made, path):
    first, second = reader.get(path), reader.get(path)
    assert len(made) == 1
    assert (first.content, dict(first.headers)) == (second.content, dict(second.headers))


def test_every_header_that_a_page_reads_asks_something_else(reader, made):
    reader.get("/")
    for asked in ({"accept-language": "uk"}, {"cookie": "foedus=en:POL/duty"}, {"accept": "text/html;q=1"}):
        reader.get("/", headers=asked)
    reader.get("/?at=2026-10-01T00:00:00Z")
    assert len(made) == 5


def test_an_act_a_second_and_a_draft_make_it_anew(small, reader, made):
    reader.get("/")
    small.do("POL/duty", Acknowledge("R-1"))
    reader.get("/")
    assert len(made) == 2
    small.at += timedelta(seconds=1)
    reader.get("/")
    assert len(made) == 3
    reader.app.state.console.drafts.drop("none")
    reader.get("/")
    assert len(made) == 4


def test_one_second_keeps_a_hundred_answers_and_no_more(reader, made):
    for number in range(110):
        reader.get(f"/?n={number}")
    made.clear()
    reader.get("/?n=5")
    assert not made
    reader.get("/?n=105")
    assert len(made) == 1
