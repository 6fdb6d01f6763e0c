"""Who looks at a page, at which moment, in which language: everything a page needs that does not depend on
the page.

Reads the state and never changes it. A past view shows each subject as it then stood; nothing is replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, urlencode

from litestar import Request
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from foedus import words as language
from foedus.admission import EARLIEST, LATEST
from foedus.compact import model
from foedus.errors import Malformed
from foedus.exercise import ExerciseNote, note_of
from foedus.history import as_of
from foedus.parties.state import Seat
from foedus.web import moments
from foedus.web.console import Console
from foedus.words.titles import INCIDENT_KINDS, title

Subject = TypeVar("Subject", bound=Struct)
COOKIE = "foedus"
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


class Item(Struct, frozen=True):
    """An entry of the navigation."""

    id: str
    href: str
    words: str


class Page:
    """One request for a page. Everything a template needs that does not depend on the page."""

    def __init__(self, console: Console, request: Request[Any, Any, Any], query: str | None = None) -> None:
        self.console = console
        self.request = request
        self.depositary = console.depositary
        asked = request.url.query if query is None else query
        self.query = {name: values[-1] for name, values in parse_qs(asked).items()}
        self.chosen_lang, _, self.chosen_seat = request.cookies.get(COOKIE, "").partition(":")
        self.lang = language_of(request, self.query)
        self.words = language.translator(self.lang)
        self.state = console.current()
        self.clauses = console.depositary.clauses
        self.compact: model.Compact = self.clauses.compact
        # A whole second, so that everybody who asks within it can be told the same; but not before the last entry.
        second = console.now().replace(microsecond=0)
        self.clock_now = max(second, self.state.at) if self.state.at else second
        self.at = self.moment("at") or self.clock_now
        self.known = self.moment("known") or max(self.clock_now, self.at)
        self.past = "at" in self.query or "known" in self.query
        # By id(): each subject that was asked for, kept so that no other can get its id, and how it stood then.
        self._seen: dict[int, tuple[Struct, Struct | None]] = {}
        if self.at > self.clock_now + timedelta(minutes=1):
            raise Malformed("`at` lies in the future: the record's time is {at}", at=moments.iso(self.clock_now))

    def moment(self, name: str) -> datetime | None:
        """The moment that the query names, None where it names none. Raises Malformed."""
        text = self.query.get(name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            moment = datetime.min.replace(tzinfo=UTC)
        # Beyond these years a zone's clock or a later clock of ours would leave the calendar that Python has.
        if not EARLIEST <= moment.year <= LATEST:
            raise Malformed(
                "`{name}` is a moment such as 2026-10-11T07:06:00Z, {earliest} to {newest}; found {text!r}",
                name=name,
                earliest=str(EARLIEST),
                newest=str(LATEST),
                text=text[:40],
            )
        return moment

    @property
    def now(self) -> datetime:
        """The moment the page speaks of: `at` when asked for, else the record's time."""
        return self.at

    def see(self, subject: Subject | None) -> Subject | None:
        """The subject as the page shows it: as it stands, or as it stood at `at`, as then `known`."""
        if subject is None or not self.past:
            return subject
        found = self._seen.get(id(subject))
        if found is None:
            found = self._seen[id(subject)] = (subject, as_of(subject, self.at, self.known))
        return cast("Subject | None", found[1])

    # --- who looks ------------------------------------------------------------------------------------------

    @property
    def exercise(self) -> bool:
        """Whether the record is an exercise."""
        return bool(self.state.parties.record and self.state.parties.record.exercise)

    @cached_property
    def exercise_note(self) -> ExerciseNote | None:
        """What the exercise says of itself; None for a live record."""
        return note_of(self.depositary) if self.exercise else None

    @cached_property
    def seat(self) -> Seat | None:
        """The seat for which the reader acts: chosen in an exercise, its own at a desk; None for an onlooker."""
        acting = self.console.acting
        return self.state.parties.seats.get(acting.seat(self.chosen_seat)) if acting else None

    @property
    def acting(self) -> bool:
        """Whether buttons are shown: a seat is chosen and the page shows the present."""
        return self.seat is not None and not self.past

    @cached_property
    def party(self) -> model.Party | None:
        """The party of the reader's seat; of a live record's reader, that of the read token."""
        if self.exercise or self.console.acting is not None:
            return self.parties.get(self.seat.party) if self.seat else None
        from foedus.web.access import reader_of  # which itself needs this module

        return self.parties.get(reader_of(self.request).party or "")

    @cached_property
    def parties(self) -> Mapping[str, model.Party]:
        """Parties the compact names, by id."""
        return {party.id: party for party in self.compact.parties}

    @cached_property
    def zones(self) -> tuple[moments.Zone, ...]:
        """UTC, the protected state's capital, the seat's capital; the protected state's own console begins
        with its capital.
        """
        utc = moments.Zone("UTC", "UTC")
        home = self.parties[self.compact.protected]
        first = moments.Zone(self.say(home.capital), home.zone)
        if self.party is None:
            return (utc, first)
        if self.party.id == home.id:
            return (first, utc)
        return (utc, first, moments.Zone(self.say(self.party.capital), self.party.zone))

    # --- words ----------------------------------------------------------------------------------------------

    def say(self, words: model.Words | Mapping[str, str]) -> str:
        """The words of a compact in the reader's language."""
        if isinstance(words, Mapping):
            return words[self.lang]
        return words.uk if self.lang == "uk" else words.en

    def number(self, value: int) -> str:
        """A whole number as this language writes it."""
        return str(value) if -1000 < value < 1000 else self.words.number(value)

    def decimal(self, value: float, places: int, *, signed: bool = False) -> str:
        """A measured number with so many decimals, as this language writes it: `0.8895`; in Ukrainian `0,8895`."""
        sign = "−" if value < 0 else "+" if signed else ""
        return sign + self.words.number(f"{abs(value):.{places}f}")

    def name(self, party_id: str) -> str:
        """A party's name; its code where the compact does not name it."""
        party = self.parties.get(party_id)
        return self.say(party.name) if party else party_id

    def sort_key(self, text: str) -> str:
        """A key that sorts names as this language's alphabet does."""
        return in_ukrainian_order(text) if self.lang == "uk" else text.casefold()

    def role(self, role_id: str) -> str:
        """A role's name as the compact words it."""
        return next((self.say(role.name) for role in self.compact.roles if role.id == role_id), role_id)

    def seat_name(self, seat_id: str) -> str:
        """Party and office of a seat: `Poland · Duty desk`."""
        party, _, role = seat_id.partition("/")
        return f"{self.name(party)} · {self.role(role)}" if role else self.name(party)

    def shown(self, moment: datetime, form: str, zone: moments.Zone | None = None) -> str:
        """A moment in a form of `moments`, in the first zone of this console unless another is named."""
        return moments.shown(moment, (zone or self.zones[0]).name, form, self.lang)

    def stamp(self, moment: datetime) -> str:
        """A moment in one line, in the first zone: `10 Oct 12:02 UTC`."""
        return f"{self.shown(moment, 'day')} {self.shown(moment, 'time')} {self.zones[0].label}"

    def incident_kind(self, code: str) -> str:
        """A kind of incident, in words."""
        return title(self.words, INCIDENT_KINDS, code)

    def day(self, value: date, form: str = "date") -> str:
        """A calendar day."""
        return moments.day(value, self.lang, form)

    def written_day(self, written: str) -> str:
        """A calendar day that is kept as `2026-10-30`."""
        return self.day(date.fromisoformat(written))

    def all_zones(self, moment: datetime) -> str:
        """The moment in every zone of this console, in one line."""
        return moments.line(moment, self.zones, self.lang)

    @cached_property
    def today(self) -> str:
        """The day the page speaks of, in the first zone."""
        return self.shown(self.at, "date")

    def when(self, moment: datetime) -> Markup:
        """A moment as the page's tables show it."""
        return moments.short(moment, self.today, self.zones, self.lang)

    def entry_link(self, number: int, words: str | None = None) -> Markup:
        """A link to an entry of the record: its number, or the words given."""
        shown = self.number(number)
        label = Markup(' aria-label="{}"').format(self.words.gettext("entry %(n)s", n=shown)) if words is None else ""
        return Markup('<a href="{}"{}>{}</a>').format(self.link(f"/record/{number}"), label, words or shown)

    def provision(self, id_: str) -> model.Provision | None:
        """A provision of the compact in force."""
        return self.clauses.provision(id_)

    def source(self, provision: model.Provision) -> model.Source:
        """Where the provision comes from: as the compact says, or adopted by the parties since."""
        if provision.source.kind != "interpretation":
            return provision.source
        digest = self.clauses.text_digest(provision.id)
        adopted = self.see(self.state.parties.signatures.get(f"reading/{provision.id} {digest}"))
        if adopted is None or adopted.adopted is None:
            return provision.source
        return replace(provision.source, kind="adopted", by=adopted.adopted.value, on=adopted.adopted.place.at.date())

    # --- what the frame says --------------------------------------------------------------------------------

    @cached_property
    def nav(self) -> tuple[Item, ...]:
        """The console's pages, in the order of their use."""
        _, acting = self.words.gettext, self.console.acting
        return (
            Item("home", "/", _("Home")),
            Item("response", "/response", _("Response")),
            Item("sanctions", "/sanctions", _("Sanctions")),
            Item("commitments", "/commitments", _("Commitments")),
            Item("reparations", "/reparations", _("Reparations")),
            Item("compact", "/compact", _("Compact")),
            Item("parties", "/parties", _("Parties")),
            Item("screening", "/screening", _("Screening")),
            Item("record", "/record", _("Record")),
            Item("drills", "/drills" if self.console.drills is not None else "/what-if", _("Drills")),
            *([] if acting is None or acting.chooses else [Item("outbox", "/outbox", _("Outbox"))]),
            *([] if acting is None or acting.chooses else [Item("desk", "/desk", _("Desk"))]),
        )

    @property
    def past_says(self) -> str:
        """What the banner of a past view says."""
        _ = self.words.gettext
        at = self.all_zones(self.at)
        if "known" in self.query:
            return _(
                "As it stood at %(at)s, as the record knew it at %(known)s.",
                at=at,
                known=self.all_zones(self.known),
            )
        return _("As it stood at %(at)s.", at=at)

    @property
    def marking_says(self) -> str:
        """The highest marking this page can show, and to whom it may be shown."""
        _ = self.words.gettext
        levels = {
            "unclassified": _("UNCLASSIFIED"),
            "restricted": _("RESTRICTED"),
            "confidential": _("CONFIDENTIAL"),
            "secret": _("SECRET"),
        }
        record = self.state.parties.record
        said = [levels[record.ceiling if record else "unclassified"]]
        if self.exercise:
            said.append(_("EXERCISE"))
        said.append(_("may be shown to all parties"))
        return " · ".join(said)

    @property
    def entries_says(self) -> str:
        """How many entries the record has."""
        return self.words.ngettext("%(num)s entry", "%(num)s entries", self.state.size)

    @property
    def checkpoint_says(self) -> str:
        """When the last entry was received, and how many entries the newest signed checkpoint covers."""
        _ = self.words.gettext
        if self.state.at is None:
            return _("No entry yet")
        kept = self.depositary.store.checkpoint()
        if kept is None:
            return _("Last entry %(at)s, no checkpoint signed yet", at=self.all_zones(self.state.at))
        return _(
            "Last entry %(at)s; the last checkpoint covers %(size)s",
            at=self.all_zones(self.state.at),
            size=self.number(kept[0]),
        )

    # --- addresses ------------------------------------------------------------------------------------------

    def link(self, path: str, **query: object) -> str:
        """An address on this console that keeps the moment asked for."""
        return with_query(path, {**self._kept, **query}) if query else path + self._kept_text

    @cached_property
    def _kept(self) -> dict[str, object]:
        return {name: self.query[name] for name in ("at", "known", "lang") if name in self.query}

    @cached_property
    def _kept_text(self) -> str:
        return with_query("", self._kept)  # a page has hundreds of links that ask for nothing more

    def here(self, **query: object) -> str:
        """This page's address with some of its query changed; None takes a name out."""
        return with_query(self.request.url.path, {**self.query, **query})


@lru_cache(maxsize=4096)
def in_ukrainian_order(text: str) -> str:
    """A key that sorts as the Ukrainian alphabet does. Kept: every page sorts the same names again."""
    return "".join(chr(UKRAINIAN.find(letter) + 0x400) if letter in UKRAINIAN else letter for letter in text.lower())


def with_query(path: str, query: Mapping[str, object]) -> str:
    """A path with its query; names whose value is None or empty are left out."""
    text = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{path}?{text}" if text else path


def language_of(request: Request[Any, Any, Any], query: Mapping[str, str]) -> str:
    """The language asked for by `?lang=`, chosen before (cookie), or weighed most by the browser."""
    chosen = query.get("lang") or request.cookies.get(COOKIE, "").partition(":")[0]
    return chosen if chosen in language.LANGUAGES else language.negotiate(request.headers.get("accept-language", ""))
