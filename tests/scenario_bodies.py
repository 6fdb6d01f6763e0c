"""From the words of a scenario to the body of an act, with the files that it attaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from foedus.acts import Attachment, Body
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.model import Distribution
from foedus.parties import acts as parties
from foedus.reparations import acts as reparations
from foedus.reparations.distributions import rule_digest
from foedus.response import acts as response
from foedus.response import callbacks
from foedus.response.acts import Contribution, Evidence, Figure
from foedus.sanctions import acts as sanctions
from foedus.signing import Kind
from foedus.state import State
from tests.scenario_words_commitments import quantity

NO_DIGEST, OTHER_DIGEST = "0" * 64, "e" * 64
_UNIT = re.compile(r"(\d+)(y|mo|d|h|min|s)")
_SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
_MONTHS = {"y": 12, "mo": 1}
Typed = Mapping[str, tuple[str, str]]


class AmbiguousError(Exception):
    """`M-1` or `B-1` could mean several: the scenario has to write `R-2/M-1`."""


class File(Struct, frozen=True):
    """A file that an act names: how it is named there, and what is sent beside it."""

    attachment: Attachment
    salt: bytes
    content: bytes


class Speaking(Struct):
    """What it takes to turn words into values: the record as it stands, the time, and the names given so far."""

    t0: datetime
    now: datetime
    clauses: Clauses
    state: State
    texts: dict[str, str]
    key_of: Callable[[str, int], str]
    generation: dict[str, int]
    number: int = 0
    who: str = ""  # whose act is being stated

    def moment(self, words: str) -> datetime:
        """`T0+24h-1s`, `2022-02-11T12:00Z+2d`: a moment in UTC; months and years are calendar ones."""
        base, *steps = re.split(r"(?<=[0-9a-zZ])([+-])(?=\d+(?:y|mo|d|h|min|s))", words)
        at = self.t0 if base == "T0" else datetime.fromisoformat(base)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        for sign, span in zip(steps[::2], steps[1::2], strict=True):
            at = duration(span, -1 if sign == "-" else 1).after(at)
        return at

    def value(self, kind: str, words: str) -> Any:
        """What the words of a field mean."""
        return _VALUES[kind](self, words)

    def values(self, said: Typed) -> dict[str, Any]:
        """Every field's meaning."""
        return {name: self.value(kind, words) for name, (kind, words) in said.items()}

    def file(self, name: str, kind: Kind) -> File:
        """The file of this name: the same name is the same file."""
        salt, content = sha256(name.encode()).digest(), f"{kind} {name} of a scenario".encode()
        digest = sha256(salt + content).hexdigest()
        return File(Attachment(digest, len(content), kind), salt, content)


def duration(words: str, sign: int = 1) -> Duration:
    """`6mo`, `1h30min` as a duration, or as one backwards."""
    months = seconds = 0
    for number, unit in _UNIT.findall(words):
        months += int(number) * _MONTHS.get(unit, 0)
        seconds += int(number) * _SECONDS.get(unit, 0)
    return Duration(sign * months, sign * seconds)


def _subject(speaking: Speaking, words: str) -> str:
    """`M-1` is the one measure, and `B-1` the one ballot, of that number; before there is any, the first response's."""
    if "/" in words or words.startswith("SB-"):
        return words
    known = (*speaking.state.response.measures, *speaking.state.response.ballots)
    found = [id_ for id_ in known if id_.endswith(f"/{words}")]
    if len(found) > 1:
        raise AmbiguousError(f"{words} may be {' or '.join(sorted(found))}")
    return found[0] if found else f"R-1/{words}"


def _figures(words: str) -> tuple[Figure, ...]:
    return tuple(Figure(what, int(count)) for what, count in (part.split() for part in words.split(" and ")))


def _contributions(words: str) -> tuple[Contribution, ...]:
    found = []
    for kind, number, *currency in (part.split() for part in words.split(" and ")):
        if number == "undisclosed":
            found.append(Contribution(kind, disclosed=False))
        elif currency == ["of", "no", "currency"]:
            found.append(Contribution(kind, amount=number))
        elif currency:
            found.append(Contribution(kind, amount=number, currency=currency[0]))
        else:
            found.append(Contribution(kind, quantity=number))
    return tuple(found)


