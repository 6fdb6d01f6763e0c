"""What all listings were at once, in columns, is what each was by its own timeline; whatever became true of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from foedus.history import Place
from foedus.sanctions import acts
from foedus.sanctions.state import RECENT, State, evolve, found
from foedus.sanctions.status import standing
from foedus.web.timelines import NO, OWED, YES, Timelines
from tests.strategies import examples

START = datetime(2031, 3, 1, tzinfo=UTC)
ISSUERS, TARGETS, REGIMES = ("AAA", "BBB", "CCC"), ("T-1", "T-2", "T-3"), ("one", "two")
RETURNING: tuple[tuple[acts.Returning, ...], ...] = (("relief",), ("deviation",), ("relief", "deviation"))
LAWS = {"no": NO, "yes": YES, "owed": OWED}


class Chance:
    """Events one after another, as a record could hold them; when they are so in law is drawn by lot."""

    def __init__(self, seed: int) -> None:
        self.lot, self.state, self.at, self.entry = Random(seed), State(), START, 0
        self.back: dict[str, tuple[acts.Returning, ...]] = {}

    def add(self, event: Any) -> None:
        self.state = evolve(self.state, event, Place(self.at, self.at, self.entry))

    def one(self) -> None:
        """One event, or nothing where the state has none of that kind."""
        lot, state = self.lot, self.state
        self.at += timedelta(hours=lot.choice((0, 1, 30)))
        self.entry += lot.choice((0, 1, 1))
        since = self.at + timedelta(hours=lot.choice((-50, -1, 0, 0, 0, 1, 70)))
        issuer, target, regime = lot.choice(ISSUERS), lot.choice(TARGETS), lot.choice(REGIMES)
        known = state.listings.get(f"{issuer}/freeze/{target}")
        regime = known.regime if known is not None else regime
        whole = (issuer, target, "freeze", regime)
        ids = [*state.listings, *state.schedules, *(f"{one}/{target}" for one in state.schedules)]
        what = lot.randrange(14)
        if what == 0:
            self.add(acts.ListingProposed(f"{issuer}/freeze/{target}", *whole, "AAA"))
        elif what in (1, 2):
            self.add(acts.RegimeOpened(issuer, regime))
            self.add(acts.ListingAdopted(f"{issuer}/freeze/{target}", *whole, "act", since))
        elif what == 3:
            id_ = f"S-{len(state.schedules) + 1}"
            self.add(acts.ScheduleAdopted(id_, issuer, "0" * 64, 2, "freeze", regime, "act", since))
        elif what == 4 and state.regimes:
            lapsed = lot.choice(sorted(state.regimes.values(), key=lambda one: (one.issuer, one.regime)))
            self.add(acts.RegimeLapsed(lapsed.issuer, lapsed.regime, ()))
        elif what in (5, 6):
            self._snapback(issuer, since)
        elif ids and what > 6:
            self._said(what, lot.choice(sorted(ids)), since)

    def _said(self, what: int, id_: str, since: datetime) -> None:
        self.add({
            7: acts.ReliefGranted(id_, "lifted", "E-1", "act", since),
            8: acts.ReliefGranted(id_, "eased", "E-1", "act", since),
            9: acts.ReliefDeviated(id_, "suspended", "P", "act", since), 10: acts.ListingAmended(id_, "act", since),
            11: self.lot.choice((acts.ReliefEnded(id_), acts.CaseRecorded(id_, "case"), acts.ListingExpired(id_))),
            12: self.lot.choice((acts.Delisted(id_, "deceased", "a", since), acts.ListingAnnulled(id_, "case", since))),
            13: acts.ExemptionGranted(id_, "grain", "humanitarian"),
        }[what])  # fmt: skip

    def _snapback(self, issuer: str, since: datetime) -> None:
        lot = self.lot
        self.entry += 1  # no entry has two of them
        if not self.back or lot.random() < 0.4:
            id_ = f"SB-{len(self.back) + 1}"
            self.back[id_] = lot.choice(RETURNING)
            issuers = tuple(lot.sample(ISSUERS, 2))
            self.add(acts.SnappedBack(id_, "P", issuers, 1, 0, "0" * 64, self.back[id_], None, None, None))
            return
        id_ = f"SB-{len(self.back)}"
        if lot.random() < 0.3 and self.state.snapbacks[id_].stopped is None:
            self.add(acts.SnapbackStopped(id_, ("AAA",)))
            return
        mine = sorted(one.id for one in self.state.listings.values() if one.issuer == issuer)
        listing = lot.choice(mine) if mine and lot.random() < 0.5 else None
        self.add(acts.ReinstatementEnacted(id_, issuer, "act", since, listing))


Seen = tuple[bool, int, bool, bool]  # whether it lapses with its regime, the law, whether relieved, and alone


def agree(state: State, timelines: Timelines, at: datetime, known: datetime) -> None:
    """Each listing as the columns have it is as its own timeline has it."""
    there: dict[tuple[str, str], list[Seen]] = {}
    for key, block, was in timelines.each(at, known):
        for column, target in enumerate(block.targets[: block.count].tolist()):
            if was.said[column]:
                lapses, relieved, deviating = (bool(each[column]) for each in (was.lapses, was.relieved, was.deviating))
                row = (lapses, int(was.law[column]), relieved, deviating)
                there.setdefault((key, timelines.names[target]), []).append(row)
    expected: dict[tuple[str, str], list[Seen]] = {}
    for one in state.listings.values():
        now = standing(state, one, at, known)
        if now is not None:
            deviating = now.relieved and now.because == "deviation"
            row = (now.lapses, LAWS[now.in_law], now.relieved, deviating)
            expected.setdefault((f"{one.issuer}/{one.regime}", one.target), []).append(row)
    assert {key: sorted(each) for key, each in there.items()} == {key: sorted(each) for key, each in expected.items()}


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(0, 2**32))
@examples(250)
def test_all_at_once_is_what_each_one_was(seed, count, when):
    chance, timelines, lot = Chance(seed), Timelines(), Random(when)
    for _ in range(count):
        chance.one()
        if lot.random() < 0.3:
            assert timelines.follow(chance.state)
    assert timelines.follow(chance.state)
    for _ in range(4):
        at = START + (chance.at - START) * lot.uniform(0, 1.3)
        agree(chance.state, timelines, at, max(at, chance.at) if lot.random() < 0.7 else at)
    fresh = Timelines()
    fresh.follow(chance.state)
    agree(chance.state, fresh, chance.at, chance.at)


def test_a_state_far_behind_is_caught_up_and_an_earlier_one_is_not_gone_back_to():
    chance, timelines = Chance(7), Timelines()
    early = chance.state
    while chance.state.spoken < 3 * RECENT:
        chance.one()
    assert timelines.follow(chance.state)
    agree(chance.state, timelines, chance.at, chance.at)
    assert not timelines.follow(early)
    assert found(chance.state, "S-1") is not None
    assert timelines.state is chance.state


def test_relief_that_a_stopped_snapback_had_passed_over_begins_after_all():
    chance, id_ = Chance(1), "AAA/freeze/T-1"
    later = START + timedelta(days=9)
    chance.add(acts.ListingAdopted(id_, "AAA", "T-1", "freeze", "one", "act", START))
    chance.add(acts.ReliefGranted(id_, "lifted", "E-1", "act", later))
    chance.entry += 1
    chance.add(acts.SnappedBack("SB-1", "P", ("AAA",), 1, 0, "0" * 64, ("relief",), None, None, None))
    timelines = Timelines()
    assert timelines.follow(chance.state)
    agree(chance.state, timelines, later, later)
    chance.add(acts.SnapbackStopped("SB-1", ("AAA",)))
    assert timelines.follow(chance.state)
    agree(chance.state, timelines, later, later)
    now = standing(chance.state, chance.state.listings[id_], later, later)
    assert now is not None
    assert now.relieved
