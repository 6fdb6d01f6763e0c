"""A check in a process of its own, bounded in time and memory, so that whoever serves pages is not disturbed by it.

It reads one job as a line of JSON and writes what it finds as lines of JSON, in every language, as soon as it knows it:
what the text is or what is wrong with it, its structure, a quick look at each guarantee, then the verdicts themselves.
Asked to stop (SIGINT) it says what is known so far. It writes no traceback, opens no record and asks nobody.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.check import answers
from foedus.check.answers import counted_only
from foedus.check.findings import worth_a_look
from foedus.check.situation import roll, taking_part
from foedus.check.sources import unverified
from foedus.check.structured import structure
from foedus.check.verdicts import Verdict, among_all, verdict, verdicts
from foedus.compact.clauses import Clauses
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import load
from foedus.compact.model import CannotPrevent, Compact, Guarantee, Reachable
from foedus.errors import FoedusError
from foedus.words import LANGUAGES, Words, translator
from foedus.words.failures import finding_in, say_error, say_finding
from foedus.words.names import Names

# A quick look follows so many states of each guarantee, among as few parties as can show it.
QUICK_STATES: Final = 200
_TOLD_EVERY_SECONDS: Final = 0.25

Line = dict[str, Any]


class Job(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked. `source`: a bundled name, or a path seen from `folder`. `quick`: look at everything quickly first.

    `only`: guarantees by their numbers, all where there are none. `everybody`: ask them among all on the roll, and tell
    nothing else. `play`: a folder where the story of `guarantee` among so many `guarantors` is played as an exercise,
    instead. `seconds`, `megabytes`: what the process may take; `states` of each guarantee at most.
    """

    source: str
    folder: str = ""
    quick: bool = False
    only: tuple[int, ...] = ()
    everybody: bool = False
    states: int = 200_000
    seconds: int = 300
    megabytes: int = 2_048
    play: str = ""
    guarantee: str = ""
    guarantors: int = 1


def main() -> None:
    """One job from the standard input."""
    asked = sys.stdin.buffer.readline()
    if not asked:
        return  # whoever made this process ready needs it no more
    job = msgspec.json.decode(asked, type=Job)
    _bound(job)
    if job.folder:
        os.chdir(job.folder)

    def tell(line: Line) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()

    try:
        for line in _played(job) if job.play else _checked(job, tell):
            tell(line)
        tell({"kind": "end"})
    except KeyboardInterrupt:
        tell({"kind": "end", "stopped": True})
    except MemoryError:
        tell({"kind": "failed", "why": "memory"})
    except FoedusError as problem:
        tell({"kind": "failed", "why": "text"} | _problem(problem))
    except Exception as problem:  # noqa: BLE001 - whatever a strange text brings about, the reader gets a sentence
        tell({"kind": "failed", "why": "fault", "type": type(problem).__name__})


def _bound(job: Job) -> None:
    os.nice(2 if job.quick else 10)  # who answers people goes first; after them whoever waits for a draft
    most = job.megabytes * 1024 * 1024
    with suppress(ValueError, OSError):  # where the system allows less already, or does not keep this bound
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (job.seconds, job.seconds + 1))


def _each(say: Callable[[Words], Any]) -> dict[str, Any]:
    return {language: say(translator(language)) for language in LANGUAGES}


def _problem(problem: FoedusError) -> dict[str, str]:
    return {language: say_error(translator(language), problem) for language in LANGUAGES}


def _checked(job: Job, tell: Callable[[Line], None]) -> Iterator[Line]:
    try:
        compact = load(job.source)
    except MalformedCompact as problem:
        found = problem.findings
        yield {"kind": "findings"} | _each(lambda words: [_finding(words, one) for one in found])
        return
    if not job.everybody:
        yield from _read(job, Clauses.of(compact))
    asked = [one for one in enumerate(compact.guarantees, 1) if not job.only or one[0] in job.only]
    if job.quick:
        for number, guarantee in asked:
            yield _answer("quick", number, compact, guarantee, lambda one: _quick(compact, one))
    answered = among_all if job.everybody else _whole
    for number, guarantee in asked:
        progress = _telling(tell, number)
        yield _answer("verdict", number, compact, guarantee, lambda one: answered(compact, one, progress, job.states))  # noqa: B023 - called at once


def _read(job: Job, clauses: Clauses) -> Iterator[Line]:
    """What the text is, and its structure."""
    yield {"kind": "text"} | _each(lambda words: _text(words, clauses))
    looks = worth_a_look(job.source, clauses)
    yield {"kind": "structure"} | _each(
        lambda words: structure(words, clauses) | {"findings": [_finding(words, one) for one in looks]}
    )


