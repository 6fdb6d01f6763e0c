"""What a verification proved and what it did not, in plain words and as data.

The second list is as long as honesty asks for: a verification that does not say where it ends is believed for
more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from foedus.settling import Witnessed
from foedus.words import Words, mark


class Said(Struct, frozen=True):
    """One sentence with what was found: `message` is looked up in the reader's language."""

    message: str
    values: dict[str, str | int | datetime] = {}

    def say(self, words: Words) -> str:
        """The sentence, its numbers and moments as this language writes them."""
        filled = {name: _said(words, value) for name, value in self.values.items()}
        return words.gettext(self.message, **filled)


def _said(words: Words, value: str | int | datetime) -> str:
    if isinstance(value, datetime):
        return words.moment(value, seconds=True)
    return words.number(value) if isinstance(value, int) else value


class Report(Struct, frozen=True, kw_only=True):
    """A verification that found nothing wrong: had it, it would have raised Tampered.

    `signed`: entries under the newest signed checkpoint. `settled`: entries under the newest checkpoint that enough of
    the witnesses named by the compact cosigned; `witnessed`: how the newest stands with them. `rules`: whether every
    event was recomputed.
    `seconds`: how long it took. Attachments are counted once for each act that names them.
    """

    source: str
    kind: str
    origin: str
    exercise: bool
    size: int
    signed: int
    root: str
    key: str
    signatures: int
    events: int
    seats: int
    compacts: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    attachments_held: int
    attachments_absent: int
    cosigned_by: tuple[str, ...]
    settled: int
    witnessed: Witnessed | None
    rules: bool
    state: bool
    seconds: float
    proved: tuple[Said, ...]
    not_proved: tuple[Said, ...]


class Facts(Struct, frozen=True, kw_only=True):
    """What the sentences need besides: earlier checkpoints, texts of compacts, a key known from elsewhere."""

    earlier: int
    compacts_held: tuple[str, ...]
    compacts_absent: tuple[str, ...]
    key_known: bool
    witnesses_known: bool


ENTRIES = mark("The record %(origin)s has %(size)s entries, received from %(first)s to %(last)s.")
TREE = mark("None was changed, removed, added or moved: their bytes lead to the root %(root)s.")
SIGNED = mark("The root of %(signed)s entries is signed with the record's key %(key)s.")
EARLIER = mark("Earlier checkpoints kept beside it: %(number)s. The record only added to each of them.")
COSIGNED = mark("It is cosigned by %(witnesses)s.")
SETTLED = mark(
    "The first %(settled)s entries are settled: enough witnesses cosigned them, as %(provision)s asks, with keys"
    " enrolled in this record."
)
ACTS = mark("Every act is signed for its seat, with a key in force at its place: %(signatures)s signatures.")
KEYS = mark("Every seat got its key from entry 0 or from a signed act of its own party: %(seats)s seats.")
TIMES = mark("Times of receipt never decrease, and no act stands in the record twice.")
COMPACT = mark("The text of each compact is held and has the digest that the entries name: %(compacts)s.")
HELD = mark("Attachments held: %(held)s. Each has the bytes that the act names.")
STATE = mark("The events add up to one state without contradiction: %(events)s events.")
RULES = mark("Every event was recomputed: it is what the rules give under the compact then in force.")
INCLUDED = mark("This entry is number %(index)s of the record %(origin)s, among %(size)s signed for by %(key)s.")

