"""Laws of the account: what is kept as entries come is what the subjects add up to, in any order, on every axis, as of
any day; nothing appears or disappears between funders; and what a thousand tranches may and may not.
"""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments import account, acts
from foedus.commitments.account import AXES, seen, totals
from foedus.commitments.acts import Quantity
from foedus.commitments.burden import carried
from foedus.commitments.state import FUNDED, STAGES, Bounds, State, in_order_of_age, with_grace
from foedus.history import Map, Place
from tests.commitments.made import (
    DAY,
    KINDS,
    PARTIES,
    START,
    clocked,
    histories,
    in_order,
    recorded,
    replayed,
    with_clock,
)

END = START + 1000 * DAY


def added(parts: dict[tuple[str, ...], Bounds]) -> dict[str, Bounds]:
    """Parts added up by their unit, which is the last of each key."""
    whole: dict[str, Bounds] = {}
    for key, amount in parts.items():
        whole[key[-1]] = whole.get(key[-1], Bounds()).plus(amount)
    return {unit: amount for unit, amount in whole.items() if amount != Bounds()}


@given(histories())
def test_what_is_kept_is_what_the_subjects_add_up_to(lives):
    """Nothing is left of it without what each of them adds."""
    state = recorded(in_order(lives))
    none = seen(state, START - 1000 * DAY, END)
    assert replace(none, grace=HashTrieMap()) == State()
    again = seen(state, END, END)
    assert again == replace(state, needed=HashTrieMap(), agenda=None)
    assert sorted(id_ for ids in state.late_of.values() for id_ in ids) == sorted(in_order_of_age(state.late))
    no_grace: Map[str, int] = HashTrieMap()
    assert state.grace == reduce(with_grace, state.tranches.values(), no_grace)
    assert state.owing == HashTrieMap(Counter(f"{one.party}|{one.kind}" for one in state.obligations.values()))
    assert sorted(id_ for ids in state.listed.values() for id_ in ids) == sorted(state.obligations)


@given(histories(), st.integers(0, 200), st.integers(0, 20))
def test_as_of_is_the_replay_to_that_day(lives, day, later):
    told = with_clock(in_order(lives))
    at, known = START + day * DAY, START + (day + later) * DAY
    past = seen(replayed(told), at, known)
    then = replayed((event, place) for event, place in told if place.seen(at, known))
    assert past.sums == then.sums
    assert past.months == then.months
    for field in ("awaited", "owing", "listed", "undertaken", "late", "late_of", "ever_late"):
        assert getattr(past, field) == getattr(then, field)
    assert {day: set(ids) for day, ids in past.due_on.items()} == {day: set(ids) for day, ids in then.due_on.items()}
    assert set(past.tranches) == set(then.tranches)
    assert {one.id: one.counted for one in past.deliveries.values()} == {
        one.id: one.counted for one in then.deliveries.values()
    }


@given(st.integers(0, 7))
def test_as_of_is_the_replay_where_an_obligation_began_or_ceased_to_count(day):
    """Nothing else changed in its tranches since."""
    owed, due = Quantity("tank", "5"), START + 60 * DAY
    told: list[object] = [
        acts.ObligationUndertaken(id_, "POL", "kyiv-2022", "P2.arms", "military", "fixed", owed, "legal", "UKR",
                                  conditions=("parliament",)) for id_ in ("O-1", "O-2")
    ]  # fmt: skip
    told += [acts.TrancheScheduled(f"{id_}/T-1", id_, owed, due, due) for id_ in ("O-1", "O-2")]
    told += [acts.ConditionSettled(id_, "parliament", met=True) for id_ in ("O-1", "O-2")]
    told += [acts.PledgeLinked("O-2", "repeats", "O-1"), acts.ConditionSettled("O-1", "parliament", met=False)]
    every = [(event, Place(START + n * DAY, START + n * DAY, n)) for n, event in enumerate(told)]
    past, then = seen(recorded(every), START + day * DAY, END), recorded(every[: day + 1])
    assert past == replace(then, agenda=None)


@given(histories(at_once=True), st.integers(0, 200))
def test_what_was_overdue_on_a_day_is_what_a_clock_that_stopped_there_had_recorded(lives, day):
    at = START + day * DAY
    told = in_order(lives)
    whole = clocked(recorded(told), END, len(told))
    stopped = clocked(recorded([one for one in told if one[1].at <= at]), at, len(told))
    assert seen(whole, at, END).late == stopped.late


@given(histories(), st.randoms(use_true_random=False))
def test_totals_do_not_depend_on_the_order_of_obligations(lives, random):
    shuffled = list(lives)
    random.shuffle(shuffled)
    one = recorded([each for life in lives for each in life])
    other = recorded([each for life in shuffled for each in life])
    assert one.sums == other.sums
    assert account.totals(one, ("stage", "kind")) == account.totals(other, ("stage", "kind"))


