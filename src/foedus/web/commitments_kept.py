"""What a console keeps for the pages of commitments, so that nothing is made twice: vintages by digest, a forecast."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from datetime import datetime
from threading import Lock, Thread
from typing import Final

from foedus import archive
from foedus.commitments.account import seen
from foedus.commitments.needs import Gap, gaps
from foedus.commitments.sources.model import Vintage
from foedus.commitments.state import State
from foedus.vintages import Products, products, vintage
from foedus.web.unanswered import NotYet

MOST_PAST = 2  # accounts: each takes as much as its subjects have changed since
PATIENCE_SECONDS: Final = 1.5  # before a reader is told that it takes longer
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


class Past:
    """The account of one past day, found from every subject beside what else is answered."""

    def __init__(self, state: State, at: datetime, known: datetime, turn: Lock) -> None:
        self.state = state  # kept, so that no other state gets its id
        self._at, self._known, self._turn = at, known, turn
        self._made: Future[State] = Future()
        Thread(target=self._make, name="account of a past day", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether it is there, or failed."""
        return self._made.done()

    def _make(self) -> None:
        with self._turn:  # one at a time: two would each take twice as long
            try:
                self._made.set_result(seen(self.state, self._at, self._known))
            except Exception as problem:  # noqa: BLE001 - whoever asked is told
                self._made.set_exception(problem)

    def wait(self, patience: float) -> State:
        """The account. Raises NotYet when it is not there after so many seconds."""
        try:
            return self._made.result(patience)
        except TimeoutError:
            raise not_yet(self.state) from None


def not_yet(state: State) -> NotYet:
    """That a past account is being added up, of how many tranches, and when to ask again."""
    count = len(state.tranches)
    return NotYet(
        "the account of a day that is over is added up anew, from {count} tranches, which takes up to a minute for a"
        " million",
        seconds=min(15, 2 + count // 100_000), count=count,
    )  # fmt: skip


class Pasts:
    """Accounts of past days that were asked for last: each is added up anew, and kept while nothing can change it."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._kept: OrderedDict[tuple[int, datetime, datetime], Past] = OrderedDict()
        self._patience, self._turn, self._asking = patience, Lock(), Lock()

    def seen(self, state: State, at: datetime, known: datetime) -> State:
        """The account as it stood `at`, as then `known`. Raises NotYet while it is being added up."""
        name = (id(state), at, known)
        with self._asking:
            found = self._kept.get(name)
            if found is None:
                over = [one for one, each in self._kept.items() if each.done]
                for one in over[: max(0, len(self._kept) - MOST_PAST + 1)]:
                    del self._kept[one]
                if len(self._kept) >= MOST_PAST:
                    raise not_yet(state)  # others are being added up, and nobody's is given up for another
                found = self._kept[name] = Past(state, at, known, self._turn)
        return found.wait(self._patience)


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
