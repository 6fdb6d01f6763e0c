"""What of a text can be read and deserves a look all the same, each with its file and line.

Rules that nobody can satisfy or that hold without anybody, groups of a roll without members, references in a circle, a
procedure without an end. Each may be meant: it is a finding, and the text is a compact.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from foedus.check.games import below
from foedus.check.reading import worst_times
from foedus.check.structure import Ruled, ruled
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.findings import Finding, Path, Phrase, Place, finding
from foedus.compact.loader import bundled
from foedus.compact.nodes import read

Look = tuple[Path, Phrase, Phrase]


def worth_a_look(source: str, clauses: Clauses) -> tuple[Finding, ...]:
    """The findings about a compact that was loaded from `source`, in the order of the document."""
    looks = [
        *_rules(clauses),
        *_rolls(clauses),
        *_bodies(clauses),
        *_weights(clauses),
        *_circles(clauses.compact),
        *_ends(clauses),
        *_guarantees(clauses),
    ]
    if not looks:
        return ()
    places = _Places(source)
    found = [finding(places.at(path), path, what, expected) for path, what, expected in looks]
    return tuple(sorted(found, key=lambda one: (one.file, one.line, one.column)))


class _Places:
    """Where a path of a compact's own file stands."""

    def __init__(self, source: str) -> None:
        folder = bundled().get(source)
        path = str(folder or source)
        file = os.path.join(path, "compact.yaml") if os.path.isdir(path) else path
        self.name = f"{source}/compact.yaml" if os.path.isdir(path) else source
        with open(file, "rb") as opened:
            self.top = read(self.name, opened.read())[0]

    def at(self, path: Path) -> Place:
        """The place of a path, or of the nearest thing above it."""
        node, place = self.top, Place(self.name, 1, 1)
        for step in path:
            if node is None:
                return place
            place, node = node.place, below(node, step)
        return node.place if node is not None else place


def _paths(clauses: Clauses) -> dict[str, Path]:
    """Of each provision where it stands."""
    return {
        one.id: ("parts", at, "provisions", number)
        for at, part in enumerate(clauses.compact.parts)
        for number, one in enumerate(part.provisions)
    }


def _clause(clauses: Clauses, provision: str, kind: str) -> Path:
    """Of the first clause of a kind in a provision."""
    path = _paths(clauses)[provision]
    known = clauses.provision(provision)
    assert known is not None, "a rule stands in a provision"
    for number, clause in enumerate(known.operates):
        if clause.__struct_config__.tag == kind:
            return (*path, "operates", number)
    return path


def _rules(clauses: Clauses) -> Iterator[Look]:
    told: set[tuple[str, str]] = set()
    for one in ruled(clauses):
        said = _of_game(one)
        if said is not None and (one.provision, one.what) not in told:
            told.add((one.provision, one.what))
            yield (_clause(clauses, one.provision, one.what), *said)


def _of_game(one: Ruled) -> tuple[Phrase, Phrase] | None:
    if not one.game.wins(frozenset(range(len(one.game.players)))):
        return Phrase("a rule that nobody can satisfy"), Phrase("one that all together satisfy")
    if one.game.wins(frozenset()):
        return Phrase("a rule that holds without anybody"), Phrase("one that needs somebody")
    return None


def _rolls(clauses: Clauses) -> Iterator[Look]:
    for provision, roll in clauses.every(model.Roll):
        path = _clause(clauses, provision.id, "roll")
        for number, group in enumerate(roll.groups):
            if not clauses.members(group):
                empty = Phrase("{text!r}, to which nobody belongs", text=group)
                yield (*path, "groups", number), empty, Phrase("a group with members")


def _bodies(clauses: Clauses) -> Iterator[Look]:
    for number, body in enumerate(clauses.compact.bodies):
        strange = [at for at, one in enumerate(body.veto) if one not in body.members]
        for at in strange:
            found = Phrase("{text!r}, which is no member", text=body.veto[at])
            yield ("bodies", number, "veto", at), found, Phrase("a member of the body")


def _weights(clauses: Clauses) -> Iterator[Look]:
    """Tables that name no source, and members of the roll of whom a table says nothing: they weigh nothing."""
    roll = {party for _, one in clauses.every(model.Roll) for group in one.groups for party in clauses.members(group)}
    for number, table in enumerate(clauses.compact.weights):
        if table.source.kind == "text" and not table.source.ref:
            yield ("weights", number, "source"), Phrase("weights without a source"), Phrase("where they come from")
        missing = [party.id for party in clauses.compact.parties if party.id in roll and party.id not in table.values]
        if missing:
            found = Phrase("no weight of {words}", words=", ".join(missing))
            yield ("weights", number, "values"), found, Phrase("a weight of each on the roll, 0 where it has none")


def _circles(compact: model.Compact) -> Iterator[Look]:
    """Unions that are members of themselves through others, and instruments that end with one another."""
    unions = {party.id: party.part_of for party in compact.parties}
    for number, party in enumerate(compact.parties):
        if _reaches(unions, party.id):
            yield ("parties", number, "part_of"), _circle(party.id), Phrase("unions that are no members of themselves")
    ends = {agreement.id: agreement.ends_with for agreement in compact.agreements}
    for number, agreement in enumerate(compact.agreements):
        if _reaches(ends, agreement.id):
            path = ("agreements", number, "ends_with")
            yield path, _circle(agreement.id), Phrase("an instrument that ends with another")


def _circle(id_: str) -> Phrase:
    return Phrase("references in a circle, from {text!r} to itself", text=id_)


def _reaches(named: Mapping[str, tuple[str, ...]], start: str) -> bool:
    """Whether the names lead back to where they began."""
    seen: set[str] = set()
    waiting = list(named[start])
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting += named.get(one, ())
    return False


def _ends(clauses: Clauses) -> Iterator[Look]:
    """A procedure that the text opens and that no clock ends, whatever parties do or omit."""
    times = worst_times(clauses)
    triggers = clauses.every(model.Trigger)
    if triggers and "decide" in times and times["decide"] is None:
        path = _clause(clauses, triggers[0][0].id, "trigger")
        expected = Phrase("a clock for the step decide that runs from the request, or from a meeting that must be")
        yield path, Phrase("a procedure without an end"), expected


def _guarantees(clauses: Clauses) -> Iterator[Look]:
    """Acts that a guarantee takes as given or tries, and that no clause permits to anybody."""
    for number, one in enumerate(clauses.compact.guarantees):
        for field, acts in (("given", one.given), ("acts", one.acts)):
            for at, act in enumerate(acts):
                if not clauses.permits(act):
                    found = Phrase("{text!r}, which no clause permits", text=act)
                    yield ("guarantees", number, field, at), found, Phrase("an act that somebody may perform")
