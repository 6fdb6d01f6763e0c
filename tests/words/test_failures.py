"""Errors and findings in the reader's language: one sentence, with what was found in its place."""

from __future__ import annotations

import pickle
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.compact.clauses import Clauses
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import checked, load
from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered
from foedus.words import translator
from foedus.words.failures import finding_in, found_in, say_because, say_error, say_finding, say_refusal

EN, UK = translator("en"), translator("uk")
CLAUSES = Clauses.of(load("kyiv-2022"))


def test_an_error_is_said_in_the_readers_language():
    error = Malformed("envelope: {found} bytes found, at most {most} expected", found=70_000, most=49_152)
    assert str(error) == "envelope: 70000 bytes found, at most 49152 expected"
    assert say_error(EN, error) == "envelope: 70,000 bytes found, at most 49,152 expected"
    space = "\N{NO-BREAK SPACE}"
    assert say_error(UK, error) == f"конверт: байтів: 70{space}000, очікувалося не більше 49{space}152"


def test_an_error_that_led_to_another_is_said_with_it():
    inner = Malformed("envelope: no signature found, at least one expected")
    error = Tampered("entry {number}: {problem}", number=3, problem=inner)
    assert str(error) == "entry 3: envelope: no signature found, at least one expected"
    assert say_error(UK, error) == "запис 3: конверт: підпису немає, очікувався щонайменше один"
    assert found_in(error) == {"number": 3, "problem": {"error": "malformed"}}


def test_a_refusal_begins_with_a_large_letter_but_a_files_name_stays_as_it_is():
    exists = Refused("record/export", "{to} exists: an export never overwrites, name another", to="demo.foedus")
    assert say_refusal(EN, CLAUSES, exists).startswith("demo.foedus exists")
    assert say_refusal(EN, CLAUSES, Refused("record/due", "{deadline} is not due", deadline="x")).startswith("X is")


def test_a_refusal_within_an_error_keeps_its_clause():
    inner = Refused("P14.signing", "{party} has already signed {what}", party="POL", what="kyiv-2022")
    error = Tampered("the act may not enter here: {problem}", problem=inner)
    assert str(error) == "the act may not enter here: POL has already signed kyiv-2022 [P14.signing]"
    assert say_error(UK, error).startswith("акт не можна тут внести: POL: ")
    assert "Польща" in say_error(UK, error, CLAUSES)
    assert "[P14.signing, " in say_error(UK, error, CLAUSES)


def test_what_a_library_said_stays_as_it_was_said():
    error = Malformed("{file}: no JSON: {problem}", file="a", problem=ValueError("{odd} line 1"))
    assert say_error(UK, error) == "a: це не JSON: {odd} line 1"
    assert found_in(error) == {"file": "a", "problem": "{odd} line 1"}


def test_moments_and_durations_are_written_as_the_language_does():
    at = datetime(2026, 10, 10, 5, tzinfo=UTC)
    error = Tampered("received at {at}, before the entry before it", at=at.isoformat())
    assert say_error(EN, error) == "received at 10 October 2026, 05:00 UTC, before the entry before it"
    assert say_error(UK, error) == "отримано 10.10.2026, 05:00 UTC, раніше за попередній запис"


def test_codes_of_property_are_said_in_words():
    stands = "{asset} is {standing}: only what is transferred brings proceeds"
    held = Refused("P12.assets", stands, asset="AS-9", standing="ring_fenced")
    assert say_because(EN, held) == "AS-9 is income ring-fenced: only what is transferred brings proceeds"
    assert "дохід відокремлено" in say_because(UK, held)
    owed = Refused("P12.assets", "the {part} of {asset} is pledged to {loan} until that is served", part="principal",
                   asset="AS-9", loan="L-1")  # fmt: skip
    assert say_because(EN, owed) == "the principal of AS-9 is pledged to L-1 until that is served"
    assert "principal" not in say_because(UK, owed)


@given(st.text(alphabet=[*string.printable, "{", "}", "%"]), st.sampled_from([Malformed, Conflict, Tampered]))
def test_what_was_found_breaks_no_sentence(found: str, kind: type[FoedusError]):
    error = kind("{path} cannot be read: {problem}", path=found, problem=found)
    assert str(error) == f"{found} cannot be read: {found}"
    assert say_error(UK, error) == f"{found}: неможливо прочитати: {found}"
    nested = Tampered("entry {number}: {problem}", number=1, problem=error)
    assert str(nested) == f"entry 1: {error}"
    assert say_error(UK, nested) == f"запис 1: {say_error(UK, error)}"


@pytest.mark.parametrize(
    "error",
    [
        Refused("P1", "{what} is not so", what="this"),
        Malformed("{path}: {problem}", path="a", problem="b"),
        Conflict("the store was closed: nothing was read or recorded"),
        Tampered("entry {number}: {problem}", number=3, problem=Malformed("note: {found}", found=1)),
    ],
)
def test_an_error_of_another_process_is_the_same(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), found_in(copy)) == (type(error), str(error), found_in(error))
    assert say_error(UK, copy) == say_error(UK, error)


def test_findings_are_said_in_both_languages():
    with pytest.raises(MalformedCompact) as caught:
        checked(b"id: 7\nparts: [1, 2]\n")
    findings = caught.value.findings
    assert str(caught.value).splitlines() == [one.one_line() for one in findings]
    assert [say_finding(EN, one) for one in findings] == [one.one_line() for one in findings]
    said = say_error(UK, caught.value).splitlines()
    assert "compact:1:1: знайдено: немає ключа 'dated'; очікувалося: дата, як-от 2030-02-28" in said
    assert "compact:1:5: знайдено: число 7 (id); очікувалося: ідентифікатор" in "\n".join(said)
    assert finding_in(UK, findings[0])["line"] == findings[0].line
    assert "знайдено" not in str(finding_in(UK, findings[0])["found"])


def test_a_part_of_a_finding_says_what_stands_there_as_it_stands():
    with pytest.raises(MalformedCompact) as caught:
        checked(b"'{x} %s': {y}\n")
    told = "\n".join(say_finding(UK, one) for one in caught.value.findings)
    assert "невідомий ключ '{x} %s'" in told


def test_the_sentence_alone_has_no_clause():
    refused = Refused("P1", "{party} has already acknowledged", party="POL")
    assert say_because(EN, refused) == "POL has already acknowledged"
    assert say_error(EN, refused) == "POL has already acknowledged [P1]"
