"""The agreement as data: provisions, and in each provision the clauses that operate.

A provision without `operates` is text only. What runs is the sum of the operative clauses, so deleting a
provision deletes its effect: a clock that no clause starts does not run, a permission that no clause gives is
denied. There are no expressions in strings; the operators below are the whole language.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from foedus.compact.duration import Duration

Id = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="An identifier, at most 64 characters"),
]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
IncidentKind = Literal["armed_attack", "threat", "cyber", "hybrid", "military_activity"]
MeasureKind = Literal[
    "military", "financial", "infrastructural", "technical", "informational", "sanctions", "diplomatic"
]
Step = Literal["reply", "acknowledge", "convene", "decide"]
Force = Literal["legal", "political", "recommendation"]
Restriction = Literal[
    "asset_freeze", "travel_ban", "trade", "sectoral", "services", "transport", "central_bank_assets"
]  # fmt: skip
DayOfYear = Annotated[
    str,
    Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="A day of every year, as 03-15"),
]


class _Data(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything read from a compact file: no field may be misspelt into silence."""


class Words(_Data, frozen=True, kw_only=True):
    """The same words in both languages of the console."""

    en: Text
    uk: Text


class Source(_Data, frozen=True, kw_only=True):
    """Where a rule comes from, shown beside it wherever it has an effect.

    `text`: the document says it. `interpretation`: the document is silent or open and this compact fills the
    gap. `adopted`: parties agreed on it (`by`, `on`). `ref` names an entry of `sources`; `verified: false`
    marks a fact that nobody has yet checked against the original.
    """

    kind: Literal["text", "interpretation", "adopted"]
    ref: tuple[Id, ...] = ()
    note: Words | None = None
    by: tuple[Id, ...] = ()
    on: date | None = None
    verified: bool = True


# --- rules over a roll of parties ---------------------------------------------------------------------------


class Share(_Data, frozen=True, kw_only=True):
    """A share of heads: of the whole `roll`, or of the votes `cast` (yes and no).

    A union counts no heads unless named.
    """

    at_least: Fraction | None = None
    more_than: Fraction | None = None
    of: Literal["roll", "cast"] = "roll"
    group: Id | None = None


class Count(_Data, frozen=True, kw_only=True):
    """A number of parties in favour, counted in the whole roll or in one group of it."""

    at_least: Annotated[int, Meta(ge=1, le=1000)]
    group: Id | None = None


class Weight(_Data, frozen=True, kw_only=True):
    """A share of the weights of the roll, by the table named `by`."""

    by: Id
    at_least: Fraction | None = None
    more_than: Fraction | None = None


class Rule(_Data, frozen=True, kw_only=True):
    """Exactly one operator. `consent`: every named party (or member of a named group on the roll) in favour.

    `no_objection`: nobody on the roll (or in the group) against; silence is assent.
    """

    all_of: tuple[Rule, ...] | None = None
    any_of: tuple[Rule, ...] | None = None
    share: Share | None = None
    count: Count | None = None
    weight: Weight | None = None
    consent: tuple[Id, ...] | None = None
    no_objection: Id | None = None


# --- operative clauses --------------------------------------------------------------------------------------


class _Clause(_Data, frozen=True, kw_only=True, tag_field="op"):
    """Base of the closed set of operators; the YAML key `op` names which."""


class By(_Data, frozen=True, kw_only=True):
    """Who: seats with one of `roles` (any role when empty) of parties in `group`."""

    group: Id
    roles: tuple[Id, ...] = ()


class Permit(_Clause, frozen=True, kw_only=True, tag="permit"):
    """Seats that may perform `act`. Without a permit nobody may. `signatures` from different seats of one
    party.

    `wait`: only so long after the incident was reported, and only while nothing was activated (used for
    silence).
    """

    act: Id
    by: tuple[By, ...]
    signatures: Annotated[int, Meta(ge=1, le=4)] = 1
    wait: Duration | None = None


