"""What a workbook is filled in from: the codes of the compact and the subjects of the record, each in words.

Of subjects the newest of a party's own, at most so many: a list that nobody can read through is no help. A cell may
hold an id that its list leaves out; the rules say whether it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from babel.core import get_global

from foedus.commitments.state import Obligation
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty
from foedus.parties.authority import belongs
from foedus.state import State
from foedus.words import Words
from foedus.words.said_commitments import amount, unit_name
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import KINDS, THINGS

MOST = 1_000
Listed = Mapping[str, str]  # a code, and what it means


def currencies() -> frozenset[str]:
    """Every code of ISO 4217."""
    return frozenset(get_global("all_currencies"))


def things(clauses: Clauses, state: State) -> tuple[str, ...]:
    """The units that are no money: of the compact, of its agreements, those in common use, and those in the record."""
    known = {one.id for one in clauses.compact.contributions} | set(clauses.things) | set(THINGS)
    commitments = state.commitments
    known |= {name.split("|")[3] for name in commitments.sums}
    known |= {one.unit for one in commitments.requirements.values()}
    known |= {one.quantity.unit for one in commitments.offers.values()}
    return tuple(sorted(one for one in known if not one.isupper()))


def capabilities(state: State) -> tuple[str, ...]:
    """What was said to be needed, or offered."""
    found = {one.capability for one in state.commitments.requirements.values()}
    return tuple(sorted(found | {one.capability for one in state.commitments.offers.values()} | set(THINGS)))


def lists(words: Words, clauses: Clauses, state: State, party: str) -> dict[str, Listed]:
    """Every list by its name."""
    speech = Speech(words, clauses, state)
    agreements = [clauses.compact.id]
    agreements += [one.id for one in clauses.compact.agreements if any(each.party == party for each in one.parties)]
    obligations = {one.id: _owed(speech, one) for one in islice(_own(state, party), MOST)}
    tranches, allocations, deliveries = _under(speech, state, obligations)
    figures = {**obligations, **tranches, **allocations, **deliveries}
    known = state.commitments
    return {
        "agreement": {one: speech.names.instrument(one) for one in agreements},
        "clause": dict(_clauses(speech, clauses, state, party)),
        "party": {one.id: words.of(one.name) for one in clauses.compact.parties},
        "condition": {one.id: words.of(one.name) for one in clauses.compact.caveats},
        "obligation": obligations,
        "under": {**obligations, **tranches},
        "allocation": allocations,
        "delivery": deliveries,
        "figure": figures,
        "offer": {
            one.id: f"{speech.names.party(one.party)}: {amount(speech, one.quantity)}"
            for one in islice(known.offers.values(), MOST) if party in (one.party, one.maker)
        },
        "request": {
            one.id: f"{speech.names.party(one.party)}: {one.offer}"
            for one in islice(known.reexports.values(), MOST) if one.maker == party
        },
        "capability": {one: unit_name(speech, one) for one in capabilities(state)},
        "currency": {one: one for one in sorted({"EUR", "GBP", "UAH", "USD"})},
        "unit": {one: unit_name(speech, one) for one in ("EUR", "USD", *things(clauses, state))},
    }  # fmt: skip


def _own(state: State, party: str) -> Iterator[Obligation]:
    """Obligations by the party or to it, newest first, that were not released."""
    found = state.commitments.obligations.values()
    for one in sorted(found, key=lambda one: (one.place.entry, one.id), reverse=True):
        concerned = one.party == party or (one.terms is not None and one.terms.owed_to == party)
        if one.released is None and (concerned or one.terms is None):
            yield one


def _owed(speech: Speech, one: Obligation) -> str:
    said = f"{speech.names.party(one.party)}: {title(speech.words, KINDS, one.kind)}"
    return f"{said}, {amount(speech, one.figures[-1].value)}" if one.figures else said


def _under(speech: Speech, state: State, obligations: Listed) -> tuple[Listed, Listed, Listed]:
    """Tranches, packages and deliveries of these obligations."""
    known = state.commitments
    tranches: dict[str, str] = {}
    packages: dict[str, str] = {}
    for one in (known.obligations[id_] for id_ in obligations):
        found = [known.tranches[each.value] for each in one.tranches]
        for tranche in found:
            day = speech.words.date(tranche.due_at.date())
            tranches[tranche.id] = f"{amount(speech, tranche.figures[-1].value)}, {day}"
        for each in (*one.allocations, *(each for tranche in found for each in tranche.allocations)):
            packages[each.value] = amount(speech, known.allocations[each.value].figures[-1].value)
    deliveries = {
        each.value: amount(speech, known.deliveries[each.value].counted)
        for id_ in packages for each in known.allocations[id_].deliveries
    }  # fmt: skip
    return dict(islice(tranches.items(), MOST)), dict(islice(packages.items(), MOST)), deliveries


def _clauses(speech: Speech, clauses: Clauses, state: State, party: str) -> Iterator[tuple[str, str]]:
    """The clauses that ask something lasting of the party, and the sums of its agreements, each with its agreement."""
    for provision, duty in clauses.every(Duty):
        if any(belongs(clauses, state, party, group) for group in duty.bearers):
            yield provision.id, speech.names.provision(provision.id)
    found: dict[str, list[str]] = {}
    for agreement in clauses.compact.agreements:
        if any(each.party == party for each in agreement.parties):
            for place in range(len(agreement.sums)):
                found.setdefault(f"sums.{place + 1}", []).append(agreement.id)
    for code, where in found.items():
        yield code, ", ".join(where)
