"""What pages say of witnesses: before anybody cosigned, while too few have, once enough have, and without a clause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foedus.compact.clauses import Clauses
from foedus.logs import name_of
from foedus.parties.acts import EnrolSeat
from foedus.record.checkpoint import cosign
from foedus.record.note import Note, format_note, parse_note
from foedus.settling import Settling
from tests.scenario_compacts import without
from tests.web.small_exercise import Small, console

PARTIES = ("UKR", "POL", "GBR")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = Small(tmp_path / "small")
    yield made
    made.depositary.close()


def cosigned(small: Small, *parties: str) -> None:
    """These witnesses cosign the newest checkpoint."""
    text = parse_note(small.depositary.checkpoint()).text
    origin = small.depositary.record.origin
    lines = [
        cosign(text, name_of(origin, f"{one}/witness"), small.keys.witness_seed(f"{one}/witness"), small.at)
        for one in parties
    ]
    Settling(small.depositary).accept(format_note(Note(text, tuple(lines))))


def enrol(small: Small) -> int:
    for party in PARTIES:
        small.do(f"{party}/head", EnrolSeat(party, "witness", small.keys.public_of(f"{party}/witness")))
    return small.depositary.state.size


def test_nobody_has_enrolled_a_witness(small: Small) -> None:
    with console(small) as reader:
        assert "Nothing is settled yet" in reader.words("/")
        assert "No party has enrolled a witness yet" in reader.words("/record/checkpoint")
        assert "Nothing is settled yet" in reader.words("/record")
        assert "Not settled yet" in reader.words("/record/3")


def test_from_too_few_to_enough(small: Small) -> None:
    size = enrol(small)
    with console(small) as reader:
        cosigned(small, "UKR", "POL")
        said = reader.words("/record/checkpoint")
        assert f"Checkpoint of {size} entries: cosigned by 2 of 3 witnesses." in said
        assert "once the witnesses of 3 parties have cosigned it. Of them at least 1 outside" in said
        assert "Not settled yet" in reader.words("/record/3")
        cosigned(small, "GBR")
        assert f"Settled: all {size} entries" in reader.words("/record")
        assert f"Settled: all {size} entries" in reader.words("/")
        said = reader.words("/record/3")
        assert "Settled" in said
        assert "Not settled yet" not in said
        small.report()
        said = reader.words("/")
        assert f"Settled: the first {size} of {size + 1} entries" in said
        assert "cosigned by 3 of 3 witnesses" in said
        assert "Not settled yet" in reader.words(f"/record/{size}")
        table = reader.get("/record/checkpoint?format=csv&table=witnesses").text.splitlines()
        assert table[0] == "seat,outside,size,at"
        assert {line.split(",")[0] for line in table[1:]} == {f"{one}/witness" for one in PARTIES}
        assert {line.split(",")[1] for line in table[1:] if not line.startswith("UKR")} == {"True"}
        answer = reader.get("/api/checkpoint").json()
        assert answer["settled"]["size"] == size
        assert answer["size"] == size + 1


def test_in_ukrainian(small: Small) -> None:
    enrol(small)
    cosigned(small, *PARTIES)
    with console(small) as reader:
        assert "Усталено всі записи" in reader.words("/?lang=uk")
        assert "Свідок" in reader.words("/record/checkpoint?lang=uk")


def test_a_past_moment_says_nothing_of_now(small: Small) -> None:
    with console(small) as reader:
        assert "Settled by witnesses" not in reader.words("/?at=2026-10-01T00:00:00Z")


def test_a_compact_that_names_no_witnesses(small: Small) -> None:
    enrol(small)
    small.depositary.compacts.known[small.depositary.clauses.digest] = Clauses(without("kyiv-2022", "P14.witnesses"))
    with console(small) as reader:
        for page in ("/", "/record/checkpoint", "/record/3"):
            assert "The compact names no witnesses, so nothing is ever settled." in reader.words(page)
        assert "the compact names none" in reader.words("/record")
        assert "settled" not in reader.get("/api/checkpoint").json()
