"""What of a state can matter to what comes: its key, by which two states are one.

History is left out: where facts stand in the record, what was replaced, deadlines that the subjects name themselves.
Times are kept as the time that is left. Parties that nothing tells apart are counted, not named. It reads the state of
any package, by its fields.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, structs
from rpds import HashTrieMap

from foedus.history import Agenda, Dated, Few, Place
from foedus.sanctions.state import RELIEF, Attestation, Easing, Fact
from foedus.seen import Seen

# Fields that say where facts stand, or repeat what others say; and offices, which are taken as they are.
HISTORY: Final = frozenset(
    (
        *("place", "entries", "size", "at", "seen", "agenda", "open", "record", "seats", "seat_of_key"),
        *("spoken", "recent", "listed", "issued", "late_of", "grace", "awaited", "waits"),
        *("mandates", "calls", "requests"),
    )
)
# Of these only that there is one more counts: what a report says, and who saw what, no rule reads.
_COUNTED: Final = frozenset(("reports", "evidence"))
# Of these only that they are there: who was absent or silent then, or agreed, stands in the record; no rule asks for
# it later.
_THERE: Final = frozenset(("failed", "decided", "agreed"))
# What was said and done within something that is closed: nobody may add to it, and no clock of it runs.
_UNTIL_CLOSED: Final = frozenset(
    (
        "votes",
        "closes_at",
        "reply_by",
        "present",
        "acknowledged",
        "delegations",
        "adjournments",
        "clocks",
        "convened",
        "answers",
    )
)
# Of these it matters before or after which renewed aggression or snapback they were recorded, also at one moment.
_ORDERED: Final = (Attestation, Fact)
# By these fields a subject is closed: of an easing two; a response whose convening `failed` goes on.
_CLOSING: Final = ("closed",)
_CLOSING_EASING: Final = ("agreed", "failed")
_MOST_KEPT: Final = 60_000

Path = tuple[Any, ...]
Own = dict[str, list[Any]]
Facts = dict[str, int]
Key = tuple[Any, ...]


class Read(Struct, frozen=True, gc=False):
    """What was read of a value: `shape` apart from parties, `facts` of each, `number` of both together."""

    number: int
    shape: int
    facts: Facts


class Keys:
    """Reads the values of one exploration. `classes`: parties alike. `most`: of equal items in a row so many count.

    `past`: seconds after which a moment that is over is one with all earlier ones; some clocks count from the past.
    `far`: after that moment nothing is followed, as a timestamp. `entries`: two facts in different entries are two.
    """

    def __init__(
        self, classes: tuple[tuple[str, ...], ...], most: int, past: float, far: float, *, entries: bool = False
    ) -> None:
        self.parties = tuple(party for alike in classes for party in alike)
        self.most = most
        self._parties = frozenset(self.parties)
        self._past = -past
        self._far = far
        self._entries = entries
        self._numbers: dict[Any, int] = {}
        self._kept: dict[tuple[int, float], tuple[Any, Read]] = {}
        self._alike: dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]] = {}
        self._made: dict[tuple[Any, ...], Read] = {}
        self._reads: dict[int, Read] = {}
        self._texts: dict[str, tuple[str, str | None]] = {}

    def value(self, value: Any, at: float) -> Read:
        """What a value says apart from parties, and of each party, as numbers; kept while the value is met again."""
        known = self._kept.get((id(value), at))
        if known is not None and known[0] is value:
            return known[1]
        sign = self._sign(value, at)
        found = self._made.get(sign)
        if found is None:
            own: Own = {}
            shape = self._number(self._shape(value, at, (), own))
            facts = {
                party: self._number(tuple(sorted(said, key=hash) if len(said) > 1 else said))
                for party, said in own.items()
            }
            number = self._number(("read", shape, frozenset(facts.items())))
            found = self._made[sign] = self._reads.setdefault(number, Read(number, shape, facts))
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._kept[id(value), at] = (value, found)
        return found

    def _sign(self, value: Any, at: float) -> tuple[Any, ...]:
        """What the value is made of, so that two made alike are read once: leaves themselves, parts by their number."""
        kind = type(value)
        if kind is tuple:
            value = _last_relief(value)
            return (kind, *[one if type(one) is str else (self.value(one, at).number,) for one in value])
        if kind is Few:
            facts = [one[-1] if type(one) is tuple and one else one for one in value.facts]
            return (kind, value.names, *[self.value(one, at).number for one in facts])
        if isinstance(value, HashTrieMap):
            return (
                kind,
                *[
                    (name, self.value(one[-1] if type(one) is tuple and one else one, at).number)
                    for name, one in value.items()
                ],
            )
        if kind is Dated:
            return (kind, *self._sign_of(value.value, at))
        if not isinstance(value, Struct) or kind is Place:
            return (kind, *self._sign_of(value, at))
        ways, getter = _plan(kind)
        values = getter(value)
        same = (kind, at, *map(id, values))
        known = self._alike.get(same)
        if known is not None:
            return known[1]
        closed = any(getattr(value, field, None) is not None for field in closing(kind))
        parts: list[Any] = [kind]
        for way, inner in zip(ways, values, strict=True):
            if inner is None or type(inner) is str or type(inner) is bool:
                parts.append(inner)
            elif way is None or inner == () or (way == "counted" and type(inner) is not tuple):
                parts += self._sign_of(inner, at)
            elif way == "until":
                parts += (None,) if closed else self._sign_of(inner, at)
            elif way == "entry":
                parts.append(inner.entry)
            else:
                parts.append(True if way == "there" else min(len(inner), self.most))
        found = tuple(parts)
        if len(self._alike) > _MOST_KEPT:
            self._alike.clear()
        self._alike[same] = (values, found)  # kept with its values, so that no other object gets their id()
        return found

    def _sign_of(self, inner: Any, at: float) -> tuple[Any, ...]:
        kind = type(inner)
        if inner is None or kind is str or kind is bool or kind is int:
            return (inner,)
        if kind is datetime:
            return (self._moment(inner, at),)
        if kind is Place:
            return (self._place(inner),)
        if kind is date:
            return (inner,)
        return ((self.value(inner, at).number,),) if inner != () else ((),)

    def _moment(self, moment: datetime, at: float) -> Any:
        """How long until then; of what lies beyond all that is followed, when that is."""
        then = moment.timestamp()
        return max(then - at, self._past) if then <= self._far else (then,)

    def _place(self, place: Place) -> Any:
        return place.entry if self._entries else True

    def _number(self, value: Any) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _shape(self, value: Any, at: float, path: Path, own: Own) -> Any:
        kind = type(value)
        if kind is str:
            return self._text(value, path, own)
        if value is None or kind is bool or kind is int:
            return value
        if kind is datetime:
            return self._moment(value, at)
        if kind is Place:
            return self._place(value)
        if kind is tuple:
            return self._tuple(value, at, path, own)
        if kind is Dated:
            return self._shape(value.value, at, path, own)
        if kind is Few:
            return self._few(value, at, path, own)
        if isinstance(value, HashTrieMap):
            return self._map(value, at, path, own)
        if kind is Agenda or kind is Seen:
            return None
        if isinstance(value, Struct):
            return self._struct(value, at, path, own)
        assert isinstance(value, date), f"a state holds a value of another type: {kind}"
        return value

    def _struct(self, value: Struct, at: float, path: Path, own: Own) -> Any:
        found = []
        closed = any(getattr(value, field, None) is not None for field in closing(type(value)))
        for field, way in _read_fields(type(value)).items():
            if way is not None and closed and way == "until":
                continue
            inner = getattr(value, field)
            kind = type(inner)
            if inner is None or kind is bool or inner == ():
                found.append(inner)
            elif way == "there":
                found.append(True)
            elif way == "entry":
                found.append(inner.entry)
            elif way == "counted" and kind is tuple:
                found.append(min(len(inner), self.most))
            elif kind is tuple or kind is Few or isinstance(inner, Struct):
                read = self.value(inner, at)
                found.append(read.shape)
                for party, fact in read.facts.items():
                    own.setdefault(party, []).append((*path, field, fact))
            else:
                found.append(self._shape(inner, at, (*path, field), own))
        return tuple(found)

    def named(self, text: str) -> tuple[str, str | None]:
        """A text without the party that it names, and that party."""
        known = self._texts.get(text)
        if known is None:
            words = text.replace("/", " ").replace("|", " ").split(" ")
            party = next((word for word in words if word in self._parties), None)
            known = self._texts[text] = (text.replace(party, "\x00") if party else text, party)
        return known

    def _text(self, text: str, path: Path, own: Own) -> str:
        shape, party = self.named(text)
        if party is None:
            return shape
        own.setdefault(party, []).append((path, shape))
        return ""

    def _tuple(self, value: tuple[Any, ...], at: float, path: Path, own: Own) -> Any:
        found: list[Any] = []
        for place, one in enumerate(_last_relief(value)):
            if isinstance(one, str):  # who is named in a list of parties matters, not in which place
                found.append(self._text(one, path, own))
                continue
            read = self.value(one, at)
            if len(found) < self.most or any(read is not last for last in found[-self.most :]):
                found.append(read)
                for party, fact in read.facts.items():
                    own.setdefault(party, []).append((*path, place, fact))
        return tuple([one if isinstance(one, str) else one.shape for one in found if one != ""])

    def _few(self, value: Few[Any], at: float, path: Path, own: Own) -> Any:
        """Of a map by names the last of each timeline: what was replaced is history."""
        found = []
        for name, facts in value.items():
            read = self.value(facts[-1] if type(facts) is tuple and facts else facts, at)
            number, inner = read.shape, read.facts
            if name in self._parties:
                own.setdefault(name, []).append((path, number, inner.get(name)))
            else:
                found.append((name, number))
            for party, fact in inner.items():
                if party != name:
                    own.setdefault(party, []).append((path, name if name not in self._parties else "", fact))
        return tuple(found)

    def _map(self, value: Any, at: float, path: Path, own: Own) -> Any:
        found = []
        for name in sorted(value):
            inner: Own = {}
            shape = self._text(name, (), inner)
            one = value[name]
            read = self.value(one[-1] if type(one) is tuple and one else one, at)
            number, facts = read.shape, read.facts
            for party in inner:
                own.setdefault(party, []).append((*path, inner[party][0][1], number, facts.get(party)))
            if not inner:
                found.append((shape, number))
                for party, fact in facts.items():
                    own.setdefault(party, []).append((*path, shape, fact))
        return tuple(found)


_FIELDS: Final[dict[type, dict[str, str | None]]] = {}


def _read_fields(kind: type) -> dict[str, str | None]:
    """The fields of a struct that a key reads, each with how; looked up a million times, so kept."""
    found = _FIELDS.get(kind)
    if found is None:
        fields = [one.name for one in structs.fields(kind) if one.name not in HISTORY]
        found = _FIELDS[kind] = {field: way(field) for field in fields}
        if kind in _ORDERED:
            found["place"] = "entry"
    return found


_PLANS: Final[dict[type, tuple[tuple[str | None, ...], Callable[[Any], tuple[Any, ...]]]]] = {}


def _plan(kind: type) -> tuple[tuple[str | None, ...], Callable[[Any], tuple[Any, ...]]]:
    """How each field of a struct is read, and what reads them all."""
    found = _PLANS.get(kind)
    if found is None:
        fields = _read_fields(kind)
        names = tuple(fields)
        get = attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)
        found = _PLANS[kind] = (tuple(fields.values()), get)
    return found


def closing(kind: type) -> tuple[str, ...]:
    found = _CLOSED_BY.get(kind)
    if found is None:
        closing = _CLOSING_EASING if kind is Easing else _CLOSING
        found = _CLOSED_BY[kind] = tuple(field for field in closing if field in kind.__struct_fields__)  # type: ignore[attr-defined]  # a Struct
    return found


_CLOSED_BY: Final[dict[type, tuple[str, ...]]] = {}


def _last_relief(facts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of reliefs one after another the last: a listing is under the one that was given last, and no other."""
    if not facts or type(facts[0]) is not Fact:
        return facts
    return tuple(
        one
        for one, following in zip(facts, (*facts[1:], None), strict=True)
        if following is None or one.what not in RELIEF or following.what not in RELIEF
    )


def way(field: str) -> str | None:
    if field in _UNTIL_CLOSED:
        return "until"
    return "there" if field in _THERE else "counted" if field in _COUNTED else None
