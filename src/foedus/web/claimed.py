"""Claims and distributions as a page asks for them: now, or as they stood `at` and were `known`.

Sums come from the record alone; what only tables can say, such as why a claim got its figure, is computed from those of
the archive, and where one is not held the page says so. Damage is not added to loss, nor one currency to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from foedus.claimed import opened, run_of
from foedus.claims.against import Category, paid_by_category
from foedus.claims.distribution import RUN, Run
from foedus.claims.why import Difference, Why, difference, why
from foedus.compact.model import Claims
from foedus.compact.model import Distribution as Clause
from foedus.errors import Malformed
from foedus.parties.powers import Marks, power, side_of
from foedus.reparations.acts import DecideClaims
from foedus.reparations.claims import STAGES, counted
from foedus.reparations.distributions import earlier, in_order
from foedus.reparations.state import Batch, Distribution, Taken, cents, shown
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.said_claims import body_name
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_claims import MEASURES
from foedus.words.titles_claims import STAGES as STAGE_WORDS

T = TypeVar("T")
MOST_KEPT = 256
UNMARKED = Marks("unclassified", "unclassified")
# What was computed from tables, by their digests: the same for every reader and for ever.
_kept: dict[tuple[str, ...], Any] = {}


class Line(Struct, frozen=True):
    """Claims of one measure, category and currency: how many in each stage, and what they come to there, in cents."""

    measure: str
    category: str
    currency: str
    claims: dict[str, int]
    amounts: dict[str, int]


class Claimed:
    """What a page asks of claims and distributions, once each."""

    def __init__(self, page: Page) -> None:
        self.page, self.state, self.words = page, page.state.reparations, page.words
        claims, sharing = page.clauses.one(Claims), page.clauses.one(Clause)
        self.claims = claims
        self.sharing = sharing

    @cached_property
    def batches(self) -> list[Batch]:
        """Every batch that was known then, in order."""
        seen = (self.page.see(one) for one in self.state.batches.values())
        return sorted((one for one in seen if one is not None), key=lambda one: int(one.id[3:]))

    @cached_property
    def distributions(self) -> list[Distribution]:
        """Every distribution that was known then, in order."""
        return [found for one in in_order(self.state) if (found := self.page.see(one)) is not None]

    @cached_property
    def lines(self) -> list[Line]:
        """Claims by measure, category and currency, over every batch."""
        found: dict[tuple[str, str, str], Line] = {}
        for batch in self.batches:
            for total in batch.totals:
                key = (batch.measure, total.category, total.currency)
                line = found.setdefault(key, Line(*key, dict.fromkeys(STAGES, 0), dict.fromkeys(STAGES, 0)))
                for stage, claims in counted(batch, total.category, total.currency).items():
                    line.claims[stage] += claims
                for stage, amount in _amounts(batch, total.category, total.currency).items():
                    line.amounts[stage] += amount
        return [found[key] for key in sorted(found)]

    def taken(self, condition: str) -> list[Taken]:
        """What stood beside each word on a condition, as far as it was known then."""
        seen = (self.page.see(one) for one in self.state.accounts.get(condition) or ())
        return [one for one in seen if one is not None]

    # --- from tables ----------------------------------------------------------------------------------------

    def of_tables(self, digests: Sequence[str], what: str, compute: Callable[[dict[str, Any]], T]) -> T | None:
        """What is computed from tables of the archive; None where one is not held."""
        key = (what, *digests)
        if key not in _kept:
            try:
                with opened(self.page.depositary.store, digests) as files:
                    found = compute(files)
            except Malformed:
                return None
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = found
        kept: T = _kept[key]
        return kept

    def run(self, one: Distribution) -> Run | None:
        """The run of a distribution; None where the archive does not hold it."""
        return self.of_tables((), f"run {one.dry_run}", lambda _: run_of(self.page.depositary.store, one.dry_run))

    def paid(self, one: Distribution) -> tuple[Category, ...] | None:
        """What was paid by category, of the payments known then."""
        tables = [payment.table for payment in one.payments]
        if not tables:
            return ()
        return self.of_tables(
            (one.result, *tables), "paid", lambda files: paid_by_category(files[one.result], [files[t] for t in tables])
        )

    def before(self, one: Distribution) -> Distribution | None:
        """The last distribution that had been run when this one was decided."""
        ran = earlier(self.state, one)
        return ran[-1] if ran else None

    def difference(self, one: Distribution) -> Difference | None:
        """What it pays otherwise than the last run; None without one, or where a table is not held."""
        last = self.before(one)
        if last is None:
            return None
        both = (last.result, one.result)
        return self.of_tables(both, "difference", lambda files: difference(files[both[0]], files[both[1]]))

    def why(self, one: Distribution, claim: str) -> Why | None:
        """How the figure of a claim came about; None where a table is not held or no such claim is in it.

        Raises Tampered where the result does not fit its run.
        """
        try:
            with opened(self.page.depositary.store, (one.result, one.dry_run)) as files:
                result = files[one.result]
                files[one.dry_run].rename(result.with_name(result.name + RUN))
                return why(result, claim)
        except Malformed:
            return None

    def may_see(self, category: str) -> bool:
        """Whether the reader may see what one claim of the category got: of a sensitive one, who may decide claims."""
        named = next((one for one in self.claims[1].categories if one.id == category), None) if self.claims else None
        if named is None or not named.sensitive:
            return True
        seat = self.page.seat
        if seat is None:
            return False
        side = side_of(self.page.clauses, self.page.state, seat.party)
        return power(self.page.clauses, DecideClaims.__name__, seat.role, side, UNMARKED, seat.scope).may

    # --- words ----------------------------------------------------------------------------------------------

    def stage(self, code: str) -> str:
        """A stage of claims."""
        return title(self.words, STAGE_WORDS, code)

    def measure(self, code: str) -> str:
        """What claims are measured as."""
        return title(self.words, MEASURES, code)

    def category(self, code: str) -> str:
        """A category by its name; one that the compact does not name by its code."""
        named = next((one for one in self.claims[1].categories if one.id == code), None) if self.claims else None
        return code if named is None else self.words.of(named.name)

    def confirmed(self, code: str) -> bool:
        """Whether the code was seen in a source."""
        return self.claims is None or any(one.id == code and one.confirmed for one in self.claims[1].categories)

    def body(self, code: str) -> str:
        """The register or the body that decides."""
        return body_name(Speech(self.words, self.page.clauses), code)

    def sum(self, amount_cents: int, currency: str) -> str:
        """Cents as money."""
        return self.words.money(shown(amount_cents), currency)

    def standing(self, one: Distribution) -> Mark:
        """Whether it waits, was revoked, was run, or is paid out."""
        _ = self.words.gettext
        if one.revoked is not None:
            return Mark("cross", "ink", _("revoked"))
        if one.run is None:
            return Mark("empty", "ink", _("decided, not yet run"))
        if one.outstanding:
            return Mark("square-half", "blue", _("run, being paid"))
        return Mark("tick", "green", _("run and paid"))


def _amounts(batch: Batch, category: str, currency: str) -> dict[str, int]:
    found = dict.fromkeys(STAGES, 0)
    standing = [one for one in batch.decisions if one.to != "awarded" or one.corrected is None]
    for stage, totals in (("claimed", batch.totals), *((one.to, one.totals) for one in standing)):
        found[stage] += sum(cents(one.amount) for one in totals if (one.category, one.currency) == (category, currency))
    return found