TRUTH = mark("That what an act says is true: a signature shows who said it and not that it is so.")
NOT_RULES = mark("Events were not recomputed: --rules recomputes each of them.")
NOT_STATE = mark("Events were not added up to a state.")
OWN_KEY = mark(
    "That the key %(key)s is the depositary's: compare it with one from elsewhere, or give that with --keys."
)
FORK = mark("That nobody is shown another record: compare the checkpoint with one that a witness cosigned.")
NO_WITNESSES = mark("That anybody but the depositary recomputed it: the compact names no witnesses.")
UNSETTLED = mark(
    "Entries from number %(settled)s on: they are not settled. The newest checkpoint is cosigned by %(cosigned)s"
    " witnesses; %(provision)s asks for %(needed)s, at least %(outside)s of them outside whoever runs the server."
)
WITNESS_KEYS = mark("That the witnesses' keys are their own: compare them with keys from elsewhere, given with --keys.")
WITHHELD = mark("That nothing was withheld before it was recorded, or came after the last entry.")
UNSIGNED = mark("Entries from number %(signed)s on: no signed checkpoint covers them yet.")
ABSENT = mark("Attachments not held here: %(absent)s. They were erased, are for other readers, or lie elsewhere.")
NO_BLOBS = mark("Attachments: they are not fetched from a server; an export holds those for its readers.")
NO_COMPACT = mark("The text of a compact that is not held here: %(compacts)s.")
ENTRY_ONLY = mark("That the acts in it are signed by seats of the record: that needs the whole record.")


def proved(report: Report, facts: Facts) -> Iterator[Said]:
    """What is now known, strongest last."""
    if report.first_at is not None and report.last_at is not None:
        times: dict[str, str | int | datetime] = {"first": report.first_at, "last": report.last_at}
        yield Said(ENTRIES, {"origin": report.origin, "size": report.size, **times})
    yield Said(TREE, {"root": report.root})
    if report.signed:
        yield Said(SIGNED, {"signed": report.signed, "key": report.key})
    if facts.earlier > 0:
        yield Said(EARLIER, {"number": facts.earlier})
    if report.cosigned_by:
        yield Said(COSIGNED, {"witnesses": ", ".join(report.cosigned_by)})
    if report.settled and report.witnessed is not None:
        yield Said(SETTLED, {"settled": report.settled, "provision": report.witnessed.provision})
    yield Said(ACTS, {"signatures": report.signatures})
    yield Said(KEYS, {"seats": report.seats})
    yield Said(TIMES)
    if facts.compacts_held:
        yield Said(COMPACT, {"compacts": _short(facts.compacts_held)})
    if report.attachments_held:
        yield Said(HELD, {"held": report.attachments_held})
    if report.state:
        yield Said(STATE, {"events": report.events})
    if report.rules:
        yield Said(RULES)


def not_proved(report: Report, facts: Facts) -> Iterator[Said]:
    """What this verification leaves open, and what to do about it."""
    if not report.rules:
        yield Said(NOT_RULES)
    if not report.state:
        yield Said(NOT_STATE)
    if report.signed < report.size:
        yield Said(UNSIGNED, {"signed": report.signed})
    if report.kind == "server":
        yield Said(NO_BLOBS)
    elif report.attachments_absent:
        yield Said(ABSENT, {"absent": report.attachments_absent})
    if facts.compacts_absent:
        yield Said(NO_COMPACT, {"compacts": _short(facts.compacts_absent)})
    if not facts.key_known:
        yield Said(OWN_KEY, {"key": report.key})
    yield from _witnesses(report, facts)
    if not report.cosigned_by:
        yield Said(FORK)
    yield Said(WITHHELD)
    yield Said(TRUTH)


def _witnesses(report: Report, facts: Facts) -> Iterator[Said]:
    """What is left open of witnesses; nothing is said where no state tells who they are."""
    found = report.witnessed
    if found is None:
        if report.state and report.signed and not facts.compacts_absent:
            yield Said(NO_WITNESSES)
        return
    if report.settled < report.size:
        values: dict[str, str | int | datetime] = {
            "settled": report.settled,
            "cosigned": len(found.cosigned),
            "needed": found.at_least,
            "outside": found.outside_at_least,
            "provision": found.provision,
        }
        yield Said(UNSETTLED, values)
    if report.settled and not facts.witnesses_known:
        yield Said(WITNESS_KEYS)


def _short(digests: Sequence[str]) -> str:
    return ", ".join(digest[:16] for digest in digests)
