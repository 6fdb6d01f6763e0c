"""What acts and events say, in the reader's language: one short sentence each, in the treaty's words.

Offices speak, not persons. A sentence says what the signed body says and nothing more; who must believe it is
the compact's matter. `titles` has the words for codes, `names` the compact's own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from foedus.acts import Body, Event
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.errors import Refused
from foedus.state import State
from foedus.words import Words, happened_response, said_parties, said_response
from foedus.words.names import Names
from foedus.words.speech import Speech
from foedus.words.titles import ACTS, INCIDENT_KINDS, LEVELS, MEASURE_KINDS, MODES, STATUSES, title

_ACTS = {**said_parties.ACTS, **said_response.ACTS}
_EVENTS = {**said_parties.EVENTS, **happened_response.EVENTS}


def say_act(words: Words, clauses: Clauses, body: Body, party: str, state: State | None = None) -> str:
    """What `party` (or `depositary`) does by this body. `state` names measures on the table in full."""
    return _ACTS[type(body)](Speech(words, clauses, state), body, party)


def say_event(words: Words, clauses: Clauses, state: State | None, event: Event) -> str:
    """What became true."""
    return _EVENTS[type(event)](Speech(words, clauses, state), event)


def say_refusal(words: Words, clauses: Clauses, refused: Refused) -> str:
    """Why the act is not allowed, with the clause relied on; codes of what was found are put in words."""
    names = Speech(words, clauses).names
    found = {name: _found(names, name, value) for name, value in refused.found.items()}
    because = words.gettext(refused.sentence).format(**found)
    return f"{because[:1].upper()}{because[1:]} [{names.provision(refused.clause)}]"


def _found(names: Names, name: str, value: object) -> object:
    """What was found, in words, where its name in the sentence says what kind of code it is."""
    say = _FOUND.get(name)
    if say is None or value is None:
        return names.words.number(value) if isinstance(value, int) else value
    return say(names, str(value))


def _moment(names: Names, text: str) -> str:
    try:
        return names.words.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _span(names: Names, text: str) -> str:
    return names.words.span(Duration.parse(text))


def _act(names: Names, code: str) -> str:
    said = title(names.words, ACTS, code)
    return f"«{said}»" if names.words.language == "uk" else f"“{said}”"


def _subject(names: Names, code: str) -> str:
    """An instrument, measure, provision or organisation: whichever the compact knows by this code."""
    said = (names.instrument, names.measure, names.organisation, names.provision)
    return next((word for word in (say(code) for say in said) if word != code), code)


_FOUND: dict[str, Callable[[Names, str], str]] = {
    "party": Names.party,
    "who": Names.party,
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
    "due": _moment,
    "latest": _moment,
    "longest": _moment,
    "issued": _moment,
    "at": _moment,
    "wait": _span,
    "kind": lambda names, code: title(names.words, {**MEASURE_KINDS, **INCIDENT_KINDS}, code),
    "mode": lambda names, code: title(names.words, MODES, code),
    "status": lambda names, code: title(names.words, STATUSES, code),
    "ceiling": lambda names, code: title(names.words, LEVELS, code),
}