def _steps(speaking: Speaking, words: str) -> tuple[sanctions.Step, ...]:
    """`asset_freeze suspended of national from T0 until T0+1y and …`."""
    found = []
    for part in words.split(" and "):
        restriction, kind, *rest = part.split()
        said = dict(zip(rest[::2], rest[1::2], strict=True))
        times = {
            name: speaking.moment(said[word])
            for word, name in (("from", "starts_at"), ("until", "until"))
            if word in said
        }
        found.append(sanctions.Step(restriction, kind, said.get("of"), **times))  # type: ignore[arg-type]  # words of the file
    return tuple(found)


def _national(speaking: Speaking, words: str) -> tuple[parties.NationalStep, ...]:
    """`cabinet 12h and parliament 90h delegated until T0+30d`."""
    found = []
    for part in words.split(" and "):
        step, hours, *rest = part.split()
        until = speaking.moment(rest[-1]) if rest else None
        found.append(parties.NationalStep(step, int(hours[:-1]), until))  # type: ignore[arg-type]  # words of the file
    return tuple(found)


def _heard(speaking: Speaking, words: str) -> tuple[int, ...]:
    """The words of the newest request, or five others."""
    own = callbacks.words(speaking.state, f"R-{len(speaking.state.response.responses)}")
    return own if words == "its words" else tuple(255 - one for one in own)


def _value(speaking: Speaking, words: str) -> reparations.Value:
    """`180 to 185 EUR as of T0-30d by depository`: what is said of the rest is the same for all."""
    low, _to, high, currency, _as, _of, day, _by, discloser = words.split()
    return reparations.Value(low, high, currency, speaking.moment(day).date(), "statement", discloser, "high")


def _totals(words: str) -> tuple[reparations.Total, ...]:
    """`3 A2.1 for 30.00 EUR and 2 C1.1 for 5 UAH`."""
    found = []
    for part in words.split(" and "):
        claims, category, _for, amount, currency = part.split()
        found.append(reparations.Total(category, currency, int(claims), amount))
    return tuple(found)


def _accounts(words: str) -> tuple[reparations.Account, ...]:
    """`30.00 damage 0.00 loss 5.00 paid EUR`, for each currency."""
    parts = [part.split() for part in words.split(" and ") if words != "nothing"]
    return tuple(reparations.Account(part[6], part[0], part[2], part[4]) for part in parts)


def _rule(speaking: Speaking, words: str) -> str:
    """`now` is the digest of the rule as the compact has it; any other word is that of another."""
    clause = speaking.clauses.one(Distribution)
    return rule_digest(clause[1]) if clause is not None and words == "now" else sha256(words.encode()).hexdigest()


_VALUES: dict[str, Callable[[Speaking, str], Any]] = {
    "word": lambda _, words: words,
    "list": lambda _, words: () if words in ("none", "nothing", "nobody") else tuple(words.split()),
    "moment": Speaking.moment,
    "date": lambda s, words: s.moment(words).date(),
    "count": lambda _, words: int(words),
    "span": lambda _, words: duration(words),
    "stance": lambda _, words: words.replace(" ", "_"),
    "figures": lambda _, words: _figures(words),
    "contributions": lambda _, words: _contributions(words),
    "text": lambda s, words: s.texts.get(words, NO_DIGEST),
    "measure": _subject,
    "ballot": _subject,
    "instrument": lambda s, words: s.clauses.compact.id if words == "the compact" else words,
    "flag": lambda _, words: bool(words),
    "table": lambda _, words: sha256(words.encode()).hexdigest(),
    "entry": lambda _, words: words,
    "steps": _steps,
    "national": _national,
    "heard": _heard,
    "value": _value,
    "totals": lambda _, words: _totals(words),
    "accounts": lambda _, words: _accounts(words),
    "rule": _rule,
    "quantity": lambda _, words: quantity(words),
}


