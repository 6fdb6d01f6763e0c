"""A seat enters what another said: whose words and about what, then the words; and only what the compact lets in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from foedus.response.acts import ProposeExtension, ProposeMeasure
from tests.web.small_exercise import Small, console, path_of, words

ENTER = "/act/EnterTranscript"
SAID = {
    "means": "paper",
    "said_at": "2026-10-10 05:30 +00:00",
    "source.words": "A fax of the ministry, read out to the duty desk.",
}


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    made.activate()
    made.do("UKR/foreign", ProposeMeasure("R-1", menu="weapons"))
    made.do("UKR/foreign", ProposeExtension("R-1"))
    made.later(hours=3)
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with console(small) as found:
        yield found


def about(seat: str, subject: str) -> str:
    return f"{ENTER}?seat={quote(seat, safe='')}&subject={quote(subject, safe='')}"


def test_a_position_is_entered_with_its_true_time_and_counts_once_its_seat_signs(small, reader):
    page = reader.sits("UKR/duty").get("/response/R-1").text
    assert f"{ENTER}?response=R-1" in page
    asked = reader.words(f"{ENTER}?response=R-1")
    assert "Poland · Head of delegation" in asked
    assert "Ukraine ·" not in asked.partition("Who said it")[2]
    checked = reader.post(about("POL/delegation", "R-1/M-1"), {**SAID, "stance": "joins"})
    text = words(checked)
    assert "Ukraine enters what was said on paper on 10 October 2026, 05:30 UTC" in text
    assert "nothing follows from it before" in text
    assert path_of(reader.post(path_of(checked))).startswith("/act/receipt/")
    (transcript,) = small.depositary.state.response.transcripts.values()
    assert transcript.said_at == small.at - timedelta(minutes=30)
    assert transcript.place.known == small.at
    assert small.depositary.store.get_blob(transcript.source).endswith(b"read out to the duty desk.")
    measure = small.depositary.state.response.measures["R-1/M-1"]
    assert measure.position("POL") is None
    checked = reader.sits("POL/delegation").post("/act/CountersignTranscript?transcript=T-1")
    reader.post(path_of(checked))
    assert small.depositary.state.response.measures["R-1/M-1"].position("POL").stance == "joins"


def test_a_vote_is_entered_with_a_scan(small, reader):
    reader.sits("POL/foreign")
    form = about("POL/delegation", "R-1/B-1")
    told = {"means": "voice", "said_at": "2026-10-10 05:30 +00:00", "choice": "no"}
    answer = reader.client.post(
        form, data=told, files={"source": ("call.ogg", b"a voice")}, headers={"sec-fetch-site": "same-origin"}
    )
    assert "Poland votes against: R-1/B-1" in words(answer)
    reader.post(path_of(answer))
    (transcript,) = small.depositary.state.response.transcripts.values()
    assert (transcript.seat, transcript.said.choice) == ("POL/delegation", "no")
    assert small.depositary.store.get_blob(transcript.source).endswith(b"a voice")


def test_what_is_missing_or_cannot_be_is_said_beside_it(small, reader):
    reader.sits("UKR/duty")
    answer = reader.post(about("POL/delegation", "R-1/M-1"), {"stance": "joins"})
    assert answer.status_code == 422
    for needed in ("How it came: an answer", "When it was said: an answer", "The recording or scan is needed"):
        assert needed in words(answer)
    later = {**SAID, "stance": "joins", "said_at": "2026-10-11 05:30"}
    assert "Words cannot have been said in the future" in words(reader.post(about("POL/delegation", "R-1/M-1"), later))
    large = reader.client.post(
        about("POL/delegation", "R-1/M-1"),
        data={**SAID, "stance": "joins"},
        files={"source": ("scan.png", bytes(1_000_001))},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert "The file is larger than 1 MB" in words(large)
    assert not small.depositary.state.response.transcripts


@pytest.mark.parametrize(
    ("by", "seat", "subject", "why"),
    [
        ("UKR/duty", "POL/duty", "R-1/M-1", "may not perform “Take a position”"),
        ("UKR/duty", "POL/delegation", "R-1/M-9", "Choose what it was about"),
        ("UKR/duty", "XXX/nobody", "R-1/M-1", "There is no seat XXX"),
        ("POL/foreign", "GBR/delegation", "R-1/M-1", "what seats of its own party said"),
        ("POL/foreign", "POL/foreign", "R-1/M-1", "another seat enters it"),
    ],
)
def test_what_the_compact_does_not_let_in_is_named_before_anything_is_filled_in(reader, by, seat, subject, why):
    answer = reader.sits(by).get(about(seat, subject))
    assert answer.status_code == 422
    assert why in words(answer)
    assert reader.post(about(seat, subject), SAID).status_code == 403


def test_who_may_enter_nothing_finds_nothing_to_enter_it_with(small, reader):
    for seat in ("POL/delegation", "UKR/defence", ""):
        assert ENTER not in reader.sits(seat).get("/response/R-1").text
        assert reader.get(f"{ENTER}?response=R-1").status_code == 403
    own = reader.sits("POL/foreign").words(ENTER)
    assert "United Kingdom" not in own.partition("Who said it")[2]
    small.later(hours=80)
    assert small.depositary.state.response.responses["R-1"].closed
    assert reader.sits("UKR/duty").get(ENTER).status_code == 403


def test_before_anything_is_on_the_table_the_page_says_so(tmp_path):
    small = Small(tmp_path / "empty")
    small.activate()
    with console(small) as reader:
        page = reader.sits("UKR/duty").words(f"{ENTER}?response=R-1")
    assert "Nothing is on the table" in page
    small.depositary.close()
