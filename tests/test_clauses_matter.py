"""What the scenarios prove: every clause that runs decides something, and every refusal is met by somebody.

A clause is taken out and the scenarios that name its provision are run again: one must come out otherwise, in
what it says of acts and events, and not in what it takes for granted. The same is done to the YAML text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from msgspec.structs import replace

from foedus.compact import model
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import bundled, load
from foedus.compact.model import Compact
from tests.scenario import SOURCE, DiffersError, Refusal, played
from tests.scenario_compacts import DESIGNS, FICTIONAL, MARE, compact_named, provisions, without
from tests.scenario_text import Scenario, scenarios

SCENARIOS = scenarios()
# Text that the record shows and that nothing runs yet, each with what will run it.
NOT_RUN: dict[type, str] = {}
# Clauses that run and can decide nothing under their own text.
INERT: dict[tuple[str, str, int], str] = {
    ("vienna-2011", "III.16.3", 0): "assessment by consensus: the document permits nobody to propose a measure",
    ("kyiv-2022 with fictional parties", "P14.witnesses", 0): "no act or event: what settles is tests/test_settling.py",
    (MARE, "F.log", 0): "the same",
    ("kyiv-2022 with fictional parties", "P14.succession", 0): "a record that goes on elsewhere has another door than a"
    " scenario's: tests/test_succession.py",
    ("kyiv-2022 with fictional parties", "P14.succession", 1): "the same",
    (MARE, "F.relay", 0): "the same",
    (MARE, "F.relay", 1): "the same",
    ("budapest-1994", "4", 0): "what the Council decides is not the parties': the checker alone reads it",
    (
        "rio-1947",
        "18",
        0,
    ): "who is directly interested no clause says: the checker alone reads it, and counts both ways",
    ("eu-42-7", "42.7", 5): "owed by all means, of which no clause lets anybody state one",
    ("eu-42-7", "42.7", 6): "no hour is set, so that nothing is ever counted",
    ("response-ladder-2026", "2", 3): "the same",
}
COMPACTS = (f"kyiv-2022{FICTIONAL}", "vienna-2011", *DESIGNS, MARE)


def family(name: str) -> str:
    """The text without the fictional parties is the same text."""
    return name.removesuffix(FICTIONAL)


def naming(compact: str, provision: str) -> list[Scenario]:
    return [
        one
        for one in SCENARIOS
        if family(one.compact) == family(compact) and provision in one.clauses
    ]  # fmt: skip


def comes_out_otherwise(scenario: Scenario, compact: Compact) -> bool:
    """Whether what the scenario says no longer holds; not that it could no longer begin."""
    try:
        played(scenario, compact)
    except DiffersError as difference:
        return not difference.given
    return False


def without_clause(compact: Compact, provision: str, place: int) -> Compact:
    """The compact without one operative clause."""
    parts = []
    for part in compact.parts:
        changed = [
            replace(one, operates=one.operates[:place] + one.operates[place + 1 :]) if one.id == provision else one
            for one in part.provisions
        ]
        parts.append(replace(part, provisions=tuple(changed)))
    return replace(compact, parts=tuple(parts))


def without_group(compact: Compact, provision: str, place: int, number: int) -> Compact:
    """The compact in which one permit leaves out one of the groups that it names."""
    parts = []
    for part in compact.parts:
        changed = []
        for one in part.provisions:
            clauses = list(one.operates)
            if one.id == provision:
                permit = clauses[place]
                assert isinstance(permit, model.Permit)
                clauses[place] = replace(permit, by=permit.by[:number] + permit.by[number + 1 :])
            changed.append(replace(one, operates=tuple(clauses)))
        parts.append(replace(part, provisions=tuple(changed)))
    return replace(compact, parts=tuple(parts))


def groups_of_permits() -> list[tuple[str, str, int, int]]:
    return [
        (name, provision.id, place, number)
        for name in ("kyiv-2022", "vienna-2011")
        for provision in provisions(compact_named(name))
        for place, clause in enumerate(provision.operates)
        if isinstance(clause, model.Permit) and len(clause.by) > 1
        for number in range(len(clause.by))
    ]


def running_clauses() -> list[tuple[str, str, int]]:
    return [
        (name, provision.id, place)
        for name in COMPACTS
        for provision in provisions(compact_named(name))
        for place, clause in enumerate(provision.operates)
        if type(clause) not in NOT_RUN and (name, provision.id, place) not in INERT
    ]


@pytest.mark.parametrize(("name", "provision", "place"), running_clauses())
def test_a_clause_that_is_taken_out_changes_a_scenario(name, provision, place):
    told = naming(name, provision)
    assert told, f"no scenario names {provision} of {family(name)}"
    assert any(
        comes_out_otherwise(one, without_clause(compact_named(one.compact), provision, place)) for one in told
    ), f"{[one.name for one in told]} hold without clause {place} of {provision}"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "provision", "place", "number"), groups_of_permits())
def test_a_group_that_a_permit_leaves_out_changes_a_scenario(name, provision, place, number):
    told = naming(name, provision)
    assert any(
        comes_out_otherwise(one, without_group(compact_named(one.compact), provision, place, number)) for one in told
    ), f"{[one.name for one in told]} hold though permit {place} of {provision} leaves out a group"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_a_scenario_depends_on_each_provision_that_it_names(scenario):
    known = {provision.id for provision in provisions(compact_named(scenario.compact))}
    assert set(scenario.clauses) <= known
    kept = [one for one in scenario.clauses if not comes_out_otherwise(scenario, without(scenario.compact, one))]
    assert not kept, f"{scenario.name} holds without {kept}"


def test_what_is_not_run_is_text_of_these_kinds_only():
    found = {type(clause) for name in COMPACTS for one in provisions(compact_named(name)) for clause in one.operates}
    assert set(NOT_RUN) <= found, "a kind is listed that no compact has any more"


# --- the text itself --------------------------------------------------------------------------------------------------


def texts() -> list[tuple[str, str]]:
    return [
        (name, one.id)
        for name in ("kyiv-2022", "vienna-2011")
        for one in provisions(compact_named(name))
        if one.operates and not all(type(clause) in NOT_RUN for clause in one.operates)
    ]


# What the loader refuses to let go alone, because the rest of the text speaks of it.
NOT_ALONE = {
    "P5.territory": "the only provision of its part",
    "XII.participation": "the only provision of its part",
    "P10.request": "it ends on accession to NATO, by P6.after-nato",
    "P10.two-seats": "the same",
    "P10.silence": "the same",
    "P10.decide": "an extension needs the clock that it extends",
    "P12.snapback": "voting on it and enacting it would be in vain",
    "P14.witnesses": "what is continued by succession must be settled by witnesses",
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "provision"), texts())
def test_a_provision_deleted_from_the_yaml_is_the_compact_without_it(name, provision, tmp_path):
    lines = (bundled()[name] / "compact.yaml").read_text("utf-8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line == f"      - id: {provision}\n")
    after = (number for number, line in enumerate(lines) if number > start and line[:7].strip() and line[0] != "#")
    file = tmp_path / "compact.yaml"
    file.write_text("".join(lines[:start] + lines[next(after, len(lines)) :]), "utf-8")
    if provision in NOT_ALONE:
        with pytest.raises(MalformedCompact):
            load(file)
        return
    expected = without(name, provision)
    assert load(file) == replace(expected, agreements=())


# --- refusals ---------------------------------------------------------------------------------------------------------

# Refusals that answer no act of a party: the modules that make them, by the beginning of their path, and why.
ELSEWHERE: dict[str, str] = {
    "src/foedus/cli/": "the command line refuses before an act is stated: tests/cli",
    "src/foedus/web/": "the console and the API refuse a reader or a form: tests/web",
    "src/foedus/record/": "keys, notes and proofs know no act: tests/record",
    "src/foedus/exercise/": "an exercise is built in an empty place only",
    "src/foedus/desk/": "a desk refuses its own officer or a key, not an act: tests/desk",
    "src/foedus/keyring/": "a key is opened before anything is signed: tests/keyring",
    "src/foedus/alerts/": "people are told and confirm; no act is refused: tests/alerts",
    "src/foedus/drills/": "a drill begins in an empty folder, and never beside what is live: tests/drills",
    "src/foedus/awaiting.py": "an act that still lacks a signature is none yet: tests/desk, tests/web/test_waiting.py",
    "src/foedus/backup.py": "a backup is of files, and knows no act: tests/test_backup.py",
    "src/foedus/settling.py": "cosignatures are no acts: tests/test_settling.py",
    "src/foedus/succession.py": "what a silent server signed: tests/test_succession.py, tests/test_late.py",
    "src/foedus/parties/succession.py": "only the process that holds a new depositary's key can ask: the same",
    "src/foedus/looked_into.py": "tables of scenarios are invented: tests/reparations/test_looked_into.py",
    "src/foedus/workbook/": "a workbook is read before any act is stated: tests/workbook",
    "src/foedus/export.py": "an export writes files, no act",
    "src/foedus/stories.py": "what is only supposed enters nowhere: tests/web/test_what_if.py",
    "src/foedus/founding.py": "a record is founded where there is none",
    "src/foedus/signing.py": "a seat's own machine refuses to state what its copy shows to be in vain",
}
# Refusals of acts that no scenario can meet, by file and sentence.
DOOR, WORK, TEXTS = "src/foedus/depositary.py", "src/foedus/recording.py", "src/foedus/compacts.py"
OWING, ADMISSION = "src/foedus/commitments/owing.py", "src/foedus/admission.py"
UNREACHED: dict[tuple[str, str], str] = {
    (
        ADMISSION,
        "the act names the year {year}; years from {earliest} to {newest} can be meant",
    ): "scenarios count from T0, and reach no such year: tests/test_limits.py",
    (ADMISSION, "{seat} signed it more than once"): "no envelope says so; a forged entry may: tests/desk",
    (DOOR, "this copy holds no depositary key: it can be read, not added to"): "a follower; scenarios have the key",
    (DOOR, "this is not the depositary key that the record declares"): "a wrong key at the start, not an act",
    (WORK, "only who holds the new depositary's key enters a continuation: `foedus serve --continue` does"): "its note"
    " needs witnesses: tests/test_succession.py",
    (
        WORK,
        "the time is over in which came in what the epoch before had received",
    ): "a proof, no act: tests/test_late.py",
    (WORK, "what the depositary's clock recorded comes by itself and is not handed in"): "the same",
    (OWING, "{obligation} has {most} tranches, as many as one may have"): "a thousand acts: tests/commitments",
    (TEXTS, "an amended compact keeps its id {expected}; {found} found"): "tests/test_limits.py",
    (WORK, "an entry of {size} bytes found, {most} at most"): "tests/test_limits.py: nothing permitted is so large",
    (WORK, "attachment {digest} has {found} bytes after its salt; the act says {expected}"): "tests/test_limits.py",
    (
        WORK,
        "{most} acts that name tables of claims are taken together at most: send the others after them",
    ): "tests/reparations/test_looked_into.py",
}


@cache
def sites() -> set[tuple[str, str, str]]:
    """Every `raise Refused(…)`: file, function, sentence."""
    found = set()
    for path in sorted((SOURCE / "src/foedus").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                file = str(path.relative_to(SOURCE))
                found |= {(file, function.name, sentence) for sentence in _sentences(function)}
    return found


def _sentences(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and len(node.exc.args) > 1:
            said = node.exc.args[1]
            if getattr(node.exc.func, "id", "") == "Refused" and isinstance(said, ast.Constant):
                yield str(said.value)


@cache
def met() -> tuple[tuple[Scenario, Refusal], ...]:
    return tuple((scenario, refusal) for scenario in SCENARIOS for refusal in played(scenario).refusals)


def test_every_refusal_is_met_in_a_scenario_or_listed_with_its_reason():
    reached = {(one.file, one.function, one.sentence) for _, one in met()}
    wrong = []
    for file, function, sentence in sorted(sites()):
        here = (file, function, sentence) in reached
        if here == (file.startswith(tuple(ELSEWHERE)) or (file, sentence) in UNREACHED):
            wrong.append(f"{file}, {function}: {sentence!r}: {'listed though met' if here else 'met by nobody'}")
    assert not wrong, "\n".join(wrong)


def test_every_provision_that_a_refusal_cites_is_named_by_a_scenario_that_needs_it():
    known = {one.id for name in COMPACTS for one in provisions(compact_named(name))}
    named = {clause for scenario in SCENARIOS for clause in scenario.clauses}
    cited = {one.clause for _, one in met() if not one.clause.startswith("record/")} - {"compact"}
    assert cited <= known
    assert cited <= named, f"cited in refusals and named by no scenario: {sorted(cited - named)}"


def test_every_refusal_that_cites_a_provision_is_met_where_that_provision_is_needed():
    """By the scenarios that name it, each of which comes out otherwise without it."""
    needed: dict[tuple[str, str, str], bool] = {}
    for scenario, one in met():
        if not one.clause.startswith("record/") and one.clause != "compact":
            site = (one.file, one.function, one.sentence)
            needed[site] = needed.get(site, False) or one.clause in scenario.clauses
    assert all(needed.values()), [site for site, named in needed.items() if not named]


def test_every_interpretation_that_runs_is_named_by_a_scenario_that_needs_it():
    named = {(family(scenario.compact), clause) for scenario in SCENARIOS for clause in scenario.clauses}
    left = [
        (name, one.id)
        for name in ("kyiv-2022", "vienna-2011")
        for one in provisions(compact_named(name))
        if one.source.kind == "interpretation" and any(type(clause) not in NOT_RUN for clause in one.operates)
        if (name, one.id) not in named
    ]
    # Cosignatures are no acts, so no scenario can speak of them: tests/test_settling.py and tests/test_succession.py
    # delete the clauses of these two.
    assert left == [("kyiv-2022", "P14.witnesses"), ("kyiv-2022", "P14.succession")]


def test_the_lists_name_what_is_there():
    known = sites()
    assert all(any(file.startswith(path) for file, *_ in known) for path in ELSEWHERE)
    assert set(UNREACHED) <= {(file, sentence) for file, _, sentence in known}
