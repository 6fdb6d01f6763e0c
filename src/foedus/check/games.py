"""Games read from a file: a list of them, or one, in JSON. docs/check.md has the format.

Every fault is found with its line. Numbers are taken exactly as written, decimals too; it refuses a rule with two
operators, a player that nobody named, and sums that could not be counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from math import ceil, lcm
from typing import Any, Final

from msgspec import Struct

from foedus.check.voting import HEADS, AllOf, AnyOf, Game, Rule, Threshold
from foedus.compact.findings import Finding, MalformedCompact, Path, Phrase, Place, finding
from foedus.compact.nodes import Listing, Mapping, Node, read
from foedus.compact.scalars import nearest

MOST_PLAYERS: Final = 400
_MOST_SUM: Final = 1 << 61
_DEEPEST: Final = 40
_MOST_DIGITS: Final = 30
_KEYS: Final = {"game", "source", "players", "wins_if", "expected"}
_OPERATORS: Final = ("all_of", "any_of", "weight", "count_at_least", "against_at_most", "consent")


class GameRead(Struct, frozen=True):
    """One game of a file. `findings`: what can be counted all the same, and deserves a look."""

    name: str
    source: str
    game: Game
    expected: dict[str, Any]
    findings: tuple[Finding, ...]


class _Doubled(Struct, frozen=True):
    """An object that has a key twice."""

    key: str


def read_games(file: str, data: bytes) -> tuple[GameRead, ...]:
    """The games of a file; `file` is its name in findings. Raises MalformedCompact with every fault."""
    places = _Places(file, data)
    try:
        value = json.loads(
            data.decode("utf-8"), parse_float=_exact, parse_constant=str, object_pairs_hook=_no_key_twice
        )
    except json.JSONDecodeError as problem:
        place = Place(file, problem.lineno, problem.colno)
        raise MalformedCompact([finding(place, (), Phrase("no JSON"), Phrase("a list of games in JSON"))]) from None
    except (UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise MalformedCompact(
            [finding(Place(file, 1, 1), (), _unreadable(problem), Phrase("a list of games in JSON"))]
        ) from None
    listed = value if isinstance(value, list) else [value]
    games = []
    for at, one in enumerate(listed):
        reader = _Reader(places, (at,) if isinstance(value, list) else ())
        games.append(reader.read(one))
    if not listed:
        places.complain((), Phrase("an empty list"), Phrase("at least one"))
    if places.faults:
        raise MalformedCompact(places.faults)
    return tuple(game for game in games if game is not None)


def _unreadable(problem: Exception) -> Phrase:
    if isinstance(problem, UnicodeDecodeError):
        return Phrase("bytes that are not UTF-8")
    if isinstance(problem, RecursionError):
        return Phrase("lists too deep to read")
    return Phrase("a number with too many digits")


def _exact(text: str) -> Fraction:
    """The decimal as written. Raises ValueError for one that would fill the memory."""
    exponent = text.lower().partition("e")[2]
    if abs(int(exponent or 0)) > _MOST_DIGITS or len(text) > 4 * _MOST_DIGITS:
        raise ValueError(f"{text[:20]} has too many digits")
    return Fraction(text)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> object:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    return dict(pairs) if twice is None else _Doubled(twice)


class _Places:
    """Where a path of a file stands, looked up only once something is wrong there; and the faults so far."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file, self.data = file, data
        self.faults: list[Finding] = []
        self._top: Node | None = None
        self._looked = False

    def at(self, path: Path) -> Place:
        """The place of a path, or of the nearest thing above it."""
        if not self._looked:
            self._top, self._looked = read(self.file, self.data)[0], True
        node, place = self._top, Place(self.file, 1, 1)
        for step in path:
            if node is None:
                break
            place, node = node.place, below(node, step)
        return node.place if node is not None else place

    def complain(self, path: Path, found: Phrase, expected: Phrase, remedy: Phrase | None = None) -> None:
        """Add a fault at a path."""
        self.faults.append(finding(self.at(path), path, found, expected, remedy))


def below(node: Node, step: str | int) -> Node | None:
    """What stands in a mapping under a key, or at a place of a list; None where nothing does."""
    if isinstance(node, Mapping):
        return next((value for key, value in node.entries if key.text == step), None)
    if isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def shown(value: object) -> Phrase:
    """What stands there, in a few words."""
    if isinstance(value, _Doubled):
        return Phrase("the key {key!r} twice", key=value.key)
    if isinstance(value, dict):
        return Phrase("a mapping")
    if isinstance(value, list):
        return Phrase("a list") if value else Phrase("an empty list")
    if value is None:
        return Phrase("nothing")
    if _is_number(value):
        return Phrase("the number {text}", text=str(value))
    return Phrase("{text!r}", text=str(value)[:48])


