"""What of a state can matter to what comes: its key, by which two states are one.

History is left out: where facts stand in the record, what was replaced, deadlines that the subjects name themselves.
Times are kept as the time that is left. Parties that nothing tells apart are counted, not named. It reads the state of
any package, by its fields.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct, structs
from rpds import HashTrieMap

from foedus.history import Agenda, Dated, Few, Place
from foedus.seen import Seen

# Fields that say where facts stand, or repeat what others say; and offices, which are taken as they are.
_HISTORY: Final = frozenset(
    ("place", "entries", "size", "at", "seen", "agenda", "open", "record", "seats", "seat_of_key")
)
# Of these only that there is one more counts: what a report says, and who saw what, no rule reads.
_COUNTED: Final = frozenset(("reports", "evidence"))
# Of these only that they are there: who was absent or silent then stands in the record, and no rule asks for it later.
_THERE: Final = frozenset(("failed", "decided"))
# What was said and done within something that is closed: nobody may add to it, and no clock of it runs.
_UNTIL_CLOSED: Final = frozenset(
    ("votes", "closes_at", "reply_by", "present", "acknowledged", "delegations", "adjournments", "clocks", "convened")
)
_MOST_KEPT: Final = 60_000

Path = tuple[Any, ...]
Own = dict[str, list[Any]]
Facts = dict[str, int]
Key = tuple[Any, ...]


class Keys:
    """Keys of the states of one exploration. `classes`: parties alike. `most`: of equal items in a row so many count.

    `past`: seconds after which a moment that is over is one with all earlier ones; some clocks count from the past.
    """

    def __init__(self, classes: tuple[tuple[str, ...], ...], most: int, past: float) -> None:
        self._classes = classes
        self._parties = frozenset(party for alike in classes for party in alike)
        self._most = most
        self._past = -past
        self._numbers: dict[Any, int] = {}
        self._kept: dict[tuple[int, float], tuple[Any, int, Facts]] = {}
        self._texts: dict[str, tuple[str, str | None]] = {}

    def read(self, packages: tuple[Any, ...], now: datetime) -> tuple[Key, dict[str, int]]:
        """The key of the packages' states at this moment, and of each party a number for what they say of it.

        Two parties of a class with one number may be exchanged: what one does next, the other could do as well.
        """
        at = now.timestamp()
        read = [self._value(getattr(state, field), at) for state in packages for field in _read_fields(type(state))]
        shape = tuple([number for number, _ in read])
        facts = [own for _, own in read if own]
        signs = {party: self._number(tuple([own.get(party) for own in facts])) for party in self._parties}
        classes = tuple([tuple(sorted([signs[party] for party in alike])) for alike in self._classes])
        return (shape, tuple([bool(own) for _, own in read]), classes), signs

    def _value(self, value: Any, at: float) -> tuple[int, Facts]:
        """What a value says apart from parties, and of each party, as numbers; kept while the value is met again."""
        known = self._kept.get((id(value), at))
        if known is not None and known[0] is value:
            return known[1], known[2]
        own: Own = {}
        shape = self._number(self._shape(value, at, (), own))
        facts = {party: self._number(tuple(sorted(said, key=repr))) for party, said in own.items()}
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._kept[id(value), at] = (value, shape, facts)
        return shape, facts

    def _number(self, value: Any) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _shape(self, value: Any, at: float, path: Path, own: Own) -> Any:
        kind = type(value)
        if kind is str:
            return self._text(value, path, own)
        if value is None or kind is bool or kind is int:
            return value
        if kind is datetime:
            return max(value.timestamp() - at, self._past)
        if kind is Place:
            return True
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
        closed = getattr(value, "closed", None) is not None
        for field in _read_fields(type(value)):
            if closed and field in _UNTIL_CLOSED:
                continue
            inner = getattr(value, field)
            kind = type(inner)
            if inner is None or kind is bool or inner == ():
                found.append(inner)
            elif field in _THERE:
                found.append(True)
            elif field in _COUNTED:
                found.append(min(len(inner), self._most))
            elif kind is tuple or kind is Few or isinstance(inner, Struct):
                number, facts = self._value(inner, at)
                found.append(number)
                for party, fact in facts.items():
                    own.setdefault(party, []).append((*path, field, fact))
            else:
                found.append(self._shape(inner, at, (*path, field), own))
        return tuple(found)

    def _text(self, text: str, path: Path, own: Own) -> str:
        known = self._texts.get(text)
        if known is None:
            party = next((word for word in text.replace("/", " ").split(" ") if word in self._parties), None)
            known = self._texts[text] = (text.replace(party, "\x00") if party else text, party)
        shape, party = known
        if party is None:
            return shape
        own.setdefault(party, []).append((path, shape))
        return ""

    def _tuple(self, value: tuple[Any, ...], at: float, path: Path, own: Own) -> Any:
        found: list[Any] = []
        for place, one in enumerate(value):
            if isinstance(one, str):  # who is named in a list of parties matters, not in which place
                found.append(self._text(one, path, own))
                continue
            inner: Own = {}
            said = (self._shape(one, at, (), inner), sorted(inner.items()) if inner else None)
            if len(found) < self._most or any(said != last for last in found[-self._most :]):
                found.append(said)
                for party, facts in inner.items():
                    own.setdefault(party, []).append((*path, place, tuple(facts)))
        return tuple([one if isinstance(one, str) else one[0] for one in found if one != ""])

    def _few(self, value: Few[Any], at: float, path: Path, own: Own) -> Any:
        """Of a map by names the last of each timeline: what was replaced is history."""
        found = []
        for name, facts in value.items():
            inner: Own = {}
            said = self._shape(facts[-1] if type(facts) is tuple and facts else facts, at, (), inner)
            if name in self._parties:
                own.setdefault(name, []).append((path, said))
            else:
                found.append((name, said))
        return tuple(found)

    def _map(self, value: Any, at: float, path: Path, own: Own) -> Any:
        found = []
        for name in sorted(value):
            inner: Own = {}
            shape = self._text(name, (), inner)
            one = value[name]
            number, facts = self._value(one[-1] if type(one) is tuple and one else one, at)
            for party in inner:
                own.setdefault(party, []).append((*path, inner[party][0][1], number, facts.get(party)))
            if not inner:
                found.append((shape, number))
                for party, fact in facts.items():
                    own.setdefault(party, []).append((*path, shape, fact))
        return tuple(found)


_FIELDS: Final[dict[type, tuple[str, ...]]] = {}


def _read_fields(kind: type) -> tuple[str, ...]:
    """The fields of a struct that a key reads; looked up a million times, so kept."""
    found = _FIELDS.get(kind)
    if found is None:
        fields = tuple(one.name for one in structs.fields(kind))
        found = _FIELDS[kind] = tuple(field for field in fields if field not in _HISTORY)
    return found
