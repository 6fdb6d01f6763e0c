"""What holds of any rows: sums in any order, parts and whole, one group for each donor, and forms read back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.commitments.sources import read
from foedus.commitments.sources.difference import difference
from foedus.commitments.sources.donors import GROUPS
from foedus.commitments.sources.model import KINDS, STAGES, Money, Place, Quantity, Row, Vintage, digest_of
from foedus.commitments.sources.to_tables import to_csv
from foedus.commitments.sources.totals import AXES, happened_by, totals, units

pytestmark = pytest.mark.slow
MEMBERS = frozenset({"DEU", "FRA", "LVA"})
cents = st.integers(0, 10**13).map(lambda n: Decimal(n) / 100)
days = st.dates(date(2014, 1, 1), date(2044, 12, 31))
periods = st.one_of(
    st.just((None, None)),
    days.map(lambda day: (day, day)),
    days.map(lambda day: (None, day)),
    days.map(lambda day: (day, None)),
    st.tuples(days, st.integers(1, 800)).map(lambda one: (one[0], one[0] + timedelta(days=one[1]))),
)
quantities = st.one_of(
    st.none(),
    st.integers(0, 10**6).map(lambda n: Quantity(Decimal(n), Decimal(n))),
    st.just(Quantity(Decimal(1), None, "undisclosed")),
    st.integers(1, 500).map(lambda n: Quantity(Decimal(n), Decimal(n + 7), "several")),
)


@st.composite
def rows(draw):
    """Rows as any importer makes them, each with an id of its own."""
    found = []
    for number in range(draw(st.integers(0, 25))):
        amount = draw(st.none() | cents)
        code = draw(st.sampled_from(("EUR", "USD", "UAH")))
        eur = amount if code == "EUR" else draw(st.none() | cents) if amount is not None else None
        first, last = draw(periods)
        found.append(
            Row(
                id=f"r{number}",
                donor=draw(st.sampled_from(("DEU", "FRA", "LVA", "USA", "EUE", "EIB"))),
                kind=draw(st.sampled_from(KINDS)),
                stage=draw(st.sampled_from(STAGES)),
                first=first,
                last=last,
                money=None if amount is None else Money(amount, code),
                eur=eur,
                rate=Decimal(1) if code == "EUR" and amount is not None else None,
                item=draw(st.sampled_from(("", "tank", "howitzer, 155 mm"))),
                quantity=draw(quantities),
                standing=draw(st.sampled_from(("counted", "counted", "detail", "evidence"))),
                place=Place("made", number + 2),
            )
        )
    return found


def made(several: list[Row]) -> Vintage:
    return Vintage("made", "1", "csv", None, digest_of(several), tuple(several))


@given(rows(), st.randoms(), st.lists(st.sampled_from(AXES), unique=True, max_size=3))
def test_sums_do_not_depend_on_the_order_of_rows(several, random, by):
    shuffled = list(several)
    random.shuffle(shuffled)
    assert totals(shuffled, by, None, MEMBERS) == totals(several, by, None, MEMBERS)
    assert units(shuffled) == units(several)
    assert digest_of(shuffled) == digest_of(several)


@given(rows(), st.sampled_from(AXES))
def test_the_parts_add_up_to_the_whole_on_every_axis(several, axis):
    whole, parts = totals(several), totals(several, (axis,), None, MEMBERS)
    for stage in STAGES:
        assert parts.eur(stage) == whole.eur(stage)
    counted = sum(row.standing == "counted" for row in several)
    assert sum(line.rows for line in parts.lines) == counted


@given(rows())
def test_a_group_is_the_sum_of_its_donors_and_no_donor_is_in_two(several):
    groups = totals(several, ("group", "donor"), None, MEMBERS)
    where: dict[str, str] = {}
    for line in groups.lines:
        group, donor = line.key
        assert group in GROUPS
        assert where.setdefault(donor, group) == group


@given(rows(), days, days)
def test_what_had_happened_by_a_day_had_happened_by_each_later_one(several, one, other):
    earlier, later = sorted((one, other))
    assert all(happened_by(row, later) for row in several if happened_by(row, earlier))
    counted = sum(row.standing == "counted" for row in several)
    by_then = totals(several, (), earlier)
    assert by_then.left_out + sum(line.rows for line in by_then.lines) == counted


@given(rows())
def test_neither_evidence_nor_detail_enters_a_sum_of_money(several):
    only = [row for row in several if row.standing == "counted"]
    assert totals(several, ("donor", "kind")) == totals(only, ("donor", "kind"))
    told = [row for row in several if row.standing != "evidence"]
    assert units(several) == units(told)


@given(rows())
def test_the_same_rows_again_change_nothing(several):
    again = difference(made(several), made(several[::-1]))
    assert (again.added, again.gone, again.changed, again.moved) == ((), (), (), ())


@given(rows(), st.data())
def test_a_difference_tells_what_was_added_gone_and_changed(several, data):
    if not several:
        return
    gone = data.draw(st.integers(0, len(several) - 1))
    after = [row for at, row in enumerate(several) if at != gone]
    new = replace(several[gone], id="new")
    change = difference(made(several), made([*after, new]))
    assert [row.id for row in change.gone] == [several[gone].id]
    assert [row.id for row in change.added] == ["new"]
    assert not change.changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@given(several=rows().filter(bool))
def test_a_table_is_read_back_as_the_same_rows(folder, several):
    path = folder / "rows.csv"
    path.write_bytes(to_csv(several))
    back = read(path)
    assert not back.skipped
    assert back.digest == digest_of(several)
