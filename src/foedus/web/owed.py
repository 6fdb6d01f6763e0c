"""The account of this record as a page asks for it: as it stands, or as it stood at `at` and was `known`, in words.

What parties owe, schedule, set aside and deliver by their own acts. Nothing is counted here that
`foedus.commitments` does not count, and a tracker's sums are never among it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from foedus.commitments.account import Standing, came_late, late_at, seen_one, standing
from foedus.commitments.acts import Quantity
from foedus.commitments.state import NOTHING, Bounds, Delivery, Late, Obligation, State, Tranche, bounds, has_come
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words import titles_commitments as codes
from foedus.words.said_commitments import amount, unit_name
from foedus.words.speech import Speech
from foedus.words.titles import title

PLAIN = frozenset({"fixed", "units"})  # bases that the amount alone says
ORDER: tuple[Standing, ...] = ("overdue", "planned", "came_late", "fulfilled", "not_counted")


class Owed:
    """What a page asks of the account, once each. `only`: all that is asked for is this obligation."""

    def __init__(self, page: Page, only: str | None = None) -> None:
        self.page = page
        account = page.state.commitments
        if page.past and only is not None:
            account = seen_one(account, only, page.at, page.known)
        elif page.past:
            last = page.state.at or page.at  # nothing is known since: whoever asks a second later asks the same
            account = page.console.pasts.seen(account, min(page.at, last), min(page.known, last))
        self.state: State = account
        self.speech = Speech(page.words, page.clauses, page.state)

    @cached_property
    def late(self) -> Late:
        """What is overdue at the moment of the page, recorded as such or about to be."""
        return late_at(self.state, self.page.at)

    # --- what stands under an obligation --------------------------------------------------------------------

    def tranches(self, one: Obligation) -> list[Tranche]:
        """Its tranches, the first due first."""
        found = [self.state.tranches[each.value] for each in one.tranches]
        return sorted(found, key=lambda tranche: (tranche.due_at, tranche.id))

    def deliveries(self, tranche: Tranche) -> Iterator[Delivery]:
        """Everything handed over for a tranche, as it was stated."""
        for package in tranche.allocations:
            for each in self.state.allocations[package.value].deliveries:
                yield self.state.deliveries[each.value]

    def shares(self, tranche: Tranche) -> tuple[Decimal, ...]:
        """Of what is due, the shares verified by others, delivered, set aside and only scheduled; none in another unit.

        Each is what is not yet of the step before it; where nothing certain is due there are none.
        """
        due, unit = bounds(tranche.figures[-1].value).low, tranche.figures[-1].value.unit
        if due <= 0:
            return ()
        came = [one for one in self.deliveries(tranche) if one.counted.unit == unit]
        verified = sum((bounds(one.counted).low for one in came if one.level > 2), NOTHING)
        delivered = sum((bounds(one.counted).low for one in came), NOTHING)
        packages = [self.state.allocations[one.value].figures[-1].value for one in tranche.allocations]
        aside = sum((bounds(one).low for one in packages if one.unit == unit), NOTHING)
        steps = [min(due, verified), min(due, delivered), min(due, max(aside, delivered)), due]
        return tuple((now - before) / due for before, now in zip([NOTHING, *steps[:-1]], steps, strict=True))

    def came(self, tranche: Tranche) -> str:
        """What counts as delivered of it."""
        return self.span(tranche.figures[-1].value.unit, has_come(self.state, tranche))

    @property
    def source(self) -> str:
        """Of which record a chart is, and as of which day; that it is an exercise."""
        page, _ = self.page, self.page.words.gettext
        record = page.state.parties.record
        said = _("The record %(origin)s as of %(day)s", origin=record.origin if record else "",
                 day=page.day(page.at.date()))  # fmt: skip
        return f"{_('EXERCISE')}. {said}" if page.exercise else said

    # --- words ----------------------------------------------------------------------------------------------

    def amount(self, quantity: Quantity | None) -> str:
        """A quantity in words; a dash where there is none."""
        return "—" if quantity is None else amount(self.speech, quantity)

    def span(self, unit: str, total: Bounds) -> str:
        """A sum: exact, between two, with what has no upper end, or not disclosed at all."""
        if total.open and not total.low and not total.high:
            return self.amount(Quantity(unit))
        low, high = (f"{value.normalize():f}" for value in (total.low, total.high))
        said = self.amount(Quantity(unit, low) if low == high else Quantity(unit, low=low, high=high))
        if not total.open:
            return said
        return self.page.words.gettext("%(amount)s or more", amount=said)

    def much_of(self, total: Bounds) -> str:
        """A sum without its unit, which stands beside it."""
        if total.open and not total.low and not total.high:
            return self.page.words.gettext("not disclosed")
        low, high = self.number(total.low), self.number(total.high)
        said = low if low == high else f"{low}–{high}"
        return self.page.words.gettext("%(amount)s or more", amount=said) if total.open else said

    def number(self, value: Decimal) -> str:
        """A number without needless decimals."""
        return self.page.words.number(f"{value.normalize():f}")

    def unit(self, code: str) -> str:
        """What a unit or a capability is called."""
        said = unit_name(self.speech, code)
        return said[:1].upper() + said[1:]

    def named(self, units: Iterable[str]) -> list[tuple[str, str, None]]:
        """Units or capabilities as filters have them."""
        return [(one, self.unit(one), None) for one in units]

    def kind(self, code: str) -> str:
        """A kind of obligation."""
        return title(self.page.words, codes.KINDS, code)

    def stage(self, code: str) -> str:
        """A stage, as a sentence begins."""
        said = title(self.page.words, codes.STAGES, code)
        return said[:1].upper() + said[1:]

    def binding(self, one: Obligation) -> str:
        """How it binds."""
        return title(self.page.words, codes.BINDINGS, one.binding)

    def much(self, one: Obligation) -> str:
        """How much is owed, and on what basis; of a measure that was joined its position says it."""
        if one.terms is None or not one.figures:
            return self.page.words.gettext("what its position says")
        said = self.amount(one.figures[-1].value)
        if one.terms.basis in PLAIN:
            return said
        return f"{title(self.page.words, codes.BASES, one.terms.basis)} {said}"

    def under(self, one: Obligation) -> str:
        """The provision under which it is owed, of the compact or of another agreement, or the measure."""
        return one.terms.clause if one.terms else one.measure

    def clause(self, one: Obligation) -> str:
        """The same in words."""
        names = self.speech.names
        if one.terms is not None:
            return names.clause(one.terms.agreement, one.terms.clause)
        said = names.measure(one.measure, self.page.state)
        return title(self.page.words, codes.KINDS, one.measure) if said == one.measure else said

    def called(self, one: Obligation) -> str:
        """What a list calls it: what a party undertook has a number of its own, else the measure says it."""
        return one.id if one.terms else self.clause(one)

    def agreement(self, one: Obligation) -> str | None:
        """Under which other agreement than the compact, by its id."""
        return one.terms.agreement if one.terms and one.terms.agreement != self.page.compact.id else None

    def standing(self, tranche: Tranche) -> Standing:
        """Where a tranche stands at the moment of the page: its grace may be over before the clock records it."""
        found = standing(self.state, tranche)
        one = self.state.obligations[tranche.obligation]
        binds = one.terms is None or (one.terms.binding == "legal" and one.terms.basis != "up_to")
        over = found == "planned" and binds and not one.unmet and tranche.overdue_at <= self.page.at
        return "overdue" if over else found

    def mark(self, tranche: Tranche) -> Mark:
        """The same with its symbol."""
        _ = self.page.words.gettext
        return {
            "overdue": Mark("triangle", "red", _("Overdue")),
            "planned": Mark("dot", "ink", _("Scheduled")),
            "came_late": Mark("tick", "amber", _("Came late")),
            "fulfilled": Mark("tick", "green", _("Came in time")),
            "not_counted": Mark("bar", "grey", _("Counts no more")),
        }[self.standing(tranche)]

    def level(self, one: Delivery) -> Mark:
        """How far a delivery is verified."""
        _ = self.page.words.gettext
        if one.disputed:
            said = title(self.page.words, codes.DISPUTES, one.answers[-1].ground or "")
            return Mark("cross", "red", _("Disputed: %(ground)s", ground=said))
        return {
            1: Mark("half", "ink", _("1: the deliverer states it")),
            2: Mark("tick", "ink", _("2: the recipient signed")),
            3: Mark("tick", "green", _("3: independent evidence")),
            4: Mark("tick", "green", _("4: audited")),
        }[one.level]

    def state_of(self, one: Obligation) -> Mark:
        """Where an obligation stands as a whole: its worst tranche first."""
        _ = self.page.words.gettext
        if one.released is not None:
            return Mark("bar", "grey", _("Released"))
        if not one.counts:
            return Mark("bar", "grey", _("Counts no more"))
        found = {self.standing(tranche) for tranche in self.tranches(one)}
        worst = next((each for each in ORDER if each in found), None)
        if worst == "overdue":
            return Mark("triangle", "red", _("Overdue"))
        if one.performed is not None:
            return Mark("tick", "green", _("Reported done"))
        if one.due_at is not None and one.due_at < self.page.at:
            return Mark("triangle", "red", _("Late"))
        if worst in ("fulfilled", "came_late"):
            return Mark("tick", "green", _("What is due has come"))
        return Mark("dot", "ink", _("Owed"))


def day_of(moment: datetime) -> date:
    """The day to whose end something is due: its moment is the start of the next."""
    return (moment - timedelta.resolution).date()


__all__ = ["ORDER", "Owed", "came_late", "day_of"]