class _Reader:
    """Reads one game; what is wrong goes to `places`, and None is returned in its stead."""

    def __init__(self, places: _Places, path: Path) -> None:
        self.places, self.path = places, path
        self.players: list[str] = []
        self.tables: list[list[Fraction]] = []  # the weights of the file, then one for each consent
        self.weights = 0
        self.scales: list[int] = []

    def read(self, value: object) -> GameRead | None:
        """The game, or None where it has faults."""
        before = len(self.places.faults)
        if not isinstance(value, dict):
            self.places.complain(self.path, shown(value), Phrase("a mapping with {keys}", keys="players, wins_if"))
            return None
        for key in sorted(set(value) - _KEYS):
            known = Phrase("one of {words}", words=", ".join(sorted(_KEYS)))
            self.places.complain(
                (*self.path, key), Phrase("the unknown key {key!r}", key=key), known, nearest(key, _KEYS)
            )
        for key in ("players", "wins_if"):
            if key not in value:
                self.places.complain(self.path, Phrase("no key {key!r}", key=key), Phrase("players, and the rule"))
        if "players" in value:
            self._players(value["players"])
        if len(self.places.faults) > before or "wins_if" not in value:
            return None
        rule = self._rule(value["wins_if"], (*self.path, "wins_if"), 0)
        name = value.get("game", f"[{self.path[0]}]" if self.path else "")
        for key, text in (("game", name), ("source", value.get("source", ""))):
            if not isinstance(text, str):
                self.places.complain((*self.path, key), shown(text), Phrase("text"))
        if rule is None or len(self.places.faults) > before:
            return None
        tables = tuple(
            tuple(int(one * scale) for one in table) for table, scale in zip(self.tables, self.scales, strict=True)
        )
        game = Game(tuple(self.players), tables, rule)
        source, expected = str(value.get("source", "")), value.get("expected")
        findings = self._worth_a_look(game, source)
        return GameRead(str(name), source, game, expected if isinstance(expected, dict) else {}, findings)

    # --- players --------------------------------------------------------------------------------------------

    def _players(self, value: object) -> None:
        path = (*self.path, "players")
        if not isinstance(value, list) or not value:
            self.places.complain(path, shown(value), Phrase("a list of players, one at least"))
            return
        if len(value) > MOST_PLAYERS:
            found = Phrase("{count} players", count=len(value))
            self.places.complain(path, found, Phrase("at most {most}", most=MOST_PLAYERS))
            return
        rows = [self._player(one, (*path, at)) for at, one in enumerate(value)]
        widths = {len(row) for row in rows if row is not None}
        if len(widths) > 1:
            for at, row in enumerate(rows):
                if row is not None and len(row) != max(widths):
                    found = Phrase("{count} weights", count=len(row))
                    self.places.complain(
                        (*path, at), found, Phrase("{count} weights, as others have", count=max(widths))
                    )
            return
        self.tables = [list(table) for table in zip(*[row for row in rows if row is not None], strict=True)]
        self.weights = len(self.tables)
        self.scales = [lcm(*[one.denominator for one in table]) for table in self.tables]
        for table, scale in zip(self.tables, self.scales, strict=True):
            if sum(table) * scale >= _MOST_SUM:
                found = Phrase("weights whose sum is {sum}", sum=str(sum(table)))
                self.places.complain(path, found, Phrase("a sum below {most}", most=str(_MOST_SUM)))

    def _player(self, value: object, path: Path) -> list[Fraction] | None:
        if not isinstance(value, dict) or set(value) - {"name", "weights"} or "name" not in value:
            self.places.complain(path, shown(value), Phrase("a mapping with {keys}", keys="name, weights"))
            return None
        name, weights = value["name"], value.get("weights", [])
        if not isinstance(name, str) or not name:
            self.places.complain((*path, "name"), shown(name), Phrase("text"))
        elif name in self.players:
            self.places.complain((*path, "name"), Phrase("{text!r} twice", text=name), Phrase("each name once"))
        self.players.append(str(name))
        if not isinstance(weights, list):
            self.places.complain((*path, "weights"), shown(weights), Phrase("a list"))
            return None
        wrong = [at for at, one in enumerate(weights) if not _is_number(one) or one < 0]
        for at in wrong:
            self.places.complain((*path, "weights", at), shown(weights[at]), Phrase("a number, 0 at least"))
        return None if wrong else [Fraction(one) for one in weights]

    # --- the rule -------------------------------------------------------------------------------------------

    def _rule(self, value: object, path: Path, depth: int) -> Rule | None:
        if not isinstance(value, dict):
            self.places.complain(path, shown(value), Phrase("exactly one of {words}", words=", ".join(_OPERATORS)))
            return None
        used = [name for name in _OPERATORS if name in value]
        bounds = {"at_least", "share_at_least"} if "weight" in value else set()
        unknown = sorted(set(value) - set(_OPERATORS) - bounds)
        for key in unknown:
            one = Phrase("one of {words}", words=", ".join((*_OPERATORS, "at_least", "share_at_least")))
            self.places.complain(
                (*path, key), Phrase("the unknown key {key!r}", key=key), one, nearest(key, _OPERATORS)
            )
        if len(used) != 1:
            found = Phrase("{words}", words=", ".join(used)) if used else Phrase("no operator")
            self.places.complain(path, found, Phrase("exactly one of {words}", words=", ".join(_OPERATORS)))
            return None
        if depth > _DEEPEST:
            self.places.complain(path, Phrase("rules within rules"), Phrase("at most {most}", most=_DEEPEST))
        if unknown or depth > _DEEPEST:
            return None
        readers: dict[str, Callable[[], Rule | None]] = {
            "all_of": lambda: self._parts(AllOf, value["all_of"], (*path, "all_of"), depth),
            "any_of": lambda: self._parts(AnyOf, value["any_of"], (*path, "any_of"), depth),
            "weight": lambda: self._weight(value, path),
            "consent": lambda: self._consent(value["consent"], (*path, "consent")),
            "count_at_least": lambda: self._heads(value["count_at_least"], (*path, "count_at_least"), False),
            "against_at_most": lambda: self._heads(value["against_at_most"], (*path, "against_at_most"), True),
        }
        return readers[used[0]]()

    def _parts(self, kind: type[AllOf | AnyOf], value: object, path: Path, depth: int) -> Rule | None:
        if not isinstance(value, list) or not value:
            self.places.complain(path, shown(value), Phrase("a list of rules, one at least"))
            return None
        parts = [self._rule(one, (*path, at), depth + 1) for at, one in enumerate(value)]
        known = tuple(one for one in parts if one is not None)
        return kind(known) if len(known) == len(parts) else None

    def _weight(self, value: dict[str, Any], path: Path) -> Rule | None:
        which, bounds = value["weight"], [key for key in ("at_least", "share_at_least") if key in value]
        if not isinstance(which, int) or isinstance(which, bool) or not 0 <= which < self.weights:
            expected = Phrase("the number of a weight, below {count}", count=self.weights)
            self.places.complain((*path, "weight"), shown(which), expected)
            return None
        if len(bounds) != 1:
            found = Phrase("no bound") if not bounds else Phrase("two bounds")
            self.places.complain(path, found, Phrase("exactly one of {words}", words="at_least, share_at_least"))
            return None
        bound, at = value[bounds[0]], (*path, bounds[0])
        scale, total = self.scales[which], sum(self.tables[which])
        if bounds[0] == "at_least":
            if not _is_number(bound):
                self.places.complain(at, shown(bound), Phrase("a number"))
                return None
            return Threshold(which, ceil(bound * scale))
        share = _share(bound)
        if share is None or not 0 < share <= 1:
            found = shown(bound) if share is None else Phrase("{text}", text=str(share))
            self.places.complain(at, found, Phrase("an exact fraction as 62/100, more than 0, at most 1/1"))
            return None
        if not total:
            self.places.complain(at, Phrase("a share of weights whose sum is 0"), Phrase("weights to take a share of"))
            return None
        return Threshold(which, ceil(share * total * scale))

    def _heads(self, value: object, path: Path, against: bool) -> Rule | None:
        if not isinstance(value, int) or isinstance(value, bool):
            self.places.complain(path, shown(value), Phrase("a whole number"))
            return None
        return Threshold(HEADS, len(self.players) - value if against else value)

    def _consent(self, value: object, path: Path) -> Rule | None:
        if not isinstance(value, list) or not value:
            self.places.complain(path, shown(value), Phrase("a list of players, one at least"))
            return None
        unknown = [at for at, one in enumerate(value) if one not in self.players]
        for at in unknown:
            word = str(value[at])
            found = Phrase("{text!r}, which names nothing", text=word)
            self.places.complain((*path, at), found, Phrase("a player"), nearest(word, self.players))
        if unknown:
            return None
        self.tables.append([Fraction(one in value) for one in self.players])
        self.scales.append(1)
        return Threshold(len(self.tables) - 1, len(set(value)))

    # --- what deserves a look -------------------------------------------------------------------------------

    def _worth_a_look(self, game: Game, source: str) -> tuple[Finding, ...]:
        found = []
        path = (*self.path, "wins_if")
        if not game.wins(frozenset(range(len(game.players)))):
            found.append((path, Phrase("a rule that nobody can satisfy"), Phrase("one that all together satisfy")))
        if game.wins(frozenset()):
            found.append((path, Phrase("a rule that holds without anybody"), Phrase("one that needs somebody")))
        if game.tables and not source.strip():
            found.append((self.path, Phrase("weights without a source"), Phrase("where they come from")))
        return tuple(finding(self.places.at(at), at, *said) for at, *said in found)


def _share(value: object) -> Fraction | None:
    if isinstance(value, str):
        number, slash, of = value.partition("/")
        if number.isascii() and number.isdigit() and (not slash or (of.isascii() and of.isdigit() and int(of))):
            return Fraction(int(number), int(of or 1))
        return None
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
