"""Plays a story that a check has found as an exercise: the same acts at the same hours, signed with demo keys.

Every act goes through `perform`, under the exercise's own clock; what the checker took for an attachment is an invented
one. The record is an EXERCISE and is to be looked at and played on; nothing in it is what any state did.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus import rules
from foedus.acts import PLACEHOLDER, Attachment, Body
from foedus.check.situation import Step, speakers
from foedus.check.verdicts import Verdict
from foedus.compact.clauses import Clauses
from foedus.depositary import Depositary
from foedus.errors import Malformed, Refused
from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import NOTE, ExerciseNote
from foedus.founding import init_record
from foedus.parties.acts import SignText
from foedus.signing import attach, sign, statement_for

_ATTACHED = b"EXERCISE. Stands for an attachment of a story that was found by a check; its content is invented.\n"


def replayed(folder: Path, verdict: Verdict) -> Depositary:
    """Play the story of a verdict in an empty folder; the exercise's clock stands where the story ends.

    Raises Malformed where there is no story, or the folder already holds something.
    """
    if not verdict.story:
        raise Malformed("there is no story to play: the guarantee {guarantee} has none", guarantee=verdict.guarantee.id)
    if folder.exists() and any(folder.iterdir()):
        raise Malformed("{folder} is not empty: name another folder for the exercise, or remove it", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    play = _Play(folder, verdict)
    for step in verdict.story:
        play.step(step)
    offset = play.at - datetime.now(UTC)
    store = play.depositary.store
    day = verdict.begins.date()
    note = ExerciseNote(0, day, day, "foedus check", (), verdict.guarantee.id)
    store.set_setting(NOTE, msgspec.json.encode(note))
    store.set_setting("clock_offset_seconds", str(offset.total_seconds()).encode())
    return play.depositary


class _Play:
    """The exercise while it is played: its clock, its keys, its record."""

    def __init__(self, folder: Path, verdict: Verdict) -> None:
        compact = verdict.clauses.compact
        self.at = min(verdict.begins, verdict.story[0].at)
        self.keys = ExerciseKeys.create(folder)
        roles = [role.id for role in compact.roles]
        heads = {(who, role): self.keys.public_of(f"{who}/{role}") for who in verdict.parties for role in roles}
        self.depositary = init_record(
            str(folder), compact, heads, self.keys.depositary_seed,
            origin=f"exercise.foedus.example/{compact.id}/{verdict.guarantee.id}", exercise=True,
            clock=lambda: self.at,
        )  # fmt: skip
        self.attachment = attach(_ATTACHED, "evidence")
        self.speaks = speakers(verdict.clauses, self.depositary.state, verdict.parties)
        for who in verdict.parties:
            self._sign(verdict.clauses, who, roles)
        self.speaks = speakers(verdict.clauses, self.depositary.state, verdict.parties)

    def _sign(self, clauses: Clauses, party: str, roles: list[str]) -> None:
        """The party signs by the first of its offices that may, into the first tier that it may."""
        for role in roles:
            for body in list(rules.offered(clauses, self.depositary.state, f"{party}/{role}", self.at)):
                if isinstance(body, SignText):
                    try:
                        return self._perform(body, (f"{party}/{role}",))
                    except Refused:
                        continue
        return None

    def step(self, step: Step) -> None:
        """Perform one step at its moment, or let time go on to it."""
        self.at = max(self.at, step.at)
        if step.body is None:
            self.depositary.tick()
        else:
            self._perform(step.body, self.speaks[step.party, type(step.body).__name__].signers)

    def _perform(self, body: Body, signers: tuple[str, ...]) -> None:
        body = _filled(body, self.attachment[0])
        named = (self.attachment[0],) if self.attachment[0].digest in _texts(body) else ()
        statement = statement_for(self.depositary.state, signers[0], body, self.at, attachments=named)
        keys = [self.keys.key_of(name) for name in signers]
        files = [(self.attachment[1], self.attachment[2])] if named else []
        self.depositary.perform(sign(statement, keys, exercise=True), files)


def _filled(value: Any, attachment: Attachment) -> Any:
    """The body with a real attachment wherever the checker left the place of one."""
    if value == PLACEHOLDER:
        return attachment.digest
    if isinstance(value, tuple):
        return tuple(_filled(one, attachment) for one in value)
    if isinstance(value, Struct):
        return replace(value, **{name: _filled(getattr(value, name), attachment) for name in value.__struct_fields__})
    return value


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    parts = value if isinstance(value, tuple) else ()
    if isinstance(value, Struct):
        parts = tuple(getattr(value, name) for name in value.__struct_fields__)
    return {text for one in parts for text in _texts(one)}
