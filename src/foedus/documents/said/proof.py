"""The clauses relied on, as they read; and what signs all this, how to check it, and what paper cannot prove."""

from __future__ import annotations

from foedus.documents.said.wording import Wording, capital
from foedus.documents.sheet import (
    Block,
    Column,
    Exact,
    Facts,
    Grid,
    Para,
    Run,
    Runs,
    code,
    line_break,
    small,
    strong,
    text,
)
from foedus.documents.values import ClauseCited
from foedus.words.titles import FORCES_MEANT, title


def clauses(say: Wording) -> list[Block]:
    """Every provision relied on, with its text, its digest and where it comes from."""
    _ = say.say
    lead = _(
        "A rule is text, interpretation where the text is silent, or adopted by the parties. Its frame says which,"
        " here and wherever it is cited."
    )
    columns = (Column(_("Clause"), 3), Column(_("As it reads"), 9), Column(_("Source and force"), 3))
    rows = tuple(_clause(say, one) for one in say.record.clauses)
    return [Para(text(lead)), Grid(_("In the order of the compact"), columns, rows)]


def _clause(say: Wording, one: ClauseCited) -> tuple[Runs, ...]:
    _ = say.say
    reads = text(say.of(one.text))
    if one.note:
        reads = (*reads, *small(say.of(one.note)))
    if one.by:
        reads = (*reads, *small(_("Adopted by: %(parties)s.", parties=say.names(one.by))))
    if one.adopted is not None:
        reads = (*reads, Run(" "), *say.in_entry(one.adopted))
    force = small(capital(title(say.words, FORCES_MEANT, one.force)))
    return (
        ((Run(one.id, "clause"), *small(say.of(one.title)))),
        (*reads, *line_break(), *code(one.digest)),
        (*say.source(one), *force),
    )


def proof(say: Wording) -> list[Block]:
    """The signed checkpoint, the versions, the entries named, and the steps of a check."""
    record, _ = say.record, say.say
    rows = [
        (_("Record"), text(record.origin)),
        (_("Compact"), _compact(say)),
        (_("As of"), text(_moment(say))),
        (_("Entries named"), text(ranges(record.entries))),
        (
            _("Rules and software"),
            text(_("rules %(rules)s, Foedus %(version)s", rules=str(record.rules), version=record.software)),
        ),
    ]
    seen = record.checkpoint
    if seen is None:
        rows.append((_("Checkpoint"), text(_("None is signed yet: nothing but the entries supports this paper."))))
        return [Facts(tuple(rows)), Para(text(_limits(say)), "note")]
    rows += [
        (_("Checkpoint"), text(_("over %(size)s entries", size=say.words.number(seen.size)))),
        (_("Its digest, SHA-256"), code(seen.digest)),
    ]
    steps = _(
        "To check this record of decision: take a copy of the record from any party or witness; run foedus verify"
        " on it with the key above; its root over %(size)s entries must be the one signed here; then read the"
        " entries named, each of which carries the signature of the seat that spoke. The data of this paper"
        " travels inside the PDF as decision.json.",
        size=say.words.number(seen.size),
    )
    return [
        Facts(tuple(rows)),
        Exact(_("The signed checkpoint: origin, size, root, signature"), seen.note.rstrip("\n")),
        Exact(_("The key that signs it"), seen.key),
        Para(text(steps)),
        Para(text(_limits(say)), "note"),
    ]


def _moment(say: Wording) -> str:
    """When it was so; and when it was known, where somebody asks with the knowledge of another moment."""
    record, at = say.record, say.moment(say.record.at)
    if record.known == record.at:
        return at
    return f"{at}; {say.say('known %(at)s', at=say.words.moment(record.known))}"


def _compact(say: Wording) -> Runs:
    compact, _ = say.record.compact, say.say
    line: Runs = (*strong(say.of(compact.title)), Run(" "), *code(compact.digest))
    line = (*line, Run(" "), *say.in_entry(compact.place))
    for earlier in compact.earlier:
        line = (*line, *small(_("amended while the response ran; in place of")), Run(" "), *code(earlier))
    return line


def _limits(say: Wording) -> str:
    return say.say(
        "Paper proves nothing that the record does not. It cannot show that a report was true, that what was"
        " promised was delivered, or that nothing was said elsewhere."
    )


def ranges(numbers: tuple[int, ...]) -> str:
    """`805, 807–812, 815`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("–".join(str(one) for one in span) for span in found)
