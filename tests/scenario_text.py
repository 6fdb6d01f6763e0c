"""Reading a scenario file: a head, then lines that begin with given, when, then or and; each is one statement.

A word that is not known is an error with file and line, found before anything runs: a scenario that says
what nobody checks would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from tests.scenario_compacts import DESIGNS, FICTIONAL, MARE, names
from tests.scenario_facts import FACTS
from tests.scenario_phrase import Phrase
from tests.scenario_words import ACTS, EVENTS, LIST, MOMENT, WORD, fields, read

FOLDER = Path(__file__).parent / "scenarios"
HEAD = ("compact", "leaves-out", "clauses", "T0", "opened", "label")
SEAT = r"(?:[A-Z]{3}(?:/[a-z]+)?|the depositary)"
_ACT = re.compile(
    rf"(?:at (?P<at>{MOMENT}): )?"
    rf"(?:each of (?P<each>{LIST}): |(?P<who>{SEAT})(?: with (?P<also>{SEAT}(?: and {SEAT})*))? )"
    r"(?:(?P<times>\d+) times )?"
    r"(?P<what>.+?)(?: \((?P<manner>[^()]*)\))?"
)
_EXPECTED = re.compile(rf"(?:at (?P<at>{MOMENT}): )?(?P<no>no )?(?P<what>.+)")
_REFUSED = re.compile(rf'refused by (?P<clause>{WORD})(?:: "(?P<words>[^"]+)")?')
# How an act is signed or sent when it is not as it should be, and the name by which the runner knows it.
MANNERS = {
    "signers": "signed by {signers:list}",
    "earlier key": "signed with its earlier key",
    "dated": "dated {dated:moment}",
    "marked": "marked {level}",
    "released": "released to {released:list}",
    "forged": "forged",
    "effect": "stated as {effect}",
    "other record": "for another record",
    "live": "as an act of a live record",
    "other text": "under another text",
    "earlier compact": "under an earlier compact",
    "not attached": "not attached",
    "withheld": "attachments withheld",
    "obtained": "obtained {obtained:moment}",
    "keyed": "with the key of {keyed}",
    "inbox": "left in the inbox",
    "first": "as the first entry",
}
SHORT = (
    Phrase(str, "everyone signed"), Phrase(str, "signed: {signed:list}"), Phrase(str, "seats: {seats:list}"),
    Phrase(str, "the archive holds {text:text}: {step} within {within:span}"),
)  # fmt: skip
Kind = Literal["short", "act", "time", "again", "event", "fact", "refused", "malformed", "nothing"]


class MisreadError(Exception):
    """A line of a scenario says what the runner has no word for."""


class Line(Struct, frozen=True):
    """One statement, where it stands, and what it means. `part`: given, when or then."""

    place: str
    part: str
    text: str
    kind: Kind
    phrase: Phrase | None = None
    said: Mapping[str, tuple[str, str]] = {}
    at: str | None = None
    who: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    manner: Mapping[str, str] = {}
    no: bool = False
    times: int = 1


class Scenario(Struct, frozen=True):
    """One file on one compact. `clauses`: provisions without which it comes out otherwise."""

    name: str
    compact: str
    clauses: tuple[str, ...]
    t0: str
    opened: str
    lines: tuple[Line, ...]
    leaves_out: tuple[str, ...] = ()


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every file, a generic one once for each compact; read once for all tests that ask."""
    own = [opened(path) for path in sorted((*FOLDER.glob("*.txt"), *(FOLDER / "designs").glob("*.txt")))]
    shared = {"generic": (f"kyiv-2022{FICTIONAL}", MARE), "every_design": DESIGNS}
    generic = [
        opened(path, name)
        for folder, compacts in shared.items()
        for path in sorted((FOLDER / folder).glob("*.txt"))
        for name in compacts
    ]
    return (*own, *generic)


def opened(path: Path, compact: str | None = None) -> Scenario:
    """The scenario in a file, on the compact it names or on the one given. Raises MisreadError."""
    where = f"{path.parent.name}/{path.name}"
    return parsed(path.read_text("utf-8"), where, compact)


