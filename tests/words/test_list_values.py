"""What lists say is shown in the reader's words where it is a code, and as published where it is not."""

from __future__ import annotations

from typing import get_args

import pytest

from foedus.sanctions.lists.model import Birth, Identifier, IdentifierKind, Kind, Link, LinkKind, Name, NameKind
from foedus.words import translator
from foedus.words.list_values import LINK_KINDS, NAME_KINDS, NUMBER_KINDS, TARGET_KINDS, parts


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("names", Name("Kim", "weak"), ["Kim", "ненадійне інше ім’я"]),
        ("names", {"text": "Kim", "kind": "alias"}, ["Kim", "інше ім’я"]),
        ("identifiers", Identifier("passport", "P 1", "kp"), ["паспорт", "P 1", "kp"]),
        ("births", Birth("1958", circa=True), ["1958", "приблизно"]),
        ("links", Link("owner", to="c1", share="51"), ["належить", "c1", "51"]),
        ("kind", "vessel", ["Судно"]),
        ("remarks", "as\n published", ["as published"]),
    ],
)
def test_codes_are_said_in_ukrainian(field, value, said):
    assert parts(translator("uk"), field, value) == said


@pytest.mark.parametrize(
    ("table", "codes"),
    [(NAME_KINDS, NameKind), (NUMBER_KINDS, IdentifierKind), (LINK_KINDS, LinkKind), (TARGET_KINDS, Kind)],
)
def test_every_code_has_a_word(table, codes):
    assert set(table) == set(get_args(codes))