def stated(
    speaking: Speaking, kind: type, said: Typed, manner: Mapping[str, str], fixed: Mapping[str, object]
) -> tuple[Body, list[File]]:
    """The body of an act of this kind that says so, and the files it names."""
    files: list[File] = []
    if kind in (response.ProposeMeasure, response.ReviseMeasure) and "text" in said:
        files.append(speaking.file(said["text"][1], "proposal"))
        speaking.texts[said["text"][1]] = files[0].attachment.digest
    values = {**speaking.values(said), **fixed}
    items = values.pop("items", None)
    if items is not None:
        values["evidence"] = _evidence(speaking, items, manner.get("obtained"), files)
    complete = _COMPLETE.get(kind)
    if complete is not None:
        complete(speaking, values, files)
    if "keyed" in manner:
        values["key"] = speaking.key_of(manner["keyed"], speaking.generation[manner["keyed"]])
    if "effective_at" in {field.name for field in fields(kind)}:
        values.setdefault("effective_at", speaking.now)
    body = kind(**values)
    if "other text" in manner:
        body = replace(body, **{"compact" if kind is parties.AmendCompact else "text": OTHER_DIGEST})
    return body, [] if "not attached" in manner else files


def _evidence(speaking: Speaking, items: int, obtained: str | None, files: list[File]) -> tuple[Evidence, ...]:
    """So many new items; what is not said about them is the same for all."""
    at = speaking.moment(obtained) if obtained else speaking.now
    for _ in range(items):
        speaking.number += 1
        files.append(speaking.file(f"item-{speaking.number}", "evidence"))
    return tuple(Evidence(file.attachment.digest, "general-staff", at, "photograph") for file in files)


def _signed(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    values["text"] = speaking.clauses.digest_of(values["instrument"]) or NO_DIGEST


def _accession(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    values["text"] = speaking.clauses.digest


def _reading(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    known = speaking.clauses.provision(values["provision"]) is not None
    values["text"] = speaking.clauses.text_digest(values["provision"]) if known else NO_DIGEST


def _amendment(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    values["compact"] = values.pop("text")


def _enrolled(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    seat = f"{values['party']}/{values['role']}"
    values["key"] = speaking.key_of(seat, speaking.generation.get(seat, -1) + 1)


def _root_key(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    seat = f"{speaking.who.partition('/')[0]}/{parties.ROOT}"
    values["key"] = speaking.key_of(seat, speaking.generation.get(seat, -1) + 1)


def _recovered(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    seat = f"{speaking.who.partition('/')[0]}/{values['role']}"
    values["key"] = speaking.key_of(seat, speaking.generation.get(seat, -1) + 1)


def _report(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    values.setdefault("occurred_from", speaking.now)


def _delegation(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    if values.pop("full_powers"):
        files.append(speaking.file(f"full-powers-{values['response']}", "credentials"))
        values["full_powers"] = files[0].attachment.digest


def _position(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    measure = speaking.state.response.measures.get(values["measure"])
    version = values.pop("version", 0)
    values["text"] = measure.versions[version - 1].value if measure else NO_DIGEST


def _transcribed(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    speaking.number += 1
    files.append(speaking.file(f"recording-{speaking.number}", "evidence"))
    values["source"] = files[-1].attachment.digest
    values["said"] = _said(speaking, values)


def _countersigned(speaking: Speaking, values: dict[str, Any], files: list[File]) -> None:
    known = speaking.state.response.transcripts.get(values["transcript"])
    if "measure" in values:
        values["said"] = _said(speaking, values)
    else:
        values["said"] = known.said if known else response.CastVote("R-1/B-1", "yes")


def _said(speaking: Speaking, values: dict[str, Any]) -> response.TakePosition | response.CastVote:
    """The words that are entered or countersigned, taken out of the rest."""
    if "ballot" in values:
        return response.CastVote(values.pop("ballot"), values.pop("choice"))
    names = ("measure", "stance", "confirm_by")
    inner = {name: values.pop(name) for name in names if name in values}
    _position(speaking, inner, [])
    return response.TakePosition(**inner)


_COMPLETE: dict[type, Callable[[Speaking, dict[str, Any], list[File]], None]] = {
    parties.SignText: _signed,
    parties.Accede: _accession,
    parties.AdoptReading: _reading,
    parties.AmendCompact: _amendment,
    parties.EnrolSeat: _enrolled,
    parties.DepositRootKey: _root_key,
    parties.RecoverSeat: _recovered,
    response.ReportIncident: _report,
    response.RegisterDelegation: _delegation,
    response.TakePosition: _position,
    response.EnterTranscript: _transcribed,
    response.CountersignTranscript: _countersigned,
}
