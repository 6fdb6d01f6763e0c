"""What a console keeps for the pages of commitments, so that nothing is made twice: vintages by digest, a forecast."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from foedus import archive
from foedus.commitments.account import seen
from foedus.commitments.needs import Gap, gaps
from foedus.commitments.sources.model import Vintage
from foedus.commitments.state import State
from foedus.vintages import Products, products, vintage

MOST_PAST = 2  # accounts: each takes as much as its subjects have changed since
MOST = 8  # vintages: of the largest tracker seen 2,326 rows each


class Vintages:
    """Vintages and tables of GDP by digest. What is under a digest never changes."""

    def __init__(self) -> None:
        self._vintages: OrderedDict[str, Vintage] = OrderedDict()
        self._products: OrderedDict[str, Products] = OrderedDict()

    def vintage(self, store: archive.Keeps, digest: str) -> Vintage:
        """A vintage. Raises Malformed when it is not held, Tampered."""
        found = self._vintages.get(digest)
        if found is None:
            found = self._vintages[digest] = vintage(store, digest)
            while len(self._vintages) > MOST:
                self._vintages.popitem(last=False)
        return found

    def products(self, store: archive.Keeps, digest: str) -> Products:
        """A table of GDP. Raises Malformed, Tampered."""
        found = self._products.get(digest)
        if found is None:
            found = self._products[digest] = products(store, digest)
            while len(self._products) > MOST:
                self._products.popitem(last=False)
        return found


class Pasts:
    """Accounts of past days that were asked for last: each is added up anew from every subject, and kept while nothing
    can change it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, datetime, datetime], tuple[State, State]] = OrderedDict()

    def seen(self, state: State, at: datetime, known: datetime) -> State:
        """The account as it stood `at`, as then `known`."""
        name = (id(state), at, known)
        found = self._kept.get(name)  # keeps the state whose id it is, so that no other gets it
        if found is None:
            found = self._kept[name] = (state, seen(state, at, known))
            while len(self._kept) > MOST_PAST:
                self._kept.popitem(last=False)
        return found[1]


class Forecasts:
    """The gaps of the last account that was asked about, made anew each hour: proposals and pages ask for the same."""

    def __init__(self) -> None:
        self._last: tuple[State, datetime, list[Gap]] | None = None

    def gaps(self, state: State, at: datetime) -> list[Gap]:
        """Every requirement against what comes, as `foedus.commitments.needs` has it."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        last = self._last
        if last is None or last[0] is not state or last[1] != hour:
            last = self._last = (state, hour, gaps(state, at))
        return last[2]
