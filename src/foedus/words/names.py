"""What a compact calls its parties, roles, places, measures and instruments, as a sentence can use them.

Sentences are written so that a name stands in the nominative, because Ukrainian declines it and compacts
carry no declensions. What the compact does not know is shown by its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from foedus.compact.clauses import Clauses, Table
from foedus.compact.model import Condition
from foedus.parties.acts import ROOT
from foedus.words import Words, mark
from foedus.words.titles import CLOSINGS, FIGURES, MEASURE_KINDS, RESTRICTIONS, STEPS, title

if TYPE_CHECKING:
    from foedus.response.acts import Contribution, Figure
    from foedus.state import State

DEPOSITARY = "depositary"
SANCTIONS_DEADLINES = {
    "expiry": mark("the term of a listing (%(what)s)"),
    "relief": mark("the term of a relief (%(what)s)"),
    "regime": mark("the term of a regime (%(what)s)"),
    "easing": mark("the time to agree on an easing (%(what)s)"),
    "snapback": mark("the time of a notice (%(what)s)"),
    "enact": mark("the time to enact what came back (%(what)s)"),
}
OWED_DEADLINES = {
    "tranche": mark("the day and grace of a tranche (%(what)s)"),
    "reexport": mark("the time to answer on a re-export (%(what)s)"),
}
# ISO 3166-1 codes, and EUE, that English names with an article; those whose Ukrainian name is a plural.
ARTICLE = frozenset({"ARE", "BHS", "COM", "DOM", "EUE", "GBR", "GMB", "NLD", "PHL", "USA"})
PLURAL = frozenset({"ARE", "BHS", "COM", "NLD", "PHL", "SYC", "USA"})


class Names:
    """The names of one compact in one language."""

    def __init__(self, words: Words, clauses: Clauses) -> None:
        self.words = words
        self.clauses = clauses

    def party(self, code: str) -> str:
        """A party or an outsider by its own name: `Poland`."""
        if code == DEPOSITARY:
            return self.words.gettext("depositary")
        known = self.clauses.party(code)
        if known:
            return self.words.of(known.name)
        return self._listed("outsiders", code)

    def who(self, codes: str | Iterable[str]) -> str:
        """One or several as a sentence names them: `Poland, the United States and the depositary`."""
        return self.words.items([self._with_article(code) for code in _all(codes)])

    def parties(self, codes: Iterable[str]) -> str:
        """Several by their own names: `Poland, United States`; a word for nobody when there is none."""
        return ", ".join(self.party(code) for code in codes) or self.words.gettext("nobody")

    def several(self, codes: str | Iterable[str]) -> bool:
        """Whether a verb that follows `who` stands in the plural."""
        named = _all(codes)
        return len(named) > 1 or (self.words.language == "uk" and named[:1] != () and named[0] in PLURAL)

    def role(self, code: str) -> str:
        """The office: `Duty desk`."""
        if code == ROOT:
            return self.words.gettext("Root key, kept offline")
        return self._listed("roles", code)

    def seat(self, seat: str) -> str:
        """A seat by party and office: `Poland, duty desk`."""
        party, slash, role = seat.partition("/")
        return f"{self.party(party)}, {within(self.role(role))}" if slash else self.party(seat)

    def place(self, code: str) -> str:
        """A territory of the compact."""
        return self._listed("places", code)

    def organisation(self, code: str) -> str:
        """An organisation the protected state may accede to."""
        return self._listed("organisations", code)

    def caveat(self, code: str) -> str:
        """A caveat or condition of a position."""
        return self._listed("caveats", code)

    def group(self, code: str) -> str:
        """A group or tier; a party's id and the built-in words count as groups."""
        known = self.clauses.groups.get(code)
        if known:
            return self.words.of(known.name)
        built_in = {
            "protected": self.words.gettext("the protected state"),
            "parties": self.words.gettext("the parties"),
            "guarantors": self.words.gettext("the guarantors"),
            "addressed": self.words.gettext("those addressed"),
        }
        return built_in.get(code) or self.party(code)

    def instrument(self, code: str) -> str:
        """The compact itself or another instrument beside it."""
        if code == self.clauses.compact.id:
            return self.words.of(self.clauses.compact.short_title)
        known = self.clauses.agreements.get(code)
        return self.words.of(known.title) if known else code

    def provision(self, code: str) -> str:
        """A provision by its number and title; a rule of the record by its code."""
        known = self.clauses.provision(code)
        return f"{code}, {self.words.of(known.title)}" if known else code

    def clause(self, agreement: str, code: str) -> str:
        """A clause of the compact as `provision`; of another agreement the sum meant by `sums.2`, or its code."""
        known = self.clauses.agreements.get(agreement)
        word, _, number = code.partition(".")
        if known is None or self.clauses.provision(code):
            return self.provision(code)
        if word == "sums" and number.isdecimal() and 0 < int(number) <= len(known.sums):
            if len(known.sums) == 1:
                return self.words.gettext("the sum named with it")
            return self.words.gettext("the sum named with it as number %(number)s", number=self.words.number(number))
        return code

    def measure(self, code: str, state: State | None = None) -> str:
        """One of the prepared list by its provision's title, one on the table by its code and what it is."""
        prepared = self.clauses.measure(code)
        if prepared:
            return self.words.of(prepared[0].title)
        tabled = state.response.measures.get(code) if state else None
        if tabled is None:
            return code
        what = self.measure(tabled.menu) if tabled.menu else title(self.words, MEASURE_KINDS, tabled.kind)
        return f"{code}, {what}"

    def listing(self, id_: str) -> str:
        """A listing by its target, restriction and issuer; a schedule or a row of one by its id."""
        parts = id_.split("/")
        if len(parts) != 3:
            return id_
        issuer, restriction, target = parts
        return f"{target}, {title(self.words, RESTRICTIONS, restriction)} ({self.party(issuer)})"

    def regime(self, issuer: str, code: str) -> str:
        """A regime by the provision that names it, and its issuer."""
        return f"{self.regime_alone(code)} ({self.party(issuer)})"

    def regime_alone(self, code: str) -> str:
        """A regime by the provision that names it."""
        known = self.clauses.regime(code)
        return self.words.of(known[0].title) if known else code

    def condition(self, code: str) -> str:
        """A condition of easing by the provision that names it."""
        known = next((one for one, clause in self.clauses.every(Condition) if clause.id == code), None)
        return self.words.of(known.title) if known else code

    def contribution(self, item: Contribution) -> str:
        """`Air-defence batteries (number): 2`; money with its currency; undisclosed as such."""
        what = self._listed("contributions", item.kind)
        if not item.disclosed:
            return f"{what}: {self.words.gettext('not disclosed')}"
        figures = [self.words.number(item.quantity)] if item.quantity else []
        if item.amount and item.currency:
            figures.append(self.words.money(item.amount, item.currency))
        return f"{what}: {', '.join(figures)}" if figures else what

    def figures(self, figures: Sequence[Figure]) -> str:
        """`missiles launched: 84, drones launched: 24`."""
        return ", ".join(
            f"{title(self.words, FIGURES, item.what)}: {self.words.number(item.count)}" for item in figures
        )

    def closing(self, code: str) -> str:
        """Why a response is closed."""
        return title(self.words, CLOSINGS, code)

    def deadline(self, id_: str) -> str:
        """What a deadline of the agenda was for, such as `R-1/step/convene` or `term/kyiv-2022/POL`."""
        first, *rest = id_.split("/")
        if first in SANCTIONS_DEADLINES:
            return self._ran_out(first, id_.partition("/")[2])
        if first in OWED_DEADLINES:
            return self.words.gettext(OWED_DEADLINES[first], what=id_.partition("/")[2])
        if first in ("term", "notice") and len(rest) == 2:
            return self._end(first, instrument=self.instrument(rest[0]), party=self.party(rest[1]))
        if rest[-1:] == ["close"]:
            return self.words.gettext("a vote (%(ballot)s)", ballot=id_.removesuffix("/close"))
        subject, kind, what = id_.rsplit("/", 2) if len(rest) > 1 else (id_, "", "")
        return self._lapse(subject, kind, what) or id_

    def _ran_out(self, kind: str, subject: str) -> str:
        """What a deadline of sanctions was for."""
        if kind == "regime":
            issuer, _, regime = subject.partition("/")
            what = self.regime(issuer, regime)
        else:
            what = self.listing(subject)
        return self.words.gettext(SANCTIONS_DEADLINES[kind], what=what)

    def _end(self, kind: str, **values: str) -> str:
        if kind == "term":
            return self.words.gettext("the term of an instrument (%(instrument)s; %(party)s)", **values)
        return self.words.gettext("a notice of withdrawal (%(instrument)s; %(party)s)", **values)

    def _lapse(self, subject: str, kind: str, what: str) -> str | None:
        words = self.words
        if kind == "step":
            step = title(words, STEPS, what)
            return words.gettext("the time to %(step)s (%(response)s)", step=step, response=subject)
        if kind == "owed":
            measure = self.measure(what)
            return words.gettext("an immediate measure (%(measure)s; %(response)s)", measure=measure, response=subject)
        if kind == "clause":
            instrument = self.instrument(what)
            return words.gettext(
                "the consultation clause of an instrument (%(instrument)s; %(response)s)",
                instrument=instrument,
                response=subject,
            )
        if kind == "transcript":
            return words.gettext(
                "a countersignature (%(transcript)s; %(party)s)", transcript=subject, party=self.party(what)
            )
        if kind == "confirm":
            party = self.party(what)
            return words.gettext(
                "the confirmation of a position (%(measure)s; %(party)s)", measure=subject, party=party
            )
        return None

    def _listed(self, table: Table, code: str) -> str:
        known = self.clauses.name(table, code)
        return self.words.of(known) if known else code

    def _with_article(self, code: str) -> str:
        name = self.party(code)
        if self.words.language != "en" or name.lower().startswith("the "):
            return name
        return f"the {name}" if code in ARTICLE or code == DEPOSITARY else name


def _all(codes: str | Iterable[str]) -> tuple[str, ...]:
    return (codes,) if isinstance(codes, str) else tuple(codes)


def within(name: str) -> str:
    """A name within a sentence: its first letter small unless the word is all capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
