"""Targets and list versions for laws: small ones of few values, so that two of them often share something."""

from __future__ import annotations

from hypothesis import strategies as st

from foedus.sanctions.lists import Address, Birth, Identifier, Link, ListVersion, Name, Target
from foedus.sanctions.lists.canonical import digest_of, in_order, target

_NAMES = (
    Name("A"),
    Name("A", note="b"),
    Name("Б"),
    Name("A", "weak"),
    Name("a", "original", "rus"),
    Name("Ü", "former"),
)
_FIELDS: dict[str, tuple[object, ...]] = {
    "births": (Birth("1971"), Birth("1971-03-02", "a"), Birth("1960/1965", circa=True), Birth(note="spring"), Birth()),
    "countries": ("ru", "Росія", ""),
    "identifiers": (Identifier("inn", "1"), Identifier("inn", "1", "ru"), Identifier("other", "x", note="n")),
    "addresses": (Address("a"), Address(city="a"), Address(country="a"), Address()),
    "programmes": ("A", "B", ""),
    "measures": ("freeze", "ban"),
    "legal_basis": ("X 1", "X 2"),
    "positions": ("head",),
    "links": (Link("owner", "a"), Link("owner", to="t1", share="51"), Link("linked", "a")),
    "references": ("UN 1", "UN 2"),
    "remarks": ("a; b", "line\nbreak", "\u2028"),
}
_TEXTS = ("gender", "listed_on", "updated_on")
_some = st.lists(st.sampled_from(sorted(_FIELDS)), max_size=3, unique=True)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    fields = {name: draw(st.lists(st.sampled_from(_FIELDS[name]), max_size=2)) for name in draw(_some)}
    texts = {draw(st.sampled_from(_TEXTS)): draw(st.sampled_from(("", "2022-02-24")))}
    return target(
        draw(st.sampled_from(("t1", "t2", "t10", "тіло"))),
        draw(st.sampled_from(("person", "vessel"))),
        draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3)),
        **fields,  # type: ignore[arg-type]  # each of its field
        **texts,
    )


@st.composite
def versions(draw: st.DrawFn) -> ListVersion:
    found = in_order(draw(st.lists(targets(), max_size=3, unique_by=lambda one: one.id)))
    return ListVersion("UN", "un-consolidated", "un", None, digest_of(found), tuple(found))
