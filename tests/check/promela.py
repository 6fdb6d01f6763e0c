"""A response to its end, as a model for Spin: written from the clauses of a compact, for any compact.

A second reading of the clauses, which knows nothing of `foedus.response`: who may request and attend, the roll, the
quorum, who proposes a measure and who takes a position on it, how it is decided, the clocks and what their lapse means.
One `d_step` is one step of the explorer, so that every state Spin stores is one of its states. Minutes are the unit of
time. tests/check/promela_sanctions.py does the same for sanctions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from foedus.check.situation import Situation
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration

MEETING = ("Activate", "RequestConvening", "RecordPresence")
ACTS = (*MEETING, "ProposeMeasure", "TakePosition")
# What a party may say of a measure; of these `AD_REFERENDUM` waits for its capital.
STANCES = ("joins", "joins_ad_referendum", "declines", "abstains")
JOINS, AD_REFERENDUM, DECLINES = 1, 2, 3
_DAY = datetime(2031, 1, 1, tzinfo=UTC)
_ON = ("request", "convened", "call", "attack")
# At one moment the lapses are recorded in the order of these words.
_STEPS = ("acknowledge", "convene", "decide", "reply")


def promela(begun: Situation, acts: tuple[str, ...] = ACTS, *, never_carried: bool = False) -> str:
    """The model of what may follow a report, by these acts, among the parties of the situation.

    `never_carried`: Spin is to find a run at whose end a measure is carried.
    """
    clauses, parties = begun.clauses, begun.parties
    roll = [party for party in parties if party in clauses.members("guarantors")]
    steps: dict[model.Step, model.Clock] = {
        clock.step: clock for _, clock in clauses.every(model.Clock) if clock.step != "reply"
    }
    started = {on: [step for step in _STEPS if step in steps and steps[step].starts_on == on] for on in _ON}
    begin = [f"run_{step} = 1; left_{step} = {_minutes(steps[step].within)};" for step in started["request"]]
    meet = [f"run_{step} = 1; left_{step} = {_minutes(steps[step].within)};" for step in started["convened"]]
    waits = _waits(clauses)
    to_confirm = [f"confirm_{place}" for place, party in enumerate(parties) if party in roll]
    running = [f"run_{step} == 1 && !closed && left_{step}" for step in steps] + [
        f"wait_{at}" for at in range(len(waits))
    ]
    running += to_confirm
    later = " || ".join(f"({one} > 0)" for one in running) or "0"  # something is to come
    near = " || ".join(f"({one} == 1)" for one in running) or "0"  # in one minute
    lines = [
        "byte opener; byte by_act; bit opened; bit closed; bit failed; bit decided; bit convened; byte reason;",
        *(f"bit present_{number};" for number in range(len(parties))),
        *(f"byte run_{step}; int left_{step};" for step in steps),
        *(f"int wait_{number} = {wait};" for number, wait in enumerate(waits)),
        "int ahead; byte proposer;",
        *(f"byte said_{place}; bit lapsed_{place}; int confirm_{place};" for place in range(len(parties))),
        "",
        *_inlines(clauses, parties, roll, steps, meet, never_carried),
        "init {",
        "  do",
    ]
    incident = next(iter(begun.state.response.incidents.values()))
    for number, act in enumerate(MEETING[:2], 1):
        for place, party in enumerate(parties):
            guard = _may_open(clauses, act, party, incident.kind, len(incident.evidence), waits)
            if guard is not None:
                lines.append(
                    f"  :: d_step {{ !opened && {guard} -> opened = 1; opener = {place + 1}; by_act = {number}; "
                    f"{' '.join(begin)} }}"
                )
    for place, party in enumerate(parties):
        asked = party in roll or party == clauses.compact.protected
        if asked and permitted(clauses, "RecordPresence", party):
            lines.append(
                f"  :: d_step {{ opened && !closed && !present_{place} -> present_{place} = 1; "
                f"if :: !convened && {_quorum(clauses, parties, roll)} -> meet() :: else fi; tidy() }}"
            )
    lines += _decisions(clauses, parties, roll, incident.kind, acts)
    lines += [
        f"  :: d_step {{ ({later}) && !({near}) -> soonest(); ahead = ahead - 1; pass(); ahead = 0 }}",
        f"  :: d_step {{ ({later}) -> soonest(); pass(); ahead = 0; lapse(); tidy() }}",
        "  od",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _decisions(
    clauses: Clauses, parties: tuple[str, ...], roll: list[str], kind: str, acts: tuple[str, ...]
) -> list[str]:
    """One measure on the table, by whoever may propose, and what those of the roll say of it; again and again."""
    lines = []
    listed = any(one.mode == "decision" and kind in one.on for _, one in clauses.every(model.Measure))
    if "ProposeMeasure" in acts and (listed or clauses.one(model.OpenProposal) is not None):
        for place, party in enumerate(parties):
            asked = party in roll or party == clauses.compact.protected
            if asked and permitted(clauses, "ProposeMeasure", party):
                lines.append(f"  :: d_step {{ opened && !closed && proposer == 0 -> proposer = {place + 1} }}")
    later = clauses.one(model.AdReferendum)
    for place, party in enumerate(parties):
        if "TakePosition" in acts and party in roll and permitted(clauses, "TakePosition", party):
            for number, _ in enumerate(STANCES, 1):
                if number == AD_REFERENDUM and later is None:
                    continue
                until = _minutes(later[1].within) if number == AD_REFERENDUM and later is not None else 0
                lines.append(
                    f"  :: d_step {{ opened && !closed && proposer > 0 -> said_{place} = {number}; lapsed_{place} = 0; "
                    f"confirm_{place} = {until} }}"
                )
    return lines


def _inlines(
    clauses: Clauses, parties: tuple[str, ...], roll: list[str], steps: dict[model.Step, model.Clock],
    meet: list[str], never_carried: bool,
) -> list[str]:  # fmt: skip
    waits = _waits(clauses)
    places = [place for place, party in enumerate(parties) if party in roll]
    soonest = ["ahead = 0;"]
    for step in steps:
        sooner = f"ahead == 0 || left_{step} < ahead"
        soonest.append(
            f"if :: run_{step} == 1 && !closed && left_{step} > 0 && ({sooner}) -> ahead = left_{step} :: else fi;"
        )
    for number in range(len(waits)):
        sooner = f"ahead == 0 || wait_{number} < ahead"
        soonest.append(f"if :: wait_{number} > 0 && ({sooner}) -> ahead = wait_{number} :: else fi;")
    for place in places:
        sooner = f"ahead == 0 || confirm_{place} < ahead"
        soonest.append(f"if :: confirm_{place} > 0 && ({sooner}) -> ahead = confirm_{place} :: else fi;")
    names = [
        *(f"left_{step}" for step in steps),
        *(f"wait_{number}" for number in range(len(waits))),
        *(f"confirm_{place}" for place in places),
    ]
    down = [f"if :: {name} > ahead -> {name} = {name} - ahead :: else -> {name} = 0 fi;" for name in names]
    gone = ["convened = 0;", *(f"present_{place} = 0;" for place in range(len(parties)))]
    gone += [f"run_{step} = 0; left_{step} = 0;" for step in steps]
    met = [
        "convened = 1;",
        "if :: run_convene == 1 -> run_convene = 2 :: else fi;" if "convene" in steps else "",
        *meet,
    ]
    if "decide" not in steps:
        met.append("closed = 1; reason = 1;")
    # A capital that has not confirmed by its day has not joined; at one moment that is recorded before all else.
    lapse = [
        f"if :: said_{place} == {AD_REFERENDUM} && confirm_{place} == 0 -> lapsed_{place} = 1 :: else fi;"
        for place in places
    ]
    # What was decided stands in the record and no act here asks for it later: it tells no two states apart.
    outcome = f"assert(!{_carried(clauses, parties, roll)});" if never_carried else ""
    for step in sorted(steps):
        over = f"run_{step} == 1 && !closed && left_{step} == 0"
        lapse.append(f"if :: {over} -> run_{step} = 3; {_lapsed(steps[step], outcome)} :: else fi;")
    return [
        "inline soonest() { " + " ".join(soonest) + " }",
        "inline pass() { " + (" ".join(down) or "skip") + " }",
        "inline meet() { " + " ".join(met) + " }",
        "inline lapse() { " + (" ".join(lapse) or "skip") + " }",
        "inline tidy() { if :: closed -> " + " ".join(gone) + " :: else fi }",
    ]


def _carried(clauses: Clauses, parties: tuple[str, ...], roll: list[str]) -> str:
    """Whether the measure on the table is carried when it is decided, as an expression."""
    clause = clauses.one(model.Decision)
    if clause is None:
        return "0"
    said = {party: f"said_{place}" for place, party in enumerate(parties)}
    yes = {party: f"(proposer > 0 && {said[party]} == {JOINS})" for party in roll}
    no = {party: f"({said[party]} == {DECLINES})" for party in roll}
    if clause[1].mode == "vote" and clause[1].rule is not None:
        return f"(proposer > 0 && {rule_over(clauses, clause[1].rule, roll, yes, no)})"
    waiting = [
        f"({said[party]} == {AD_REFERENDUM} && !lapsed_{place})" for place, party in enumerate(parties) if party in roll
    ]
    return "(" + " || ".join([*yes.values(), *waiting]) + ")"


def _lapsed(clock: model.Clock, outcome: str) -> str:
    if clock.step == "convene":
        return "failed = 1;" + (" closed = 1; reason = 2;" if clock.on_lapse == "ends" else "")
    return f"decided = 1; closed = 1; reason = 3; {outcome}" if clock.step == "decide" else "skip;"


def _waits(clauses: Clauses) -> list[int]:
    return [_minutes(permit.wait) for act in MEETING for _, permit in clauses.permits(act) if permit.wait is not None]


def _minutes(duration: Duration) -> int:
    return int((duration.after(_DAY) - _DAY).total_seconds()) // 60


def _first_permit(clauses: Clauses, act: str, party: str) -> model.Permit | None:
    """The first permit that names a group of the party."""
    for _, permit in clauses.permits(act):
        for by in permit.by:
            if party in clauses.members("parties" if by.group == "addressed" else by.group):
                return permit
    return None


def permitted(clauses: Clauses, act: str, party: str) -> bool:
    """Whether any clause permits the act to the party."""
    return _first_permit(clauses, act, party) is not None


def _may_open(clauses: Clauses, act: str, party: str, kind: str, evidence: int, waits: list[int]) -> str | None:
    """When the party may open the response by the act; None for never."""
    permit = _first_permit(clauses, act, party)
    opens = any(one.opens == "response" and kind in one.kinds for _, one in clauses.every(model.Trigger))
    enough = all(evidence >= one.at_least for _, one in clauses.every(model.Evidence) if one.act == act)
    if permit is None or not opens or not enough:
        return None
    return f"wait_{waits.index(_minutes(permit.wait))} == 0" if permit.wait is not None else "1"


def _quorum(clauses: Clauses, parties: tuple[str, ...], roll: list[str]) -> str:
    clause = clauses.one(model.Quorum)
    there = {party: f"present_{place}" for place, party in enumerate(parties)}
    if clause is None:
        return " && ".join(there[party] for party in roll)
    return rule_over(clauses, clause[1].rule, roll, there, dict.fromkeys(roll, "0"))


def rule_over(
    clauses: Clauses, rule: model.Rule, roll: list[str], there: dict[str, str], against: dict[str, str]
) -> str:  # fmt: skip
    """Whether a rule holds over those present or in favour, and those against, as an expression."""

    def summed(weights: dict[str, int], who: dict[str, str] = there) -> str:
        return " + ".join(f"{weight} * {who[party]}" for party, weight in weights.items() if weight) or "0"

    def share(weights: dict[str, int], least: Fraction | None, more: Fraction | None) -> str:
        total, bound = sum(weights.values()), least if least is not None else more
        assert bound is not None
        sign = ">=" if least is not None else ">"
        return f"({total} > 0 && {bound.denominator} * ({summed(weights)}) {sign} {bound.numerator * total})"

    def heads(group: str | None) -> dict[str, int]:
        return {party: clauses.heads[party] for party in roll if group is None or party in clauses.members(group)}

    if rule.all_of is not None or rule.any_of is not None:
        parts = rule.all_of or rule.any_of or ()
        joined = (" && " if rule.all_of is not None else " || ").join(
            rule_over(clauses, one, roll, there, against) for one in parts
        )
        return f"({joined})"
    if rule.share is not None and rule.share.of == "cast":
        counted, bound = heads(rule.share.group), rule.share.at_least or rule.share.more_than
        assert bound is not None
        cast = f"({summed(counted)} + {summed(counted, against)})"
        sign = ">=" if rule.share.at_least is not None else ">"
        return f"({cast} > 0 && {bound.denominator} * ({summed(counted)}) {sign} {bound.numerator} * {cast})"
    if rule.share is not None:
        return share(heads(rule.share.group), rule.share.at_least, rule.share.more_than)
    if rule.count is not None:
        return f"({summed(heads(rule.count.group))} >= {rule.count.at_least})"
    if rule.weight is not None:
        table = clauses.weights[rule.weight.by]
        return share({party: table.get(party, 0) for party in roll}, rule.weight.at_least, rule.weight.more_than)
    if rule.consent is not None:
        asked = [[party for party in roll if party in clauses.members(name)] for name in rule.consent]
        return "(" + " && ".join([there[party] for one in asked for party in one] + ["0"] * (not all(asked))) + ")"
    assert rule.no_objection is not None
    return (
        "(" + " && ".join(f"!{against[party]}" for party in roll if party in clauses.members(rule.no_objection)) + ")"
    )
