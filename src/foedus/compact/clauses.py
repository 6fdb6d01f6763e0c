"""The clauses of a compact, laid out for the rules that ask them thousands of times in a second.

Everything is looked up by what a rule knows: an act's name, a step, a kind of clause, an id. A clause comes
with its provision, because whatever is refused or done must name it. It holds what the text says and nothing
that parties did: who signed, who changed tier, whom a request addresses is State, and the rules pass it to
foedus.compact.operators themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from msgspec import Struct

from foedus.compact import model
from foedus.compact.digest import digest
from foedus.compact.model import (
    Agreement,
    Clause,
    Clock,
    Compact,
    Evidence,
    Group,
    IncidentKind,
    Measure,
    Party,
    Permit,
    Precedence,
    Provision,
    Roll,
    Step,
    Trigger,
    Words,
)

C = TypeVar("C", bound=Struct)
K = TypeVar("K")

# Kinds of which the loader lets a compact have one at most: with two, the order of provisions would decide.
UNIQUE: Final[frozenset[type[Struct]]] = frozenset(
    (
        model.Quorum,
        model.Roll,
        model.Decision,
        model.Extension,
        model.AdReferendum,
        model.Precedence,
        model.Objection,
        model.Establishment,
        model.OpenProposal,
        model.Term,
        model.Easing,
        model.Snapback,
        model.Adjournment,
        model.Witnessing,
        model.Transcript,
        model.Succession,
        model.Claims,
        model.Distribution,
    )
)

Table = Literal["roles", "outsiders", "places", "organisations", "caveats", "contributions"]
_TABLES: Final[tuple[Table, ...]] = (
    "roles",
    "outsiders",
    "places",
    "organisations",
    "caveats",
    "contributions",
)

_NOBODY: Final[frozenset[str]] = frozenset()


class Clauses:
    """One compact, indexed; made once for each by `Clauses.of` and shared; nothing in it changes."""

    __slots__ = (
        "_adoptions",
        "_clocks",
        "_evidence",
        "_interims",
        "_kinds",
        "_measures",
        "_members",
        "_names",
        "_parties",
        "_permits",
        "_provisions",
        "_ranks",
        "_regimes",
        "_text_digests",
        "_triggers",
        "agreements",
        "compact",
        "counted",
        "digest",
        "excluded",
        "groups",
        "heads",
        "lapsed",
        "territory",
        "things",
        "tiers",
        "weights",
    )

    compact: Final[Compact]
    digest: Final[str]
    agreements: Final[Mapping[str, Agreement]]
    groups: Final[Mapping[str, Group]]
    tiers: Final[frozenset[str]]
    things: Final[Mapping[str, Words]]  # what sums of agreements are sums of, by the code of the unit
    weights: Final[Mapping[str, Mapping[str, int]]]
    excluded: Final[frozenset[str]]
    heads: Final[Mapping[str, int]]
    counted: Final[frozenset[str]]  # those that are one head
    lapsed: Final[frozenset[str]]
    territory: Final[tuple[str, ...]]

    def __init__(self, compact: Compact, lapsed: frozenset[str] = _NOBODY) -> None:
        """Index a compact that the loader let pass, or one read from its canonical bytes.

        `lapsed`: provisions that an accession ended; they can be read, and operate no more.
        """
        self.compact = compact
        self.digest = digest(compact)
        self.lapsed = lapsed
        self.agreements = _frozen((agreement.id, agreement) for agreement in compact.agreements)
        sums = [said for agreement in compact.agreements for said in agreement.sums]
        self.things = _frozen((said.thing_code, said.thing) for said in sums if said.thing)
        self.groups = _frozen((group.id, group) for group in compact.groups)
        self.tiers = frozenset(group.id for group in compact.groups if group.tier)
        self.weights = _frozen((table.id, MappingProxyType(dict(table.values))) for table in compact.weights)
        self._provisions = _frozen((one.id, one) for part in compact.parts for one in part.provisions)
        self._parties = _frozen((party.id, party) for party in compact.parties)
        self.heads = _frozen((party.id, party.heads) for party in compact.parties)
        self.counted = frozenset(party.id for party in compact.parties if party.heads)
        self._names = {table: _frozen((one.id, one.name) for one in getattr(compact, table)) for table in _TABLES}
        self._kinds: dict[type[Struct], tuple[tuple[Provision, Clause], ...]] = {}
        for provision in self._provisions.values():
            for clause in provision.operates if provision.id not in lapsed else ():
                self._kinds[type(clause)] = (*self._kinds.get(type(clause), ()), (provision, clause))
        self.excluded = frozenset(one for _, clause in self.every(model.Exclusion) for one in clause.outsiders)
        self.territory = tuple(code for _, clause in self.every(model.Territory) for code in clause.codes)
        self._text_digests: dict[str, str] = {}
        self._permits = _grouped(self.every(Permit), lambda permit: (permit.act,))
        self._triggers = _grouped(self.every(Trigger), lambda trigger: trigger.kinds)
        of_responses = [pair for pair in self.every(Clock) if pair[1].mode != "consultation"]
        self._clocks = _first(of_responses, lambda clock: (clock.step,))
        self._evidence = _first(self.every(Evidence), lambda evidence: (evidence.act,))
        self._measures = _first(self.every(Measure), lambda measure: (measure.id,))
        self._regimes = _first(self.every(model.Regime), lambda regime: (regime.id,))
        self._interims = _first(self.every(model.Interim), lambda interim: (interim.organisation,))
        self._adoptions = _first(self.every(model.Adoption), lambda adoption: adoption.of)
        ranks = self.one(Precedence)
        self._ranks = {role: rank for rank, role in enumerate(ranks[1].roles)} if ranks else {}
        self._members = self._memberships()

    @classmethod
    def of(cls, compact: Compact) -> Clauses:
        """The index of this compact, made the first time it is asked for."""
        known = _BY_OBJECT.get(id(compact))
        if known is not None:
            return known[1]
        key = digest(compact)
        clauses = _BY_DIGEST.get(key) or cls(compact)
        _keep(_BY_DIGEST, key, clauses)
        # The compact is kept beside its index: while it is kept, no other object can get its id().
        _keep(_BY_OBJECT, id(compact), (compact, clauses))
        return clauses

    # --- clauses --------------------------------------------------------------------------------------------

    def permits(self, act: str) -> tuple[tuple[Provision, Permit], ...]:
        """The permits for an act by its name; none means that nobody may."""
        return self._permits.get(act, ())

    def triggers(self, kind: IncidentKind) -> tuple[tuple[Provision, Trigger], ...]:
        """What a kind of incident may open."""
        return self._triggers.get(kind, ())

    def clock(self, step: Step) -> tuple[Provision, Clock] | None:
        """The clock of a step of a response, or None: then the step has no deadline."""
        return self._clocks.get(step)

    def evidence(self, act: str) -> tuple[Provision, Evidence] | None:
        """How much evidence an act needs, or None."""
        return self._evidence.get(act)

    def measure(self, measure: str) -> tuple[Provision, Measure] | None:
        """A measure of the prepared list by its id, or None."""
        return self._measures.get(measure)

    def regime(self, regime: str) -> tuple[Provision, model.Regime] | None:
        """A regime of sanctions by its id, or None."""
        return self._regimes.get(regime)

    def interim(self, organisation: str) -> tuple[Provision, model.Interim] | None:
        """What accession of the protected state to an organisation ends, or None."""
        return self._interims.get(organisation)

    def adoption(self, of: str) -> tuple[Provision, model.Adoption] | None:
        """How a reading, amendment, accession or change of tier is adopted, or None: then it cannot be."""
        return self._adoptions.get(of)

    def one(self, kind: type[C]) -> tuple[Provision, C] | None:
        """The only clause of a kind of `UNIQUE`, or None where the compact has none."""
        assert kind in UNIQUE, f"a compact may have several of {kind.__name__}: ask every()"
        found = self._kinds.get(kind)
        return found[0] if found else None  # type: ignore[return-value]  # keyed by its type

    def every(self, kind: type[C]) -> tuple[tuple[Provision, C], ...]:
        """All clauses of a kind, in the order of the document."""
        return self._kinds.get(kind, ())  # type: ignore[return-value]  # keyed by its type

    def consultations(self, kind: IncidentKind) -> tuple[Agreement, ...]:
        """The other instruments whose consultation clause speaks of this kind of incident."""
        agreements = self.compact.agreements
        return tuple(one for one in agreements if one.consultation is not None and kind in one.consultation.on)

    # --- parties and words ----------------------------------------------------------------------------------

    def party(self, party: str) -> Party | None:
        """A party by its id, or None for a state that the compact does not name."""
        return self._parties.get(party)

    def provision(self, provision: str) -> Provision | None:
        """A provision by its id, or None."""
        return self._provisions.get(provision)

    @property
    def provisions(self) -> Iterable[Provision]:
        """Every provision, in the order of the document."""
        return self._provisions.values()

    def agreement(self, agreement: str) -> Agreement | None:
        """Another instrument by its id, or None."""
        return self.agreements.get(agreement)

    def digest_of(self, instrument: str) -> str | None:
        """The digest by which an instrument is signed: the compact's own, another's, or None for an unknown
        id.
        """
        if instrument == self.compact.id:
            return self.digest
        agreement = self.agreements.get(instrument)
        return sha256(model.encoded(agreement)).hexdigest() if agreement else None

    def text_digest(self, provision: str) -> str:
        """The digest of a provision as it stands: what positions and adopted readings bind to."""
        known = self._text_digests.get(provision)
        if known is None:
            known = sha256(model.encoded(self._provisions[provision])).hexdigest()
            self._text_digests[provision] = known
        return known

    def name(self, table: Table, code: str) -> Words | None:
        """The words for a code, for example `name("roles", "head")`; None for an unknown code."""
        return self._names[table].get(code)

    def rank(self, role: str) -> int | None:
        """The place of a role in the order of precedence, 0 the highest; None for a role that has none."""
        return self._ranks.get(role)

    def members(self, group: str) -> frozenset[str]:
        """The parties that a group, a party's id or one of the words means, as the text names them.

        `protected`: the protected state. `named`: everyone in the list of parties. `parties`: the protected
        state and everyone named into a tier. `guarantors`: the groups of the roll. `addressed`: nobody,
        because no text knows to whom a later request goes. Unknown names mean nobody.
        """
        return self._members.get(group, _NOBODY)

    def _memberships(self) -> dict[str, frozenset[str]]:
        compact = self.compact
        members = {party.id: frozenset((party.id,)) for party in compact.parties}
        for group in compact.groups:
            members[group.id] = frozenset(party.id for party in compact.parties if group.id in party.groups)
        members["protected"] = frozenset((compact.protected,))
        members["named"] = frozenset(party.id for party in compact.parties)
        members["parties"] = members["protected"].union(*(members[tier] for tier in self.tiers))
        roll = self.one(Roll)
        members["guarantors"] = _NOBODY.union(
            *(members.get(group, _NOBODY) for group in (roll[1].groups if roll else ()))
        )
        members["addressed"] = _NOBODY
        return members


Value = TypeVar("Value")


def _frozen(pairs: Iterable[tuple[str, Value]]) -> Mapping[str, Value]:
    return MappingProxyType(dict(pairs))


def _grouped(
    clauses: Iterable[tuple[Provision, C]], keys: Callable[[C], Iterable[str]]
) -> dict[str, tuple[tuple[Provision, C], ...]]:
    """The clauses under each of their keys, in the order of the document."""
    grouped: dict[str, tuple[tuple[Provision, C], ...]] = {}
    for provision, clause in clauses:
        for key in keys(clause):
            grouped[key] = (*grouped.get(key, ()), (provision, clause))
    return grouped


def _first(
    clauses: Iterable[tuple[Provision, C]], keys: Callable[[C], Iterable[str]]
) -> dict[str, tuple[Provision, C]]:
    """The only clause under each key; the loader lets no second one pass."""
    return {key: placed[0] for key, placed in _grouped(clauses, keys).items()}


_MOST_KEPT: Final = 64
_BY_OBJECT: Final[dict[int, tuple[Compact, Clauses]]] = {}
_BY_DIGEST: Final[dict[str, Clauses]] = {}


def _keep(kept: dict[K, Value], key: K, made: Value) -> None:
    """Keep what was made and forget the oldest: a record sees few compacts, a checker's search many."""
    while len(kept) >= _MOST_KEPT:
        kept.pop(next(iter(kept)), None)
    kept[key] = made