class Trigger(_Clause, frozen=True, kw_only=True, tag="trigger"):
    """Kinds of incident that open a response (the full procedure) or only a consultation."""

    kinds: tuple[IncidentKind, ...]
    opens: Literal["response", "consultation"]


class Territory(_Clause, frozen=True, kw_only=True, tag="territory"):
    """Codes (ISO 3166-1/-2, or named in `places`) on which an incident falls under the compact."""

    codes: tuple[Id, ...]


class Exclusion(_Clause, frozen=True, kw_only=True, tag="exclusion"):
    """Outsiders who hold no seat and are never counted, in any roll, quorum or vote."""

    outsiders: tuple[Id, ...]


class Evidence(_Clause, frozen=True, kw_only=True, tag="evidence"):
    """At least so many items of evidence before the act may be performed."""

    act: Id
    at_least: Annotated[int, Meta(ge=1, le=100)]


class Clock(_Clause, frozen=True, kw_only=True, tag="clock"):
    """A deadline of the procedure: `within` of the moment named by `starts_on`; `on_lapse` is recorded, never
    invented.

    `record`: who was silent is recorded and nothing else follows. `written_procedure`: failure to convene is
    recorded and the parties decide in writing. `coalition`: those who joined act. `ends`: the procedure ends
    there. `mode`: it runs in that kind of procedure only; without it in both.
    """

    step: Step
    within: Duration
    starts_on: Literal["request", "call", "attack", "convened"]
    on_lapse: Literal["record", "written_procedure", "coalition", "ends"]
    hard: bool = True
    mode: Literal["response", "consultation"] | None = None


class Quorum(_Clause, frozen=True, kw_only=True, tag="quorum"):
    """When a meeting counts as convened: the rule holds over the parties present."""

    step: Literal["convene"] = "convene"
    rule: Rule


class Roll(_Clause, frozen=True, kw_only=True, tag="roll"):
    """The groups whose members are invited, fixed when the response opens."""

    groups: tuple[Id, ...]


class Decision(_Clause, frozen=True, kw_only=True, tag="decision"):
    """How a measure is decided: `opt_in` binds those who join and nobody can block them; `vote` needs the
    rule.
    """

    mode: Literal["opt_in", "vote"]
    rule: Rule | None = None
    binds: Literal["joiners", "roll"] = "joiners"


class Extension(_Clause, frozen=True, kw_only=True, tag="extension"):
    """The decision clock may be extended `by` a time, at most so often, if the rule holds before it lapses."""

    step: Literal["decide"] = "decide"
    by: Duration
    at_most: Annotated[int, Meta(ge=1, le=10)]
    rule: Rule


class AdReferendum(_Clause, frozen=True, kw_only=True, tag="ad_referendum"):
    """A party may join subject to its capital, to be confirmed within this time of joining; a lapse means not
    joined.
    """

    within: Duration


class Precedence(_Clause, frozen=True, kw_only=True, tag="precedence"):
    """Roles from highest to lowest: a lower seat cannot replace what a higher seat of its party said."""

    roles: tuple[Id, ...]


class Objection(_Clause, frozen=True, kw_only=True, tag="objection"):
    """A finding that a request was made in bad faith: its own track, with reply; no clock of the response
    stops.
    """

    reply_within: Duration
    closes_within: Duration
    rule: Rule


class Establishment(_Clause, frozen=True, kw_only=True, tag="establishment"):
    """Who establishes that an attack took place, for the purposes of this compact: the `request` itself, or a
    `rule`.
    """

    by: Literal["request", "rule"]
    rule: Rule | None = None


class Measure(_Clause, frozen=True, kw_only=True, tag="measure"):
    """A measure of the prepared list, asked of its `bearers`.

    `immediate`: owed at once by those of them who agreed to it beforehand, within its own clock. `decision`: anyone
    on the roll may join; only bearers are silent when they say nothing, and only they are bound by a vote of others.
    """

    id: Id
    kind: MeasureKind
    mode: Literal["immediate", "decision"]
    on: tuple[IncidentKind, ...]
    bearers: tuple[Id, ...]
    within: Duration | None = None