def _telling(tell: Callable[[Line], None], number: int) -> Callable[[int, int], None]:
    """Progress, a few times a second."""
    last = time.monotonic()

    def progress(done: int, states: int) -> None:
        nonlocal last
        if time.monotonic() - last > _TOLD_EVERY_SECONDS:
            last = time.monotonic()
            tell({"kind": "progress", "number": number, "done": done, "states": states})

    return progress


def _whole(compact: Compact, guarantee: Guarantee, progress: Callable[[int, int], None], states: int) -> Verdict:
    return next(verdicts(replace(compact, guarantees=(guarantee,)), None, progress, states))


def _quick(compact: Compact, guarantee: Guarantee) -> Verdict:
    """Among as few as can show it: one party alone can prevent, or nobody can do, what three could do together."""
    least = 3 if isinstance(guarantee.asks, CannotPrevent | Reachable) else 1
    parties = taking_part(compact, guarantee, least)
    return verdict(compact, guarantee, parties, lambda done, states: None, QUICK_STATES)


def _answer(
    kind: str, number: int, compact: Compact, guarantee: Guarantee, answered: Callable[[Guarantee], Verdict]
) -> Line:
    """The line about one guarantee; one that cannot be asked of this text says why, and the others are still asked."""
    try:
        found = answered(guarantee)
    except FoedusError as problem:
        said = _problem(problem)
        return {"kind": kind, "number": number} | _each(lambda words: _unasked(words, guarantee, said[words.language]))
    if found.problem is not None:
        said = _problem(found.problem)
        return {"kind": kind, "number": number} | _each(lambda words: _unasked(words, guarantee, said[words.language]))
    if found.stopped:
        raise KeyboardInterrupt  # what is left is not shown
    return {"kind": kind, "number": number} | _each(lambda words: _told(words, found, number))


def _told(words: Words, found: Verdict, number: int) -> dict[str, Any]:
    answer = answers.guarantee(words, found)
    said = {
        "heading": answers.heading(words, found.clauses, answer, number),
        "limits": answers.limits(words, found.clauses, answer),
        "asks": found.guarantee.asks.__struct_config__.tag,
    }
    return answer | said


def _unasked(words: Words, guarantee: Guarantee, problem: str) -> dict[str, Any]:
    title = words.of(guarantee.title)
    return {
        "id": guarantee.id, "title": title, "holds": None, "prevented_by": "", "story": [], "states": 0, "steps": 0,
        "parties": [], "asked_of": [], "acts": list(guarantee.acts), "given": list(guarantee.given),
        "all_explored": False, "heading": title, "limits": [], "asks": "", "problem": problem,
    }  # fmt: skip


def _finding(words: Words, one: Any) -> dict[str, object]:
    return finding_in(words, one) | {"said": say_finding(words, one)}


def _text(words: Words, clauses: Clauses) -> dict[str, Any]:
    """What the text is, and what its codes mean."""
    compact, names = clauses.compact, Names(words, clauses)
    bodies = {one.id: words.of(one.name) for one in compact.bodies}
    codes = {party.id for party in compact.parties} | {one.id for one in compact.outsiders}
    codes |= {member for body in compact.bodies for member in body.members}
    left = {who for provision in clauses.provisions for term in provision.judgement for who in term.by}
    return {
        "id": compact.id,
        "digest": clauses.digest,
        "title": words.of(compact.title),
        "short_title": words.of(compact.short_title),
        "nature": words.of(compact.nature),
        "dated": compact.dated,
        "signed_by_states": compact.signed_by_states,
        "names": {code: names.party(code) for code in sorted(codes)},
        "groups": {who: bodies.get(who) or names.group(who) for who in sorted(left)},
        "provisions": {one.id: words.of(one.title) for one in clauses.provisions},
        "texts": {one.id: clauses.text_digest(one.id) for one in clauses.provisions},
        "agreements": {one.id: words.of(one.title) for one in compact.agreements},
        "sources": [
            {"id": id_, "title": one.title, "url": one.url, "consulted": one.consulted}
            for id_, one in compact.sources.items()
        ],
        "unverified": unverified(words, clauses),
        "counted_only": counted_only(words, clauses),
        "roll": len(roll(clauses)),
        "guarantees": [[one.id, words.of(one.title)] for one in compact.guarantees],
    }


def _played(job: Job) -> Iterator[Line]:
    from foedus.exercise.told import replayed

    compact = load(job.source)
    guarantee = next((one for one in compact.guarantees if one.id == job.guarantee), None)
    assert guarantee is not None, "a story is played of a guarantee that was asked of this text"
    found = verdict(
        compact, guarantee, taking_part(compact, guarantee, job.guarantors), lambda done, states: None, job.states
    )
    depositary = replayed(Path(job.play), found)
    size = depositary.state.size
    depositary.close()
    yield {"kind": "played", "size": size}


if __name__ == "__main__":
    main()
