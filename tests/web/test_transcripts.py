"""What was entered for a seat: both times on the page, a button for the seat, and what happens to it at its end."""

from __future__ import annotations

import pytest

from foedus.response.acts import EnterTranscript, ProposeMeasure, TakePosition
from foedus.signing import attach
from tests.web.small_exercise import Small, console, path_of, words


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    made.activate()
    made.do("UKR/foreign", ProposeMeasure("R-1", menu="weapons"))
    made.later(hours=71)
    measure = made.depositary.state.response.measures["R-1/M-1"]
    recording = attach(b"a call", "evidence")
    said = TakePosition(measure.id, measure.text, "joins")
    made.do(
        "UKR/duty",
        EnterTranscript("POL/delegation", said, "voice", made.at, recording[0].digest),
        attachments=[recording],
    )
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with console(small) as found:
        yield found


def test_the_seat_finds_it_as_its_button_also_after_the_close_and_signs_the_very_words(small, reader):
    small.later(hours=9)
    assert small.depositary.state.response.responses["R-1"].decided
    page = words(reader.sits("POL/delegation").get("/response/R-1"))
    assert "Entered, not yet countersigned" in page
    assert "Poland joins" in page
    assert "Countersign what was entered for you: T-1" in reader.words("/")
    assert "Countersign what was entered for you" in words(reader.sits("POL/foreign").get("/"))
    assert "Countersign what was entered for you" not in words(reader.sits("GBR/delegation").get("/"))
    checked = reader.sits("POL/delegation").post("/act/CountersignTranscript?transcript=T-1")
    assert "Counted again" in words(checked)
    done = reader.post(path_of(checked))
    assert path_of(done).startswith("/act/receipt/")
    response = reader.get("/api/responses/R-1").json()
    assert response["decision"]["outcomes"][0]["joined"] == ["POL"]
    assert [(one["seat"], one["state"], one["said"]) for one in response["transcripts"]] == [
        ("POL/delegation", "countersigned", "joins")
    ]
    for lang, said in (("en", "Countersigned"), ("uk", "Підтверджено підписом")):
        assert said in words(reader.get(f"/response/R-1?lang={lang}"))
    assert "Countersign what was entered for you" not in reader.words("/")


def test_what_was_never_confirmed_stays_visible_as_that(small, reader):
    small.later(hours=25)
    page = words(reader.get("/response/R-1"))
    assert "Entered, never confirmed" in page
    assert reader.get("/api/responses/R-1").json()["transcripts"][0]["state"] == "lapsed"
    past = small.at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    assert "Entered, not yet countersigned" in words(
        reader.get("/response/R-1?at=2026-10-13T04:00Z&known=2026-10-13T04:00Z")
    )
    assert "Entered, never confirmed" in words(reader.get(f"/response/R-1?at={past}"))
