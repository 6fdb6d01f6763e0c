"""How documents say names, moments, numbers and codes in one language.

Every moment is in UTC, which the document says once; the great ones also as the clocks of the protected state's
capital show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from babel.dates import format_date, format_datetime

from foedus.compact.model import Named, Words
from foedus.documents.sheet import Run, Runs, symbol, text
from foedus.documents.values import Brought, ClauseCited, DecisionRecord
from foedus.history import Place
from foedus.response.acts import Figure
from foedus.words import Words as Language
from foedus.words import mark
from foedus.words.titles import EVIDENCE, FIGURES, SOURCES, title

UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_SHORT = {"en": "d MMM HH:mm", "uk": "dd.MM HH:mm"}
_DAY = {"en": "d MMM yyyy", "uk": "dd.MM.yyyy"}
STANDS: dict[str, tuple[str, str]] = {
    "joined": ("tick", mark("Joined")),
    "confirmed": ("tick", mark("Joined, capital confirmed")),
    "to_confirm": ("half", mark("Joined, capital to confirm")),
    "not_confirmed": ("cross", mark("Not confirmed in time")),
    "declined": ("cross", mark("Declined")),
    "abstained": ("bar", mark("Abstained")),
    "earlier": ("empty", mark("On an earlier version only")),
}
OWED: dict[str, tuple[str, str]] = {
    "performed": ("tick", mark("Reported done")),
    "performed_late": ("tick", mark("Reported done, late")),
    "owed": ("dot", mark("Owed, no report yet")),
    "not_reported": ("cross", mark("No report by the deadline")),
    "released": ("bar", mark("Released, the report was withdrawn")),
}
VOTES: dict[str, tuple[str, str]] = {
    "yes": ("tick", mark("In favour")),
    "no": ("cross", mark("Against")),
    "abstain": ("bar", mark("Abstained")),
}


class Says:
    """One document in one language. `capital` and `zone`: whose clocks are shown beside UTC. `clauses`: those the
    document can cite with their source.
    """

    def __init__(self, words: Language, capital: Words, zone: str, clauses: Iterable[ClauseCited] = ()) -> None:
        self.words = words
        self.say = words.gettext
        self._capital, self._zone = capital, zone
        self._clauses = {clause.id: clause for clause in clauses}

    # --- names ----------------------------------------------------------------------------------------------

    def of(self, named: Named | Words) -> str:
        """A name, in this language."""
        return self.words.of(named.name if isinstance(named, Named) else named)

    def names(self, parties: Iterable[Named]) -> str:
        """Several names in order of the alphabet."""
        return ", ".join(self.sorted_names(parties))

    def sorted_names(self, parties: Iterable[Named]) -> list[str]:
        """Names in order of the alphabet."""
        return sorted((self.of(party) for party in parties), key=self.sort_key)

    def sort_key(self, name: str) -> str:
        """A key that sorts names as this language's alphabet does."""
        if self.words.language != "uk":
            return name.casefold()
        return "".join(
            chr(UKRAINIAN.find(letter) + 0x400) if letter in UKRAINIAN else letter for letter in name.lower()
        )

    # --- moments --------------------------------------------------------------------------------------------

    def moment(self, at: datetime) -> str:
        """`10 October 2026, 07:30 UTC (Kyiv 10:30 UTC+3)`."""
        return f"{self.words.moment(at)} ({self.of(self._capital)} {self.words.clock(at, self._zone)})"

    def when(self, at: datetime | None) -> str:
        """`10 Oct 07:30`, in UTC; a dash for none."""
        if at is None:
            return "–"
        return format_datetime(at, _SHORT[self.words.language], locale=self.words.language)

    def day(self, day: date | None) -> str:
        """A calendar day, `10 Oct 2026`; a dash for none."""
        return format_date(day, _DAY[self.words.language], locale=self.words.language) if day else "–"

    # --- where it stands in the record ------------------------------------------------------------------------

    def entry(self, place: Place | int | None) -> Runs:
        """The number of an entry; a dash for none."""
        if place is None:
            return text("–")
        number = place if isinstance(place, int) else place.entry
        return (Run(str(number), "entry"),)

    def in_entry(self, place: Place | int) -> Runs:
        """`entry 812`, to follow words."""
        return (Run(f"{self.say('entry')} "), *self.entry(place))

    def entered(self, place: Place) -> Runs:
        """`Entry 812.`, to follow a sentence."""
        return (Run(f"{capital(self.say('entry'))} "), *self.entry(place), Run("."))

    def clause(self, id_: str | None, *, titled: bool = False) -> Runs:
        """A provision by its id and where it comes from; `titled`: with its title."""
        clause = self._clauses.get(id_ or "")
        if clause is None:
            return text(id_ or "–")
        name = f", {self.of(clause.title)} " if titled else " "
        return (Run(clause.id, "clause"), Run(name), *self.source(clause))

    def source(self, clause: ClauseCited) -> Runs:
        """Where a rule comes from, in its frame; and whether that was compared with the original."""
        said = title(self.words, SOURCES, clause.source)
        if clause.source == "adopted" and clause.on:
            said = self.say("adopted %(date)s", date=self.words.date(clause.on))
        framed: Runs = (Run(said, "source", clause.source),)
        if clause.verified:
            return framed
        return (*framed, Run(" "), Run(self.say("not verified"), "source", "unverified"))

    # --- codes ----------------------------------------------------------------------------------------------

    def marked(self, table: dict[str, tuple[str, str]], code: str) -> Runs:
        """A code of a table as symbol and word."""
        shape, word = table[code]
        return symbol(shape, self.say(word))

    def figure(self, figure: Figure) -> str:
        """What a figure counts."""
        return capital(title(self.words, FIGURES, figure.what))

    def how(self, code: str) -> str:
        """How evidence was obtained."""
        return title(self.words, EVIDENCE, code)

    def brought(self, items: Sequence[Brought]) -> str:
        """What a position brings: a kind with its quantity or sum, or undisclosed."""
        return "; ".join(self._brought(item) for item in items)

    def _brought(self, item: Brought) -> str:
        kind = self.of(item.kind)
        if not item.disclosed:
            return f"{kind}: {self.say('not disclosed')}"
        figures = [self.words.number(item.quantity)] if item.quantity else []
        if item.amount and item.currency:
            figures.append(self.words.money(item.amount, item.currency))
        return f"{kind}: {', '.join(figures)}" if figures else kind


class Wording(Says):
    """One record of decision in one language."""

    def __init__(self, record: DecisionRecord, words: Language) -> None:
        super().__init__(words, record.capital, record.zone, record.clauses)
        self.record = record

    @property
    def open(self) -> bool:
        """Whether positions can still be taken at the moment the document speaks of."""
        clock = next((clock for clock in self.record.clocks if clock.step == "decide"), None)
        return self.record.status == "draft" and not (clock is not None and self.record.at >= clock.due)

    def unsaid(self) -> str:
        """What is said of those of whom there is no entry on a measure: who was silent, the record says as a whole."""
        return self.say("No entry yet") if self.open else self.say("No entry")


def capital(said: str) -> str:
    """The words with their first letter large."""
    return said[:1].upper() + said[1:]
