"""What people decided of matches: hit, no hit, or undecided, by whom, when and why, for a customer and a listing each.

A decision holds for the two sides as they were: where either changes, the pair is open again, and what was decided
before stands beside it. Kept as settings of the store, never in the record: customers are nobody else's business, and
one party never sees another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.errors import Malformed, Tampered
from foedus.record.store import Store
from foedus.screening import Record

PREFIX = "screening_review/"
Verdict = Literal["hit", "no_hit", "undecided"]
VERDICTS: tuple[Verdict, ...] = ("hit", "no_hit", "undecided")
MOST_REASON = 1_000  # characters


class Decision(Struct, frozen=True):
    """`customer`, `target`: digests of the two sides as they were then."""

    verdict: Verdict
    reason: str
    reviewer: str
    at: datetime
    customer: str
    target: str


class Pair(Struct, frozen=True):
    """A customer and a listing that may be the same. `score`: when it was last found. `decisions`: oldest first."""

    party: str
    customer: Record
    target: str
    caption: str
    score: float
    found_at: datetime
    decisions: tuple[Decision, ...] = ()

    @property
    def key(self) -> str:
        """The setting under which it is kept."""
        names = f"{self.customer.id}\n{self.target}".encode()
        return f"{_folder(self.party)}{hashlib.sha256(names).hexdigest()[:40]}"


def digest_of(record: Record) -> str:
    """Of one side, as a decision names it."""
    return hashlib.sha256(msgspec.json.encode(record)).hexdigest()


def customer_of(record: Record) -> Record:
    """A customer under its own id; one that was only typed in, under what was typed."""
    return record if record.id else replace(record, id=f"typed-{digest_of(record)[:16]}")


def _folder(party: str) -> str:
    return f"{PREFIX}{party or '-'}/"


def pairs(store: Store, party: str) -> list[Pair]:
    """Every pair of a party, the likest first. Raises Tampered."""
    found = [_kept(store, name) for name in store.settings(_folder(party))]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.score, one.customer.id, one.target))


def pair(store: Store, key: str, party: str) -> Pair | None:
    """One pair of a party; None where it has none such. Raises Tampered."""
    return _kept(store, key) if key.startswith(_folder(party)) else None


def _kept(store: Store, key: str) -> Pair | None:
    data = store.setting(key)
    try:
        return msgspec.json.decode(data, type=Pair) if data is not None else None
    except msgspec.MsgspecError as problem:
        raise Tampered(
            "the setting {setting} cannot be read: {problem}; restore it from a backup, or remove it",
            setting=key,
            problem=problem,
        ) from None


def found(store: Store, one: Pair) -> Pair:
    """Note that the two were found to be alike; what was decided of them before stays."""
    before = _kept(store, one.key)
    after = replace(one, decisions=before.decisions) if before else one
    if before is None or (before.customer, before.score) != (after.customer, after.score):
        store.set_setting(after.key, msgspec.json.encode(after))
    return before if before and before.customer == after.customer else after


def decide(store: Store, one: Pair, target: Record, said: tuple[str, str], who: str, at: datetime) -> Pair:
    """Add a decision of the pair as its two sides are now. `said`: verdict and reason. Raises Malformed."""
    verdict, reason = said[0], said[1].strip()
    if verdict not in VERDICTS:
        raise Malformed(
            "`{name}` is one of {expected}; found {text!r}",
            name="verdict", expected=", ".join(VERDICTS), text=verdict[:40],
        )  # fmt: skip
    if not reason or len(reason) > MOST_REASON:
        raise Malformed("a reason is given with each decision, in {most} characters at most", most=MOST_REASON)
    made = Decision(verdict, reason, who, at, digest_of(one.customer), digest_of(target))
    after = replace(one, decisions=(*one.decisions, made))
    store.set_setting(after.key, msgspec.json.encode(after))
    return after


def standing(one: Pair, target_of: Callable[[str], Record]) -> str:
    """The verdict that holds; `open` where none was given, `changed` where a side is another by now, `gone` where the
    listing is on no list any more.
    """
    try:
        target = digest_of(target_of(one.target))
    except KeyError:
        return "gone"
    if not one.decisions:
        return "open"
    last = one.decisions[-1]
    return last.verdict if (last.customer, last.target) == (digest_of(one.customer), target) else "changed"