class OpenProposal(_Clause, frozen=True, kw_only=True, tag="open_proposal"):
    """Parties may also propose measures that the prepared list does not name, by the digest of a text."""

    kinds: tuple[MeasureKind, ...]


class Adoption(_Clause, frozen=True, kw_only=True, tag="adoption"):
    """What the parties may adopt by signing one digest, and when enough have signed."""

    of: tuple[Literal["reading", "amendment", "accession", "tier"], ...]
    rule: Rule


class Term(_Clause, frozen=True, kw_only=True, tag="term"):
    """Duration of the compact between its parties, counted from entry into force; `notice` to withdraw."""

    lasts: Duration
    renewable: bool
    notice: Duration


class Interim(_Clause, frozen=True, kw_only=True, tag="interim"):
    """Accession of the protected state to `organisation` ends the provisions that `lapse`; the others
    continue.
    """

    organisation: Id
    lapse: tuple[Id, ...]


class Duty(_Clause, frozen=True, kw_only=True, tag="duty"):
    """A lasting commitment of its bearers, of one kind; amounts are found in the agreements that implement
    it.
    """

    kind: Id
    bearers: tuple[Id, ...]
    owed_to: Id


class Condition(_Clause, frozen=True, kw_only=True, tag="condition"):
    """One condition that must be met, with all the others, before sanctions may be eased.

    It is met while the `rule` holds over the parties, those in favour who attest it and those against who contest it.
    An attestation counts until it is `stale_after` old, or aggression is renewed. `account`: what of the record is put
    beside each word on it, for those who judge: what was awarded to claimants and what was paid.
    """

    id: Id
    rule: Rule
    stale_after: Duration
    account: Literal["compensation"] | None = None


class Easing(_Clause, frozen=True, kw_only=True, tag="easing"):
    """Whose consent an easing needs besides the conditions, and for how long it may be given."""

    rule: Rule
    closes_within: Duration


class Snapback(_Clause, frozen=True, kw_only=True, tag="snapback"):
    """What was eased comes back to where it stood before, by itself.

    `when`: at once on `renewed_aggression`, as the compact establishes an attack; or `after` a time since a `notice`
    of a party. `returning`: relief as agreed, and relief that an issuer gave without the others (`deviation`).
    `stopped_by`: the rule by which relief goes on nevertheless; without it nothing stops it. `enact_within`: the time
    for the act that each issuer owes by its own law. `wind_down`: business begun under the relief may be ended so long.
    `whole_days`: a notice comes true at the end of its last day, in UTC. `sunset`: one that comes true only after this
    day has begun (UTC) lapses.
    """

    when: Literal["renewed_aggression", "notice"]
    returning: tuple[Literal["relief", "deviation"], ...]
    after: Duration | None = None
    whole_days: bool = False
    stopped_by: Rule | None = None
    enact_within: Duration | None = None
    wind_down: Duration | None = None
    sunset: date | None = None


class Regime(_Clause, frozen=True, kw_only=True, tag="regime"):
    """A regime under which `issuer` (a party, or each of a group) lists, with its restrictions.

    `renewed_on`: days of the year (as 15 March: 03-15) at whose end it lapses unless it was renewed until a later one;
    without any it has no fixed end. `rule`: over the members of the issuer where that is a union, by which a renewal
    is adopted: whoever refuses it is against, and all others are in favour. `plan`: what the others have prepared for a
    lapse.
    """

    id: Id
    issuer: Id
    restrictions: tuple[Restriction, ...]
    renewed_on: tuple[DayOfYear, ...] = ()
    rule: Rule | None = None
    plan: Words | None = None


class Compensation(_Clause, frozen=True, kw_only=True, tag="compensation"):
    """Property that may be confiscated and whom its proceeds compensate. `listed`: of these owners only what belongs to
    somebody who is named and is under sanctions in force.
    """

    property_of: tuple[Id, ...]
    pays: tuple[Id, ...]
    listed: tuple[Id, ...] = ()


