"""Writes docs/glossary.md: provision ↔ word on the page ↔ name in code. Run `python -m tools.glossary` after a change.

Everything but the vocabulary at the top is read off the code and the bundled text, so that it cannot drift; a test
compares.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, get_args

from foedus.acts import ACT_NAMES, EFFECTS, ClockAct, Event
from foedus.commitments import rules as commitments
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Clause
from foedus.parties import rules as parties
from foedus.reparations import rules as reparations
from foedus.response import rules as response
from foedus.sanctions import rules as sanctions
from foedus.words import titles, translator
from foedus.words.titles import title

CLOCK = {kind.__name__ for kind in get_args(ClockAct)}
ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "glossary.md"
VOCABULARY = {
    "Compact": "the agreement as data",
    "Party": "a state or union that signed; the compact only names it as possible before that",
    "Seat": "an office of a party that may act, `PARTY/role`; people and keys change, seats stay",
    "Act": "what a seat states, signed",
    "Event": "what became true because of an act or because time passed",
    "Entry": "one act with its events, at a place in the record",
    "Record": "the append-only log of entries",
    "Checkpoint": "signed size and root of the record",
    "Witness": "a seat that recomputes the record and cosigns its checkpoints",
    "Settled": "under a checkpoint that as many witnesses cosigned as the compact asks for",
    "State": "what the entries add up to",
    "Depositary": "the one door through which acts enter the record; a seat too, for what time calls for",
    "Desk": "a seat's own machine, with its key and its verified copy of the record",
    "Outbox": "acts signed at a desk that are not yet seen in the record",
    "Vintage": "what a tracker of commitments published on a day, kept beside its later releases",
    "Evidence": "of a server: what the record's key signed and cannot have signed honestly",
    "Refused": "the compact, or the record's own rules, do not allow it; cites the clause",
    "Place": "where a fact stands: true since `at`, known since `known`, by entry number",
    "Clause": "what operates in a provision; one of the closed set below",
    "Roll": "who is invited and counted, fixed when a response opens",
    "Obligation": "what one party owes: under a clause of its own word, or because it joined a measure",
    "Tranche": "so much of an obligation, due by a day",
    "Allocation": "a package set aside for a tranche: who funds, who supplies and who delivers are three fields",
    "Delivered": "handed over to whom it is owed, as the deliverer states it; from there on what counts is the last"
    " word: what others found, else what the recipient signed for or acknowledges in a dispute, less what went back",
    "Overdue": "of a tranche owed by law: its day and grace have passed, its conditions are met, and it has not come",
    "Listing": "one target under one restriction of one issuer, or a row of a schedule",
    "Schedule": "a table of targets in the archive, listed at once by the digest of its rows",
    "Regime": "what an issuer's listings rest on and lapse with",
    "Relief": "a listing suspended, eased or lifted, as agreed or as a deviation; a delisting on its merits is none",
    "Asset": "property that is held, with every figure disclosed of it, what became of it, and what a court stays",
    "Batch": "claims deposited together: a table in the archive, by its digest, counts and sums on the record",
    "Distribution": "so much of the fund shared out among the awards that stand: dry run, decision, run, payments",
    "Snapback": "the return of what was under relief to where it stood before; nobody's act",
    "T0": "receipt of the request that opens a response",
}


def runs_it() -> dict[str, list[str]]:
    """Kind of clause → modules of the rules that ask for it."""
    users: dict[str, list[str]] = {}
    for package in ("parties", "response", "sanctions", "commitments", "reparations"):
        for path in sorted((ROOT / "src" / "foedus" / package).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "foedus.compact.model":
                    for name in node.names:
                        users.setdefault(name.name, []).append(f"{package}/{path.stem}")
    return users


def handler(name: str) -> str:
    """The function that decides an act."""
    tables: dict[Any, Any] = {
        **parties.HANDLERS,
        **response.HANDLERS,
        **sanctions.HANDLERS,
        **commitments.HANDLERS,
        **reparations.HANDLERS,
    }
    found = next(function for kind, function in tables.items() if kind.__name__ == name)
    return f"{found.__module__.removeprefix('foedus.')}.{found.__name__}"


def clauses_table(clauses: Clauses) -> list[str]:
    """One row for each operator of the language."""
    users = runs_it()
    rows = ["| op | class | run by | in the Kyiv text |", "|---|---|---|---|"]
    for kind in sorted(get_args(Clause), key=lambda one: one.__struct_config__.tag):
        provisions = dict.fromkeys(provision.id for provision, _ in clauses.every(kind))
        shown = ", ".join(list(provisions)[:6]) + (f" and {len(provisions) - 6} more" if len(provisions) > 6 else "")
        by = ", ".join(users.get(kind.__name__, [])) or "nothing yet: shown as text"
        rows.append(f"| `{kind.__struct_config__.tag}` | `{kind.__name__}` | {by} | {shown or '–'} |")
    return rows


def acts_table(clauses: Clauses) -> list[str]:
    """One row for each act."""
    english, ukrainian = translator("en"), translator("uk")
    rows = ["| act | on the page | українською | effect | permitted by | decided in |", "|---|---|---|---|---|---|"]
    for name in ACT_NAMES:
        permits = ", ".join(dict.fromkeys(provision.id for provision, _ in clauses.permits(name)))
        words = [title(language, titles.ACTS, name) for language in (english, ukrainian)]
        alone = "the depositary alone" if name == "OpenRecord" or name in CLOCK else "nobody under this text"
        by = permits or alone
        rows.append(f"| `{name}` | {words[0]} | {words[1]} | {EFFECTS[name]} | {by} | `{handler(name)}` |")
    return rows


def events_table() -> list[str]:
    """One row for each event, with the first line of its meaning."""
    rows = ["| event | meaning |", "|---|---|"]
    for kind in sorted(get_args(Event), key=lambda one: one.__name__):
        meaning = (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{kind.__name__}` | {' '.join(meaning.split())} |")
    return rows


def words_table() -> list[str]:
    """The words for codes that pages show."""
    english, ukrainian = translator("en"), translator("uk")
    rows = ["| code | on the page | українською |", "|---|---|---|"]
    for table in (
        titles.STANCES,
        titles.STEPS,
        titles.STATUSES,
        titles.SOURCES,
        titles.INCIDENT_KINDS,
        titles.MEASURE_KINDS,
        titles.RESTRICTIONS,
        titles.RELIEFS,
        titles.GROUNDS,
        titles.EXEMPTIONS,
        titles.STANDINGS,
        titles.IN_LAW,
        titles.ASSET_KINDS,
        titles.ASSET_STEPS,
    ):
        rows += [f"| `{code}` | {title(english, table, code)} | {title(ukrainian, table, code)} |" for code in table]
    return rows


def page() -> str:
    """The whole page."""
    clauses = Clauses.of(load("kyiv-2022"))
    vocabulary = [f"**{word}** – {meaning}" for word, meaning in VOCABULARY.items()]
    parts = [
        "# Glossary",
        "Provision ↔ word on the page ↔ name in code. Written by `python -m tools.glossary`; a test keeps it true.",
        "## Vocabulary", "  \n".join(vocabulary),
        "## Clauses: what may operate in a provision", "\n".join(clauses_table(clauses)),
        "## Acts", "\n".join(acts_table(clauses)),
        "## Events", "\n".join(events_table()),
        "## Codes and their words", "\n".join(words_table()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
