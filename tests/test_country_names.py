"""Countries are known by the names that lists and customers' files have for them."""

from __future__ import annotations

import pytest

from foedus.country_names import country_code, known_code
from foedus.errors import Malformed


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UA", "ua"),
        ("RUS", "ru"),
        ("UK", "gb"),
        ("Russian Federation", "ru"),
        ("Росія", "ru"),
        ("Democratic People's Republic of Korea", "kp"),
        ("Korea, North", "kp"),
        ("Congo, Democratic Republic of the", "cd"),
        ("Iran (Islamic Republic of)", "ir"),
        ("Syrian Arab Republic", "sy"),
        ("Bosnia-Herzegovina", "ba"),
        ("Bosnia and Herzegovina", "ba"),
        ("Côte d’Ivoire", "ci"),
        ("The Gambia", "gm"),
        ("Saint Kitts and Nevis", "kn"),
        ("Türkiye", "tr"),
        ("Turkey", "tr"),
        ("Narnia", ""),
        ("Austrian Alps", ""),
        ("", ""),
    ],
)
def test_a_country_is_known_by_its_names(name, code):
    assert country_code(name) == code


def test_what_is_no_country_is_refused():
    with pytest.raises(Malformed, match="Narnia"):
        known_code("Narnia")