class Standing(_Data, frozen=True, kw_only=True):
    """How far a body outside the text has come on a day: its treaty signed by so many (`signed_by`), in force once so
    many have ratified it (`ratifications`) and, besides, what `also` says.
    """

    signed_by: Annotated[int, Meta(ge=0, le=1000)]
    ratifications: Annotated[int, Meta(ge=1, le=1000)]
    also: Words
    as_of: date
    source: Source


class Organ(_Data, frozen=True, kw_only=True):
    """A body outside the text that registers, judges or pays claims. It has no seat: a party states its acts."""

    id: Id
    name: Words
    standing: Standing | None = None


class ClaimCategory(_Data, frozen=True, kw_only=True):
    """A category of claims by its code. `confirmed`: whether the code was seen in a source. `sensitive`: what a single
    claim of it got is for those who may record decisions over claims.
    """

    id: Id
    name: Words
    confirmed: bool = True
    sensitive: bool = False


class Claims(_Clause, frozen=True, kw_only=True, tag="claims"):
    """Which claims may come in: damage `since` a day, in one of `places`, by acts of one of `by`, of these categories.

    `measures`: what a claim is measured as; different measures are never added. `register` keeps them, and what it
    records it does not value; `commission` assesses and awards.
    """

    register: Organ
    commission: Organ
    since: date
    places: tuple[Id, ...]
    by: tuple[Id, ...]
    measures: tuple[Literal["damage", "loss"], ...]
    categories: tuple[ClaimCategory, ...]


class DistributionStep(_Data, frozen=True, kw_only=True):
    """One step for claims of these categories (`A` means A2.1 as well): a sum `fixed` for each, or its award up to a
    `cap`. `at_most`: the share of the money that this step may spend.
    """

    categories: tuple[Id, ...]
    fixed: str | None = None
    cap: str | None = None
    at_most: Fraction | None = None


class Distribution(_Clause, frozen=True, kw_only=True, tag="distribution"):
    """By which rule a fund in one `currency` is shared out: steps in order of priority, a share kept in `reserve`.

    What does not suffice for a step is shared in proportion. `decided_by`: the body that decides each distribution.
    """

    decided_by: Organ
    currency: str
    steps: tuple[DistributionStep, ...]
    reserve: Fraction | None = None


class Adjournment(_Clause, frozen=True, kw_only=True, tag="adjournment"):
    """A meeting may be adjourned and resumed; clocks run on. `at_most`: the longest single adjournment."""

    at_most: Duration


class Witnessing(_Clause, frozen=True, kw_only=True, tag="witnessing"):
    """Who recomputes the record and cosigns its checkpoints: seats of `role`.

    A checkpoint settles the entries that it covers once witnesses of `at_least` parties cosigned it, of which
    `outside_at_least` are not of `operator`: the group, as this text names it, that runs the record's server.
    """

    role: Id
    at_least: Annotated[int, Meta(ge=1, le=60)]
    operator: Id
    outside_at_least: Annotated[int, Meta(ge=0, le=60)] = 1


class Transcript(_Clause, frozen=True, kw_only=True, tag="transcript"):
    """Positions and votes said by telephone or on paper, entered by a seat that a permit of EnterTranscript names.

    They count once the seat that said them has countersigned, `within` this time of the entry; then as received at the
    entry. `for_others`: who of those permitted may enter what a seat of another party said; nobody when empty.
    """

    within: Duration
    for_others: tuple[By, ...] = ()


class Succession(_Clause, frozen=True, kw_only=True, tag="succession"):
    """Which parties may continue the record, in this `order`, when its server has fallen silent.

    The first of them may `after` so long since the last entry or cosignature, each further one once more as long after
    the one before it. What the server had received and nobody settled comes in within the time `late`.
    """

    order: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=60)]
    after: Duration
    late: Duration


