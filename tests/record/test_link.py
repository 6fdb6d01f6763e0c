"""The text by which paper names an act: one spelling, whatever the record is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.record.link import ActLink, format_link, parse_link

HEX = "0123456789abcdef"
LINKS = st.builds(
    ActLink,
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=120),
    st.text(HEX, min_size=32, max_size=32),
    st.text(HEX, min_size=64, max_size=64),
)
PLAIN = f"foedus:example.com/compact/act/{'0f' * 16}#sha256={'ab' * 32}"


@given(LINKS)
def test_what_is_written_is_read(link):
    text = format_link(link)
    assert parse_link(text) == link
    assert re.fullmatch(r"foedus:[A-Za-z0-9._~/%-]+#sha256=[0-9a-f]{64}", text)


def test_the_form_of_the_specification():
    assert format_link(ActLink("example.com/compact", "0f" * 16, "ab" * 32)) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "", "0f" * 16, PLAIN.upper(), PLAIN + "\n", PLAIN + "0", PLAIN.replace("foedus:", "https://"),
        PLAIN.replace("example", "%65xample"), PLAIN.replace("sha256", "sha512"), PLAIN.replace("/act/", "/"),
    ],
)  # fmt: skip
def test_another_spelling_is_refused(text):
    with pytest.raises(Malformed, match="expected foedus:ORIGIN/act/ID#sha256=DIGEST"):
        parse_link(text)
