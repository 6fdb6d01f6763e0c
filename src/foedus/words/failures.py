"""Why something failed, in the reader's language: the sentence of an error, with what was found put into it.

Numbers, moments and durations are written as the language does, an error that led to another is said within
it, and where the compact is at hand its codes are put in its words. What a library said stays as it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.findings import Finding, MalformedCompact, Phrase
from foedus.errors import FoedusError, Malformed, Refused
from foedus.words import Words
from foedus.words.names import Names
from foedus.words.titles import ACTS, ASSET_STEPS, INCIDENT_KINDS, LEVELS, MEASURE_KINDS, MODES, PARTS, STATUSES, title
from foedus.words.titles_claims import MEASURES, STAGES
from foedus.words.trackers import FIGURES
from foedus.words.trackers import INSTITUTIONS as TRACKED_BY


class Failure(Protocol):
    """A sentence kept apart from what was found: each of the four errors, and the parts of a finding."""

    @property
    def sentence(self) -> str: ...
    @property
    def found(self) -> Mapping[str, object]: ...


def say_error(words: Words, error: FoedusError, clauses: Clauses | None = None) -> str:
    """What went wrong; of a refusal also the clause relied on. Several findings are said one on a line."""
    if isinstance(error, MalformedCompact):
        return "\n".join(say_finding(words, one) for one in error.findings)
    said = say_because(words, error, clauses)
    if not isinstance(error, Refused):
        return said
    return f"{said} [{Names(words, clauses).provision(error.clause) if clauses else error.clause}]"


def say_refusal(words: Words, clauses: Clauses, refused: Refused) -> str:
    """Why the act is not allowed, as a sentence by itself: its first letter is large, but for the name of a file."""
    said = say_error(words, refused, clauses)
    if refused.sentence.startswith(_FILES):
        return said
    return said[:1].upper() + said[1:]


def say_because(words: Words, failure: Failure, clauses: Clauses | None = None) -> str:
    """The sentence alone, without the clause of a refusal."""
    found = {name: _found(words, name, value, clauses) for name, value in failure.found.items()}
    said = words.gettext(failure.sentence)
    return said.format(**found) if found else said


def say_finding(words: Words, finding: Finding) -> str:
    """A finding on one line, as compilers write it."""
    values = {
        "place": f"{finding.file}:{finding.line}:{finding.column}",
        "found": say_because(words, finding.found),
        "path": finding.path,
        "expected": say_because(words, finding.expected),
    }
    if finding.path:
        said = words.gettext("%(place)s: found %(found)s in %(path)s; expected %(expected)s", **values)
    else:
        said = words.gettext("%(place)s: found %(found)s; expected %(expected)s", **values)
    return f"{said}; {say_because(words, finding.remedy)}" if finding.remedy else said


def finding_in(words: Words, finding: Finding) -> dict[str, object]:
    """A finding as data: where it is, and its parts in the words of the language."""
    where = {name: getattr(finding, name) for name in ("file", "line", "column", "path")}
    remedy = say_because(words, finding.remedy) if finding.remedy else ""
    parts = {"found": say_because(words, finding.found), "expected": say_because(words, finding.expected)}
    return {**where, **parts, "remedy": remedy}


def found_in(failure: Failure) -> dict[str, object]:
    """The values of a sentence as data that no language changes; an error that led to this one by its own."""
    return {name: _plain(value) for name, value in failure.found.items()}


def _plain(value: object) -> object:
    if isinstance(value, FoedusError):
        return {"error": value.code, **found_in(value)}
    return value if isinstance(value, int) else str(value)


def _found(words: Words, name: str, value: object, clauses: Clauses | None) -> object:
    """What was found, in words, where it can be: its name in the sentence says what kind of code it is."""
    if isinstance(value, FoedusError):
        return say_error(words, value, clauses)
    if isinstance(value, Phrase):
        return say_because(words, value)
    if isinstance(value, int):
        return words.number(value)
    if name in _WRITTEN and value is not None:
        return _WRITTEN[name](words, str(value))
    if name in _CODES and value is not None and clauses is not None:
        return _CODES[name](Names(words, clauses), str(value))
    return value


def _moment(words: Words, text: str) -> str:
    try:
        return words.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _span(words: Words, text: str) -> str:
    try:
        return words.span(Duration.parse(text))
    except Malformed:
        return text


def _donor(words: Words, name: str) -> str:
    """Whom a tracker calls a donor: its files have English names, and so have the sentences about them."""
    from foedus.commitments.sources.donors import INSTITUTIONS, donor, donor_name
    from foedus.commitments.sources.reading import Unread

    try:
        code = donor(name)
    except Unread:
        return name
    return words.gettext(TRACKED_BY[code]) if code in INSTITUTIONS else donor_name(code, words.language)


def _act(names: Names, code: str) -> str:
    said = title(names.words, ACTS, code)
    return f"«{said}»" if names.words.language == "uk" else f"“{said}”"


def _subject(names: Names, code: str) -> str:
    """An instrument, measure, provision or organisation: whichever the compact knows by this code."""
    said = (names.instrument, names.measure, names.organisation, names.provision)
    return next((word for word in (say(code) for say in said) if word != code), code)


_FILES = ("{path}", "{file}", "{folder}", "{address}", "{to}", "{url}")
_WRITTEN: dict[str, Callable[[Words, str], str]] = {
    "due": _moment,
    "latest": _moment,
    "longest": _moment,
    "issued": _moment,
    "at": _moment,
    "wait": _span,
    "heard": lambda words, text: words.moment(datetime.fromisoformat(text), seconds=True),
    "begins": lambda words, text: words.moment(datetime.fromisoformat(text), seconds=True),
    "to": lambda words, code: title(words, {**ASSET_STEPS, **STAGES}, code),
    "standing": lambda words, code: title(words, ASSET_STEPS, code),
    "part": lambda words, code: title(words, PARTS, code),
    "whom": _donor,
    "figure": lambda words, code: title(words, FIGURES, code),
    "measured": lambda words, code: title(words, MEASURES, code),
}
_CODES: dict[str, Callable[[Names, str], str]] = {
    "party": Names.party,
    "who": Names.party,
    "parties": lambda names, codes: ", ".join(names.party(code) for code in codes.replace(",", " ").split()),
    "seat": Names.seat,
    "earlier": Names.seat,
    "act": _act,
    "what": _subject,
    "measure": _subject,
    "compact": Names.instrument,
    "place": Names.place,
    "role": Names.role,
    "tier": lambda names, code: names.group(code),
    "deadline": Names.deadline,
    "reason": Names.closing,
    "kind": lambda names, code: title(names.words, {**MEASURE_KINDS, **INCIDENT_KINDS}, code),
    "mode": lambda names, code: title(names.words, MODES, code),
    "status": lambda names, code: title(names.words, STATUSES, code),
    "ceiling": lambda names, code: title(names.words, LEVELS, code),
}