def parsed(text: str, where: str, compact: str | None = None) -> Scenario:
    """The scenario in a text. Raises MisreadError naming file and line."""
    head: dict[str, str] = {"compact": compact} if compact else {}
    lines: list[Line] = []
    part = ""
    for number, raw in enumerate(text.splitlines(), 1):
        place = f"{where}:{number}"
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if compact or "compact" in head:
            line = _filled(line, head["compact"], place)
        key, _, value = line.partition(": ")
        if key in HEAD and not lines:
            if key in head and key != "clauses":
                raise MisreadError(f"{place}: {key} is said twice, or by the compact it is run on")
            head[key] = f"{head.get(key, '')} {value}".strip()
            continue
        word, _, statement = line.partition(" ")
        part = _part(word, part, place)
        if "compact" not in head:
            raise MisreadError(f"{place}: the head names no compact")
        lines.append(_line(place, part, statement.strip()))
    name = where if compact is None else f"{where} on {compact}"
    return Scenario(
        name, head["compact"], tuple(head.get("clauses", "").split()),
        head.get("T0", "2026-10-12T06:00Z"), head.get("opened", "T0-30d"), tuple(lines),
        tuple(head.get("leaves-out", "").split()),
    )  # fmt: skip


def _filled(line: str, compact: str, place: str) -> str:
    known = names(compact)

    def value(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise MisreadError(f"{place}: {{{found[1]}}} means nothing under {compact}")
        return known[found[1]]

    return re.sub(r"\{([^{}]+)\}", value, line)


def _part(word: str, before: str, place: str) -> str:
    if word == "and" and before:
        return before
    if word in ("given", "when", "then") and not (word == "then" and not before):
        return word
    raise MisreadError(f"{place}: {word!r} found; given, when, then or and expected")


def _line(place: str, part: str, text: str) -> Line:
    readers = (_refusal, _nothing, _expected) if part == "then" else (_short, _time, _again, _act)
    for reader in readers:
        line = reader(place, part, text)
        if line is not None:
            return line
    raise MisreadError(f"{place}: nothing begins or reads like {text!r} in a line of {part!r}")


def _one(found: list[tuple[Phrase, Mapping[str, tuple[str, str]]]], place: str, text: str) -> bool:
    if len(found) > 1:
        both = " and as ".join(repr(phrase.template) for phrase, _ in found)
        raise MisreadError(f"{place}: {text!r} can be read as {both}")
    return bool(found)


def _short(place: str, part: str, text: str) -> Line | None:
    found = read(SHORT, text)
    if part != "given" or not _one(found, place, text):
        return None
    return Line(place, part, text, "short", *found[0])


def _time(place: str, part: str, text: str) -> Line | None:
    found = re.fullmatch(rf"at ({MOMENT})", text)
    return Line(place, part, text, "time", at=found[1]) if found else None


def _again(place: str, part: str, text: str) -> Line | None:
    return Line(place, part, text, "again") if text == "the same act is sent again" else None


def _act(place: str, part: str, text: str) -> Line | None:
    found = _ACT.fullmatch(text)
    if found is None:
        return None
    acts = read(ACTS, found["what"])
    if not _one(acts, place, text):
        raise MisreadError(f"{place}: no act reads {found['what']!r}")
    who = tuple(found["each"].split()) if found["each"] else (found["who"],)
    also = tuple(found["also"].split(" and ")) if found["also"] else ()
    manner: dict[str, str] = {}
    for words in found["manner"].split("; ") if found["manner"] else ():
        manner |= _manner(words, place)
    times = int(found["times"] or 1)
    return Line(place, part, text, "act", *acts[0], at=found["at"], who=who, also=also, manner=manner, times=times)


def _manner(words: str, place: str) -> dict[str, str]:
    for name, template in MANNERS.items():
        said = fields(template, words)
        if said is not None:
            return {name: next((value for _, value in said.values()), "")}
    raise MisreadError(f"{place}: an act is not sent {words!r}; known are {', '.join(MANNERS.values())}")


def _refusal(place: str, part: str, text: str) -> Line | None:
    found = _REFUSED.fullmatch(text)
    if found is not None:
        said = {key: ("word", value) for key, value in found.groupdict().items() if value}
        return Line(place, part, text, "refused", said=said)
    return Line(place, part, text, "malformed") if text == "malformed" else None


def _nothing(place: str, part: str, text: str) -> Line | None:
    return Line(place, part, text, "nothing") if text in ("nothing else", "nothing") else None


def _expected(place: str, part: str, text: str) -> Line | None:
    found = _EXPECTED.fullmatch(text)
    if found is None:
        return None
    events, facts = read(EVENTS, found["what"]), read(FACTS, found["what"])
    if not _one([*events, *facts], place, text):
        return None
    kind: Kind = "event" if events else "fact"
    if facts and (found["at"] or found["no"]):
        raise MisreadError(f"{place}: what is so now has no time, and is not denied with 'no'")
    phrase, said = (events or facts)[0]
    return Line(place, part, text, kind, phrase, said, at=found["at"], no=bool(found["no"]))