class Recusal(_Clause, frozen=True, kw_only=True, tag="recusal"):
    """So many `parties` directly interested have no vote. Whether their heads still count in the whole of a share is
    said by `denominator`: `whole`, `voting`, or `open` where the text leaves it so.

    Who is directly interested is for the parties to say; the checker reads this, and nothing else does.
    """

    parties: Annotated[int, Meta(ge=1, le=10)]
    denominator: Literal["whole", "voting", "open"]


class Referral(_Clause, frozen=True, kw_only=True, tag="referral"):
    """What the text leaves to a body outside it: on these kinds of incident the parties turn `to` it, no more.

    `only`: where the text reaches fewer cases than these kinds.
    """

    to: Id
    on: tuple[IncidentKind, ...]
    only: Words | None = None


Clause = (
    Permit | Trigger | Territory | Exclusion | Evidence | Clock | Quorum | Roll | Decision | Extension | AdReferendum
    | Precedence | Objection | Establishment | Measure | OpenProposal | Adoption | Term | Interim | Duty | Condition
    | Easing | Snapback | Regime | Compensation | Claims | Distribution | Adjournment | Witnessing | Transcript
    | Succession | Recusal | Referral
)  # fmt: skip


class Judgement(_Data, frozen=True, kw_only=True):
    """A term of the text that leaves something to the judgement of somebody, as it is read: no rule can decide it."""

    term: Words
    by: tuple[Id, ...]


class Provision(_Data, frozen=True, kw_only=True):
    """One provision of the text, with the clauses by which it operates and the terms that it leaves to judgement."""

    id: Id
    title: Words
    text: Words
    force: Force
    source: Source
    operates: tuple[Clause, ...] = ()
    judgement: tuple[Judgement, ...] = ()


class Part(_Data, frozen=True, kw_only=True):
    """A heading and the provisions under it, in the order of the document."""

    id: Id
    title: Words
    provisions: tuple[Provision, ...]


# --- parties and other tables -------------------------------------------------------------------------------


class Named(_Data, frozen=True, kw_only=True):
    """A code and its words: a role, a territory, a caveat, an organisation."""

    id: Id
    name: Words


class Group(_Data, frozen=True, kw_only=True):
    """A named set of parties. `tier` groups are those a party signs into."""

    id: Id
    name: Words
    source: Source
    tier: bool = False


class Party(_Data, frozen=True, kw_only=True):
    """A state or union that the compact names. Named as possible is not party: only a signature makes a
    party.

    `id`: ISO 3166-1 alpha-3, or `EUE` for the European Union. `heads`: what it counts in a roll (a union: 0).
    `zone`: IANA time zone of its capital. `part_of`: unions it is a member of. `fictional`: exists only in an
    exercise.
    """

    id: Id
    name: Words
    capital: Words
    zone: str
    groups: tuple[Id, ...]
    source: Source
    heads: Annotated[int, Meta(ge=0, le=1)] = 1
    part_of: tuple[Id, ...] = ()
    fictional: bool = False


class Weights(_Data, frozen=True, kw_only=True):
    """Exact weights for rules, with their date and source."""

    id: Id
    as_of: date
    source: Source
    values: dict[str, Annotated[int, Meta(ge=0)]]


class Body(_Data, frozen=True, kw_only=True):
    """A body outside the text that a referral names. It decides with so many `votes` of its members.

    `members`: those named by code, parties or not; `others`: how many more, who change. `veto`: members without whose
    vote in favour it does not decide (an abstention is read as no vote in favour).
    """

    id: Id
    name: Words
    members: tuple[Id, ...]
    votes: Annotated[int, Meta(ge=1, le=1000)]
    source: Source
    others: Annotated[int, Meta(ge=0, le=1000)] = 0
    veto: tuple[Id, ...] = ()


class Reference(_Data, frozen=True, kw_only=True):
    """A published source: where, what it is, and when it was consulted."""

    url: str
    title: str = ""
    consulted: date | None = None


