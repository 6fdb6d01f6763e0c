"""The compacts that scenarios run under, the same without one provision, and the names that a generic one has.

`generic/*.txt` speaks of no state and no hour: `{protected}`, `{a}` to `{f}`, `{convene-by}`, `{permit Activate}`
stand for those of the compact it is run on. Everything is taken from the compact but who the six guarantors are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.loader import bundled, load
from foedus.compact.model import Compact, Provision
from foedus.exercise.script import exercise_compact

HERE = Path(__file__).parent
FICTIONAL = " with fictional parties"
MARE = "mare-2030"
# Those who come, and last two who may refuse or stay away: no named state is given that part.
GUARANTORS = {
    f"kyiv-2022{FICTIONAL}": ("POL", "NOR", "FIN", "DNK", "XAB", "XAC"),
    MARE: ("XOR", "XTA", "XBR", "XLI", "XCO", "XNU"),
}
# Historic designs, each with scenarios in `designs/` and those of `every_design/`.
DESIGNS = tuple(sorted(name for name, folder in bundled().items() if folder.parent.name == "designs"))
# A generic scenario reports an attack that began then, and convenes then.
ATTACK, CONVENED = "T0-1h", "T0+2h"


@cache
def compact_named(name: str) -> Compact:
    """A bundled compact, the same with the fictional parties of the exercise, or the one for tests."""
    if name.endswith(FICTIONAL):
        return exercise_compact(name.removesuffix(FICTIONAL))
    return load(HERE / "compacts" / MARE) if name == MARE else load(name)


def provisions(compact: Compact) -> Iterator[Provision]:
    """Every provision, in the order of the document."""
    return (provision for part in compact.parts for provision in part.provisions)


@cache
def without(name: str, provision: str) -> Compact:
    """The compact with one provision deleted, text and clauses."""
    compact = compact_named(name)
    kept = [
        replace(part, provisions=tuple(one for one in part.provisions if one.id != provision)) for part in compact.parts
    ]
    return replace(compact, parts=tuple(kept))


def leaving_out(compact: Compact, kinds: tuple[str, ...]) -> Compact:
    """A compact that says nothing of these: every clause of the kinds taken out, and the rest as it is."""
    if not kinds:
        return compact
    parts = []
    for part in compact.parts:
        changed = []
        for one in part.provisions:
            kept = tuple(c for c in one.operates if c.__struct_config__.tag not in kinds)
            changed.append(replace(one, operates=kept))
        parts.append(replace(part, provisions=tuple(changed)))
    return replace(compact, parts=tuple(parts))


@cache
def names(name: str) -> dict[str, str]:
    """What each placeholder of a generic scenario stands for under this compact."""
    compact = compact_named(name)
    clauses = Clauses.of(compact)
    found = dict(zip("abcdef", GUARANTORS.get(name) or _first_signing(compact), strict=False))
    found |= {"protected": compact.protected}
    found |= {"place": clauses.territory[0]} if clauses.territory else {}
    found |= {"outsider": compact.outsiders[0].id} if compact.outsiders else {}
    found |= {"contribution": compact.contributions[0].id} if compact.contributions else {}
    found |= {"role": compact.roles[-1].id, "instrument": compact.id}
    found |= _parties(compact, found)
    for provision in provisions(compact):
        for clause in provision.operates:
            for key, value in (*_clauses(provision, clause), *_values(clause)):
                found.setdefault(key, value)
    return found


def _first_signing(compact: Compact) -> tuple[str, ...]:
    """Those who sign into the first tier that the text names."""
    tiers = [group.id for group in compact.groups if group.tier]
    return tuple(party.id for party in compact.parties if tiers[0] in party.groups and party.id != compact.protected)


def _parties(compact: Compact, found: dict[str, str]) -> dict[str, str]:
    """Tiers, offices and organisations, under the names of generic scenarios."""
    clauses = Clauses.of(compact)
    tiers = [group.id for group in compact.groups if group.tier]
    speaking = {role for _, permit in clauses.permits("TakePosition") for by in permit.by for role in by.roles}
    ranked = sorted(speaking, key=lambda role: clauses.rank(role) or 0)
    signing = [by.roles[0] for _, permit in clauses.permits("SignText") for by in permit.by if by.roles]
    readings = [one.id for one in provisions(compact) if one.source.kind == "interpretation"]
    values = {
        "tier": tiers[0],
        "other-tier": tiers[-1],
        "high": ranked[0] if ranked else "",
        "low": ranked[-1] if ranked else "",
        "office": signing[0],
        "reading": readings[0],
    }
    if compact.organisations:
        organisation = compact.organisations[0].id
        interim = clauses.interim(organisation)
        values |= {"organisation": organisation, "ends": " ".join(interim[1].lapse) if interim else "nothing"}
    return values


def _clauses(provision: Provision, clause: model.Clause) -> Iterator[tuple[str, str]]:
    """The provision by what it does: `{permit Activate}`, `{clock convene}`, `{quorum}`."""
    kind = type(clause).__name__.lower()
    yield kind, provision.id
    if isinstance(clause, model.Permit):
        yield f"permit {clause.act}", provision.id
    elif isinstance(clause, model.Clock):
        yield f"clock {clause.step}", provision.id
    elif isinstance(clause, model.Trigger):
        yield f"trigger {clause.opens}", provision.id
    elif isinstance(clause, model.Evidence):
        yield f"evidence {clause.act}", provision.id
    elif isinstance(clause, model.Adoption):
        yield from ((f"adoption {of}", provision.id) for of in clause.of)
    elif isinstance(clause, model.Measure):
        yield f"measure {clause.mode if 'armed_attack' in clause.on else 'preventive'}", provision.id


def _values(clause: model.Clause) -> Iterator[tuple[str, str]]:
    if isinstance(clause, model.Clock):
        start = {"attack": ATTACK, "convened": CONVENED}.get(clause.starts_on, "T0")
        yield f"{clause.step}-by", f"{start}+{_span(clause.within)}"
        yield f"{clause.step}-lapse", clause.on_lapse
    elif isinstance(clause, model.Trigger):
        yield {"response": "attack", "consultation": "threat"}[clause.opens], clause.kinds[0]
    elif isinstance(clause, model.Measure):
        key = {"decision": "menu"}.get(clause.mode, clause.mode) if "armed_attack" in clause.on else "preventive"
        yield key, clause.id
        if clause.within:
            yield f"{key}-by", f"T0+{_span(clause.within)}"
    elif isinstance(clause, model.Evidence):
        yield from (("items", str(clause.at_least)), ("too-few", str(clause.at_least - 1)))
    elif isinstance(clause, model.Extension):
        yield "longer", _span(clause.by)
    elif isinstance(clause, model.AdReferendum):
        yield "confirm", _span(clause.within)
    elif isinstance(clause, model.Adjournment):
        yield "pause", _span(clause.at_most)
    elif isinstance(clause, model.Objection):
        yield from (("answer", _span(clause.reply_within)), ("finding", _span(clause.closes_within)))
    elif isinstance(clause, model.Term):
        yield from (("term-lasts", _span(clause.lasts)), ("notice", _span(clause.notice)))
    elif isinstance(clause, model.Permit) and clause.wait:
        yield "silence", _span(clause.wait)
    elif isinstance(clause, model.OpenProposal):
        yield "kind", clause.kinds[0]


def _span(duration: Duration) -> str:
    """A duration in the words of scenarios: `24h`, `10y`, `6mo`."""
    years, months = divmod(duration.months, 12)
    parts = ((years, "y"), (months, "mo"), (duration.seconds // 60, "min"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)