@given(histories())
def test_parts_add_up_to_the_whole_on_every_axis_with_what_is_undated(lives):
    state = recorded(in_order(lives))
    for stage in (*STAGES, FUNDED):
        whole = added(totals(state, (), only={"stage": stage}))
        for count in (1, 2):
            for by in itertools.combinations([axis for axis in AXES if axis not in ("stage", "unit")], count):
                assert added(totals(state, by, only={"stage": stage})) == whole


@given(histories())
def test_a_transfer_between_funders_adds_nothing(lives):
    state = recorded(in_order(lives))
    allocated = added(totals(state, (), only={"stage": "allocated"}))
    funded = added(totals(state, (), only={"stage": FUNDED}))
    assert funded == allocated


@given(histories())
def test_months_add_up_to_the_years_of_all_parties_together(lives):
    state = recorded(in_order(lives))
    years: dict[tuple[str, ...], Bounds] = {}
    for name, months in state.months.items():
        stage, kind, unit, year = name.split("|")
        for month, amount in months.items():
            assert month.partition("-")[0] == year
            key = (stage, kind, year, unit)
            years[key] = years.get(key, Bounds()).plus(amount)
    kept = {key: amount for key, amount in totals(state, ("stage", "kind", "year")).items() if amount != Bounds()}
    assert {key: amount for key, amount in years.items() if amount != Bounds()} == kept


@given(histories())
def test_a_share_with_what_a_union_gave_is_the_share_by_itself_and_the_part_of_it(lives):
    state = recorded(in_order(lives))
    found = carried(state, {"EUE"}, lambda unit, amount: amount if unit == "EUR" else None)
    funded = totals(state, ("party",), only={"stage": FUNDED, "unit": "EUR"})
    assert {one.party: one.together for one in found if one.together != Bounds()} == {
        key[0]: amount for key, amount in funded.items() if amount != Bounds()
    }
    assert all(one.together == one.alone.plus(one.share) for one in found)
    allocated = totals(state, ("unit",), only={"stage": "allocated"}).get(("EUR",), Bounds())
    for sums in ([one.alone for one in found], [one.together for one in found]):
        assert reduce(Bounds.plus, sums, Bounds()) == allocated  # a union and its member are never counted twice
    assert {one.party for one in found if one.share.low > 0} <= set(PARTIES) - {"EUE"}


@given(histories(), st.sets(st.sampled_from(PARTIES)))
def test_a_group_s_total_is_that_of_its_members_each_once(lives, group):
    state = recorded(in_order(lives))
    together = totals(state, ("stage",), parties=[*group, *group])
    apart: dict[tuple[str, ...], Bounds] = {}
    for party in group:
        for key, amount in totals(state, ("stage",), parties=[party]).items():
            apart[key] = apart.get(key, Bounds()).plus(amount)
    assert together == dict(sorted(apart.items()))


@given(histories())
def test_what_is_verified_was_delivered_and_no_sum_ends_before_it_begins(lives):
    state = recorded(in_order(lives))
    for key, amount in totals(state, ("stage", "party", "kind", "year")).items():
        assert amount.open >= 0
        if key[0] != FUNDED:
            assert Decimal(0) <= amount.low <= amount.high or key[0] in ("intended", "committed")
        if key[0] == "verified":
            whole = totals(state, ("party", "kind", "year"), only={"stage": "delivered"})[key[1:]]
            assert amount.low <= whole.low


@given(histories())
def test_only_what_is_owed_by_law_is_ever_overdue(lives):
    state = clocked(recorded(in_order(lives)), END, 10_000)
    for id_ in state.ever_late:
        obligation = state.obligations[state.tranches[id_].obligation]
        assert obligation.binding == "legal"
        assert obligation.terms is not None
        assert obligation.terms.basis != "up_to"
    late = [one for one in state.tranches.values() if one.overdue is not None and not one.fulfilled]
    assert account.overdue(state, END) == [one.id for one in sorted(late, key=lambda one: (one.overdue_at, one.id))]


@given(histories())
def test_the_clock_need_not_have_recorded_what_is_overdue(lives):
    state = recorded(in_order(lives))
    later = START + timedelta(days=300)
    recorded_ = clocked(state, later, 10_000)
    late = account.overdue(state, later)
    assert late == account.overdue(recorded_, later)
    for party, kind in itertools.product((None, *PARTIES), (None, *KINDS)):
        owed = {id_: state.obligations[state.tranches[id_].obligation] for id_ in late}
        wanted = [id_ for id_, one in owed.items() if party in (None, one.party) and kind in (None, one.kind)]
        for each in (state, recorded_):
            found = account.overdue_first(each, account.late_at(each, later), 2, party=party, kind=kind)
            assert found == (len(wanted), wanted[:2])
