"""Numbers as people write them in forms: in either language, and not where they can be read in two ways."""

from __future__ import annotations

import pytest

from foedus.web.answers import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("24 000 000", "24000000"),
        ("1\N{NO-BREAK SPACE}000", "1000"),
        ("1\N{NARROW NO-BREAK SPACE}000,5", "1000.5"),
        ("2,5", "2.5"),
        ("2.125", "2.125"),
        ("0,125", "0.125"),
        ("55,000", None),
        ("1,000,000", None),
        ("1.000,5", None),
        ("1_000", None),
        ("-5", None),
        ("1e3", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_written_or_not_at_all(written, read):
    """The pages write 55,000 for fifty-five thousand: whoever copies it would have signed for fifty-five."""
    assert plain(written) == read
