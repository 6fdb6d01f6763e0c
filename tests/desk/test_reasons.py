"""What a desk keeps of an error says the same when it is read again, in either language."""

from __future__ import annotations

import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.desk.reasons import MOST, Reason, reason_of
from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered
from foedus.words import translator
from foedus.words.failures import found_in, say_error

EN, UK = translator("en"), translator("uk")
SIGNED = Refused("P14.signing", "{party} has already signed {what}", party="POL", what="kyiv-2022")


@pytest.mark.parametrize(
    "error",
    [
        SIGNED,
        Tampered("entry {number}: {problem}", number=1200, problem=SIGNED),
        Conflict("{url} could not be reached ({problem})", url="http://a.example", problem=OSError("refused")),
        Malformed("checkpoint: not UTF-8"),
        Malformed("envelope: {found} bytes found, at most {most} expected", found=str(2**64), most=MOST),
    ],
)
def test_it_is_the_same_error_once_read(error: FoedusError) -> None:
    read = msgspec.json.decode(msgspec.json.encode(reason_of(error)), type=Reason).as_error()
    assert (type(read), str(read), found_in(read)) == (type(error), str(error), found_in(error))
    for words in (EN, UK):
        assert say_error(words, read) == say_error(words, error)


texts = st.text(alphabet=[*string.ascii_letters, "{", "}", ".", "!", "[", "0", ":", " "], max_size=30)


values = st.dictionaries(texts | st.sampled_from(["at", "wait"]), texts | st.integers(-MOST, MOST))


@given(st.sampled_from(["tampered", "refused", "nothing"]), texts, values, texts)
def test_a_file_that_was_changed_breaks_no_page(
    error: str, sentence: str, found: dict[str, str | int | Reason], clause: str
) -> None:
    read = Reason(error, sentence, found, clause).as_error()
    assert isinstance(say_error(UK, read), str)
    assert isinstance(say_error(EN, Tampered("entry {number}: {problem}", number=1, problem=read)), str)