# --- guarantees ---------------------------------------------------------------------------------------------

Where = Literal[
    "any", "carried", "bound_without_joining", "freed_by_leaving", "condition_unmet", "not_back", "early", "by_one",
]  # fmt: skip


class _Question(_Data, frozen=True, kw_only=True, tag_field="ask"):
    """Base of the closed set of questions about a text; the YAML key `ask` names which."""


class AlwaysAfter(_Question, frozen=True, kw_only=True, tag="always_after"):
    """After every `event` one of `comes`, about the same subject, within this time, whatever anyone does or omits."""

    event: Id
    comes: tuple[Id, ...]
    within: Duration


class Never(_Question, frozen=True, kw_only=True, tag="never"):
    """The event never becomes true in this way.

    `carried`: with a measure that is carried. `bound_without_joining`: binding a party to what it did not join.
    `freed_by_leaving`: by which a party can no longer do in a running procedure what it could before. `early`: while
    the time to decide still runs, with every extension that was carried. `by_one`: with the consent of one party or of
    none.
    """

    event: Id
    where: Where = "any"


class Reachable(_Question, frozen=True, kw_only=True, tag="reachable"):
    """There is a way in which the event becomes true."""

    event: Id
    where: Where = "any"


class CannotPrevent(_Question, frozen=True, kw_only=True, tag="cannot_prevent"):
    """Whatever one of them alone does or omits, all others together can bring the event about."""

    who: tuple[Id, ...]
    event: Id
    where: Where = "any"


Question = AlwaysAfter | Never | Reachable | CannotPrevent


class Guarantee(_Data, frozen=True, kw_only=True):
    """What the text is meant to guarantee, as a question that every way a procedure can go must answer.

    `given`: acts that begin it, each by the first party that may, never by one of whom it is asked whether it can
    prevent; those of `by_all` by every party that may, about everything that it may. `acts`: those that are then tried;
    others are left out, and every answer says so. `leaving`: one guarantor of each kind leaves meanwhile. `begins`: the
    day on which it begins, in UTC, where the text names days. `among`: fewer guarantors make no sense of the question.
    """

    id: Id
    title: Words
    asks: Question
    acts: tuple[Id, ...]
    given: tuple[Id, ...] = ()
    by_all: tuple[Id, ...] = ()
    leaving: bool = False
    begins: date | None = None
    among: Annotated[int, Meta(ge=1, le=60)] | None = None


# --- other instruments --------------------------------------------------------------------------------------

Status = Literal[
    "proposed",
    "negotiating",
    "signed",
    "provisionally_applied",
    "ratified",
    "in_force",
    "notice_given",
    "withdrawn",
    "lapsed",
]


class PartyStatus(_Data, frozen=True, kw_only=True):
    """Where an instrument stands for one party, since when, and who says so."""

    party: Id
    status: Status
    since: date | None = None
    source: Source


class Consultation(_Data, frozen=True, kw_only=True):
    """A clause by which the parties consult when something happens. `within` None: no hours are named.

    `hard` false: "where possible" or political. `asked_by`: groups or parties that may ask.
    `future_only`: speaks of an attack after present hostilities end. The clause is opened all the same and says so
    wherever it is shown: whether hostilities have ended is for its parties to say, not for a rule.
    """

    on: tuple[IncidentKind, ...]
    asked_by: tuple[Id, ...]
    source: Source
    within: Duration | None = None
    hard: bool = True
    binding: bool = True
    future_only: bool = False
    wording: Words | None = None


class Sum(_Data, frozen=True, kw_only=True):
    """A sum named in or with the text. Amounts are decimal strings with an ISO 4217 code, or a share of GDP."""

    kind: Id
    basis: Literal["fixed", "at_least", "up_to", "envelope", "percent_of_gdp", "units", "intention"]
    source: Source
    amount: str | None = None
    currency: str | None = None
    unit: Words | None = None
    period_from: date | None = None
    period_to: date | None = None

    @property
    def yearly(self) -> bool:
        """Whether its unit says that it is of each year."""
        return bool(self.unit and YEARLY.search(self.unit.en))

    @property
    def thing(self) -> Words | None:
        """What it is a sum of, without `a year`; None of money, and where nothing is named."""
        if self.currency is not None or self.unit is None:
            return None
        named = Words(**{
            language: " ".join(YEARLY.sub("", text).split()).replace(" ,", ",")
            for language, text in (("en", self.unit.en), ("uk", self.unit.uk))
        })  # fmt: skip
        return named if named.en else None

    @property
    def thing_code(self) -> str:
        """The same as the code of a unit: `percent-of-gdp`."""
        return "-".join(re.findall(r"[a-z0-9]+", self.thing.en.lower()))[:60] if self.thing else "effort"


YEARLY = re.compile(r"\b(?:a year|на рік)\b")


class Correspondence(_Data, frozen=True, kw_only=True):
    """A provision of the compact that the instrument corresponds to, in our reading."""

    provision: Id
    extent: Literal["covers", "in_part", "weaker"]
    source: Source


class Agreement(_Data, frozen=True, kw_only=True):
    """Another instrument beside the compact: a bilateral agreement, a declaration, or an additional
    agreement.
    """

    id: Id
    kind: Literal["bilateral", "declaration", "additional"]
    title: Words
    force: Force
    source: Source
    parties: tuple[PartyStatus, ...]
    signed: date | None = None
    lasts: Duration | None = None
    notice: Duration | None = None
    consultation: Consultation | None = None
    corresponds: tuple[Correspondence, ...] = ()
    sums: tuple[Sum, ...] = ()
    sums_found: bool = True
    ends_with: tuple[Id, ...] = ()
    obligations: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()


class Compact(_Data, frozen=True, kw_only=True):
    """A whole agreement: what it is, who is named, what it says and which other instruments stand beside it."""

    format: Literal[1]
    id: Id
    title: Words
    short_title: Words
    nature: Words
    dated: date
    signed_by_states: bool
    sources: dict[str, Reference]
    roles: tuple[Named, ...]
    groups: tuple[Group, ...]
    parties: tuple[Party, ...]
    parts: tuple[Part, ...]
    protected: Id
    outsiders: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    organisations: tuple[Named, ...] = ()
    caveats: tuple[Named, ...] = ()
    contributions: tuple[Named, ...] = ()
    weights: tuple[Weights, ...] = ()
    bodies: tuple[Body, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    agreements: tuple[Agreement, ...] = ()


def encode_hook(value: object) -> str:
    """Durations and fractions are written as their text."""
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(type(value))


def decode_hook(kind: type, value: object) -> object:
    """Durations from ISO 8601 text, fractions from `2/3`.

    Raises Malformed or ValueError, which msgspec reports with the path.
    """
    if not isinstance(value, str):
        raise ValueError(f"text was expected, found {value!r}")
    if kind is Duration:
        return Duration.parse(value)
    if kind is Fraction:
        number, slash, of = value.partition("/")
        if not (number.isdigit() and (not slash or (of.isdigit() and int(of)))):
            raise ValueError(f"an exact fraction as 2/3 was expected, found {value!r}")
        return Fraction(int(number), int(of or 1))
    raise NotImplementedError(kind)


def encoded(data: _Data) -> bytes:
    """The one encoding of a compact or a part of it: JSON, keys sorted, defaults left out, UTF-8."""
    return msgspec.json.encode(data, enc_hook=encode_hook, order="sorted")


def canonical(compact: Compact) -> bytes:
    """The bytes of a compact, whose SHA-256 is its digest."""
    return encoded(compact)


def from_canonical(data: bytes) -> Compact:
    """A compact from its canonical bytes. Raises msgspec.ValidationError or Malformed on anything else."""
    return msgspec.json.decode(data, type=Compact, dec_hook=decode_hook)
